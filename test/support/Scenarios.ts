/** Everything that people do on a server: each calls endpoints, and checks who gets what and who does not. */
import * as Asking from "./Asking.ts"
import type { Scenario } from "./People.ts"
import * as Talking from "./Talking.ts"

export * from "./Asking.ts"
export * from "./Talking.ts"

export const all: ReadonlyArray<Scenario> = [...Object.values(Asking), ...Object.values(Talking)]
