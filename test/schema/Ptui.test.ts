import { assert, describe, it } from "@effect/vitest"
import { Either, FastCheck as fc, Redacted, Schema } from "effect"
import { Ptui } from "../../src/schema/index.ts"

const checkVC = Schema.decodeUnknownSync(Ptui.CheckVC)
const ptuiCB = Schema.decodeUnknownSync(Ptui.PtuiCB)
const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"))

describe("ptui_checkVC", () => {
  it("reads the first document's sample", () => {
    assert.deepStrictEqual(checkVC("ptui_checkVC('0','!PTH','\\x00\\x00\\x00\\x00\\x64\\x74\\x8b\\x05');"), {
      code: "0",
      verifyCode: "!PTH",
      salt: bytes("0000000064748b05")
    })
  })

  it("reads the later shapes", () => {
    const reply = checkVC("ptui_checkVC('0','!ZDP','\\x96\\x00\\xb9\\xd6\\xcf\\x87\\xae\\xf4','abcdef','1');")
    assert.deepStrictEqual(reply.salt, bytes("9600b9d6cf87aef4"))
    assert.strictEqual(reply.verifysession && Redacted.value(reply.verifysession), "abcdef")
    assert.isTrue(reply.isRandSalt)
    assert.strictEqual(
      checkVC("ptui_checkVC('1','capcd','\\x00\\x00\\x00\\x00\\x95\\x1a\\x82\\x5c','','0');").code,
      "1"
    )
  })

  it("is written exactly as the document prints it", () => {
    const sample = "ptui_checkVC('0','!PTH','\\x00\\x00\\x00\\x00\\x64\\x74\\x8b\\x05');"
    assert.strictEqual(Schema.encodeSync(Ptui.CheckVC)(checkVC(sample)), sample)
  })
})

describe("ptuiCB", () => {
  it("reads the first document's sample", () => {
    const reply = ptuiCB("ptuiCB('0','0','http://www.qq.com','0','登录成功!', 'nickname');")
    assert.deepStrictEqual(
      { ...reply, url: Redacted.value(reply.url) },
      { code: "0", sub: "0", url: "http://www.qq.com", target: "0", message: "登录成功!", nick: "nickname" }
    )
  })

  it("is written with one blank before the last argument, and nowhere else", () => {
    const sample = "ptuiCB('0','0','http://www.qq.com','0','登录成功!', 'nickname');"
    assert.strictEqual(Schema.encodeSync(Ptui.PtuiCB)(ptuiCB(sample)), sample)
  })

  it("needs no nick", () => {
    assert.isUndefined(ptuiCB("ptuiCB('65','0','','0','二维码已失效。(3418525366)')").nick)
  })

  it("refuses what is no such call", () => {
    for (const text of [
      "",
      "<html></html>",
      "ptuiCB('0','0')",
      "ptui_checkVC('0','a','b')",
      "ptuiCB('0','0','u','0','m'); alert(1)",
      "ptuiCB('0','0','u','0','m',)",
      "ptuiCB('0' '0','u','0','m')"
    ]) {
      assert.isTrue(Either.isLeft(Schema.decodeUnknownEither(Ptui.PtuiCB)(text)), text)
    }
  })

  it("reads words in which nobody escaped a quote or a backslash", () => {
    const says = (words: string, message: string, nick?: string) => {
      const reply = ptuiCB(`ptuiCB('0','0','http://a','0',${words});\r\n`)
      assert.strictEqual(reply.message, message, words)
      assert.strictEqual(reply.nick, nick, words)
    }
    says("'It's me'", "It's me")
    says("'It's me', 'it's me'", "It's me", "it's me")
    says("'登录成功！', 'C:\\'", "登录成功！", "C:\\")
    says("'登录成功！', '\\'", "登录成功！", "\\")
    says("'path C:\\', 'nick'", "path C:\\", "nick")
    says("''', '''", "'", "'")
    says("'', ','", "", ",")
    says("'a', 'b', 'c's'", "a", "b")
    // What is escaped well is read as JavaScript reads it.
    says("'It\\'s', 'a\\\\'", "It's", "a\\")
    says("'\\', ', 'nick'", "', ", "nick")
  })

  it("does not take quotes for words where codes and addresses stand", () => {
    for (const args of ["'0's','0','u','0','m'", "'0','0','it's','0','m'", "'0','0','u','0,'m'"]) {
      assert.isTrue(Either.isLeft(Schema.decodeUnknownEither(Ptui.PtuiCB)(`ptuiCB(${args})`)), args)
    }
  })

  it("is read in a time that grows with the length only", () => {
    const many = 80_000
    const start = "ptuiCB('0','0','u','0',"
    for (const piece of [" ", "\t\n", "'", "' ", "',", "', ", "\\", "\\'", ")", ") ", "; ", "a", "1", "'a',", "("]) {
      for (const text of [`${start}'m')${piece.repeat(many)}x`, `${start}'${piece.repeat(many)}`, piece.repeat(many)]) {
        for (const reply of [text, `${text})`, `ptuiCB${text}`]) {
          assert.isObject(Schema.decodeUnknownEither(Ptui.PtuiCB)(reply))
          assert.isObject(Schema.decodeUnknownEither(Ptui.CheckVC)(reply))
        }
      }
    }
  })

  const words = fc.fullUnicodeString({ maxLength: 40 })
  it.prop("any text survives, and cannot break out of its quotes", [words, words, words], ([nick, message, url]) => {
    const value: Ptui.PtuiCB = { code: "0", sub: "0", url: Redacted.make(url), target: "0", message, nick }
    const written = Schema.encodeSync(Ptui.PtuiCB)(value)
    assert.notMatch(written, /[\n\r\u2028\u2029]/)
    const read = ptuiCB(written)
    assert.deepStrictEqual({ ...read, url: Redacted.value(read.url) }, { ...value, url })
    // JavaScript itself agrees about what the quoted text means.
    const seen = new Function("ptuiCB", `return ${written}`)((...args: ReadonlyArray<string>) => args)
    assert.deepStrictEqual(seen, ["0", "0", url, "0", message, nick])
  })
})
