/** Nothing but a server that holds polls. */
import * as Holding from "../baseline/holding.ts"
import { answer } from "../Child.ts"

answer(await Holding.start())
