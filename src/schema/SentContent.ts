/**
 * Reads the `content` member of a send as leniently as old clients write it (protocol notes, section 5.4): JSON text in
 * JSON, of which many got the inner level wrong.
 */
import * as Option from "effect/Option"
import * as Depth from "./content/Depth.ts"
import * as JsonText from "./JsonText.ts"

/** Text, or a part such as `["face",14]`. */
export type Element = string | ReadonlyArray<unknown>

const elementOf = (value: unknown): ReadonlyArray<Element> => {
  if (typeof value === "string") return [value]
  if (typeof value === "number" || typeof value === "boolean") return [String(value)]
  // One client ends with an empty element.
  return Array.isArray(value) && value.length > 0 && Depth.isShallow(value) ? [value] : []
}

const elementsOf = (value: unknown): ReadonlyArray<Element> =>
  Array.isArray(value) ? value.flatMap(elementOf) : elementOf(value)

const letters: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }

/** The escapes that JSON has; a backslash before anything else is meant as one. */
const unescape = (text: string): string =>
  text.replace(/\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))/g, (_, hex?: string, letter = "") =>
    hex === undefined ? (letters[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16))
  )

/** Where the last part begins, if it is a font. */
const startOfFont = (text: string): number => {
  const found = [...text.matchAll(/\[\s*"font"/g)].at(-1)
  return found === undefined ? text.length : found.index
}

/** Without a last letter, and blanks around it. */
const withoutEnd = (text: string, letter: string): string => {
  const trimmed = text.trimEnd()
  return trimmed.endsWith(letter) ? trimmed.slice(0, -1) : text
}

/** Not even that is JSON: a quote in the text, say. Then everything up to the font is text. */
const fallback = (text: string): ReadonlyArray<Element> => {
  const start = startOfFont(text)
  const before = text.slice(0, start).replace(/^\s*\[\s*"?/, "")
  const said = withoutEnd(withoutEnd(before, start === text.length ? "]" : ","), '"')
  const font = JsonText.parse(withoutEnd(text.slice(start), "]"))
  return [unescape(said), ...Option.match(font, { onNone: () => [], onSome: elementOf })]
}

/** The parts of a content, font included, in their order. Anything can be read. */
export const read = (text: string): ReadonlyArray<Element> =>
  Option.match(JsonText.parse(text), { onNone: () => fallback(text), onSome: elementsOf })
