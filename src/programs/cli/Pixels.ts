/**
 * PNG pictures from elsewhere as pixels, or not at all: a faulty or hostile picture costs neither memory nor a crash.
 */
import * as Option from "effect/Option"
import { type DecodedPng, decode, hasPngSignature } from "fast-png"
import { Unzlib } from "fflate"

/** A picture on white ground. */
export interface Pixels {
  readonly width: number
  readonly height: number
  /** Red, green and blue of each pixel, 0 to 255, row by row. */
  readonly rgb: Uint8Array
}

/** Pictures with a longer side are not read. */
export const maximumSide = 4096

/** Nor are pictures with more pixels: 32 MiB where they have the most bytes. */
export const maximumPixels: number = 4 * 1024 * 1024

interface Chunk {
  readonly type: string
  /** Where its data starts and ends in the file. */
  readonly start: number
  readonly end: number
}

interface Header {
  readonly width: number
  readonly height: number
  readonly bitsPerPixel: number
  readonly interlaced: boolean
}

const signatureLength = 8

/** Length and type before the data of a chunk, a checksum behind it. */
const chunkOverhead = 12

/** What a picture needs to be drawn. The rest goes unread: compressed profiles and texts can hide a bomb. */
const essential = ["IHDR", "PLTE", "tRNS", "IDAT"]

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** All chunks up to the end of the picture, or none where the file breaks off before. */
const chunksOf = (png: Uint8Array): Option.Option<ReadonlyArray<Chunk>> => {
  const chunks: Array<Chunk> = []
  for (let at = signatureLength; at + chunkOverhead <= png.length; ) {
    const start = at + 8
    const end = start + view(png).getUint32(at)
    if (end + 4 > png.length) break
    const type = String.fromCharCode(...png.subarray(at + 4, start))
    chunks.push({ type, start, end })
    if (type === "IEND") return Option.some(chunks)
    at = end + 4
  }
  return Option.none()
}

/** Channels and permitted bit depths of the colour types, by their numbers. */
const colourTypes: Readonly<Record<number, readonly [channels: number, depths: ReadonlyArray<number>]>> = {
  0: [1, [1, 2, 4, 8, 16]],
  2: [3, [8, 16]],
  3: [1, [1, 2, 4, 8]],
  4: [2, [8, 16]],
  6: [4, [8, 16]]
}

/** The header of a picture that may be read: of permitted size and in a form that the decoder knows. */
const headerOf = (png: Uint8Array, first: Chunk): Option.Option<Header> => {
  if (first.type !== "IHDR" || first.end - first.start !== 13) return Option.none()
  const data = view(png.subarray(first.start, first.end))
  const [width, height] = [data.getUint32(0), data.getUint32(4)]
  const [depth, colourType, interlace] = [data.getUint8(8), data.getUint8(9), data.getUint8(12)]
  const [channels, depths] = colourTypes[colourType] ?? [0, []]
  const sizeFits = Math.min(width, height) > 0 && Math.max(width, height) <= maximumSide
  if (!sizeFits || width * height > maximumPixels || !depths.includes(depth)) return Option.none()
  // The decoder misreads interlaced pictures with several pixels in a byte (fast-png 8.0.0). Hardly anyone draws them.
  if (interlace > 1 || (interlace === 1 && depth < 8)) return Option.none()
  return Option.some({ width, height, bitsPerPixel: channels * depth, interlaced: interlace === 1 })
}

/** The passes of an interlaced picture: first column, first row, and the steps to the next ones. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2]
] as const

/** Bytes of the uncompressed picture: every row is led by the number of its filter. */
const rawSize = ({ width, height, bitsPerPixel, interlaced }: Header): number => {
  const size = (columns: number, rows: number): number =>
    columns === 0 ? 0 : rows * (1 + Math.ceil((columns * bitsPerPixel) / 8))
  if (!interlaced) return size(width, height)
  return passes.reduce(
    (sum, [x, y, dx, dy]) =>
      sum + size(Math.max(0, Math.ceil((width - x) / dx)), Math.max(0, Math.ceil((height - y) / dy))),
    0
  )
}

