import { inProcess } from "./Fronts.ts"
import { password } from "./PasswordScenarios.ts"

password(inProcess)
