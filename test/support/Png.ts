/** A PNG writer of our own, from the PNG specification: an oracle for readers, and a maker of broken pictures. */
import { crc32, deflateSync } from "node:zlib"

export const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

export const concat = (...parts: ReadonlyArray<Uint8Array>): Uint8Array => Uint8Array.from(Buffer.concat(parts))

const u32 = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

export const chunk = (type: string, data: Uint8Array = new Uint8Array()): Uint8Array => {
  const body = concat(Buffer.from(type, "latin1"), data)
  return concat(u32(data.length), body, u32(crc32(body)))
}

export interface Form {
  readonly width: number
  readonly height: number
  readonly depth: number
  readonly colourType: number
  readonly interlace?: number
}

export const header = ({ width, height, depth, colourType, interlace = 0 }: Form): Uint8Array =>
  chunk("IHDR", concat(u32(width), u32(height), Uint8Array.of(depth, colourType, 0, 0, interlace)))

/** A file of a header, what stands before the picture, its uncompressed bytes and the end. */
export const file = (form: Form, raw: Uint8Array, before: ReadonlyArray<Uint8Array> = []): Uint8Array =>
  concat(signature, header(form), ...before, chunk("IDAT", deflateSync(raw)), chunk("IEND"))

/** Rows of samples, each 0 up to 2^depth - 1, packed as the specification wants it, without filters. */
export const pack = (rows: ReadonlyArray<ReadonlyArray<number>>, depth: number): Uint8Array =>
  concat(
    ...rows.map((samples) => {
      const bits = samples.map((value) => value.toString(2).padStart(depth, "0")).join("")
      const bytes = bits.match(/.{1,8}/g) ?? []
      return Uint8Array.of(0, ...bytes.map((byte) => Number.parseInt(byte.padEnd(8, "0"), 2)))
    })
  )
