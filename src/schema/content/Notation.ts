/**
 * Contents as text that people type and read: faces as `[微笑]`, or `[face 212]` for those without a name.
 *
 * A doubled bracket stands for itself where a face would be read: `[[OK]` is the text `[OK]`. Nowhere else is anything
 * doubled: `a[0]` and `[[1,2],[3]]` are themselves, in both directions.
 */
import * as Option from "effect/Option"
import * as Face from "../Face.ts"
import * as Part from "./Part.ts"

/** All brackets that stand together before what may be a face. */
const bracketed = /(?<!\[)(\[+)([^[\]\s]{1,20}|face (?:0|[1-9]\d{0,15}))\]/g

const faceOf = (name: string): Option.Option<number> =>
  Option.orElse(Face.idOf(name), () =>
    Option.filter(
      Option.some(Number(name.replace(/^face /, ""))),
      (id) => name.startsWith("face ") && Number.isSafeInteger(id)
    )
  )

const nameOf = (id: number): string => Option.getOrElse(Face.nameOf(id), () => `face ${id}`)

/** Neighbouring texts become one, and empty ones nothing. */
export const joined = (parts: ReadonlyArray<Part.Part>): ReadonlyArray<Part.Part> => {
  const all: Array<Part.Part> = []
  for (const part of parts) {
    const last = all[all.length - 1]
    if (part._tag !== "Text") all.push(part)
    else if (last?._tag === "Text") all[all.length - 1] = Part.text(last.text + part.text)
    else if (part.text !== "") all.push(part)
  }
  return all
}

/** Reads typed text. */
export const read = (typed: string): ReadonlyArray<Part.Part> => {
  const parts: Array<Part.Part> = []
  let start = 0
  for (const { 0: whole, 1: brackets = "", 2: name = "", index } of typed.matchAll(bracketed)) {
    const id = faceOf(name)
    if (Option.isNone(id)) continue
    const literal = Math.floor(brackets.length / 2)
    parts.push(Part.text(typed.slice(start, index + literal)))
    parts.push(brackets.length % 2 === 1 ? Part.face(id.value) : Part.text(`${name}]`))
    start = index + whole.length
  }
  parts.push(Part.text(typed.slice(start)))
  return joined(parts)
}

const doubled = (text: string): string =>
  text.replace(bracketed, (whole, brackets: string, name: string) =>
    Option.isSome(faceOf(name)) ? brackets + whole : whole
  )

/** Brackets right before a face would be read as part of it. */
const beforeFace = (text: string): string => text.replace(/(?<!\[)\[+$/, (brackets) => brackets + brackets)

/** How a part is written before the next one. */
const written = (part: Part.Part, next: Part.Part | undefined): string => {
  switch (part._tag) {
    case "Text":
      return next?._tag === "Face" ? beforeFace(doubled(part.text)) : doubled(part.text)
    case "Face":
      return `[${nameOf(part.id)}]`
    case "OffPic":
    case "CFace":
      return "[图片]"
    case "Other":
      return "[?]"
  }
}

/** Writes parts as {@link read} reads them; pictures as `[图片]`, unknown elements as `[?]`. */
export const write = (parts: ReadonlyArray<Part.Part>): string =>
  joined(parts)
    .map((part, i, all) => written(part, all[i + 1]))
    .join("")
