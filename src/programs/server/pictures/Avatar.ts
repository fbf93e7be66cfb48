/**
 * Pictures that stand in for those of people, and for those that cannot be had (protocol notes, sections 4.2 and 4.8).
 */
import { encode } from "fast-png"

/** Width and height of an avatar in pixels, as Tencent's were. */
export const side = 40

const cells = 5
const cell = side / cells

/** Mixes a number so that neighbours differ in every bit. */
const mix = (seed: number): number => {
  let bits = Math.imul((seed ^ (seed >>> 16)) + 0x9e3779b9, 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

type Colour = readonly [red: number, green: number, blue: number]

/** A PNG of `width` × `width` pixels, coloured by place. */
const draw = (width: number, colourAt: (x: number, y: number) => Colour): Uint8Array => {
  const data = new Uint8Array(width * width * 3)
  for (let y = 0; y < width; y++) {
    for (let x = 0; x < width; x++) data.set(colourAt(x, y), (y * width + x) * 3)
  }
  // A copy: the encoder answers a view on its larger buffer.
  return encode({ width, height: width, channels: 3, depth: 8, data }).slice()
}

/**
 * The avatar of a number: a PNG with a pattern of 5 × 5 fields, the right side mirroring the left. The same number has
 * always the same picture; numbers beyond 32 bits count too.
 */
export const png = (number: number): Uint8Array => {
  const bits = mix(mix(number % 0x1_0000_0000) ^ Math.floor(number / 0x1_0000_0000))
  const ink: Colour = [64 + (bits & 127), 64 + ((bits >>> 7) & 127), 64 + ((bits >>> 14) & 127)]
  const pattern = mix(bits)
  return draw(side, (x, y) => {
    const column = Math.floor(x / cell)
    const field = Math.floor(y / cell) * 3 + Math.min(column, cells - 1 - column)
    return ((pattern >>> field) & 1) === 1 ? ink : [240, 240, 240]
  })
}

/** What is shown in the place of a picture that the server does not have: a gray square. */
export const placeholder: Uint8Array = draw(16, () => [192, 192, 192])
