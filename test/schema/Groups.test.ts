/** How the lists of a reply are joined; the replies are those of `../fixtures/Samples.ts` (reference, section 4.1). */
import { assert, describe, it } from "@effect/vitest"
// Unlike assert's, it sees that none is not some.
import { deepStrictEqual } from "@effect/vitest/utils"
import { Option, Schema } from "effect"
import { Groups, Ids } from "../../src/schema/index.ts"
import * as Samples from "../fixtures/Samples.ts"

const uin = (n: number) => Ids.Uin.make(n)
const members = (reply: unknown) => Groups.members(Schema.decodeUnknownSync(Groups.GroupInfo)(reply))

describe("Groups", () => {
  it("groups keep gid and code apart, and carry the owner's own name", () => {
    deepStrictEqual(Groups.groups(Schema.decodeUnknownSync(Groups.GroupList)(Samples.groupList)), [
      {
        gid: Ids.GroupId.make(833193360),
        gcode: Ids.GroupCode.make(3557387121),
        name: "同学群",
        markname: Option.some("老同学")
      },
      {
        gid: Ids.GroupId.make(2323421101),
        gcode: Ids.GroupCode.make(944781398),
        name: "工作",
        markname: Option.none()
      }
    ])
  })

  it("members have their role (bit 0 of mflag), card and presence", () => {
    deepStrictEqual(members(Samples.groupInfo), [
      { uin: uin(2440652742), nick: "甲", card: Option.none(), role: "owner", online: false },
      { uin: uin(1574737440), nick: "乙", card: Option.some("班长"), role: "admin", online: true },
      { uin: uin(3785096088), nick: "丙", card: Option.none(), role: "member", online: true },
      { uin: uin(4294967295), nick: "丁", card: Option.none(), role: "member", online: false },
      { uin: uin(10001), nick: "戊", card: Option.none(), role: "admin", online: false }
    ])
  })

  it("an owner whose mflag has bit 0 is still the owner", () => {
    const { ginfo, ...reply } = Samples.groupInfo
    const flagged = { ...ginfo, members: [{ muin: 2440652742, mflag: 193 }] }
    deepStrictEqual(
      members({ ...reply, ginfo: flagged }).map(({ role }) => role),
      ["owner", "member", "member", "member", "member"]
    )
  })

  it("members are joined by uin, not by position", () => {
    const { ginfo, minfo, ...reply } = Samples.groupInfo
    const shuffled = {
      ...reply,
      ginfo: { ...ginfo, members: [...ginfo.members].reverse() },
      minfo: minfo.map(({ uin, ...member }) => ({ ...member, uin: String(uin) }))
    }
    deepStrictEqual(members(shuffled), members(Samples.groupInfo))
  })

  it("with nothing but minfo, which seed 2 promises (群成员), there are names", () => {
    deepStrictEqual(members({ minfo: [{ uin: 10001, nick: "甲" }] }), [
      { uin: uin(10001), nick: "甲", card: Option.none(), role: "member", online: false }
    ])
  })

  it("a member is shown by card, else by nick", () => {
    const names = members(Samples.groupInfo).map(Groups.memberName)
    deepStrictEqual(names, ["甲", "班长", "丙", "丁", "戊"])
  })

  it("members of a discussion group have their real number and status, joined by uin", () => {
    const decode = Schema.decodeUnknownSync(Groups.DiscuInfo)
    const expected = [
      { uin: uin(2440652742), nick: "甲", account: Option.some(Ids.QQ.make(10001)), status: Option.none() },
      { uin: uin(1574737440), nick: "乙", account: Option.some(Ids.QQ.make(10002)), status: Option.some("away") }
    ]
    deepStrictEqual(Groups.discussionMembers(decode(Samples.discuInfo)), expected)
    const { info } = Samples.discuInfo
    const reversed = { ...Samples.discuInfo, info: { ...info, mem_list: [...info.mem_list].reverse() } }
    deepStrictEqual(Groups.discussionMembers(decode(reversed)), expected)
  })

  it("a discussion group without owner and numbers is read (reference, section 4.1: one fixture lacks them)", () => {
    const { mem_info } = Samples.discuInfo
    const reply = Schema.decodeUnknownSync(Groups.DiscuInfo)({ info: { did: "1664044173" }, mem_info })
    assert.strictEqual(reply.info.did, Ids.DiscussionId.make(1664044173))
    deepStrictEqual(
      Groups.discussionMembers(reply).map(({ account, nick }) => [nick, account]),
      [
        ["甲", Option.none()],
        ["乙", Option.none()]
      ]
    )
  })
})
