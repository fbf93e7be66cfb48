/**
 * Tokens and cookies in the form that the real servers gave them (protocol notes, sections 0.3 and 0.4). They come from
 * Effect's `Random`: a server that strangers can reach should run with a cryptographic one.
 */
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

/** Random bytes as lower-case hex, two digits each. */
export const hex = (bytes: number): Effect.Effect<string> =>
  Effect.map(Effect.replicateEffect(Random.nextIntBetween(0, 256), bytes), (values) =>
    bytesToHex(Uint8Array.from(values))
  )

const pick = (alphabet: string, length: number): Effect.Effect<string> =>
  Effect.map(Effect.replicateEffect(Random.nextIntBetween(0, alphabet.length), length), (indexes) =>
    indexes.map((i) => alphabet.charAt(i)).join("")
  )

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
const alphanumeric = `${letters}${letters.toLowerCase()}0123456789`

/** `!` and three letters: the verification code of an account that needs no captcha. */
export const verifyCode: Effect.Effect<string> = Effect.map(pick(letters, 3), (code) => `!${code}`)

/** `@` and nine characters. */
export const skey: Effect.Effect<string> = Effect.map(pick(alphanumeric, 9), (text) => `@${text}`)

/** `supertoken`: decimal digits. */
export const supertoken: Effect.Effect<string> = pick("0123456789", 10)

/** `p_skey` and `pt4_token`: 44 characters. */
export const longKey: Effect.Effect<string> = pick(`${alphanumeric}*-`, 44)

const u32 = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

/** Erlang's SMALL_BIG_EXT of a number, least significant byte first. */
const smallBig = (value: number): Uint8Array => {
  const bytes: Array<number> = []
  for (let rest = value; rest > 0 || bytes.length < 4; rest = Math.floor(rest / 256)) bytes.push(rest % 256)
  return Uint8Array.from([0x6e, bytes.length, 0, ...bytes])
}

const binary = (bytes: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(0x6d), u32(bytes.length), bytes)

/**
 * A psessionid: hex of the Erlang term `{Pid, QQ, Skey, Vfwebqq}`. `vfwebqq` is the token's hex.
 */
export const psessionid = (account: number, skeyCookie: string, vfwebqq: string): Effect.Effect<string> =>
  Effect.gen(function* () {
    const node = utf8ToBytes(`connserver_webqq@10.${yield* byte}.${yield* byte}.${yield* byte}`)
    const pid = concatBytes(
      Uint8Array.of(0x67, 0x64, 0, node.length),
      node,
      u32(yield* Random.nextIntBetween(0, 0x8000)),
      u32(yield* Random.nextIntBetween(0, 0x2000)),
      Uint8Array.of(2)
    )
    return bytesToHex(
      concatBytes(
        Uint8Array.of(0x83, 0x68, 4),
        pid,
        smallBig(account),
        binary(utf8ToBytes(skeyCookie)),
        binary(hexToBytes(vfwebqq))
      )
    )
  })

const byte = Random.nextIntBetween(0, 256)
