import { assert, describe, it } from "@effect/vitest"
import { assertEquals } from "@effect/vitest/utils"
import { FastCheck as fc, Option } from "effect"
import { decode, encode } from "fast-png"
import { encodeQR } from "qr"
import * as QrText from "../../../src/programs/cli/QrText.ts"
import * as CaptchaImage from "../../../src/programs/server/pictures/CaptchaImage.ts"
import * as QrImage from "../../../src/programs/server/pictures/QrImage.ts"
import * as Png from "../../fixtures/Png.ts"
import { type Bitmap, scan } from "../../fixtures/QrReader.ts"

const token = fc.stringMatching(/^[0-9A-Za-z*_-]{44,64}$/)
const address = fc.tuple(fc.webUrl({ size: "small" }), token).map(([url, token]) => `${url}?k=${token}`)

/** Reads half blocks back into modules; the ink is black with colours and the terminal's light text without. */
const modules = (text: string, colour: boolean): Bitmap => {
  const lines = text.split("\n").map((line) => {
    const parts = /^\u001b\[38;5;16;48;5;231m([ ▀▄█]+)\u001b\[0m$/.exec(line)
    assert.strictEqual(parts !== null, colour)
    return parts?.[1] ?? line
  })
  return lines.flatMap((line) => {
    const cells = Array.from(line)
    assert.isTrue(cells.every((cell) => " ▀▄█".includes(cell)))
    return ["▀█", "▄█"].map((filled) => cells.map((cell) => filled.includes(cell) === colour))
  })
}

/** Rows and columns without a dark module around the symbol. */
const quietZone = (bitmap: Bitmap) => {
  const columns = bitmap[0]?.map((_, x) => bitmap.map((row) => row[x] === true)) ?? []
  return [bitmap, [...bitmap].reverse(), columns, [...columns].reverse()].map((rows) =>
    rows.findIndex((row) => row.includes(true))
  )
}

/** A picture as Tencent's was: a palette of two colours, 5 pixels per module, and no quiet zone. */
const bare = (text: string) => {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: 1 })
  const symbol = rows.slice(1, -1).map((row) => row.slice(1, -1))
  const pixels = symbol.flatMap((row) => {
    const line = row.flatMap((dark) => new Array<number>(5).fill(dark ? 1 : 0))
    return new Array<ReadonlyArray<number>>(5).fill(line)
  })
  const plte = Png.chunk("PLTE", Uint8Array.of(255, 255, 255, 0, 0, 0))
  const form = { width: pixels.length, height: pixels.length, depth: 1, colourType: 3 }
  return Png.file(form, Png.pack(pixels, 1), [plte])
}

describe("QrText", () => {
  it.prop("reads the content of our own pictures", [address], ([text]) => {
    assertEquals(QrText.contentOf(QrImage.png(text)), Option.some(text))
  })

  it.prop("draws the same content, with a quiet zone of four modules", [address, fc.boolean()], ([text, colour]) => {
    const drawn = Option.getOrThrow(QrText.fromPng(QrImage.png(text), { colour }))
    const bitmap = modules(drawn, colour)
    assert.strictEqual(scan(bitmap), text)
    const [top, bottom, left, right] = quietZone(bitmap)
    // Two rows to a line: one more below, for an odd number of modules.
    assert.deepStrictEqual([top, bottom, left, right], [4, 5, 4, 4])
    assert.isTrue(bitmap.every((row) => row.length === bitmap.length - 1))
  })

  it.prop("draws what a phone reads from dark and from light terminals", [address], ([text]) => {
    const png = QrImage.png(text)
    const plain = modules(Option.getOrThrow(QrText.fromPng(png)), false)
    assert.strictEqual(scan(plain, { margin: 40, ground: 0 }), text)
    const inverted = plain.map((row) => row.map((dark) => !dark))
    assert.strictEqual(scan(inverted, { margin: 40, ground: 255 }), text)
    const black = modules(Option.getOrThrow(QrText.fromPng(png, { colour: true })), true)
    assert.strictEqual(scan(black, { margin: 40, ground: 0 }), text)
    assert.strictEqual(scan(black, { margin: 40, ground: 255 }), text)
  })

  it.prop("reads pictures as Tencent's were, without a quiet zone", [token], ([text]) => {
    assertEquals(QrText.contentOf(bare(text)), Option.some(text))
    const drawn = Option.getOrThrow(QrText.fromPng(bare(text), { colour: true }))
    assert.strictEqual(scan(modules(drawn, true)), text)
  })

  it("is not wider than a terminal for the address of a login", () => {
    const text = `https://webqq.example.org/login?k=${"x".repeat(64)}`
    const lines = Option.getOrThrow(QrText.fromPng(QrImage.png(text))).split("\n")
    assert.deepStrictEqual([lines[0]?.length, lines.length], [45, 23])
  })

  it("keeps text that is not ASCII", () => {
    assertEquals(QrText.contentOf(QrImage.png("二维码 🎉")), Option.some("二维码 🎉"))
  })

  it.prop("gives none where there is no QR code", [fc.uint8Array()], ([noise]) => {
    for (const png of [CaptchaImage.png({ code: "HK34", noise }), noise, Png.concat(Png.signature, noise)]) {
      assert.isTrue(Option.isNone(QrText.contentOf(png)))
      assert.isTrue(Option.isNone(QrText.fromPng(png)))
      assert.isTrue(Option.isNone(QrText.fromPng(png, { colour: true })))
    }
  })

  it("gives none for a picture that breaks off, and for a symbol that is half there", () => {
    const png = QrImage.png("https://webqq.example.org/")
    for (let length = 0; length < png.length; length += 7) {
      assert.isTrue(Option.isNone(QrText.contentOf(png.subarray(0, length))))
    }
    const { data } = decode(png)
    const half = encode({ width: 165, height: 80, channels: 1, depth: 8, data: data.subarray(0, 165 * 80) })
    assert.isTrue(Option.isNone(QrText.contentOf(half)))
  })
})
