/** Every way in, and back in, over real sockets. */
import { overSockets } from "../programs/login/Fronts.ts"
import { password } from "../programs/login/password.ts"
import { qr } from "../programs/login/qr.ts"
import { resume } from "../programs/login/resume.ts"
import { secrets } from "../programs/login/secrets.ts"

password(overSockets)
qr(overSockets)
resume(overSockets)
secrets(overSockets)
