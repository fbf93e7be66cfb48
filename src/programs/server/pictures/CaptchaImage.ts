/**
 * The picture that getimage answers (protocol notes, section 2.3): four characters for a person to type.
 *
 * It is as hard to read as the old ones looked, and no obstacle to a program: it lets clients exercise their captcha
 * path, it does not keep robots out.
 */
import { encode } from "fast-png"
import * as Font from "./CaptchaFont.ts"

/** Pixels. */
export const width = 130

/** Pixels. */
export const height = 53

/** Characters in a code. */
export const length = 4

/** Of what codes are made: letters and digits that nobody takes for another. Servers compare without case. */
export const alphabet: string = Font.alphabet

const lines = 3
const dots = 60

/** Random bytes that a picture uses: place and slant of each character, the ends of the lines, the dots. */
export const noiseBytes: number = 3 * length + 2 * lines + 2 * dots

/** Grays, 0 is black. What disturbs is lighter than what is to be read. */
const ground = 255
const inks = [20, 60, 40, 75]
const lineInk = 120
const dotInk = 150

/** Size of a character in pixels: the cell of 32 × 53 has room for it to move. */
const characterWidth = 23
const characterHeight = 33

/** Sub-pixels per pixel and axis: soft edges. */
const samples = 3

interface Placed {
  readonly character: string
  /** The centre, in pixels. */
  readonly x: number
  readonly y: number
  /** Pixels to the right for each pixel up. */
  readonly slant: number
}

/** Whether a point of the picture lies on a character. */
const covers = ({ character, x, y, slant }: Placed, px: number, py: number): boolean => {
  const up = y - py
  const column = ((px - x - slant * up) / characterWidth + 0.5) * Font.columns
  const row = (0.5 - up / characterHeight) * Font.rows
  return Font.isDark(character, Math.floor(column), Math.floor(row))
}

/** How much of a pixel a character covers, 0 to 1. */
const coverage = (placed: Placed, x: number, y: number): number => {
  let hits = 0
  for (let i = 0; i < samples; i++) {
    for (let j = 0; j < samples; j++) {
      if (covers(placed, x + (i + 0.5) / samples, y + (j + 0.5) / samples)) hits++
    }
  }
  return hits / samples ** 2
}

/**
 * A code as a PNG of {@link width} × {@link height} pixels, grayscale, dark on white.
 *
 * @param code - the first {@link length} characters are drawn, those outside {@link alphabet} stay blank
 * @param noise - random bytes, of which the first {@link noiseBytes} are used; fewer are used again from the start, and
 *   none at all gives straight characters. The same bytes give the same picture.
 */
export const png = ({ code, noise }: { readonly code: string; readonly noise: Uint8Array }): Uint8Array => {
  const data = new Uint8Array(width * height).fill(ground)
  /** A random byte, scaled to `from` (included) up to `to` (excluded). */
  const random = (index: number, from: number, to: number): number =>
    from + ((noise[index % noise.length] ?? 128) / 256) * (to - from)
  const darken = (x: number, y: number, gray: number): void => {
    const at = Math.floor(y) * width + Math.floor(x)
    data[at] = Math.min(data[at] ?? ground, gray)
  }

  for (let i = 0; i < dots; i++) {
    const at = 3 * length + 2 * lines + 2 * i
    darken(random(at, 0, width), random(at + 1, 0, height), dotInk)
  }
  for (let i = 0; i < lines; i++) {
    const at = 3 * length + 2 * i
    const [left, right] = [random(at, 0, height), random(at + 1, 0, height)]
    for (let x = 0; x < width; x += 0.25) darken(x, left + ((right - left) * x) / width, lineInk)
  }
  const cell = width / length
  Array.from(code.slice(0, length)).forEach((character, i) => {
    const placed: Placed = {
      character,
      x: cell * (i + 0.5) + random(3 * i, -1.5, 1.5),
      y: height / 2 + random(3 * i + 1, -6, 6),
      slant: random(3 * i + 2, -0.2, 0.2)
    }
    const ink = inks[i] ?? 0
    for (let y = 0; y < height; y++) {
      for (let x = Math.floor(cell * i); x < cell * (i + 1); x++) {
        const covered = coverage(placed, x, y)
        if (covered > 0) darken(x, y, Math.round(ground + (ink - ground) * covered))
      }
    }
  })
  // A copy: the encoder answers a view on its larger buffer.
  return encode({ width, height, channels: 1, depth: 8, data }).slice()
}
