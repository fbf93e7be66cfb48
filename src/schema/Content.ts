/**
 * The content of a message: text, faces and the font, as one type, with its two spellings on the wire (protocol notes,
 * sections 5.3 and 5.4).
 */
import * as Arr from "effect/Array"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Face from "./Face.ts"
import * as SentContent from "./SentContent.ts"

/** A piece of plain text. */
export const Text = Schema.TaggedStruct("Text", { text: Schema.String })
export type Text = typeof Text.Type

/** An emoticon, by its number on the wire; {@link Face.nameOf} gives its name. */
export const FacePart = Schema.TaggedStruct("Face", { id: Schema.NonNegativeInt })
export type FacePart = typeof FacePart.Type

/** A picture from a friend (`offpic`): where the server keeps it. */
export const OffPic = Schema.TaggedStruct("OffPic", { filePath: Schema.String, raw: Schema.Array(Schema.Unknown) })
export type OffPic = typeof OffPic.Type

/** A custom picture (`cface`): its name and, in groups, the number, key and `ip:port` under which a server has it. */
export const CFace = Schema.TaggedStruct("CFace", {
  name: Schema.String,
  fileId: Schema.OptionFromSelf(Schema.Int),
  key: Schema.OptionFromSelf(Schema.String),
  server: Schema.OptionFromSelf(Schema.String),
  raw: Schema.Array(Schema.Unknown)
})
export type CFace = typeof CFace.Type

/** An element that this version does not know, kept as it came. */
export const Other = Schema.TaggedStruct("Other", { raw: Schema.Array(Schema.Unknown) })
export type Other = typeof Other.Type

/** One piece of a content. Pictures are references: since 2014 the service let web clients receive but not send them. */
export const Part = Schema.Union(Text, FacePart, OffPic, CFace, Other)
export type Part = typeof Part.Type

/**
 * How the text looks: `size` in points, `color` as six hex digits, `style` as bold, italic, underline.
 */
export const Font = Schema.Struct({
  name: Schema.String,
  size: Schema.NonNegativeInt,
  style: Schema.Struct({ bold: Schema.Boolean, italic: Schema.Boolean, underline: Schema.Boolean }),
  color: Schema.String
})
export type Font = typeof Font.Type

/** A whole message content: its parts in order, and its font. */
export const Content = Schema.Struct({ parts: Schema.Array(Part), font: Font })
export type Content = typeof Content.Type

/** 宋体, 10 points, black: what Tencent's own client sent. */
export const defaultFont: Font = {
  name: "宋体",
  size: 10,
  style: { bold: false, italic: false, underline: false },
  color: "000000"
}

/** A text part. */
export const text = (value: string): Text => ({ _tag: "Text", text: value })

/** A face part from its number, for example `face(14)` for `[微笑]`. */
export const face = (id: number): FacePart => ({ _tag: "Face", id })

/**
 * Builds a content: strings become text parts.
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

const entities: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', nbsp: "\u00a0" }

/**
 * The text parts with HTML entities resolved. Servers of SmartQQ's time sent text escaped; nothing tells a server that
 * did from one that did not, so this is for programs that know theirs (protocol notes, section 5.3).
 */
export const unescapeHtml = (content: Content): Content => ({
  ...content,
  parts: Arr.map(content.parts, (part) =>
    part._tag === "Text"
      ? text(
          part.text.replace(/&(?:#(\d{1,7})|(lt|gt|amp|quot|nbsp));/g, (whole, code?: string, name?: string) => {
            const point = Number(code)
            if (name !== undefined) return entities[name] ?? whole
            return point <= 0x10ffff ? String.fromCodePoint(point) : whole
          })
        )
      : part
  )
})

const named = /\[([^[\]\s]{1,20})\]/g

/**
 * Reads text as people type it: `[微笑]` becomes a face when the name is known, everything else stays text.
 */
export const fromText = (typed: string, font: Font = defaultFont): Content => {
  const parts: Array<Part> = []
  let start = 0
  for (const match of typed.matchAll(named)) {
    const id = Face.idOf(match[1] ?? "")
    if (Option.isNone(id)) continue
    if (match.index > start) parts.push(text(typed.slice(start, match.index)))
    parts.push(face(id.value))
    start = match.index + match[0].length
  }
  if (start < typed.length) parts.push(text(typed.slice(start)))
  return make(parts, font)
}

/**
 * Shows a content as text: faces as `[微笑]` (or `[face 999]` for an unknown number), pictures as `[图片]`, unknown
 * elements as `[?]`.
 */
export const toText = (content: Content): string =>
  Arr.map(content.parts, (part) => {
    switch (part._tag) {
      case "Text":
        return part.text
      case "Face":
        return `[${Option.getOrElse(Face.nameOf(part.id), () => `face ${part.id}`)}]`
      case "OffPic":
      case "CFace":
        return "[图片]"
      case "Other":
        return "[?]"
    }
  }).join("")
