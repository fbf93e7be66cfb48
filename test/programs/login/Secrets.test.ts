import { inProcess } from "../../rigs/Fronts.ts"
import { secrets } from "./SecretsScenarios.ts"

secrets(inProcess)
