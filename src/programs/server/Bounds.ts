/**
 * What clients can make the server keep, and how much of it. What is too long is refused, not cut: what a client sent is
 * what others read. Texts are counted as JavaScript counts them, in UTF-16 units; what a machine keeps, in bytes. No source
 * tells the real limits.
 */
import { utf8ToBytes } from "@noble/hashes/utils.js"
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

const KiB = 1024
const MiB = 1024 * KiB

/** Bytes of a text on the wire. */
export const bytesOf = (text: string): number => utf8ToBytes(text).length

/** Characters of text, and parts, of one message: several times what any client sent at once. */
export const textAtMost = 8192
export const partsAtMost = 500
/** Bytes of one part that is no text, and of the font. */
export const partBytesAtMost = KiB
/** Bytes of a whole message: its text may be Chinese throughout. */
export const messageBytesAtMost = 32 * KiB

/** Letters that are kept for one recipient until they arrive, and their bytes. */
export const lettersAtMost = 10_000
export const letterBytesAtMost = 4 * MiB

/** Of those, what is in the memory of a session at the same time, and how many are read from the world at once. */
export const lettersInMemory = 200
export const letterBytesInMemory = 256 * KiB
export const lettersAtOnce = 50

/** Events of a session that are no letters. */
export const noticesAtMost = 1000
export const noticeBytesAtMost = 256 * KiB

/** Web logins, and channel sessions, that are remembered of one account. */
export const loginsAtMost = 8
export const sessionsAtMost = 8
/** The psessionids of one session: one of each time that its client went online again. */
export const namesAtMost = 8
/** Signatures for temporary sessions that are remembered of one sender. */
export const signaturesAtMost = 200
