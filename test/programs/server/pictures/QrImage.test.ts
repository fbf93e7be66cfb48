import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import { decode } from "fast-png"
import * as QrImage from "../../../../src/programs/server/pictures/QrImage.ts"
import * as Png from "../../../fixtures/Png.ts"
import { type Bitmap, scan } from "../../../fixtures/QrReader.ts"

/** The picture's pixels, `true` is black. */
const pixels = (png: Uint8Array): Bitmap => {
  const { width, height, channels, depth, data } = decode(png, { checkCrc: true })
  assert.deepStrictEqual([channels, depth], [1, 8])
  assert.isTrue(Array.from(data).every((value) => value === 0 || value === 255))
  return Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => data[y * width + x] === 0))
}

/** First dark column and row, the same from the other side, and pixels per module (a finder pattern has 7). */
const layout = (bitmap: Bitmap) => {
  const top = bitmap.findIndex((row) => row.includes(true))
  const row = bitmap[top] ?? []
  const left = row.indexOf(true)
  const bottom = bitmap.length - 1 - bitmap.findLastIndex((row) => row.includes(true))
  const right = row.length - 1 - row.lastIndexOf(true)
  return { margins: [left, top, right, bottom], scale: row.slice(left).indexOf(false) / 7 }
}

const token = fc.stringMatching(/^[0-9A-Za-z*_-]{44,64}$/)

describe("QrImage", () => {
  it.prop(
    "shows the address of a login: 165 × 165 pixels, black on white, read back even from a dark page",
    [fc.webUrl({ size: "small" }), token],
    ([url, token]) => {
      const text = `${url}?k=${token}`
      const png = QrImage.png(text)
      assert.deepStrictEqual(png.subarray(0, 8), Png.signature)
      const bitmap = pixels(png)
      assert.deepStrictEqual([bitmap.length, bitmap[0]?.length], [QrImage.side, QrImage.side])
      assert.strictEqual(scan(bitmap, { scale: 1 }), text)
      assert.strictEqual(scan(bitmap, { scale: 1, margin: 60, ground: 0 }), text)
    }
  )

  it.prop("shows any text", [fc.fullUnicodeString({ minLength: 1, maxLength: 100 })], ([text]) => {
    // Half a surrogate pair is no text: UTF-8 has no bytes for it.
    const sound = text.replace(/[\ud800-\udfff]/gu, "")
    fc.pre(sound.length > 0)
    assert.strictEqual(scan(pixels(QrImage.png(sound)), { scale: 1 }), sound)
  })

  it.prop("is the same picture for the same text, and another for another", [token, token], ([one, other]) => {
    assert.deepStrictEqual(QrImage.png(one), QrImage.png(one))
    if (one !== other) assert.notDeepEqual(QrImage.png(one), QrImage.png(other))
  })

  it("has the modules and the quiet zone that the table promises, up to the last byte", () => {
    for (const [bytes, alphanumeric, modules, scale, margin] of [
      [17, 25, 21, 5, 30],
      [32, 47, 25, 5, 20],
      [53, 77, 29, 5, 10],
      [78, 114, 33, 4, 16],
      [106, 154, 37, 4, 8],
      [134, 195, 41, 3, 21],
      [192, 279, 49, 3, 9],
      [230, 335, 53, 2, 29],
      [520, 758, 77, 2, 5]
    ] as const) {
      for (const text of ["x".repeat(bytes), "X".repeat(alphanumeric)]) {
        const bitmap = pixels(QrImage.png(text))
        const found = layout(bitmap)
        const right = QrImage.side - modules * scale - margin
        assert.deepStrictEqual(found, { margins: [margin, margin, right, right], scale }, `${bytes} ${modules}`)
        assert.strictEqual(scan(bitmap, { scale: 1 }), text)
      }
    }
  })

  it.prop(
    "stands on the grid of 33 × 33 modules while the text is short enough, as a client samples it",
    [fc.stringMatching(/^[!-~]{1,53}$/)],
    ([text]) => {
      const bitmap = pixels(QrImage.png(text))
      const grid = Array.from({ length: 33 }, (_, y) =>
        Array.from({ length: 33 }, (_, x) => bitmap[y * 5 + 2]?.[x * 5 + 2] === true)
      )
      bitmap.forEach((row, y) => {
        assert.isTrue(row.every((dark, x) => dark === grid[Math.floor(y / 5)]?.[Math.floor(x / 5)]))
      })
      assert.strictEqual(scan(grid), text)
    }
  )

  it("grows for texts that no phone would read at this size", () => {
    const text = "x".repeat(2953)
    const bitmap = pixels(QrImage.png(text))
    assert.deepStrictEqual(layout(bitmap), { margins: [4, 4, 4, 4], scale: 2 })
    assert.strictEqual(scan(bitmap, { scale: 1 }), text)
  })
})
