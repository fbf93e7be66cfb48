import { assert, describe, it } from "@effect/vitest"
// Unlike assert's, it sees that none is not some.
import { deepStrictEqual } from "@effect/vitest/utils"
import { Either, Option, ParseResult, Schema } from "effect"
import { Contacts, Envelope } from "../../src/schema/index.ts"

const Result = Schema.Struct({ uin: Schema.Int, names: Schema.Array(Schema.String) })
const decode = Schema.decodeUnknownEither(Envelope.reply(Result))

const firstIssue = (text: string) =>
  Either.match(decode(text), {
    onLeft: (error) => ParseResult.ArrayFormatter.formatErrorSync(error)[0],
    onRight: () => undefined
  })

describe("Envelope", () => {
  it("reads results and refusals", () => {
    deepStrictEqual(
      Either.getOrThrow(decode('{"retcode":0,"result":{"uin":1,"names":["a"],"extra":true}}')),
      Envelope.ok({ uin: 1, names: ["a"] })
    )
    deepStrictEqual(
      Either.getOrThrow(decode('{"retcode":121,"t":"0","errmsg":"gone"}')),
      Envelope.refused(121, { errmsg: "gone" })
    )
    const rotated = Either.getOrThrow(decode('{"retcode":116,"p":"abc"}'))
    deepStrictEqual(rotated, Envelope.refused(116, { p: "abc" }))
    deepStrictEqual(Either.getOrThrow(decode('{"retcode":"103"}')), Envelope.refused(103))
  })

  it("names the path below result", () => {
    assert.deepStrictEqual(firstIssue('{"retcode":0,"result":{"uin":1,"names":["a",2]}}')?.path, ["result", "names", 1])
    assert.deepStrictEqual(firstIssue('{"retcode":0}')?.path, ["result"])
    assert.deepStrictEqual(firstIssue('{"result":{}}')?.path, [])
  })

  it("refuses what is no envelope", () => {
    for (const text of ["", "null", "[]", "<html>", '{"retcode":0,"result":', '{"retcode":1.5}', '"ok"']) {
      assert.isTrue(Either.isLeft(decode(text)), text)
    }
  })

  it.prop("what is written is read again", { result: Result }, ({ result }) => {
    const schema = Envelope.reply(Result)
    deepStrictEqual(Schema.decodeSync(schema)(Schema.encodeSync(schema)(Envelope.ok(result))), Envelope.ok(result))
  })

  it("writes refusals with p only where there is one", () => {
    const encode = Schema.encodeSync(Envelope.reply(Contacts.SelfInfo))
    assert.strictEqual(encode(Envelope.refused(102)), '{"retcode":102,"errmsg":""}')
    assert.strictEqual(encode(Envelope.refused(116, { p: "x" })), '{"retcode":116,"errmsg":"","p":"x"}')
  })

  it("a send is answered in the form of every client, and read in each", () => {
    const encoded = Schema.encodeSync(Envelope.sendReply)(Envelope.ok("ok"))
    assert.deepStrictEqual(JSON.parse(encoded), { errCode: 0, msg: "send ok", retcode: 0, result: "ok" })
    for (const text of ['{"retcode":0,"result":"ok"}', '{"errCode":0,"msg":"send ok"}', '{"retcode":0}', encoded]) {
      assert.strictEqual(Schema.decodeSync(Envelope.sendReply)(text)._tag, "Ok", text)
    }
    const uncertain = Schema.decodeSync(Envelope.sendReply)('{"retcode":1202,"errmsg":"error!!!"}')
    deepStrictEqual(uncertain, Envelope.refused(1202, { errmsg: "error!!!" }))
    assert.isTrue(uncertain._tag === "Refused" && Option.isNone(uncertain.p))
  })
})
