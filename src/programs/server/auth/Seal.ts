/**
 * Texts that the server gives out, and knows again without remembering them: bytes with a code that only the holder of
 * a key can make. What is not remembered cannot be pushed out by whoever asks for many.
 */
import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Tokens from "../Tokens.ts"

export type Key = Uint8Array

/** A key for as long as the server runs. */
export const newKey: Effect.Effect<Key> = Effect.map(Tokens.hex(32), hexToBytes)

/** 32 bytes that follow from a text; `purpose` keeps apart what is made for different ends. */
export const derive = (key: Key, purpose: string, text: string): Uint8Array =>
  hmac(sha256, key, utf8ToBytes(`${purpose}\n${text}`))

const codeOf = (key: Key, purpose: string, payload: Uint8Array, length: number): Uint8Array =>
  derive(key, purpose, bytesToHex(payload)).slice(0, length)

/** Hex digits of the payload and of a code of so many bytes. */
export const seal = (key: Key, purpose: string, payload: Uint8Array, length: number): string =>
  bytesToHex(concatBytes(payload, codeOf(key, purpose, payload, length)))

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.reduce((difference, byte, i) => difference | (byte ^ (b[i] ?? 0)), 0) === 0

/** The payload of a sealed text, if the key made it for this purpose. */
export const open = (key: Key, purpose: string, sealed: string, length: number): Option.Option<Uint8Array> => {
  if (!/^(?:[0-9a-f]{2})+$/.test(sealed)) return Option.none()
  const bytes = hexToBytes(sealed)
  if (bytes.length <= length) return Option.none()
  const payload = bytes.slice(0, -length)
  return isSame(bytes.slice(-length), codeOf(key, purpose, payload, length)) ? Option.some(payload) : Option.none()
}
