import { deflateSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc, Option } from "effect"
import { encode } from "fast-png"
import * as Pixels from "../../../src/programs/cli/Pixels.ts"
import * as Png from "../../fixtures/Png.ts"

const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const forms = [0, 2, 3, 4, 6].flatMap((colourType) =>
  [1, 2, 4, 8, 16]
    .filter((depth) => (colourType === 0 ? true : colourType === 3 ? depth <= 8 : depth >= 8))
    .map((depth) => ({ colourType, depth }))
)

/** A picture in any form, with the samples that it was made of. */
const picture = fc
  .record({
    form: fc.constantFrom(...forms),
    width: fc.integer({ min: 1, max: 21 }),
    height: fc.integer({ min: 1, max: 9 })
  })
  .chain(({ form, width, height }) => {
    const channels = channelsOf[form.colourType] ?? 0
    const value = fc.integer({ min: 0, max: 2 ** form.depth - 1 })
    const row = fc.array(value, { minLength: width * channels, maxLength: width * channels })
    return fc.record({
      form: fc.constant({ ...form, width, height }),
      channels: fc.constant(channels),
      rows: fc.array(row, { minLength: height, maxLength: height })
    })
  })

const palette = Array.from({ length: 256 }, (_, i) => [i, 255 - i, (i * 7) % 256] as const)
const blend = (value: number, alpha: number) => Math.round(255 + (value - 255) * alpha)

/** Red, green and blue of the pixels on white, as the PNG specification has it. */
const expected = (colourType: number, depth: number, channels: number, rows: ReadonlyArray<ReadonlyArray<number>>) =>
  rows.flatMap((samples) =>
    Array.from({ length: samples.length / channels }, (_, x) => {
      const all = samples.slice(x * channels, (x + 1) * channels)
      if (colourType === 3) return [...(palette[all[0] ?? 0] ?? [])]
      const scaled = all.map((value) => (value * 255) / (2 ** depth - 1))
      const [a = 0, b = 0, c = 0, d = 0] = scaled
      const alpha = channels === 2 ? b / 255 : channels === 4 ? d / 255 : 1
      return (channels < 3 ? [a, a, a] : [a, b, c]).map((value) => blend(value, alpha))
    }).flat()
  )

const small: Png.Form = { width: 3, height: 2, depth: 8, colourType: 0 }
const smallRaw = Uint8Array.of(0, 1, 2, 3, 0, 4, 5, 6)
const good = Png.file(small, smallRaw)

const isNone = (png: Uint8Array) => assert.isTrue(Option.isNone(Pixels.fromPng(png)))
const rgbOf = (png: Uint8Array) => Array.from(Option.getOrThrow(Pixels.fromPng(png)).rgb)

