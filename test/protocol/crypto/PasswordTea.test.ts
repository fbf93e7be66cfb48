import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc, Option } from "effect"
import * as PasswordMd5 from "../../../src/protocol/crypto/PasswordMd5.ts"
import * as PasswordTea from "../../../src/protocol/crypto/PasswordTea.ts"
import * as Tea from "../../../src/protocol/crypto/Tea.ts"
import { load } from "../../vectors.ts"

interface Vector {
  readonly uin?: string
  readonly salt: string
  readonly password: string
  readonly passwordEncoding: "ascii" | "utf8" | "low-byte" | "md5-hex"
  readonly passwordBytes?: string
  readonly isMd5: boolean
  readonly verifyCode: string
  readonly rsaPadding: string
  readonly teaPadding: string
  readonly output: string
  readonly steps: {
    readonly md5: string
    readonly rsa: string
    readonly teaKey: string
    readonly teaPlaintext: string
  }
}

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"))
const hex = (data: Uint8Array) => Buffer.from(data).toString("hex")
const md5 = (...parts: ReadonlyArray<Uint8Array>) =>
  parts.reduce((hash, part) => hash.update(part), createHash("md5")).digest()

/** Base64 with the three other characters, there and back. */
const alphabet = [
  ["/", "-"],
  ["+", "*"],
  ["=", "_"]
] as const
const unbase64 = (text: string) =>
  Uint8Array.from(
    Buffer.from(
      alphabet.reduce((t, [usual, other]) => t.split(other).join(usual), text),
      "base64"
    )
  )
const base64 = (data: Uint8Array) =>
  alphabet.reduce((t, [usual, other]) => t.split(usual).join(other), Buffer.from(data).toString("base64"))

const digestOf = (v: Vector): Uint8Array =>
  v.isMd5 ? bytes(v.password) : PasswordMd5.digest(bytes(v.passwordBytes ?? ""))

const sized = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })
const code = fc.oneof(fc.stringMatching(/^[!a-zA-Z0-9]{0,8}$/), fc.fullUnicodeString({ maxLength: 40 }))
const inputs = fc.record({
  passwordDigest: sized(16),
  salt: fc.oneof(sized(8), sized(16), sized(0)),
  verifyCode: code,
  rsaPadding: sized(128),
  teaPadding: sized(10)
})

