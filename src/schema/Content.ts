/**
 * The content of a message: text, faces and the font, as one type, with its two spellings on the wire (protocol notes,
 * sections 5.3 and 5.4).
 */
import * as Arr from "effect/Array"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as FontElement from "./content/Font.ts"
import { defaultFont, Font } from "./content/Font.ts"
import * as Notation from "./content/Notation.ts"
import * as PartElement from "./content/Part.ts"
import { Part, text } from "./content/Part.ts"
import * as Entities from "./Entities.ts"
import * as Reader from "./Reader.ts"
import * as SentContent from "./SentContent.ts"

export { defaultFont, Font } from "./content/Font.ts"
export { joined } from "./content/Notation.ts"
export { CFace, FacePart, face, OffPic, Other, Part, Text, text } from "./content/Part.ts"

/** A whole message content: its parts in order, and its font. */
export const Content = Schema.Struct({ parts: Schema.Array(Part), font: Font })
export type Content = typeof Content.Type

/**
 * Builds a content: strings become text parts, exactly as they are.
 *
 * @example
 * import { Content } from "effect-webqq/schema"
 *
 * Content.make(["你好 ", Content.face(14)])
 */
export const make = (parts: ReadonlyArray<string | Part>, font: Font = defaultFont): Content => ({
  parts: Arr.map(parts, (part) => (typeof part === "string" ? text(part) : part)),
  font
})

/**
 * A content that says exactly this. For text that a program puts together, such as `[OK] 3 tests passed`, or that comes
 * from elsewhere; {@link fromText} is for what people type.
 */
export const plain = (said: string, font: Font = defaultFont): Content => make([said], font)

/**
 * Reads text as people type it: `[微笑]` and `[face 212]` become faces, everything else stays text. Where a name would be
 * read, a doubled bracket stands for one that is text: `[[OK]` says `[OK]`. {@link toText} gives back the same text.
 */
export const fromText = (typed: string, font: Font = defaultFont): Content => ({ parts: Notation.read(typed), font })

/**
 * Shows a content as text that {@link fromText} reads back: faces as `[微笑]` (or `[face 212]` without a name), texts as
 * they are, but that `[微笑]` in them is shown as `[[微笑]`. Pictures are `[图片]`, unknown elements `[?]`.
 */
export const toText = ({ parts }: Content): string => Notation.write(parts)

/**
 * The text parts with HTML entities resolved, once. Servers of SmartQQ's time sent text escaped, and `poll2` resolves it
 * in their dialect; this is for what another server escaped (protocol notes, section 5.3).
 */
export const unescapeHtml = (content: Content): Content => mapText(content, Entities.unescape)

/** The text parts HTML-escaped, as servers of SmartQQ's time sent them. */
export const escapeHtml = (content: Content): Content => mapText(content, Entities.escape)

const mapText = ({ font, parts }: Content, change: (text: string) => string): Content => ({
  parts: Arr.map(parts, (part) => (part._tag === "Text" ? text(change(part.text)) : part)),
  font
})

const isFont = (element: unknown): element is ReadonlyArray<unknown> => Array.isArray(element) && element[0] === "font"
const fontToWire = (font: Font): unknown => ["font", FontElement.toWire(font)]

const fromElements = (elements: ReadonlyArray<unknown>): Content => ({
  parts: Arr.filterMap(elements, (element) =>
    isFont(element) ? Option.none() : Option.some(PartElement.fromWire(element))
  ),
  font: FontElement.fromWire(elements.find(isFont)?.[1])
})

/** Text alone is what was said, and nothing is an empty content. */
const elementsOf = (wire: unknown): ReadonlyArray<unknown> => {
  if (Array.isArray(wire)) return wire
  return wire === undefined || wire === null ? [] : [wire]
}

/**
 * The array of a poll event: the font first, then the parts. Decodes anything: a font in any place, elements that nobody
 * knows, text instead of an array, nothing.
 */
export const Received: Schema.Schema<Content, unknown> = Reader.schema({
  from: Schema.Unknown,
  type: Schema.typeSchema(Content),
  read: (wire) => fromElements(elementsOf(wire)),
  write: (content) => Either.right([fontToWire(content.font), ...content.parts.map(PartElement.toWire)])
})

/**
 * The `content` member of a send request: JSON text of the parts, then the font. Put into `r`, it is serialised to JSON
 * a second time. Decodes anything: what is no such text is itself what was said.
 */
export const Sent: Schema.Schema<Content, string> = Schema.transform(Schema.String, Schema.typeSchema(Content), {
  strict: true,
  decode: (said) => fromElements(SentContent.read(said)),
  encode: (content) => JSON.stringify([...content.parts.map(PartElement.toWire), fontToWire(content.font)])
})
