import { constants, createHash, createPublicKey, publicEncrypt } from "node:crypto"
import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc, Option } from "effect"
import * as Rsa from "../../../src/protocol/crypto/Rsa.ts"
import { load } from "../../vectors.ts"

interface Vector {
  readonly fn: "rsa_encrypt" | "getRSAEncryption"
  readonly key: string
  readonly message: string
  readonly password?: string
  readonly verifyCode?: string
  readonly isMd5?: boolean
  readonly rsaPadding: string
  readonly cipher: string | null
  readonly edge?: string
}

interface Key extends Rsa.PublicKey {
  readonly name: string
  readonly bits: number
  readonly privateExponent: bigint | undefined
}

const keys: ReadonlyArray<Key> = Object.entries(
  (
    JSON.parse(readFileSync(new URL("../../vectors/rsa.json", import.meta.url), "utf8")) as {
      readonly keys: Record<string, { readonly n: string; readonly e: string; readonly d?: string; bits: number }>
    }
  ).keys
).map(([name, { bits, d, e, n }]) => ({
  name,
  bits,
  modulus: BigInt(`0x${n}`),
  exponent: BigInt(`0x${e}`),
  privateExponent: d === undefined ? undefined : BigInt(`0x${d}`)
}))

const keyOf = (name: string): Key => {
  const key = keys.find((k) => k.name === name)
  if (key === undefined) throw new Error(`no key ${name}`)
  return key
}

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"))
const hex = (data: Uint8Array) => Buffer.from(data).toString("hex")

/** Right to left through the definition of a power, unlike the loop under test. */
const power = (base: bigint, exponent: bigint, modulus: bigint): bigint =>
  Array.from(exponent.toString(2)).reduce((result, bit) => (result * result * (bit === "1" ? base : 1n)) % modulus, 1n)

/** The padded block inside a cipher, as hex. */
const opened = (cipher: Uint8Array, { bits, modulus, privateExponent = 0n }: Key): string =>
  power(BigInt(`0x${hex(cipher)}`), privateExponent, modulus)
    .toString(16)
    .padStart(2 * Math.ceil(bits / 8), "0")

const blockOf = (padding: Uint8Array, message: Uint8Array): string => `0002${hex(padding)}00${hex(message)}`

const own = fc.constantFrom(...keys.filter((key) => key.privateExponent !== undefined))

describe("Rsa", () => {
  it("equals every vector of rsa.json", () => {
    const vectors = load<Vector>("rsa")
    for (const v of vectors) {
      const key = keyOf(v.key)
      const message = bytes(v.message)
      const padding = bytes(v.rsaPadding)
      const cipher = Rsa.encrypt(message, key, padding)
      assert.strictEqual(Option.getOrNull(Option.map(cipher, hex)), v.cipher, v.edge)
      assert.deepStrictEqual(Rsa.paddingFor(key, message.length, padding), padding)
      if (key.privateExponent === undefined || Option.isNone(cipher)) continue
      assert.strictEqual(opened(cipher.value, key), blockOf(padding, message))
    }
    assert.sameMembers([...new Set(vectors.map((v) => v.key))], [...keys.map((k) => k.name)])
  })

  it("equals the vectors of getRSAEncryption from password and code", () => {
    const vectors = load<Vector>("rsa").filter((v) => v.fn === "getRSAEncryption")
    assert.isNotEmpty(vectors)
    for (const { cipher, isMd5, password = "", rsaPadding, verifyCode = "" } of vectors) {
      const digest = isMd5 ? password : createHash("md5").update(password).digest("hex").toUpperCase()
      const message = Buffer.from(digest + verifyCode.toUpperCase())
      const result = Rsa.encrypt(message, Rsa.tencent, bytes(rsaPadding))
      assert.strictEqual(hex(Option.getOrThrow(result)), cipher)
    }
  })

  it("has Tencent's key", () => {
    const { bits, exponent, modulus } = keyOf("tencent")
    assert.deepStrictEqual(Rsa.tencent, { modulus, exponent })
    assert.strictEqual(bits, 1024)
    for (const key of keys) assert.strictEqual(Rsa.sizeOf(key), Math.ceil(key.bits / 8), key.name)
  })

  it.prop(
    "the private exponent gives back the block",
    [own, fc.uint8Array({ minLength: 0, maxLength: 245 }), fc.uint8Array({ minLength: 256, maxLength: 256 })],
    ([key, text, random]) => {
      const message = text.subarray(0, Rsa.sizeOf(key) - 11)
      const cipher = Option.getOrThrow(Rsa.encrypt(message, key, random))
      assert.strictEqual(opened(cipher, key), blockOf(Rsa.paddingFor(key, message.length, random), message))
      assert.notStrictEqual(cipher[0], 0)
    },
    { fastCheck: { numRuns: 50 } }
  )

  it.prop(
    "agrees with the platform's RSA under Tencent's key",
    [fc.uint8Array({ minLength: 0, maxLength: 117 }), fc.uint8Array({ minLength: 128, maxLength: 128 })],
    ([message, random]) => {
      const number = (n: bigint) => Buffer.from(n.toString(16).padStart(2, "0"), "hex").toString("base64url")
      const { exponent, modulus } = Rsa.tencent
      const key = createPublicKey({ key: { kty: "RSA", n: number(modulus), e: number(exponent) }, format: "jwk" })
      const block = bytes(blockOf(Rsa.paddingFor(Rsa.tencent, message.length, random), message))
      const expected = publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, block).toString("hex")
      const cipher = hex(Option.getOrThrow(Rsa.encrypt(message, Rsa.tencent, random)))
      assert.strictEqual(cipher, expected.replace(/^(00)+/, ""))
    }
  )

  it.prop(
    "padding has the right length, no zero byte, and is made of the random bytes in order",
    [fc.constantFrom(...keys), fc.nat(256), fc.uint8Array({ minLength: 0, maxLength: 300 })],
    ([key, length, random]) => {
      const size = Rsa.sizeOf(key) - 3 - length
      const padding = Rsa.paddingFor(key, length, random)
      const kept = [...random].filter((byte) => byte !== 0).slice(0, Math.max(size, 0))
      assert.strictEqual(padding.length, size < 8 ? 0 : size)
      assert.notInclude([...padding], 0)
      if (size >= 8) assert.deepStrictEqual([...padding], [...kept, ...Array(size - kept.length).fill(0xff)])
      assert.deepStrictEqual(Rsa.paddingFor(key, length, padding), padding)
    }
  )

  it.prop(
    "refuses a message that leaves no room for eight bytes of padding, and only that",
    [fc.constantFrom(...keys), fc.nat(300), fc.uint8Array({ minLength: 0, maxLength: 300 })],
    ([key, length, random]) => {
      const cipher = Rsa.encrypt(new Uint8Array(length).fill(1), key, random)
      assert.strictEqual(Option.isNone(cipher), length > Rsa.sizeOf(key) - 11)
    }
  )
})
