/**
 * How long the texts may be that clients leave with the server. Longer ones are refused, not cut: what a client set is
 * what it reads. Characters are counted as JavaScript counts them, in UTF-16 units. No source tells the real limits.
 */
import * as Schema from "effect/Schema"
import * as Envelope from "../../schema/Envelope.ts"

/** What somebody or something is called: remarks, cards, discussion groups. */
export const Name = Schema.String.pipe(Schema.maxLength(100))
/** What somebody says once: with a friend request, or refusing one. */
export const Words = Schema.String.pipe(Schema.maxLength(500))

export const isName: (text: string) => boolean = Schema.is(Name)
export const isWords: (text: string) => boolean = Schema.is(Words)

/** The answer to a text that is too long. */
export const tooLong: Envelope.Refused = Envelope.refused(1, { errmsg: "the text is too long" })
