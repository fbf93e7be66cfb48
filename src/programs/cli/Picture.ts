/**
 * Pictures in the terminal, two pixels to a character: good enough to read a captcha.
 */
import * as Option from "effect/Option"
import * as HalfBlocks from "./HalfBlocks.ts"
import * as Pixels from "./Pixels.ts"

/** Red, green and blue, 0 to 255. */
type Colour = readonly [red: number, green: number, blue: number]

interface Canvas {
  readonly width: number
  readonly height: number
  readonly colours: ReadonlyArray<Colour>
}

/** The average of an area whose edges may cut through pixels: those count by the part that is inside. */
const average = ({ width, rgb }: Pixels.Pixels, left: number, top: number, right: number, bottom: number): Colour => {
  const sum: [number, number, number] = [0, 0, 0]
  for (let y = Math.floor(top); y < bottom; y++) {
    const share = Math.min(y + 1, bottom) - Math.max(y, top)
    for (let x = Math.floor(left); x < right; x++) {
      const weight = share * (Math.min(x + 1, right) - Math.max(x, left))
      const at = (y * width + x) * 3
      sum[0] += weight * (rgb[at] ?? 0)
      sum[1] += weight * (rgb[at + 1] ?? 0)
      sum[2] += weight * (rgb[at + 2] ?? 0)
    }
  }
  const area = (right - left) * (bottom - top)
  return [Math.round(sum[0] / area), Math.round(sum[1] / area), Math.round(sum[2] / area)]
}

/** Not wider than `columns`, never enlarged, and of an even height. */
const fitted = (pixels: Pixels.Pixels, columns: number): Canvas => {
  const width = Math.max(1, Math.min(pixels.width, Math.floor(columns) || 1))
  const height = 2 * Math.max(1, Math.round((pixels.height * width) / pixels.width / 2))
  const [dx, dy] = [pixels.width / width, pixels.height / height]
  const colours = Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)]
    const [right, bottom] = [Math.min(pixels.width, (x + 1) * dx), Math.min(pixels.height, (y + 1) * dy)]
    return average(pixels, x * dx, y * dy, right, bottom)
  })
  return { width, height, colours }
}

/** How bright a colour looks, 0 to 255. */
const luma = ([red, green, blue]: Colour): number => Math.round(0.299 * red + 0.587 * green + 0.114 * blue)

/**
 * The brightness that parts the dark pixels of a picture from the light ones best (Otsu's method). A pale captcha on a
 * gray ground has its border elsewhere than black on white has.
 */
const threshold = (lumas: ReadonlyArray<number>): number => {
  const counts = new Array<number>(256).fill(0)
  for (const value of lumas) counts[value] = (counts[value] ?? 0) + 1
  const total = lumas.reduce((sum, value) => sum + value, 0)
  let best = { border: 127, contrast: 0 }
  let [darkCount, darkSum] = [0, 0]
  counts.forEach((count, border) => {
    darkCount += count
    darkSum += count * border
    const lightCount = lumas.length - darkCount
    if (count === 0 || lightCount === 0) return
    const contrast = darkCount * lightCount * (darkSum / darkCount - (total - darkSum) / lightCount) ** 2
    if (contrast > best.contrast) best = { border, contrast }
  })
  return best.border
}

const blackAndWhite = ({ width, height, colours }: Canvas): ReadonlyArray<string> => {
  const lumas = colours.map(luma)
  const border = threshold(lumas)
  return HalfBlocks.lines(width, height, (x, y) => (lumas[y * width + x] ?? 255) <= border)
}

const reset = "\u001b[0m"
const white: Colour = [255, 255, 255]
const inkAndGround = (upper: Colour, lower: Colour): string => `\u001b[38;2;${upper.join(";")};48;2;${lower.join(";")}m`

/** The upper pixel of a cell is the ink of its half block, the lower one is the ground; colours are only set anew. */
const coloured = ({ width, height, colours }: Canvas): ReadonlyArray<string> =>
  Array.from({ length: height / 2 }, (_, line) => {
    let last = ""
    const cells = Array.from({ length: width }, (_, x) => {
      const at = 2 * line * width + x
      const colour = inkAndGround(colours[at] ?? white, colours[at + width] ?? white)
      if (colour === last) return "▀"
      last = colour
      return `${colour}▀`
    })
    return `${cells.join("")}${reset}`
  })

/**
 * The lines of a PNG in a terminal, none if it cannot be read ({@link Pixels.fromPng}).
 *
 * @param columns - the width of the terminal in characters: wider pictures are scaled down to it
 * @param colour - 24-bit colours; without them, what is dark in the picture is drawn with the colour of the text
 */
export const toText = (
  png: Uint8Array,
  { columns, colour }: { readonly columns: number; readonly colour: boolean }
): Option.Option<ReadonlyArray<string>> =>
  Option.map(Pixels.fromPng(png), (pixels) => {
    const canvas = fitted(pixels, columns)
    return colour ? coloured(canvas) : blackAndWhite(canvas)
  })
