import { assert, describe, it } from "@effect/vitest"
import { decode } from "fast-png"
import * as Avatar from "../../../src/programs/server/pictures/Avatar.ts"

const key = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64")

describe("avatars", () => {
  it("are PNGs of 40 pixels, the right side mirroring the left", () => {
    const { channels, data, height, width } = decode(Avatar.png(10001))
    assert.deepStrictEqual([width, height, channels], [40, 40, 3])
    const pixel = (x: number, y: number) => [...data.slice((y * width + x) * 3, (y * width + x) * 3 + 3)]
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) assert.deepStrictEqual(pixel(x, y), pixel(width - 1 - x, y))
    }
  })

  it("are the same for one number, and differ between neighbours", () => {
    assert.strictEqual(key(Avatar.png(10001)), key(Avatar.png(10001)))
    const many = Array.from({ length: 200 }, (_, i) => key(Avatar.png(10000 + i)))
    assert.isAbove(new Set(many).size, 195)
    assert.notStrictEqual(key(Avatar.png(10001)), key(Avatar.png(10001 + 2 ** 32)))
  })
})
