import { assert, describe, it } from "@effect/vitest"
// Unlike assert's, it sees that none is not some.
import { deepStrictEqual } from "@effect/vitest/utils"
import { Option, Schema } from "effect"
import { Contacts, Ids } from "../../src/schema/index.ts"

const uin = (n: number) => Ids.Uin.make(n)

describe("Contacts", () => {
  it("joins the lists of a reply, by uin and not by position", () => {
    const reply = Schema.decodeUnknownSync(Contacts.UserFriends)({
      friends: [
        { flag: 0, uin: 1, categories: 2 },
        { flag: 0, uin: "2", categories: 0 }
      ],
      categories: [{ index: 2, sort: 1, name: "同学" }],
      marknames: [{ uin: 1, markname: "小明", type: 0 }],
      vipinfo: [],
      info: [
        { face: 1, flag: 0, nick: "B", uin: 2 },
        { face: 1, flag: 0, nick: "A", uin: 1 }
      ]
    })
    const [first, second] = Contacts.friends(reply)
    deepStrictEqual(first, { uin: uin(1), nick: "A", markname: Option.some("小明"), category: "同学" })
    deepStrictEqual(second, { uin: uin(2), nick: "B", markname: Option.none(), category: "我的好友" })
  })

  it("shows remark, else nick, else uin", () => {
    const friend = { uin: uin(7), nick: "N", markname: Option.none(), category: "" }
    assert.strictEqual(Contacts.displayName(friend), "N")
    assert.strictEqual(Contacts.displayName({ ...friend, markname: Option.some("M") }), "M")
    assert.strictEqual(Contacts.displayName({ ...friend, nick: "" }), "7")
  })
})
