/**
 * The picture that ptqrshow answers (protocol notes, section 2.6).
 */
import * as Option from "effect/Option"
import { encode } from "fast-png"
import { type ErrorCorrection, encodeQR } from "qr"

/** Width and height of the picture in pixels, as Tencent's were: 33 modules of 5 pixels. */
export const side = 165

/** Fewer light modules around the symbol than these, and phones miss it on the dark ground of picture viewers. */
const quietModules = 2

/** The symbol's rows, `true` is dark; the encoder insists on a border, of one light module here. */
const symbol = (text: string, level: ErrorCorrection): ReadonlyArray<ReadonlyArray<boolean>> =>
  encodeQR(text, "raw", { ecc: level, border: 1 })

/** Large modules matter more than error correction on a screen: of the smallest symbols the one that corrects most. */
const best = (text: string): ReadonlyArray<ReadonlyArray<boolean>> => {
  const smallest = symbol(text, "low")
  const stronger = (["high", "quartile", "medium"] as const).map((level) =>
    Option.filter(Option.liftThrowable(symbol)(text, level), (rows) => rows.length === smallest.length)
  )
  return Option.getOrElse(Option.firstSomeOf(stronger), () => smallest)
}

/**
 * A text as a QR code: a PNG of {@link side} × {@link side} pixels, grayscale, black on white.
 *
 * Tencent drew version 4 (33 modules) with 5 pixels per module and left the quiet zone to its white page. A viewer may
 * have a dark ground, so ours is in the picture: at least two modules, with the largest modules that leave it.
 *
 * | text (bytes, or `A-Z 0-9 $%*+-./:` and blank) | symbol | module | quiet zone |
 * |---|---|---|---|
 * | up to 32, or 47 | 21 or 25 | 5 px | 6 or 4 modules |
 * | up to 53, or 77 | 29 | 5 px | 2 modules |
 * | up to 78, or 114 | 33 | 4 px | 4 modules |
 * | up to 106, or 154 | 37 | 4 px | 2 modules |
 * | up to 192, or 279 | 41 to 49 | 3 px | 3 to 7 modules |
 * | up to 520, or 758 | 53 to 77 | 2 px | 2 modules or more |
 *
 * With 5 pixels the modules stand on Tencent's 33 × 33 grid, which a client may sample (qqbot's terminal mode does).
 * Longer texts get a larger picture. More than 2953 bytes are no QR code: that is the caller's bug, and a defect.
 */
export const png = (text: string): Uint8Array => {
  const rows = best(text)
  const modules = rows.length - 2
  const scale = Math.min(5, Math.max(2, Math.floor(side / (modules + 2 * quietModules))))
  const size = Math.max(side, (modules + 2 * quietModules) * scale)
  const margin = Math.floor((size - rows.length * scale) / 2)
  const data = new Uint8Array(size * size).fill(255)
  rows.forEach((row, y) => {
    row.forEach((dark, x) => {
      if (!dark) return
      for (let line = 0; line < scale; line++) {
        const start = (margin + y * scale + line) * size + margin + x * scale
        data.fill(0, start, start + scale)
      }
    })
  })
  // A copy: the encoder answers a view on its larger buffer.
  return encode({ width: size, height: size, channels: 1, depth: 8, data }).slice()
}
