import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as Secrets from "../../src/protocol/Secrets.ts"

describe("Secrets.excerpt", () => {
  it("hides everything that may be a token and keeps words", () => {
    assert.strictEqual(
      Secrets.excerpt(
        '{"retcode":0,"result":{"psessionid":"8368046764001d636f6e6e73","vfwebqq":"aabbccddeeff00112233"}}'
      ),
      '{"retcode":0,"result":{"psessionid":"<redacted>","vfwebqq":"<redacted>"}}'
    )
    assert.strictEqual(Secrets.excerpt("skey=@abcdefghi; uin=o10001"), "skey=<redacted>; uin=o10001")
    assert.strictEqual(Secrets.excerpt("  <html>\n <body>502 Bad Gateway"), "<html> <body>502 Bad Gateway")
    assert.strictEqual(Secrets.excerpt("您输入的帐号或密码不正确"), "您输入的帐号或密码不正确")
  })

  it.prop("is short and keeps no character half", [fc.fullUnicodeString({ maxLength: 2000 })], ([text]) => {
    const shown = Secrets.excerpt(text, 20)
    assert.isAtMost(Array.from(shown).length, 21)
    if (!/\p{Cs}/u.test(text)) assert.notMatch(shown, /\p{Cs}/u)
  })

  it.prop("no long hex survives", [fc.hexaString({ minLength: 16, maxLength: 300 })], ([hex]) => {
    assert.strictEqual(Secrets.excerpt(`a ${hex} b`), "a <redacted> b")
  })
})
