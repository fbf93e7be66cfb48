import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc, Option } from "effect"
import * as Tea from "../../../src/protocol/crypto/Tea.ts"
import { load } from "../../vectors.ts"

interface Vector {
  readonly op: "encrypt" | "decrypt"
  readonly key: string
  readonly plaintext: string | null
  readonly teaPadding?: string
  readonly ciphertext: string
  readonly edge?: string
}

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"))
const hex = (data: Uint8Array) => Buffer.from(data).toString("hex")
const decrypted = (ciphertext: Uint8Array, key: Uint8Array) => Option.getOrNull(Tea.decrypt(ciphertext, key))

/** The same cipher written down from its definition, with blocks as 64-bit and words as 32-bit big integers. */
const oracle = {
  number: (data: Uint8Array): bigint => BigInt(`0x0${hex(data)}`),
  block: (block: bigint, key: Uint8Array): bigint => {
    const u32 = (n: bigint) => BigInt.asUintN(32, n)
    const [k0, k1, k2, k3] = [0, 4, 8, 12].map((at) => oracle.number(key.subarray(at, at + 4))) as [
      bigint,
      bigint,
      bigint,
      bigint
    ]
    let [y, z, sum] = [block >> 32n, u32(block), 0n]
    for (let i = 0; i < 16; i++) {
      sum = u32(sum + 0x9e3779b9n)
      y = u32(y + ((z * 16n + k0) ^ (z + sum) ^ (z / 32n + k1)))
      z = u32(z + ((y * 16n + k2) ^ (y + sum) ^ (y / 32n + k3)))
    }
    return (y << 32n) | z
  },
  /** Chains blocks given as hex, whatever they hold. */
  chain: (text: string, key: Uint8Array): string => {
    const p = (text.match(/.{16}/g) ?? []).map((block) => BigInt(`0x${block}`))
    const o: Array<bigint> = []
    const c: Array<bigint> = []
    for (const [i, plain] of p.entries()) {
      o[i] = plain ^ (c[i - 1] ?? 0n)
      c[i] = oracle.block(o[i] ?? 0n, key) ^ (o[i - 1] ?? 0n)
    }
    return c.map((block) => block.toString(16).padStart(16, "0")).join("")
  },
  encrypt: (plaintext: Uint8Array, key: Uint8Array, random: Uint8Array): string => {
    const n = (8 - ((plaintext.length + 10) % 8)) % 8
    const first = 8 * Math.floor((random[0] ?? 0) / 8) + n
    const framed = Uint8Array.of(first, ...random.slice(1, n + 3), ...plaintext, 0, 0, 0, 0, 0, 0, 0)
    return oracle.chain(hex(framed), key)
  }
}

const sized = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })
const key = sized(16)
const random = sized(Tea.paddingSize)
const text = fc.uint8Array({ minLength: 0, maxLength: 300 })

