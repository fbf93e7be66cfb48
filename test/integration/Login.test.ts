/** Every way in, and back in, over real sockets. */

import { password } from "../programs/login/PasswordScenarios.ts"
import { qr } from "../programs/login/QrScenarios.ts"
import { resume } from "../programs/login/ResumeScenarios.ts"
import { secrets } from "../programs/login/SecretsScenarios.ts"
import { overSockets } from "../rigs/Fronts.ts"

password(overSockets)
qr(overSockets)
resume(overSockets)
secrets(overSockets)
