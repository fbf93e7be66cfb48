import { inProcess } from "./Fronts.ts"
import { password } from "./password.ts"

password(inProcess)