describe("Pixels", () => {
  it.prop("reads every colour type and bit depth", [picture], ([{ form, channels, rows }]) => {
    const plte = Png.chunk("PLTE", Uint8Array.from(palette.slice(0, 2 ** form.depth).flat()))
    const png = Png.file(form, Png.pack(rows, form.depth), form.colourType === 3 ? [plte] : [])
    const pixels = Option.getOrThrow(Pixels.fromPng(png))
    assert.deepStrictEqual([pixels.width, pixels.height], [form.width, form.height])
    assert.deepStrictEqual(Array.from(pixels.rgb), expected(form.colourType, form.depth, channels, rows))
  })

  it.prop(
    "reads interlaced pictures of whole bytes",
    [picture.filter(({ form }) => form.depth >= 8 && form.colourType !== 3)],
    ([{ form, channels, rows }]) => {
      const data = form.depth === 16 ? Uint16Array.from(rows.flat()) : Uint8Array.from(rows.flat())
      const depth = form.depth === 16 ? 16 : 8
      const png = encode({ width: form.width, height: form.height, channels, depth, data }, { interlace: "Adam7" })
      assert.deepStrictEqual(rgbOf(png), expected(form.colourType, form.depth, channels, rows))
    }
  )

  it("gives no interlaced picture with several pixels in a byte, which the decoder would misread", () => {
    isNone(Png.file({ width: 1, height: 1, depth: 1, colourType: 0, interlace: 1 }, Uint8Array.of(0, 0)))
  })

  it("puts transparent pixels on white", () => {
    const one: Png.Form = { width: 2, height: 1, depth: 8, colourType: 0 }
    const key = (...bytes: ReadonlyArray<number>) => [Png.chunk("tRNS", Uint8Array.from(bytes))]
    assert.deepStrictEqual(rgbOf(Png.file(one, Uint8Array.of(0, 7, 8), key(0, 7))), [255, 255, 255, 8, 8, 8])
    const rgb = Png.file({ ...one, width: 3, colourType: 2 }, Uint8Array.of(0, 1, 2, 3, 1, 2, 4, 5, 5, 5), [
      ...key(0, 1, 0, 2, 0, 3)
    ])
    assert.deepStrictEqual(rgbOf(rgb), [255, 255, 255, 1, 2, 4, 5, 5, 5])
    const plte = Png.chunk("PLTE", Uint8Array.of(10, 20, 30, 55, 55, 55))
    const indexed = Png.file({ ...one, colourType: 3 }, Uint8Array.of(0, 0, 1), [plte, ...key(0)])
    assert.deepStrictEqual(rgbOf(indexed), [255, 255, 255, 55, 55, 55])
  })

  it("reads a picture whose data comes in many pieces, from the middle of a larger buffer", () => {
    const data = deflateSync(smallRaw)
    const pieces = Array.from(data, (byte) => Png.chunk("IDAT", Uint8Array.of(byte)))
    const png = Png.concat(Png.signature, Png.header(small), ...pieces, Png.chunk("IEND"))
    const within = Png.concat(new Uint8Array(13), png, new Uint8Array(5)).subarray(13, 13 + png.length)
    assert.deepStrictEqual(rgbOf(within), [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6])
  })

  it.prop("gives none for what is no PNG", [fc.uint8Array({ maxLength: 200 })], ([bytes]) => {
    isNone(bytes)
    isNone(Png.concat(Png.signature, bytes))
    isNone(Png.concat(Png.signature, Png.header(small), Png.chunk("IDAT", bytes), Png.chunk("IEND")))
  })

  it("gives none for a PNG that breaks off, at every place", () => {
    assert.isTrue(Option.isSome(Pixels.fromPng(good)))
    for (let length = 0; length < good.length; length++) isNone(good.subarray(0, length))
  })

  it("gives none for a PNG with a changed byte, at every place", () => {
    for (let at = 0; at < good.length; at++) isNone(good.map((byte, i) => (i === at ? byte ^ 0x20 : byte)))
  })

  it("gives none for too few or too many rows", () => {
    isNone(Png.file(small, smallRaw.subarray(0, 4)))
    isNone(Png.file(small, Png.concat(smallRaw, smallRaw)))
    isNone(Png.file({ ...small, width: 0 }, Uint8Array.of(0, 0)))
    isNone(Png.file({ ...small, height: 0 }, new Uint8Array()))
  })

  it("takes the size from the first header only", () => {
    const huge = Png.header({ ...small, width: 0x7fff_ffff, height: 0x7fff_ffff })
    assert.deepStrictEqual(rgbOf(Png.file(small, smallRaw, [huge])), rgbOf(good))
    isNone(Png.concat(Png.signature, Png.chunk("tEXt"), good.subarray(8)))
  })

  it("gives none for giant pictures, whether they say so or not", () => {
    for (const [width, height] of [
      [0xffff_ffff, 0xffff_ffff],
      [0x7fff_ffff, 1]
    ] as const) {
      isNone(Png.file({ width, height, depth: 16, colourType: 6 }, smallRaw))
    }
    const bomb = deflateSync(new Uint8Array(64 * 1024 * 1024))
    isNone(Png.concat(Png.signature, Png.header(small), Png.chunk("IDAT", bomb), Png.chunk("IEND")))
  })

  it("does not unpack what a picture does not need", () => {
    const broken = Png.chunk("iCCP", Buffer.from("a profile\0\0 that is not compressed"))
    assert.deepStrictEqual(rgbOf(Png.file(small, smallRaw, [broken])), rgbOf(good))
  })

  it("reads the largest pictures that are permitted, and none above", () => {
    const blank = (width: number, height: number) =>
      Png.file({ width, height, depth: 1, colourType: 0 }, new Uint8Array(height * (1 + Math.ceil(width / 8))))
    const [width, height] = [Pixels.maximumSide, Pixels.maximumPixels / Pixels.maximumSide]
    assert.strictEqual(Option.getOrThrow(Pixels.fromPng(blank(width, height))).rgb.length, 3 * Pixels.maximumPixels)
    isNone(blank(width, height + 1))
    isNone(blank(width + 1, 1))
    isNone(blank(1, width + 1))
  })
})
