/**
 * How large messages are. Every part counts, and the font too: what is kept for its recipients is all of it.
 */
import * as Schema from "effect/Schema"
import * as Content from "../../schema/Content.ts"
import * as Bounds from "./Bounds.ts"
import type * as Letter from "./Letter.ts"

const toWire = Schema.encodeSync(Content.Received)
const jsonBytes = (value: unknown): number => Bounds.bytesOf(JSON.stringify(value))

/** Bytes of a content on the wire. */
const ofContent = (content: Content.Content): number => jsonBytes(toWire(content))

const charactersOf = ({ parts }: Content.Content): number =>
  parts.reduce((length, part) => length + (part._tag === "Text" ? part.text.length : 0), 0)

/** Each part alone, and the font, which is a part without text. */
const hasLargePart = ({ font, parts }: Content.Content): boolean =>
  [Content.make([], font), ...parts.filter(({ _tag }) => _tag !== "Text").map((part) => Content.make([part]))].some(
    (content) => ofContent(content) > Bounds.partBytesAtMost
  )

/** Whether a message is larger than any client sent one. */
export const isTooLarge = (content: Content.Content): boolean =>
  content.parts.length > Bounds.partsAtMost ||
  charactersOf(content) > Bounds.textAtMost ||
  hasLargePart(content) ||
  ofContent(content) > Bounds.messageBytesAtMost

/** Bytes of a letter beside its content, roughly. */
const envelope = 256

/** Bytes of letters, as far as the bounds for their recipients go. Those of one message have their content in common. */
export const ofLetters = (letters: ReadonlyArray<Letter.Letter>): ReadonlyArray<number> => {
  const known = new Map<Content.Content, number>()
  return letters.map(({ content }) => {
    const bytes = known.get(content) ?? ofContent(content)
    known.set(content, bytes)
    return envelope + bytes
  })
}
