/**
 * Lists for a terminal: columns that stand below each other, also where characters are two cells wide.
 */
import * as Printable from "../../../schema/Printable.ts"
import * as Print from "../Print.ts"

const segmenter = new Intl.Segmenter()
const wide =
  /^(?:\p{Emoji_Presentation}|\p{Emoji}\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}])/u
const nothing = /^[\p{Mn}\p{Me}\p{Cf}]+$/u

/** How many cells of a terminal a text takes. */
export const width = (text: string): number =>
  Array.from(segmenter.segment(text)).reduce(
    (sum, { segment }) => sum + (nothing.test(segment) ? 0 : wide.test(segment) ? 2 : 1),
    0
  )

/** Lines of a head and rows; each cell is made harmless, and as wide as its column. */
export const lines = (
  head: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string | number>>
): ReadonlyArray<string> => {
  const texts = rows.map((row) => row.map((cell) => Print.oneLine(String(cell))))
  const widths = head.map((name, i) => Math.max(...[name, ...texts.map((row) => row[i] ?? "")].map(width)))
  const line = (row: ReadonlyArray<string>) =>
    row
      .map((cell, i) => cell + " ".repeat((widths[i] ?? 0) - width(cell)))
      .join("  ")
      .trimEnd()
  return [Print.paint("dim", line(head)), ...texts.map(line)]
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000]
] as const

/** How long ago something was, in its largest unit: "4s ago". Times in milliseconds. */
export const ago = (then: number, now: number): string => {
  const passed = Math.max(0, now - then)
  const [name, size] = units.find(([, unit]) => passed >= unit) ?? ["s", 1000]
  return `${Math.floor(passed / size)}${name} ago`
}

/** JSON for other programs, without anything that a terminal would obey. */
export const json = (value: unknown): string => Printable.json(JSON.stringify(value, undefined, 2))
