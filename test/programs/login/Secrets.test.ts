import { inProcess } from "./Fronts.ts"
import { secrets } from "./secrets.ts"

secrets(inProcess)
