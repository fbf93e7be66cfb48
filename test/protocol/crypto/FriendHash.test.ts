import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as FriendHash from "../../../src/protocol/crypto/FriendHash.ts"
import { load } from "../../vectors.ts"

interface Vector {
  readonly uin: string
  readonly ptwebqq: string
  readonly hash: string
}

const check = (file: string, hash: (uin: string, ptwebqq: string) => string) =>
  it(`equals every vector of ${file}.json`, () => {
    for (const { hash: expected, ptwebqq, uin } of load<Vector>(file)) {
      assert.strictEqual(hash(uin, ptwebqq), expected, `${uin} ${ptwebqq}`)
    }
  })

/** Variant N with whole windows as 32-bit numbers. */
const walked = (uin: string, ptwebqq: string): string => {
  const text = Buffer.from(ptwebqq, "latin1")
  const window = (start: number): number => {
    const beyond = Math.max(0, start + 4 - text.length)
    const parts =
      beyond === 0
        ? [text.subarray(start, start + 4)]
        : [Buffer.concat([text, Buffer.alloc(4)]).subarray(start, start + beyond), text.subarray(0, 4 - beyond)]
    return Buffer.concat(parts).readUInt32BE()
  }
  const starts = Array.from(uin, (_, i) => Array.from(uin.slice(0, i + 1), Number).reduce((a, b) => a + b, 0))
  const hash = starts.reduce((folded, sum) => folded ^ window(sum % text.length), -1)
  return (hash >>> 0).toString(16).toUpperCase().padStart(8, "0")
}

const uin = fc.integer({ min: 10000, max: 4294967295 }).map(String)
const ptwebqq = fc.hexaString({ minLength: 0, maxLength: 64 })

describe("FriendHash", () => {
  check("hash-ecok", FriendHash.ecOk)
  check("hash-password-error", FriendHash.passwordError)
  check("hash-quicksort", FriendHash.quicksort)

  it("equals the examples of the protocol notes", () => {
    const long = "5d4c090f4a91cf44083ce8e274345e44e523c21341b41cf135f15b3b8cfc1329"
    assert.strictEqual(FriendHash.ecOk("912536370", long), "097359275E7C5D79")
    assert.strictEqual(FriendHash.quicksort("912536370", long), "5861343F")
    assert.strictEqual(FriendHash.ecOk("4294967295", "0123456789abcdef"), "5FBA59BC00B000B4")
    assert.strictEqual(FriendHash.quicksort("4294967295", "0123456789abcdef"), "64FFFFFF")
    assert.strictEqual(FriendHash.passwordError("123456789", ""), "415340474259455C195440415B47")
    assert.strictEqual(FriendHash.digitWalk("912536370", long), "CF9A9E99")
    assert.strictEqual(FriendHash.digitWalk("1685359365", long), "FAA1A0F6")
    assert.strictEqual(FriendHash.digitWalk("10000", "abcdef"), "9D9C9B9A")
    assert.strictEqual(FriendHash.digitWalk("4294967295", "0123456789abcdef"), "AFC8C7F6")
  })

  it.prop("is made of any ptwebqq, an empty one too", [uin, fc.string({ unit: "binary" })], ([number, any]) => {
    for (const hash of Object.values(FriendHash.variants)) {
      for (const text of ["", any]) assert.match(hash(number, text), /^([0-9A-F]{2})+$/)
    }
  })

  it("knows every variant by its letter", () => {
    assert.deepStrictEqual(FriendHash.variants, {
      N: FriendHash.digitWalk,
      O: FriendHash.passwordError,
      P: FriendHash.ecOk,
      Q: FriendHash.quicksort
    })
  })

  it.prop("P: 16 upper-case hex digits; turning ptwebqq by 4 characters changes nothing", [uin, ptwebqq], ([u, p]) => {
    const hash = FriendHash.ecOk(u, p)
    assert.match(hash, /^[0-9A-F]{16}$/)
    if (p.length % 4 === 0) assert.strictEqual(FriendHash.ecOk(u, p.slice(4) + p.slice(0, 4)), hash)
  })

  it.prop("P: the odd bytes are the uin, under EC OK", [uin, ptwebqq], ([u, p]) => {
    const bytes = Buffer.from(FriendHash.ecOk(u, p), "hex")
    const account = Buffer.from([1, 3, 5, 7].map((i, n) => (bytes[i] ?? 0) ^ "ECOK".charCodeAt(n))).readUInt32BE()
    assert.strictEqual(account, Number(u))
  })

  it.prop("O: two digits per character; XOR with the text gives back the repeated uin", [uin, ptwebqq], ([u, p]) => {
    const bytes = Buffer.from(FriendHash.passwordError(u, p), "hex")
    const text = Buffer.from(`${p}password error`)
    assert.strictEqual(bytes.length, text.length)
    assert.strictEqual(
      Buffer.from(bytes.map((b, i) => b ^ (text[i] ?? 0))).toString(),
      u.repeat(20).slice(0, text.length)
    )
  })

  it.prop(
    "Q: 8 upper-case hex digits, and the uin itself for fewer than three characters",
    [uin, ptwebqq],
    ([u, p]) => {
      assert.match(FriendHash.quicksort(u, p), /^[0-9A-F]{8}$/)
      assert.strictEqual(FriendHash.quicksort(u, p.slice(0, 2)), Number(u).toString(16).toUpperCase().padStart(8, "0"))
    }
  )

  it.prop(
    "N: agrees with an XOR of whole windows, also when ptwebqq is shorter than one",
    [fc.stringMatching(/^[0-9]{0,12}$/), fc.stringMatching(/^[0-9a-f]{1,70}$/)],
    ([u, p]) => {
      assert.strictEqual(FriendHash.digitWalk(u, p), walked(u, p))
      assert.strictEqual(FriendHash.digitWalk(u, p.slice(0, 3)), walked(u, p.slice(0, 3)))
    }
  )

  it("N: an empty ptwebqq or uin ends, and what is no digit moves nothing", () => {
    assert.strictEqual(FriendHash.digitWalk("123456789", ""), "FFFFFFFF")
    assert.strictEqual(FriendHash.digitWalk("", "abcdef"), "FFFFFFFF")
    assert.strictEqual(FriendHash.digitWalk("1x2", "abcdef"), FriendHash.digitWalk("102", "abcdef"))
    assert.strictEqual(FriendHash.digitWalk("1", "a\u0162cde"), FriendHash.digitWalk("1", "abcde"))
  })

  it.prop("an empty uin ends", [ptwebqq], ([p]) => {
    assert.strictEqual(FriendHash.passwordError("", p), Buffer.from(`${p}password error`).toString("hex").toUpperCase())
  })
})