const Flag = Schema.transform(Schema.Union(Schema.Number, Schema.Boolean), Schema.Boolean, {
  strict: true,
  decode: (value) => value === true || value === 1,
  encode: (value) => (value ? 1 : 0)
})

/** `{"size":10,"color":"000000","style":[0,0,0],"name":"宋体"}`: size may come as text, style may be short. */
const WireFont = Schema.Struct({
  name: Schema.optionalWith(Schema.String, { default: () => defaultFont.name }),
  size: Schema.optionalWith(
    Schema.Union(Schema.NonNegativeInt, Schema.compose(Schema.NumberFromString, Schema.NonNegativeInt)),
    { default: () => defaultFont.size }
  ),
  style: Schema.optionalWith(Schema.Array(Flag), { default: () => [] }),
  color: Schema.optionalWith(Schema.String, { default: () => defaultFont.color })
})

const WireContent = Schema.Array(Schema.Union(Schema.String, Schema.Array(Schema.Unknown)))
type WireContent = typeof WireContent.Type

const isFont = (element: WireContent[number]): element is ReadonlyArray<unknown> =>
  typeof element !== "string" && element[0] === "font"

const decodeFont = ParseResult.decodeUnknownEither(WireFont)
const encodeFont = ParseResult.encodeSync(WireFont)

const fontFromWire = (element: ReadonlyArray<unknown> | undefined): Option.Option<Font> =>
  Option.map(Option.getRight(decodeFont(element?.[1] ?? {})), ({ color, name, size, style }) => ({
    name,
    size,
    color,
    style: { bold: style[0] ?? false, italic: style[1] ?? false, underline: style[2] ?? false }
  }))

const fontToWire = ({ style, ...font }: Font): WireContent[number] => [
  "font",
  encodeFont({ ...font, style: [style.bold, style.italic, style.underline] })
]

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && name in value ? (value as Record<string, unknown>)[name] : undefined
const textIn = (value: unknown): Option.Option<string> => Option.filter(Option.some(value), Predicate.isString)
const integer = (value: unknown): Option.Option<number> => {
  const number = typeof value === "string" ? Number(value) : value
  return typeof number === "number" && Number.isSafeInteger(number) ? Option.some(number) : Option.none()
}

const pictureFromWire = (raw: ReadonlyArray<unknown>): Option.Option<Part> => {
  const [kind, what] = raw
  if (kind === "offpic") {
    return Option.map(textIn(field(what, "file_path")), (filePath) => ({ _tag: "OffPic", filePath, raw }))
  }
  if (kind !== "cface") return Option.none()
  return Option.map(
    Option.orElse(textIn(what), () => textIn(field(what, "name"))),
    (name) => ({
      _tag: "CFace",
      name,
      fileId: integer(field(what, "file_id")),
      key: textIn(field(what, "key")),
      server: textIn(field(what, "server")),
      raw
    })
  )
}

const partFromWire = (element: WireContent[number]): Part => {
  if (typeof element === "string") return text(element)
  if (element[0] === "face") {
    const id = Option.filter(integer(element[1]), (n) => n >= 0)
    if (Option.isSome(id)) return face(id.value)
  }
  return Option.getOrElse(pictureFromWire(element), (): Part => ({ _tag: "Other", raw: element }))
}

const partToWire = (part: Part): WireContent[number] => {
  switch (part._tag) {
    case "Text":
      return part.text
    case "Face":
      return ["face", part.id]
    case "OffPic":
    case "CFace":
    case "Other":
      return part.raw
  }
}

const fromWire = (elements: WireContent): Content => {
  const font = elements.find(isFont)
  return {
    parts: elements.filter((element) => !isFont(element)).map(partFromWire),
    // A font is decoration: one that cannot be read must not cost the message.
    font: Option.getOrElse(fontFromWire(font), () => defaultFont)
  }
}

/** The array of a poll event: the font first, then the parts. Decodes a font in any place. */
export const Received: Schema.Schema<Content, WireContent> = Schema.transform(WireContent, Schema.typeSchema(Content), {
  strict: true,
  decode: fromWire,
  encode: (content) => [fontToWire(content.font), ...content.parts.map(partToWire)]
})

/**
 * The `content` member of a send request: JSON text of the parts, then the font. Put into `r`, it is serialised to JSON
 * a second time. Decodes anything: what is no such text is itself what was said.
 */
export const Sent: Schema.Schema<Content, string> = Schema.transform(Schema.String, Schema.typeSchema(Content), {
  strict: true,
  decode: (text) => fromWire(SentContent.read(text)),
  encode: (content) => JSON.stringify([...content.parts.map(partToWire), fontToWire(content.font)])
})
