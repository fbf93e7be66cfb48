import { inProcess } from "./Fronts.ts"
import { secrets } from "./SecretsScenarios.ts"

secrets(inProcess)
