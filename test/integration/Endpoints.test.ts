/** Every endpoint over real sockets, in both modes. */
import { overSockets } from "../rigs/Fronts.ts"
import * as EveryEndpoint from "../scenarios/EveryEndpoint.ts"

EveryEndpoint.through(overSockets)
