import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as PasswordMd5 from "../../../src/protocol/crypto/PasswordMd5.ts"
import { load } from "../../vectors.ts"

interface Vector {
  readonly uin?: string
  readonly salt: string
  readonly password: string
  readonly passwordEncoding: string
  readonly passwordBytes: string
  readonly verifyCode: string
  readonly output: string
}

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"))
const md5 = (...parts: ReadonlyArray<Uint8Array | string>) =>
  parts.reduce((hash, part) => hash.update(part), createHash("md5")).digest()

describe("PasswordMd5", () => {
  it("equals every vector of password-md5.json", () => {
    for (const v of load<Vector>("password-md5")) {
      const digest = PasswordMd5.digest(bytes(v.passwordBytes))
      assert.strictEqual(PasswordMd5.proof(digest, bytes(v.salt), v.verifyCode), v.output)
      if (v.passwordEncoding !== "low-byte") assert.deepStrictEqual(PasswordMd5.digest(v.password), digest)
      if (v.uin !== undefined) assert.deepStrictEqual(PasswordMd5.saltOf(BigInt(v.uin)), bytes(v.salt))
    }
  })

  it("equals the example of the protocol notes, step by step", () => {
    const salt = PasswordMd5.saltOf(1685359365)
    assert.deepStrictEqual(salt, bytes("0000000064748b05"))
    assert.deepStrictEqual(PasswordMd5.digest("password"), bytes("5f4dcc3b5aa765d61d8327deb882cf99"))
    assert.strictEqual(
      PasswordMd5.proof(PasswordMd5.digest("password"), salt, "!PTH"),
      "8B861F6C749FD12FA8D03A0B1BB3A414"
    )
    assert.strictEqual(
      PasswordMd5.proof(PasswordMd5.digest("password"), salt, "abcd"),
      "F0C288A57361621135A9E73D8FE2989A"
    )
  })

  it.prop(
    "agrees with the platform's MD5, and the case of the code does not matter",
    [fc.fullUnicodeString(), fc.uint8Array({ minLength: 8, maxLength: 8 }), fc.stringMatching(/^[!a-zA-Z0-9]{0,8}$/)],
    ([password, salt, code]) => {
      const inner = md5(md5(password), salt).toString("hex").toUpperCase()
      const expected = md5(inner, code.toUpperCase()).toString("hex").toUpperCase()
      const digest = PasswordMd5.digest(password)
      assert.strictEqual(PasswordMd5.proof(digest, salt, code), expected)
      assert.strictEqual(PasswordMd5.proof(digest, salt, code.toLowerCase()), expected)
    }
  )
})
