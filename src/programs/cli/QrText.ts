/**
 * QR codes from pictures, drawn anew in the terminal: sharp at any size, so that a phone reads them from there.
 */
import * as Option from "effect/Option"
import { encodeQR } from "qr"
import { decodeQR } from "qr/decode.js"
import * as HalfBlocks from "./HalfBlocks.ts"
import * as Pixels from "./Pixels.ts"

/** Light modules around the symbol, as the standard wants them. */
const quietModules = 4

/** Black on white by the numbers of the 256 colours: themes change the sixteen names, not these. */
const blackOnWhite = "\u001b[38;5;16;48;5;231m"
const reset = "\u001b[0m"

const decode = ({ width, height, rgb }: Pixels.Pixels): string =>
  // Effort is counted in attempts, not in milliseconds: the same picture always gives the same answer.
  decodeQR({ width, height, data: rgb }, { format: "RGB", effort: 16, timeLimit: Number.POSITIVE_INFINITY })

/** What the QR code in a PNG says. None if the picture is not readable or has no QR code. */
export const contentOf = (png: Uint8Array): Option.Option<string> =>
  Option.flatMap(Pixels.fromPng(png), Option.liftThrowable(decode))

const draw = (content: string, colour: boolean): string => {
  const rows = encodeQR(content, "raw", { ecc: "low", border: quietModules })
  const isDark = (x: number, y: number): boolean => rows[y]?.[x] === true
  return colour
    ? HalfBlocks.lines(rows.length, rows.length, isDark)
        .map((line) => `${blackOnWhite}${line}${reset}`)
        .join("\n")
    : HalfBlocks.lines(rows.length, rows.length, (x, y) => !isDark(x, y)).join("\n")
}

/**
 * The QR code in a PNG as lines of half blocks, with its quiet zone. None if there is no QR code to be read.
 *
 * With colours it is black on white in every terminal. Without, the light modules are drawn with the colour of the
 * text: right on a dark ground, inverted on a light one, which most phones read as well.
 */
export const fromPng = (
  png: Uint8Array,
  { colour = false }: { readonly colour?: boolean } = {}
): Option.Option<string> => Option.flatMap(contentOf(png), (content) => Option.liftThrowable(draw)(content, colour))