/** Whether compressed data holds exactly so many bytes. It is unpacked in slices and never kept. */
const inflatesTo = (png: Uint8Array, data: ReadonlyArray<Chunk>, size: number): boolean => {
  const slice = 1024
  let total = 0
  const inflate = new Unzlib((part) => {
    total += part.length
  })
  for (const { start, end } of data) {
    for (let at = start; at < end && total <= size; at += slice) {
      inflate.push(png.subarray(at, Math.min(end, at + slice)))
    }
  }
  return total === size
}

/** A picture of its essential chunks only. */
const reduced = (png: Uint8Array, chunks: ReadonlyArray<Chunk>): Uint8Array => {
  const kept = chunks.filter(({ type }, index) => (index === 0 ? type === "IHDR" : type !== "IHDR"))
  const ranges = kept
    .filter(({ type }) => essential.includes(type) || type === "IEND")
    .map(({ start, end }) => png.subarray(start - 8, end + 4))
  const all = [png.subarray(0, signatureLength), ...ranges]
  const out = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0))
  all.reduce((at, bytes) => {
    out.set(bytes, at)
    return at + bytes.length
  }, 0)
  return out
}

/** The value of one channel of a pixel, 0 up to 2^depth - 1. */
const sample = ({ width, channels, depth, data }: DecodedPng, x: number, y: number, channel: number): number => {
  if (depth >= 8) return data[(y * width + x) * channels + channel] ?? 0
  const bit = x * depth
  const byte = data[y * Math.ceil((width * depth) / 8) + (bit >> 3)] ?? 0
  return (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1)
}

/** Red, green, blue and alpha of a pixel, 0 to 255. */
const colourOf = (image: DecodedPng, x: number, y: number): readonly [number, number, number, number] => {
  const value = (channel: number): number => sample(image, x, y, channel)
  if (image.palette !== undefined && image.channels === 1) {
    const [red = 0, green = 0, blue = 0, alpha = 255] = image.palette[value(0)] ?? []
    return [red, green, blue, alpha]
  }
  const scaled = (channel: number): number => (value(channel) * 255) / (2 ** image.depth - 1)
  const last = image.channels < 3 ? 0 : 2
  const invisible = image.transparency?.length === last + 1 && image.transparency.every((key, i) => key === value(i))
  const alpha = image.channels % 2 === 0 ? scaled(image.channels - 1) : invisible ? 0 : 255
  return [scaled(0), scaled(last === 0 ? 0 : 1), scaled(last), alpha]
}

const onWhite = (image: DecodedPng): Pixels => {
  const { width, height } = image
  const rgb = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [red, green, blue, alpha] = colourOf(image, x, y)
      const at = (y * width + x) * 3
      rgb[at] = Math.round(255 + ((red - 255) * alpha) / 255)
      rgb[at + 1] = Math.round(255 + ((green - 255) * alpha) / 255)
      rgb[at + 2] = Math.round(255 + ((blue - 255) * alpha) / 255)
    }
  }
  return { width, height, rgb }
}

const read = (png: Uint8Array): Option.Option<Pixels> =>
  Option.gen(function* () {
    const chunks = yield* Option.filter(chunksOf(png), () => hasPngSignature(png))
    const header = yield* Option.flatMap(Option.fromNullable(chunks[0]), (first) => headerOf(png, first))
    const data = chunks.filter(({ type }) => type === "IDAT")
    yield* Option.liftPredicate(inflatesTo(png, data, rawSize(header)), (fits) => fits)
    return onWhite(decode(reduced(png, chunks), { checkCrc: true }))
  })

/**
 * The pixels of a PNG of any colour type and bit depth, transparent ones on white. None if it is no PNG, is broken
 * anywhere (checksums included), or larger than {@link maximumSide} and {@link maximumPixels} allow.
 */
export const fromPng = (png: Uint8Array): Option.Option<Pixels> => Option.flatten(Option.liftThrowable(read)(png))
