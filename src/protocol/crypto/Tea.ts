/**
 * QQ's variant of TEA: 16 rounds, big-endian words, chained blocks, random bytes in front of the message and seven zero
 * bytes behind it (protocol notes, section 3.2).
 */
import { concatBytes } from "@noble/hashes/utils.js"
import * as Option from "effect/Option"

type Block = readonly [y: number, z: number]
type Words = readonly [a: number, b: number, c: number, d: number]

const delta = 0x9e3779b9
const rounds = 16
const blockSize = 8
const tailSize = 7
const zeroBlock: Block = [0, 0]

/** The number of random bytes that is enough for {@link paddingFor}, whatever the message. */
export const paddingSize = 10

const wordAt = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)

const wordsOf = (key: Uint8Array): Words => [wordAt(key, 0), wordAt(key, 4), wordAt(key, 8), wordAt(key, 12)]

const mix = (word: number, sum: number, left: number, right: number): number =>
  ((word << 4) + left) ^ (word + sum) ^ ((word >>> 5) + right)

const encipher = (block: Block, [a, b, c, d]: Words): Block => {
  let [y, z] = block
  for (let round = 1; round <= rounds; round++) {
    const sum = (delta * round) | 0
    y = (y + mix(z, sum, a, b)) | 0
    z = (z + mix(y, sum, c, d)) | 0
  }
  return [y, z]
}

const decipher = (block: Block, [a, b, c, d]: Words): Block => {
  let [y, z] = block
  for (let round = rounds; round >= 1; round--) {
    const sum = (delta * round) | 0
    z = (z - mix(y, sum, c, d)) | 0
    y = (y - mix(z, sum, a, b)) | 0
  }
  return [y, z]
}

const xor = (left: Block, right: Block): Block => [left[0] ^ right[0], left[1] ^ right[1]]

const mapBlocks = (bytes: Uint8Array, change: (block: Block) => Block): Uint8Array => {
  const output = new Uint8Array(bytes.length)
  const view = new DataView(output.buffer)
  for (let at = 0; at + blockSize <= bytes.length; at += blockSize) {
    const [y, z] = change([wordAt(bytes, at), wordAt(bytes, at + 4)])
    view.setInt32(at, y)
    view.setInt32(at + 4, z)
  }
  return output
}

/** One block of 8 bytes under a key of 16 bytes, without framing. */
export const encryptBlock = (block: Uint8Array, key: Uint8Array): Uint8Array => {
  const words = wordsOf(key)
  return mapBlocks(block, (plain) => encipher(plain, words))
}

/** The inverse of {@link encryptBlock}. */
export const decryptBlock = (block: Uint8Array, key: Uint8Array): Uint8Array => {
  const words = wordsOf(key)
  return mapBlocks(block, (cipher) => decipher(cipher, words))
}

/**
 * The 3 to 10 bytes in front of a message of `length` bytes, from random bytes. The low three bits of the first byte
 * are their count less three; everything else is taken from `random`, of which {@link paddingSize} bytes are always
 * enough. Missing bytes count as 0. Padding that already fits is returned as it is.
 *
 * @example
 * paddingFor(5, Uint8Array.of(0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9)) // f9 01 02 03
 */
export const paddingFor = (length: number, random: Uint8Array): Uint8Array => {
  const extra = (blockSize - ((length + paddingSize) % blockSize)) % blockSize
  return Uint8Array.from({ length: extra + 3 }, (_, i) =>
    i === 0 ? ((random[0] ?? 0) & 0xf8) | extra : (random[i] ?? 0)
  )
}

/**
 * Encrypts a message of any length. The result has a multiple of 8 bytes, at least 16.
 *
 * @param key - 16 bytes
 * @param padding - the random bytes: {@link paddingSize} of them, or the exact bytes in front of the message. They pass
 *   through {@link paddingFor}, so the result can always be decrypted
 */
export const encrypt = (plaintext: Uint8Array, key: Uint8Array, padding: Uint8Array): Uint8Array => {
  const words = wordsOf(key)
  const framed = concatBytes(paddingFor(plaintext.length, padding), plaintext, new Uint8Array(tailSize))
  let previousInput = zeroBlock
  let previousOutput = zeroBlock
  return mapBlocks(framed, (plain) => {
    const input = xor(plain, previousOutput)
    previousOutput = xor(encipher(input, words), previousInput)
    previousInput = input
    return previousOutput
  })
}

const unchain = (ciphertext: Uint8Array, key: Uint8Array): Uint8Array => {
  const words = wordsOf(key)
  let previousInput = zeroBlock
  let previousOutput = zeroBlock
  return mapBlocks(ciphertext, (output) => {
    previousInput = decipher(xor(output, previousInput), words)
    const plain = xor(previousInput, previousOutput)
    previousOutput = output
    return plain
  })
}

/**
 * Decrypts a message. None if the length is impossible, the padding is larger than the text, or the seven bytes at the
 * end are not zero; a wrong key or a changed byte goes unnoticed once in 2^56 times.
 *
 * @param key - 16 bytes
 */
export const decrypt = (ciphertext: Uint8Array, key: Uint8Array): Option.Option<Uint8Array> => {
  if (ciphertext.length % blockSize !== 0) return Option.none()
  const framed = unchain(ciphertext, key)
  const start = ((framed[0] ?? 0) & 7) + 3
  const end = framed.length - tailSize
  return start <= end && framed.subarray(end).every((byte) => byte === 0)
    ? Option.some(framed.slice(start, end))
    : Option.none()
}
