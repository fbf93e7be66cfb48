/**
 * The pieces of a content, and their elements on the wire (protocol notes, sections 5.3 and 5.4).
 */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Depth from "./Depth.ts"

/** A piece of plain text. */
export const Text = Schema.TaggedStruct("Text", { text: Schema.String })
export type Text = typeof Text.Type

/** An emoticon, by its number on the wire; `Face.nameOf` gives its name. */
export const FacePart = Schema.TaggedStruct("Face", { id: Schema.NonNegativeInt })
export type FacePart = typeof FacePart.Type

/** A picture from a friend (`offpic`): where the server keeps it, unless it could not take it in. */
export const OffPic = Schema.TaggedStruct("OffPic", {
  filePath: Schema.OptionFromSelf(Schema.String),
  raw: Schema.Array(Schema.Unknown)
})
export type OffPic = typeof OffPic.Type

/** A custom picture (`cface`): its name and, in groups, the number, key and `ip:port` under which a server has it. */
export const CFace = Schema.TaggedStruct("CFace", {
  name: Schema.OptionFromSelf(Schema.String),
  fileId: Schema.OptionFromSelf(Schema.Int),
  key: Schema.OptionFromSelf(Schema.String),
  server: Schema.OptionFromSelf(Schema.String),
  raw: Schema.Array(Schema.Unknown)
})
export type CFace = typeof CFace.Type

/** An element that this version does not know, kept as it came (16 levels deep). */
export const Other = Schema.TaggedStruct("Other", { raw: Schema.Unknown })
export type Other = typeof Other.Type

/** One piece of a content. Pictures are references: since 2014 the service let web clients receive but not send them. */
export const Part = Schema.Union(Text, FacePart, OffPic, CFace, Other)
export type Part = typeof Part.Type

/** A text part. */
export const text = (value: string): Text => ({ _tag: "Text", text: value })

/** A face part from its number, for example `face(14)` for `[微笑]`. */
export const face = (id: number): FacePart => ({ _tag: "Face", id })

const words = (value: unknown): Option.Option<string> =>
  Option.filter(Option.some(value), (it): it is string => typeof it === "string" && it !== "")

const integer = (value: unknown): Option.Option<number> => {
  const number = typeof value === "string" && /^\d{1,16}$/.test(value) ? Number(value) : value
  return typeof number === "number" && Number.isSafeInteger(number) ? Option.some(number) : Option.none()
}

const member = (value: unknown, name: string): unknown => (Predicate.isRecord(value) ? value[name] : undefined)

/** `["offpic",{"success":1,"file_path":"/uuid"}]`; a client sends `["offpic","/uuid","name.jpg",165201]`. */
const offPic = (raw: ReadonlyArray<unknown>): OffPic => ({
  _tag: "OffPic",
  filePath: Option.orElse(words(member(raw[1], "file_path")), () => words(raw[1])),
  raw
})

/** `["cface",{"name":…}]` in groups, `["cface","HEX.jPg",""]` from friends; clients send `["cface","group","HEX.jPg"]`. */
const cface = (raw: ReadonlyArray<unknown>): CFace => ({
  _tag: "CFace",
  name: Option.orElse(words(member(raw[1], "name")), () => words(raw[1] === "group" ? raw[2] : raw[1])),
  fileId: integer(member(raw[1], "file_id")),
  key: words(member(raw[1], "key")),
  server: words(member(raw[1], "server")),
  raw
})

const ofArray = (raw: ReadonlyArray<unknown>): Part => {
  switch (raw[0]) {
    case "face":
      return Option.match(
        Option.filter(integer(raw[1]), (id) => id >= 0),
        { onNone: (): Part => ({ _tag: "Other", raw }), onSome: face }
      )
    case "offpic":
      return offPic(raw)
    case "cface":
      return cface(raw)
    default:
      return { _tag: "Other", raw }
  }
}

/** Reads one element, whatever it is. */
export const fromWire = (element: unknown): Part => {
  if (typeof element === "string") return text(element)
  return Array.isArray(element)
    ? ofArray(element.map((each) => Depth.cut(each, Depth.deepest - 1)))
    : { _tag: "Other", raw: Depth.cut(element) }
}

export const toWire = (part: Part): unknown => {
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
