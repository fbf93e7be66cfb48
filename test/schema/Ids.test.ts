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

  const refuses = <A, I>(schema: Schema.Schema<A, I>, ...wrong: ReadonlyArray<unknown>) => {
    for (const one of wrong) assert.isTrue(Either.isLeft(Schema.decodeUnknownEither(schema)(one)), String(one))
  }

  it("refuses what is no id", () => {
    refuses(Ids.Uin, "", "abc", 1.5, null, "1e999", "--1", {}, undefined, 2 ** 53)
  })

  it("a negative number of 32 bits is the unsigned one that a server took for signed", () => {
    const all: ReadonlyArray<Schema.Schema.AnyNoContext> = [
      Ids.Uin,
      Ids.QQ,
      Ids.GroupId,
      Ids.GroupCode,
      Ids.DiscussionId
    ]
    for (const id of all) {
      const read = Schema.decodeUnknownSync(id)
      assert.strictEqual(read(-1854314554), 2440652742)
      assert.strictEqual(read("-1"), 4294967295)
      assert.strictEqual(read(-(2 ** 31)), 2 ** 31)
      assert.strictEqual(Schema.encodeSync(id)(read(-1)), 4294967295)
      refuses(id, -(2 ** 31) - 1, "-2147483649", -1.5)
    }
  })

  it("what is no id of the server's is never negative", () => {
    refuses(Ids.MsgId, -1, "-1")
    refuses(Ids.ClientId, -1, "-1")
    refuses(Ids.WrittenQQ, -1, "-1")
    refuses(Ids.text(Ids.Uin), "-1")
    assert.strictEqual(Schema.decodeSync(Ids.WrittenQQ)("10001"), Ids.QQ.make(10001))
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
    const all: ReadonlyArray<Schema.Schema.AnyNoContext> = [Ids.QQ, Ids.Uin, Ids.GroupCode, Ids.MsgId]
    for (const schema of all) {
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
