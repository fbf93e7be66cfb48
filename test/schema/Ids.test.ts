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

  it("shows no token in text, JSON or inspect", () => {
    const token = Schema.decodeSync(Ids.Psessionid)("8368046764001d636f6e6e73")
    assert.notInclude(`${String(token)} ${JSON.stringify(token)} ${inspect(token)}`, "8368046764001d636f6e6e73")
  })
})
