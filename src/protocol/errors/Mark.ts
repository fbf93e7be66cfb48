/** What all errors of this library share. */
import * as Printable from "../../schema/Printable.ts"

/** The mark of every error of this library. */
export const TypeId: unique symbol = Symbol.for("effect-webqq/WebQQError")
export type TypeId = typeof TypeId

/** The server's own words, as the tail of a sentence. */
export const said = (says: string): string => (says.trim() === "" ? "" : `: ${Printable.oneLine(says.trim())}`)
