import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc, Option } from "effect"
import { encode } from "fast-png"
import * as Picture from "../../../src/programs/cli/Picture.ts"
import * as CaptchaImage from "../../../src/programs/server/pictures/CaptchaImage.ts"

type Colour = readonly [number, number, number]

const rgb = (width: number, colours: ReadonlyArray<Colour>) =>
  encode({ width, height: colours.length / width, channels: 3, depth: 8, data: Uint8Array.from(colours.flat()) })
const gray = (width: number, ...values: ReadonlyArray<number>) =>
  encode({ width, height: values.length / width, channels: 1, depth: 8, data: Uint8Array.from(values) })
const text = (png: Uint8Array, columns: number, colour = false) =>
  Option.getOrThrow(Picture.toText(png, { columns, colour }))

/** What a terminal that obeys the colours would show: upper and lower colour of every cell. */
const cells = (line: string): ReadonlyArray<string> => {
  const [seen, rest] = [[] as Array<string>, line.replace(/\u001b\[0m$/, "")]
  let current = ""
  for (const [, colour, characters = ""] of rest.matchAll(/(?:\u001b\[38;2;([\d;]+)m)?(▀*)/g)) {
    current = colour?.replace(";48;2;", "|") ?? current
    for (const _ of characters) seen.push(current)
  }
  return seen
}

const picture = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 })).chain(([width, height]) =>
  fc.record({
    width: fc.constant(width),
    height: fc.constant(height),
    values: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: width * height, maxLength: width * height })
  })
)

describe("Picture", () => {
  it("draws two pixels in a character, dark ones with the colour of the text", () => {
    assert.deepStrictEqual(text(gray(4, 0, 0, 255, 255, 0, 255, 0, 255), 80), ["█▀▄ "])
  })

  it("finds what is dark in pale pictures and on dark grounds", () => {
    assert.deepStrictEqual(text(gray(2, 200, 240, 200, 240), 80), ["█ "])
    assert.deepStrictEqual(text(gray(2, 10, 60, 10, 60), 80), ["█ "])
    assert.deepStrictEqual(text(gray(2, 255, 255, 255, 255), 80), ["  "])
    assert.deepStrictEqual(text(gray(2, 0, 0, 0, 0), 80), ["██"])
  })

  it("sets both colours of a cell, and only where they change", () => {
    const [red, green, blue] = [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255]
    ] as const
    assert.deepStrictEqual(text(rgb(3, [red, red, blue, green, green, red]), 80, true), [
      "\u001b[38;2;255;0;0;48;2;0;255;0m▀▀\u001b[38;2;0;0;255;48;2;255;0;0m▀\u001b[0m"
    ])
  })

  it("scales down to the average of the area, cutting through pixels", () => {
    assert.deepStrictEqual(text(gray(4, ...[0, 100, 200, 255], ...[50, 50, 201, 254]), 2, true).map(cells), [
      ["50;50;50|50;50;50", "228;228;228|228;228;228"]
    ])
    assert.deepStrictEqual(text(gray(3, ...[0, 90, 240], ...[0, 90, 240], ...[0, 90, 240]), 2, true).map(cells), [
      ["30;30;30|30;30;30", "190;190;190|190;190;190"]
    ])
  })

  it.prop(
    "fits into the columns, keeps its shape and its brightness",
    [picture, fc.integer({ min: 1, max: 60 })],
    ([{ width, height, values }, columns]) => {
      const lines = text(gray(width, ...values), columns, true).map(cells)
      const shown = Math.min(width, columns)
      assert.isTrue(lines.every((line) => line.length === shown))
      assert.closeTo(lines.length * 2, Math.max(2, (height * shown) / width), 1)
      const all = lines.flat().flatMap((cell) => cell.split("|").map((colour) => Number(colour.split(";")[0])))
      const mean = (numbers: ReadonlyArray<number>) => numbers.reduce((a, b) => a + b, 0) / numbers.length
      assert.closeTo(mean(all), mean(values), 0.51)
      const plain = text(gray(width, ...values), columns)
      assert.isTrue(plain.length === lines.length && plain.every((line) => /^[ ▀▄█]*$/.test(line)))
      assert.isTrue(plain.every((line) => line.length === shown))
    }
  )

  it("makes do with any number of columns", () => {
    for (const columns of [0, -1, 0.5, Number.NaN]) {
      assert.deepStrictEqual(text(gray(2, 0, 0, 0, 0), columns), ["█"])
    }
    assert.deepStrictEqual(text(gray(2, 0, 0, 0, 0), Number.POSITIVE_INFINITY), ["██"])
  })

  it("shows a captcha within 80 columns", () => {
    const png = CaptchaImage.png({ code: "HK34", noise: new Uint8Array() })
    const lines = text(png, 80)
    assert.deepStrictEqual([lines[0]?.length, lines.length], [80, 16])
    assert.isAbove(lines.join("").replaceAll(" ", "").length, 150)
  })

  it.prop("gives none for what is no PNG", [fc.uint8Array({ maxLength: 100 }), fc.boolean()], ([bytes, colour]) => {
    assert.isTrue(Option.isNone(Picture.toText(bytes, { columns: 80, colour })))
  })

  it("gives none for a JPEG", () => {
    const jpeg = Uint8Array.from(Buffer.from("ffd8ffe000104a46494600010100000100010000ffd9", "hex"))
    assert.isTrue(Option.isNone(Picture.toText(jpeg, { columns: 80, colour: true })))
  })
})
