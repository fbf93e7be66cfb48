import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import { decode } from "fast-png"
import * as Font from "../../../../src/programs/server/pictures/CaptchaFont.ts"
import * as CaptchaImage from "../../../../src/programs/server/pictures/CaptchaImage.ts"
import * as Png from "../../../fixtures/Png.ts"

const code = fc
  .array(fc.constantFrom(...CaptchaImage.alphabet), {
    minLength: CaptchaImage.length,
    maxLength: CaptchaImage.length
  })
  .map((characters) => characters.join(""))
const noise = fc.uint8Array({ minLength: CaptchaImage.noiseBytes, maxLength: CaptchaImage.noiseBytes })

/** Whether a pixel is ink of a character: lines and dots are lighter. */
const inkOf = (png: Uint8Array) => {
  const { width, height, channels, depth, data } = decode(png, { checkCrc: true })
  assert.deepStrictEqual([width, height, channels, depth], [CaptchaImage.width, CaptchaImage.height, 1, 8])
  return (x: number, y: number) =>
    (x < 0 || y < 0 || x >= width || y >= height ? 255 : (data[y * width + x] ?? 255)) < 100
}

const cell = CaptchaImage.width / CaptchaImage.length

const range = (size: number) => Array.from({ length: 2 * size + 1 }, (_, i) => i - size)

/** A character's cell as text, `#` is ink. */
const reach = { x: 15, y: 26 }
const cellOf = (png: Uint8Array, index: number): ReadonlyArray<string> => {
  const ink = inkOf(png)
  const middle = Math.round(cell * (index + 0.5))
  return range(reach.y).map((y) =>
    range(reach.x)
      .map((x) => (ink(middle + x, reach.y + y) ? "#" : "."))
      .join("")
  )
}

const count = (rows: ReadonlyArray<string>) => rows.join("").replaceAll(".", "").length
const firstInk = (rows: ReadonlyArray<string>) => rows.findIndex((row) => row.includes("#"))

const straight = Array.from(CaptchaImage.alphabet, (character) => {
  const rows = cellOf(CaptchaImage.png({ code: character.repeat(2), noise: new Uint8Array() }), 1)
  const points = rows.flatMap((row, y) => Array.from(row.matchAll(/#/g), ({ index }) => ({ x: index, y })))
  return { character, points, top: firstInk(rows) }
})

const placings = [-0.2, -0.1, 0, 0.1, 0.2].flatMap((slant) =>
  range(2).flatMap((dx) => range(1).map((dy) => ({ slant, dx, dy })))
)

/** Reads a character by laying straight ones upon it, at its height, moved and slanted as the noise may have done. */
const readCell = (png: Uint8Array, index: number): string => {
  const seen = cellOf(png, index)
  const [ink, top] = [count(seen), firstInk(seen)]
  const rated = straight.map((candidate) => {
    const scores = placings.map(({ slant, dx, dy }) => {
      let both = 0
      for (const { x, y } of candidate.points) {
        const shift = dx - Math.round(slant * (y - reach.y))
        if (seen[y + dy + top - candidate.top]?.[x + shift] === "#") both++
      }
      return both / (ink + candidate.points.length - both)
    })
    return { character: candidate.character, score: Math.max(...scores) }
  })
  return rated.reduce((best, next) => (next.score > best.score ? next : best)).character
}

describe("CaptchaImage", () => {
  it("has an alphabet without look-alikes, of glyphs that differ in many dots", () => {
    assert.match(CaptchaImage.alphabet, /^[A-Z0-9]{18}$/)
    assert.strictEqual(new Set(CaptchaImage.alphabet).size, CaptchaImage.alphabet.length)
    for (const group of ["0OQD", "1IL", "2Z", "5S", "8B", "6G", "UV", "EF"]) {
      assert.isAtMost(Array.from(group).filter((character) => CaptchaImage.alphabet.includes(character)).length, 1)
    }
    const dots = (character: string) =>
      Array.from({ length: Font.columns * Font.rows }, (_, i) =>
        Font.isDark(character, i % Font.columns, Math.floor(i / Font.columns))
      )
    for (const one of CaptchaImage.alphabet) {
      assert.isAtLeast(dots(one).filter(Boolean).length, 20, one)
      for (const other of CaptchaImage.alphabet) {
        if (one === other) continue
        const second = dots(other)
        assert.isAtLeast(dots(one).filter((dark, i) => dark !== second[i]).length, 7, `${one} ${other}`)
      }
    }
  })

  it.prop("is a PNG of 130 × 53 pixels with ink for every character", [code, noise], ([code, noise]) => {
    const png = CaptchaImage.png({ code, noise })
    assert.deepStrictEqual(png.subarray(0, 8), Png.signature)
    assert.deepStrictEqual([CaptchaImage.width, CaptchaImage.height], [130, 53])
    for (let i = 0; i < CaptchaImage.length; i++) {
      const dark = count(cellOf(png, i))
      assert.isAtLeast(dark, 200, `${code} ${i}`)
      assert.isAtMost(dark, 600, `${code} ${i}`)
    }
  })

  it.prop(
    "can be read",
    [code, noise],
    ([code, noise]) => {
      const png = CaptchaImage.png({ code, noise })
      assert.strictEqual(Array.from(code, (_, i) => readCell(png, i)).join(""), code)
    },
    { fastCheck: { numRuns: 25 } }
  )

  it.prop("shows another picture for another code", [code, code, noise], ([one, other, noise]) => {
    fc.pre(one !== other)
    assert.notDeepEqual(CaptchaImage.png({ code: one, noise }), CaptchaImage.png({ code: other, noise }))
  })

  it.prop("shows the same picture for the same noise, and in any case", [code, fc.uint8Array()], ([code, noise]) => {
    const png = CaptchaImage.png({ code, noise })
    assert.deepStrictEqual(CaptchaImage.png({ code: code.toLowerCase(), noise: Uint8Array.from(noise) }), png)
    const longer = Png.concat(noise, Uint8Array.of(99))
    if (noise.length >= CaptchaImage.noiseBytes) {
      assert.deepStrictEqual(CaptchaImage.png({ code, noise: longer }), png)
    }
  })

  it.prop(
    "shows another picture for other noise",
    [code, noise, fc.integer({ min: 0, max: 17 })],
    ([code, noise, at]) => {
      const other = noise.map((byte, i) => (i === at ? (byte + 128) % 256 : byte))
      assert.notDeepEqual(CaptchaImage.png({ code, noise }), CaptchaImage.png({ code, noise: other }))
    }
  )

  it("uses every byte of the noise, for the dots, too", () => {
    // All dots in one place away from the lines, so that none hides.
    const calm = Uint8Array.from({ length: CaptchaImage.noiseBytes }, (_, i) => (i < 18 ? 10 : 64))
    for (let at = 18; at < CaptchaImage.noiseBytes; at++) {
      const other = calm.map((byte, i) => (i === at ? 192 : byte))
      const [one, two] = [calm, other].map((noise) => CaptchaImage.png({ code: "", noise }))
      assert.notDeepEqual(one, two, String(at))
    }
  })

  it.prop(
    "leaves unknown characters blank and draws four at most",
    [fc.fullUnicodeString(), noise],
    ([text, noise]) => {
      const png = CaptchaImage.png({ code: text, noise })
      assert.deepStrictEqual(png, CaptchaImage.png({ code: text.slice(0, CaptchaImage.length), noise }))
      const blank = CaptchaImage.png({ code: "", noise })
      if (!/[a-z0-9]/i.test(text)) assert.deepStrictEqual(png, blank)
    }
  )
})
