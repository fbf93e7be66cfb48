import { inProcess } from "../../rigs/Fronts.ts"
import { password } from "./PasswordScenarios.ts"

password(inProcess)
