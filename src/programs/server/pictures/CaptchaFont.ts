/**
 * The hand-made letters of the captcha pictures: 7 × 9 dots each.
 */

/** Dots in a row of a glyph. */
export const columns = 7

/** Rows of a glyph. */
export const rows = 9

/** Glyphs side by side, below their names: what is not here looks like something that is (`0 O D Q`, `1 I`, `E F`, …). */
const sheet = [
  `   A       C       E       H       K       U
  ..###.. ..####. ####### ##...## ##...## ##...##
  .##.##. .##..## ##..... ##...## ##..##. ##...##
  ##...## ##..... ##..... ##...## ##.##.. ##...##
  ##...## ##..... ##..... ##...## ####... ##...##
  ##...## ##..... #####.. ####### ###.... ##...##
  ####### ##..... ##..... ##...## ####... ##...##
  ##...## ##..... ##..... ##...## ##.##.. ##...##
  ##...## .##..## ##..... ##...## ##..##. ##...##
  ##...## ..####. ####### ##...## ##...## .#####.`,
  `   M       N       P       R       T       W
  ##...## ##...## ######. ######. ####### ##...##
  ###.### ###..## ##...## ##...## ####### ##...##
  ####### ###..## ##...## ##...## ..###.. ##...##
  ##.#.## ####.## ##...## ##...## ..###.. ##...##
  ##.#.## ##.#.## ######. ######. ..###.. ##.#.##
  ##...## ##.#### ##..... ####... ..###.. ##.#.##
  ##...## ##..### ##..... ##.##.. ..###.. #######
  ##...## ##..### ##..... ##..##. ..###.. ###.###
  ##...## ##...## ##..... ##...## ..###.. ##...##`,
  `   X       Y       3       4       7       9
  ##...## ##...## ####### ....##. ####### .#####.
  ##...## ##...## .....## ...###. ####### ##...##
  .##.##. .##.##. ....##. ..####. .....## ##...##
  .##.##. .##.##. ...##.. .##.##. ....##. ##...##
  ..###.. ..###.. ..####. ##..##. ....##. .######
  .##.##. ..###.. .....## ####### ...##.. .....##
  .##.##. ..###.. .....## ####### ...##.. .....##
  ##...## ..###.. ##...## ....##. ..##... ##...##
  ##...## ..###.. .#####. ....##. ..##... .#####.`
]

const cells = sheet.flatMap((block) => {
  const [names = [], ...lines] = block.split("\n").map((line) => line.trim().split(/ +/))
  return names.map((name, index) => [name, lines.map((line) => line[index] ?? "")] as const)
})

const glyphs: ReadonlyMap<string, ReadonlyArray<string>> = new Map(cells)

/** The characters that can be drawn: upper-case letters and digits. */
export const alphabet: string = cells.map(([name]) => name).join("")

/** Whether a dot of a character is dark. Dots outside and unknown characters are light; the case does not matter. */
export const isDark = (character: string, column: number, row: number): boolean =>
  glyphs.get(character.toUpperCase())?.[row]?.charAt(column) === "#"
