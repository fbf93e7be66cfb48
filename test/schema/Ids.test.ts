import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Either, Schema } from "effect"
import { Ids } from "../../src/schema/index.ts"

const check = <A extends number>(name: string, schema: Schema.Schema<A, string | number>) =>
  it.prop(`${name} survives both wire spellings and is written as a number`, { id: schema }, ({ id }) => {
    assert.strictEqual(Schema.decodeUnknownSync(schema)(String(id)), id)
    assert.strictEqual(Schema.decodeUnknownSync(schema)(id), id)
    assert.strictEqual(Schema.encodeSync(schema)(id), id)
    assert.strictEqual(Schema.encodeSync(Ids.text(schema))(id), String(id))
    assert.strictEqual(Schema.decodeSync(Ids.text(schema))(String(id)), id)
  })

describe("Ids", () => {
  check("QQ", Ids.QQ)
  check("Uin", Ids.Uin)
  check("GroupId", Ids.GroupId)
  check("GroupCode", Ids.GroupCode)
  check("DiscussionId", Ids.DiscussionId)
  check("ClientId", Ids.ClientId)
  check("MsgId", Ids.MsgId)

  it("refuses what is no id", () => {
    for (const wrong of ["", "abc", -1, 1.5, null, "1e999", {}, "-3", undefined]) {
      assert.isTrue(Either.isLeft(Schema.decodeUnknownEither(Ids.Uin)(wrong)), String(wrong))
    }
  })

  it("are decimal digits: one number has one name, but for zeros before it", () => {
    const wrong = [
      "0x2711",
      "0b1",
      "0o17",
      "1e4",
      " 10001",
      "10001 ",
      "100 01",
      "+10001",
      "１０００１",
      "10001.0",
      "1_0"
    ]
    for (const schema of [Ids.QQ, Ids.Uin, Ids.GroupCode, Ids.MsgId]) {
      for (const text of wrong) assert.isTrue(Either.isLeft(Schema.decodeUnknownEither(schema)(text)), text)
      assert.strictEqual(Schema.decodeUnknownSync(schema)("0000010001"), 10001)
    }
    for (const text of wrong) assert.isTrue(Either.isLeft(Schema.decodeUnknownEither(Ids.text(Ids.QQ))(text)), text)
  })

  it("a clientid may have blanks in it, as lwqq pads it", () => {
    for (const read of [Schema.decodeUnknownEither(Ids.ClientId), Schema.decodeUnknownEither(Ids.ClientIdText)]) {
      assert.strictEqual(Either.getOrThrow(read("45   123")), 45123)
      for (const text of ["0x2711", "1e4", "+1", "１"]) assert.isTrue(Either.isLeft(read(text)), text)
    }
  })

  it("shows no token in text, JSON or inspect", () => {
    const token = Schema.decodeSync(Ids.Psessionid)("8368046764001d636f6e6e73")
    assert.notInclude(`${String(token)} ${JSON.stringify(token)} ${inspect(token)}`, "8368046764001d636f6e6e73")
  })
})
