/** The dialects of the protocol, as values. */
import type { Dialect } from "./Dialect.ts"
import { smartqq2015 } from "./Smartqq2015.ts"
import { webqq2013 } from "./Webqq2013.ts"
import { webqq2014 } from "./Webqq2014.ts"

export type { Dialect } from "./Dialect.ts"
export { smartqq2015, webqq2013, webqq2014 }

/** Every dialect, oldest first. */
export const all: ReadonlyArray<Dialect> = [webqq2013, webqq2014, smartqq2015]