describe("Tea", () => {
  it("equals every vector of tea.json", () => {
    for (const v of load<Vector>("tea")) {
      const result = decrypted(bytes(v.ciphertext), bytes(v.key))
      assert.strictEqual(result && hex(result), v.plaintext, `${v.edge} ${v.ciphertext}`)
      if (v.op === "decrypt" || v.plaintext === null) continue
      const padding = bytes(v.teaPadding ?? "")
      assert.strictEqual(hex(Tea.encrypt(bytes(v.plaintext), bytes(v.key), padding)), v.ciphertext)
      assert.deepStrictEqual(Tea.paddingFor(v.plaintext.length / 2, padding), padding)
    }
  })

  it("equals the examples of the protocol notes", () => {
    const counting = bytes("000102030405060708090a0b0c0d0e0f")
    const encrypted = (message: string, first: number) =>
      hex(Tea.encrypt(Buffer.from(message), counting, Uint8Array.of(first)))
    assert.strictEqual(hex(Tea.encryptBlock(new Uint8Array(8), new Uint8Array(16))), "a889f798182d8083")
    assert.strictEqual(hex(Tea.encryptBlock(bytes("0001020304050607"), counting)), "6328a50896bde3c8")
    assert.strictEqual(encrypted("", 0xf8), "1ac2675390c203563a96b3c769074bb5")
    assert.strictEqual(encrypted("a", 0xf8), "67cd2e560f4a8a7a60874974839faa47")
    assert.strictEqual(encrypted("hello", 0xf8), "2fc29f20eda6c2e3d0a0fad61543c80b")
    assert.strictEqual(encrypted("0123456789", 0xf8), "9e50fd4a973288f7a7f95d4bf66fc9af8f4db0b9f59f4526")
    assert.strictEqual(encrypted("", 0), "489903fc68ca22b1caf13da2af75727f")
    assert.strictEqual(encrypted("hello", 0), "1c0f18dd779ac5ea3c2165b9ab20558e")
  })

  it.prop(
    "decrypting takes back encrypting, for every length",
    [sized(300), key, random],
    ([longest, k, r]) => {
      for (let length = 0; length <= longest.length; length++) {
        const message = longest.subarray(0, length)
        const ciphertext = Tea.encrypt(message, k, r)
        assert.strictEqual(ciphertext.length, Math.ceil((length + 10) / 8) * 8)
        assert.strictEqual(hex(decrypted(ciphertext, k) ?? bytes("ff")), hex(message))
      }
    },
    { fastCheck: { numRuns: 10 } }
  )

  it.prop("agrees with big integers", [text, key, random], ([message, k, r]) => {
    assert.strictEqual(hex(Tea.encrypt(message, k, r)), oracle.encrypt(message, k, r))
  })

  it.prop("a block agrees with big integers and comes back", [sized(8), key], ([block, k]) => {
    const encrypted = Tea.encryptBlock(block, k)
    assert.strictEqual(oracle.number(encrypted), oracle.block(oracle.number(block), k))
    assert.deepStrictEqual(Tea.decryptBlock(encrypted, k), block)
  })

  it.prop("the first byte counts the padding, the rest is random", [fc.nat(300), random], ([length, r]) => {
    const padding = Tea.paddingFor(length, r)
    const [first = 0] = padding
    assert.strictEqual((first & 7) + 3, padding.length)
    assert.strictEqual(first >> 3, (r[0] ?? 0) >> 3)
    assert.deepStrictEqual(padding.subarray(1), r.subarray(1, padding.length))
    assert.strictEqual((padding.length + length + 7) % 8, 0)
    assert.deepStrictEqual(Tea.paddingFor(length, padding), padding)
  })

  it.prop("padding that is too short or has a wrong count is made to fit", [text, key, text], ([message, k, r]) => {
    assert.deepStrictEqual(decrypted(Tea.encrypt(message, k, r), k), message)
  })

  it.prop("another key opens nothing", [text, key, key, random], ([message, k, other, r]) => {
    fc.pre(hex(k) !== hex(other))
    // Once in 2^56 times the tail is zero all the same.
    const opened = decrypted(Tea.encrypt(message, k, r), other)
    if (opened !== null) assert.notDeepEqual(opened, message)
  })

  it.prop("a changed bit is noticed", [text, key, random, fc.nat()], ([message, k, r, where]) => {
    const ciphertext = Tea.encrypt(message, k, r)
    const bit = where % (ciphertext.length * 8)
    ciphertext[bit >> 3] = (ciphertext[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    assert.isNull(decrypted(ciphertext, k))
  })

  it.prop(
    "every one of the seven bytes at the end must be zero",
    [key, sized(16), fc.integer({ min: 9, max: 15 }), fc.integer({ min: 1, max: 255 })],
    ([k, block, at, byte]) => {
      const framed = block.fill(0, 9)
      framed[0] = 0
      const accepted = decrypted(bytes(oracle.chain(hex(framed), k)), k)
      assert.deepStrictEqual(accepted, framed.slice(3, 9))
      framed[at] = byte
      assert.isNull(decrypted(bytes(oracle.chain(hex(framed), k)), k))
    }
  )

  it.prop("whole blocks only", [text, key, random, fc.integer({ min: 1, max: 7 })], ([message, k, r, n]) => {
    const ciphertext = Tea.encrypt(message, k, r)
    assert.isNull(decrypted(Uint8Array.of(...ciphertext, ...new Uint8Array(n)), k))
    assert.isNull(decrypted(ciphertext.subarray(0, -n), k))
    for (const length of [0, 8]) assert.isNull(decrypted(ciphertext.subarray(0, length), k))
  })

  it.prop("bytes of any length are refused or have room for the padding", [text, key], ([ciphertext, k]) => {
    const opened = decrypted(ciphertext, k)
    if (opened !== null) assert.isAtMost(opened.length, ciphertext.length - 10)
  })

  it.prop("the arguments stay as they were, and may be views", [text, key, random], ([message, k, r]) => {
    const before = [message, k, r].map(hex)
    const ciphertext = Tea.encrypt(message, k, r)
    const shifted = new Uint8Array(ciphertext.length + 3)
    shifted.set(ciphertext, 3)
    assert.deepStrictEqual(decrypted(shifted.subarray(3), k), message)
    assert.deepStrictEqual([message, k, r].map(hex), before)
    assert.strictEqual(hex(shifted.subarray(3)), hex(ciphertext))
  })
})