describe("PasswordTea", () => {
  it("equals every vector of password-tea.json, step by step", () => {
    for (const v of load<Vector>("password-tea")) {
      const passwordDigest = digestOf(v)
      const known = { passwordDigest, salt: bytes(v.salt), verifyCode: v.verifyCode }
      const proof = PasswordTea.proof({ ...known, rsaPadding: bytes(v.rsaPadding), teaPadding: bytes(v.teaPadding) })
      assert.strictEqual(proof, v.output)
      assert.isTrue(PasswordTea.verify({ ...known, proof }))
      assert.strictEqual(hex(passwordDigest), v.steps.md5)
      assert.strictEqual(
        hex(Option.getOrThrow(Tea.decrypt(unbase64(proof), bytes(v.steps.teaKey)))),
        v.steps.teaPlaintext
      )
      assert.include(v.steps.teaPlaintext, v.steps.rsa)
      if (v.passwordEncoding === "utf8") assert.deepStrictEqual(PasswordMd5.digest(v.password), passwordDigest)
    }
  })

  it("accepts the example of the protocol notes, made by a script of 2014", () => {
    const proof =
      "UUSaczFCik6s5HdxA5Z3J21ku6iXNBlMBYbPaBTVUlz9ZzH9flHyiXrG2oQAB8-Mc3YwjCMFhh6yqRAbzVV4WUoZCkcXyNjNANfeD7ONMOAy2QKC1o0w" +
      "yMAVc28uW7uyqE05OiJm3rFzrvrCHCWrpvTe2bhmrYYTc8nuR0wUqppsZli4KAYY5Ei7bxe4FzwDgUkRSVk1Inq-8eB8fJInfw__"
    const passwordDigest = PasswordMd5.digest("password")
    const salt = PasswordMd5.saltOf(1685359365)
    const message = hex(Option.getOrThrow(Tea.decrypt(unbase64(proof), md5(passwordDigest, salt))))
    assert.strictEqual(hex(md5(passwordDigest, salt)), "be276667fe6b338d1a470d808f59d7ae")
    assert.strictEqual(message.length, 2 * 144)
    assert.strictEqual(proof.length, 216)
    assert.match(message, /^0080.*0000000064748b05000421505448$/)
    assert.isTrue(PasswordTea.verify({ proof, passwordDigest, salt, verifyCode: "!PTH" }))
    assert.isTrue(PasswordTea.verify({ proof, passwordDigest, salt, verifyCode: "!pth" }))
    assert.isFalse(PasswordTea.verify({ proof, passwordDigest, salt, verifyCode: "!PTI" }))
  })

  it.prop("is Base64 in Tencent's letters, and the case of the code does not matter", [inputs], ([input]) => {
    const proof = PasswordTea.proof(input)
    assert.match(proof, /^[0-9A-Za-z*-]+_{0,2}$/)
    assert.strictEqual(proof.length % 4, 0)
    assert.strictEqual(proof, PasswordTea.proof({ ...input, verifyCode: input.verifyCode.toUpperCase() }))
  })

  it.prop("a server accepts its own proof and no other password, salt or code", [inputs, inputs], ([input, other]) => {
    const proof = PasswordTea.proof(input)
    const known = { passwordDigest: input.passwordDigest, salt: input.salt, verifyCode: input.verifyCode, proof }
    assert.isTrue(PasswordTea.verify(known))
    assert.isFalse(PasswordTea.verify({ ...known, passwordDigest: input.passwordDigest.map((byte) => byte ^ 1) }))
    assert.isFalse(PasswordTea.verify({ ...known, verifyCode: `${input.verifyCode}A` }))
    if (hex(input.passwordDigest) !== hex(other.passwordDigest)) {
      assert.isFalse(PasswordTea.verify({ ...known, passwordDigest: other.passwordDigest }))
    }
    if (hex(input.salt) !== hex(other.salt)) assert.isFalse(PasswordTea.verify({ ...known, salt: other.salt }))
    const [mine, theirs] = [input, other].map(({ verifyCode }) => Buffer.from(verifyCode.toUpperCase()).toString())
    if (mine !== theirs) assert.isFalse(PasswordTea.verify({ ...known, verifyCode: other.verifyCode }))
  })

  it.prop("a server refuses any other text", [inputs, fc.string(), fc.nat()], ([input, text, where]) => {
    const proof = PasswordTea.proof(input)
    const at = where % proof.length
    const changed = [
      text,
      "",
      proof.slice(0, at),
      `${proof}A`,
      `${proof}____`,
      `${proof.slice(0, at)}=${proof.slice(at + 1)}`,
      `${proof.slice(0, at)}\n${proof.slice(at)}`,
      hex(unbase64(proof))
    ]
    for (const other of changed) assert.isFalse(PasswordTea.verify({ ...input, proof: other }), other)
    const usual = Buffer.from(unbase64(proof)).toString("base64")
    if (usual !== proof) assert.isFalse(PasswordTea.verify({ ...input, proof: usual }), usual)
  })

  it("a server checks every part of the layout", () => {
    const passwordDigest = PasswordMd5.digest("secret")
    const salt = PasswordMd5.saltOf(10000)
    const accepts = (message: string) =>
      PasswordTea.verify({
        proof: base64(Tea.encrypt(bytes(message), md5(passwordDigest, salt), new Uint8Array(10))),
        passwordDigest,
        salt,
        verifyCode: "abcd"
      })
    const rsa = (size: number) => "5a".repeat(size)
    const tail = `${hex(salt)}000441424344`
    assert.isTrue(accepts(`0080${rsa(128)}${tail}`))
    assert.isTrue(accepts(`007f${rsa(127)}${tail}`))
    // python-rsa keeps a leading zero byte.
    assert.isTrue(accepts(`008000${rsa(127)}${tail}`))
    assert.isFalse(accepts(`0080${rsa(127)}${tail}`))
    assert.isFalse(accepts(`007f${rsa(128)}${tail}`))
    assert.isFalse(accepts(`0180${rsa(128)}${tail}`))
    assert.isFalse(accepts(`0081${rsa(129)}${tail}`))
    assert.isFalse(accepts(`0000${tail}`))
    assert.isFalse(accepts(tail))
    assert.isFalse(accepts(""))
    assert.isFalse(accepts(`0080${rsa(128)}${tail}00`))
    assert.isFalse(accepts(`0080${rsa(128)}${hex(PasswordMd5.saltOf(10001))}000441424344`))
    assert.isFalse(accepts(`0080${rsa(128)}${hex(salt)}000541424344`))
    assert.isFalse(accepts(`0080${rsa(128)}${hex(salt)}000441424345`))
    assert.isFalse(accepts(`0080${rsa(128)}${hex(salt)}000461626364`))
    assert.isFalse(accepts(`0080${rsa(128)}${hex(salt)}0003414243`))
  })

  it("a digest too long for the RSA block gives a proof that no server accepts", () => {
    const known = { passwordDigest: new Uint8Array(118), salt: PasswordMd5.saltOf(10000), verifyCode: "abcd" }
    const proof = PasswordTea.proof({ ...known, rsaPadding: new Uint8Array(128), teaPadding: new Uint8Array(10) })
    assert.isFalse(PasswordTea.verify({ ...known, proof }))
  })
})
