/**
 * JSON as servers and clients write it: mostly right, sometimes with raw control characters or foreign escapes in its
 * texts, or with a NUL behind it (protocol notes, section 5.4). Everything here takes time linear in the text.
 */
import * as Option from "effect/Option"
import { unreadable } from "./Unreadable.ts"

/** Levels of lists and objects that are read. The protocol has eight; who walks many more of a value breaks. */
export const deepest = 64

const quote = 0x22
const backslash = 0x5c

/** Whether nothing stands deeper than that, in any text. */
export const isShallow = (text: string, atMost: number = deepest): boolean => {
  let level = 0
  let inText = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === quote) inText = !inText
    else if (inText) {
      if (code === backslash) i++
    } else if (code === 0x5b || code === 0x7b) {
      if (++level > atMost) return false
    } else if (code === 0x5d || code === 0x7d) level--
  }
  return true
}

const simple: ReadonlySet<string> = new Set('"\\/bfnrt')

const isHex = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (!"0123456789abcdefABCDEF".includes(text.charAt(i))) return false
  return true
}

/** The digits of an escape, if they are all there. */
const hexAt = (text: string, at: number, digits: number): string | undefined => {
  const hex = text.slice(at, at + digits)
  return hex.length === digits && isHex(hex) ? hex : undefined
}

/** How long the escape at a backslash is, and how JSON writes it if it is none of JSON's own. */
const escapeAt = (text: string, at: number): { readonly length: number; readonly written?: string } => {
  const letter = text.charAt(at + 1)
  if (simple.has(letter)) return { length: 2 }
  if (letter === "u" && hexAt(text, at + 2, 4) !== undefined) return { length: 6 }
  const hex = letter === "x" ? hexAt(text, at + 2, 2) : undefined
  if (hex !== undefined) return { length: 4, written: `\\u00${hex}` }
  if (letter === "'") return { length: 2, written: letter }
  // Before anything else a backslash is meant as one.
  return { length: 1, written: "\\\\" }
}

const escapedControl = (code: number): string => `\\u${code.toString(16).padStart(4, "0")}`

/** Read by hand: a regular expression for the whole could be made to take for ever. */
const repair = (text: string): string => {
  let repaired = ""
  let done = 0
  let inText = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === quote) inText = !inText
    if (!inText || (code !== backslash && code >= 0x20)) continue
    const { length, written } = code === backslash ? escapeAt(text, i) : { length: 1, written: escapedControl(code) }
    if (written !== undefined) {
      repaired += text.slice(done, i) + written
      done = i + length
    }
    i += length - 1
  }
  return repaired + text.slice(done)
}

const isAround = (code: number): boolean => code <= 0x20 || code === 0xfeff

/** Without the NULs, blanks and byte order marks around it. */
const trimmed = (text: string): string => {
  let start = 0
  let end = text.length
  while (start < end && isAround(text.charCodeAt(start))) start++
  while (end > start && isAround(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

const strict: (text: string) => Option.Option<unknown> = Option.liftThrowable(JSON.parse)

/** The value of a text; one that is no JSON is repaired first. Valid JSON means what it says. */
export const parse = (text: string): Option.Option<unknown> =>
  Option.orElse(strict(text), () => strict(repair(trimmed(text))))

/** The value of a text that a reader will walk, or an `Unreadable`. */
export const read = (text: string): unknown =>
  isShallow(text)
    ? Option.getOrElse(parse(text), () => unreadable("JSON", text))
    : unreadable(`JSON of at most ${deepest} levels`, text)
