/**
 * Reads the `content` member of a send as leniently as old clients write it (protocol notes, section 5.4): JSON text in
 * JSON, of which many got the inner level wrong.
 */
import * as Option from "effect/Option"
import * as Depth from "./content/Depth.ts"

/** Text, or a part such as `["face",14]`. */
export type Element = string | ReadonlyArray<unknown>

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(JSON.parse)

/**
 * Escapes line ends and tabs that stand raw in texts, as clients write them that escape for the outer level only. Read
 * by hand: a regular expression can be made to take for ever.
 */
const escapeControls = (text: string): string => {
  let escaped = ""
  let done = 0
  let inText = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x22) inText = !inText
    else if (inText && code === 0x5c) i++
    else if (inText && code < 0x20) {
      escaped += `${text.slice(done, i)}\\u${code.toString(16).padStart(4, "0")}`
      done = i + 1
    }
  }
  return escaped + text.slice(done)
}

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
  const font = parse(withoutEnd(text.slice(start), "]"))
  return [unescape(said), ...Option.match(font, { onNone: () => [], onSome: elementOf })]
}

/** The parts of a content, font included, in their order. Anything can be read. */
export const read = (text: string): ReadonlyArray<Element> =>
  parse(text).pipe(
    Option.orElse(() => parse(escapeControls(text))),
    Option.match({ onNone: () => fallback(text), onSome: elementsOf })
  )
