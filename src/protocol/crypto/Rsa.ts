/**
 * RSA encryption with PKCS#1 v1.5 padding of type 2, as Tencent's login page does it (protocol notes, section 3.2).
 */
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js"
import * as Option from "effect/Option"

/** A public key. */
export interface PublicKey {
  readonly modulus: bigint
  readonly exponent: bigint
}

/** The key that every client carries: 1024 bits, exponent 3. Only Tencent could decrypt. */
export const tencent: PublicKey = {
  modulus: BigInt(
    [
      "0xF20CE00BAE5361F8FA3AE9CEFA495362FF7DA1BA628F64A347F0A8C012BF0B25",
      "4A30CD92ABFFE7A6EE0DC424CB6166F8819EFA5BCCB20EDFB4AD02E412CCF579",
      "B1CA711D55B8B0B3AEB60153D5E0693A2A86F3167D7847A0CB8B00004716A909",
      "5D9BADC977CBB804DBDCBA6029A9710869A453F27DFDDF83C016D928B3CBF4C7"
    ].join("")
  ),
  exponent: 3n
}

/** The bytes around padding and message (00 02 … 00), and the shortest padding. */
const frameSize = 3
const shortestPadding = 8

/** The size of a key's modulus in bytes. As many random bytes are enough for {@link paddingFor}. */
export const sizeOf = (key: PublicKey): number => Math.ceil(key.modulus.toString(16).length / 2)

/**
 * Padding for a message of `length` bytes, from random bytes: those that are not zero, in order, as many as needed. If
 * there are too few, bytes 0xff follow: with {@link sizeOf} random bytes and a message of 16 bytes less than once in
 * 10^25 times. Padding that already fits is returned as it is. Empty for a message that is too long.
 *
 * @example
 * paddingFor(tencent, 117, Uint8Array.of(1, 0, 2, 3, 4, 0, 5, 6, 7, 8, 9)) // 01 02 03 04 05 06 07 08
 */
export const paddingFor = (key: PublicKey, length: number, random: Uint8Array): Uint8Array => {
  const size = sizeOf(key) - frameSize - length
  if (size < shortestPadding) return new Uint8Array(0)
  const padding = new Uint8Array(size).fill(0xff)
  padding.set(random.filter((byte) => byte !== 0).subarray(0, size))
  return padding
}

const power = (base: bigint, exponent: bigint, modulus: bigint): bigint => {
  let result = 1n
  let square = base % modulus
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${bytesToHex(bytes)}`)

const toBytes = (n: bigint): Uint8Array => {
  const digits = n.toString(16)
  return hexToBytes(digits.padStart(digits.length + (digits.length % 2), "0"))
}

/**
 * Encrypts a message. None if it is longer than the modulus less 11 bytes. The result has no leading zero bytes, as in
 * Tencent's script, so it can be shorter than the modulus.
 *
 * @param padding - {@link sizeOf} random bytes, or the exact padding in the order of the block; passes through
 *   {@link paddingFor}
 */
export const encrypt = (message: Uint8Array, key: PublicKey, padding: Uint8Array): Option.Option<Uint8Array> => {
  const fitting = paddingFor(key, message.length, padding)
  if (fitting.length === 0) return Option.none()
  const block = concatBytes(Uint8Array.of(0, 2), fitting, Uint8Array.of(0), message)
  return Option.some(toBytes(power(toNumber(block), key.exponent, key.modulus)))
}
