/**
 * HTML entities. Texts of SmartQQ's time and names in the answers of qun.qq.com travel escaped (protocol notes, sections
 * 4.9 and 5.3), and nothing in them says so: who knows the server resolves them, once.
 */

/** The names that the service wrote, and those that stand in what people pasted from pages. */
const table =
  "amp &,apos ',gt >,lt <,nbsp \u00a0,quot \",bull •,copy ©,hearts ♥,hellip …,laquo «,ldquo “,lsquo ‘,mdash —,middot ·," +
  "ndash –,raquo »,rdquo ”,reg ®,rsquo ’,times ×,trade ™,yen ¥"

const named: ReadonlyMap<string, string> = new Map(
  table.split(",").map((entry) => {
    const blank = entry.indexOf(" ")
    return [entry.slice(0, blank), entry.slice(blank + 1)]
  })
)

/** A name, or numbers in a row: two may be the halves of one character. */
const references = /&[a-z]{2,6};|(?:&#(?:\d{1,10}|[xX][\da-fA-F]{1,8});)+/g

const isHighHalf = (code: number): boolean => code >= 0xd800 && code <= 0xdbff
const isLowHalf = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff

/** Whether a number stands for a character that may stand in a text: no control but tab and line ends, no half. */
const isCharacter = (code: number): boolean =>
  code < 0x20
    ? code === 0x09 || code === 0x0a || code === 0x0d
    : !(code >= 0x7f && code <= 0x9f) && !isHighHalf(code) && !isLowHalf(code) && code <= 0x10ffff

/** The number of `&#39;` or `&#x27;`. */
const codeOf = (reference: string): number => Number(`0${reference.slice(2, -1)}`)

const resolveNumbers = (run: string): string => {
  const each = run.split(/(?<=;)/)
  const codes = each.map(codeOf)
  return each
    .map((reference, i) => {
      const code = codes[i] ?? 0
      const next = codes[i + 1] ?? 0
      if (isHighHalf(code) && isLowHalf(next)) return String.fromCharCode(code, next)
      if (isLowHalf(code) && isHighHalf(codes[i - 1] ?? 0)) return ""
      return isCharacter(code) ? String.fromCodePoint(code) : reference
    })
    .join("")
}

/**
 * Resolves the entities of a text or a name, once: `C&#43;&#43; &amp; Qt` is `C++ & Qt`, and `&amp;lt;` is `&lt;`. Decimal
 * and hexadecimal numbers, and the names that servers wrote. What stands for no character (NUL and other controls, half a
 * character, a number beyond Unicode, an unknown name) stays as it is.
 */
export const unescape = (text: string): string =>
  text.replace(references, (found) =>
    found.startsWith("&#") ? resolveNumbers(found) : (named.get(found.slice(1, -1)) ?? found)
  )

const escapes: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
  ["\\", "&#92;"],
  ["\u00a0", "&nbsp;"]
])

/** Escapes a text or a name as the service did; {@link unescape} gives it back. */
export const escape = (text: string): string =>
  text.replace(/[&<>"'\\\u00a0]/g, (character) => escapes.get(character) ?? character)
