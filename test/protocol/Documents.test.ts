/**
 * Our client against the replies that the documents print, word for word, and against the shapes that the reference
 * (section 4) gives where they print none; without our server.
 */
import { assert, describe, it } from "@effect/vitest"
// Unlike assert's, it sees that none is not some.
import { deepStrictEqual } from "@effect/vitest/utils"
import { Effect, Fiber, Layer, Option, Redacted, Stream, TestClock } from "effect"
import { Login } from "../../src/programs/index.ts"
import { Channel, Contacts, Messages, Poll } from "../../src/protocol/index.ts"
import { Contacts as ContactsSchema, Content, Groups, Ids } from "../../src/schema/index.ts"
import * as Samples from "../fixtures/Samples.ts"
import { anonymous, json, loggedIn, script, text, token } from "../rigs/ScriptedServer.ts"

/** Seed 1, 检查是否需要验证码. */
const checkVC = String.raw`ptui_checkVC('0','!PTH','\x00\x00\x00\x00\x64\x74\x8b\x05');`
/** Seed 1, 校验密码. */
const ptuiCB = "ptuiCB('0','0','http://www.qq.com','0','登录成功!', 'nickname');"
/** Seed 1, 登录, as JSON instead of Python; the tokens are empty there. */
const login2 = `{"retcode": 0, "result": {"status": "online", "index": 1075, "psessionid": "", "user_state": 0, "f": 0,
  "uin": 1685359365, "cip": 3673277226, "vfwebqq": "", "port": 43332}}`
/** Seed 2, 获取个人信息. */
const selfInfo = `{"retcode":0,"result":{"birthday":{"month":2,"year":1994,"day":7},"face":567,"phone":"","occupation":"","allow":3,"college":"","uin":2993078122,"blood":0,"constel":1,"lnick":"小黄鸡","vfwebqq":"588dac747352a8546cffc1cef12cac84d335c063392822fab7022fd5c2660f49917b737eff11764b","homepage":"","vip_info":0,"city":"温哥华","country":"加拿大","personal":"","shengxiao":10,"nick":"小黄鸡","email":"","province":"","account":2993078122,"gender":"male","mobile":""}}`
/** Seed 2, 好友信息. */
const friends = `{"retcode":0,"result":{"friends":[{"flag":0,"uin":1574737440,"categories":0}],"marknames":[],"categories":[],"vipinfo":[{"vip_level":0,"u":1574737440,"is_vip":0}],"info":[{"face":252,"flag":17334848,"nick":"ZerUniverse","uin":1574737440}]}}`
/** Seed 2, 获取vfwebqq码. */
const getvfwebqq = `{"retcode":0,"result":{"vfwebqq":"5cf2b148005e4a818b9daba310f90bbde6b0549c8b2e246dd318f0bc5dd159a4f67ff385b95b7096"}}`
/** Seed 2, 群信息. */
const groups = `{"retcode":0,"result":{"gmasklist":[],"gnamelist":[],"gmarklist":[]}}`
/** Seed 2, 讨论组信息. */
const discussions = `{"retcode":0,"result":{"dnamelist":[{"name":"ZZYTEST、QQ提醒、ZerUniver","did":1664044173}]}}`

const uin = (n: number) => Ids.Uin.make(n)

describe("the documents' own replies", () => {
  it.effect("log a client in", () =>
    Effect.gen(function* () {
      const { asked, layer } = script(
        text(checkVC),
        text(ptuiCB, { headers: { "set-cookie": "ptwebqq=abc123; path=/; domain=qq.com" } }),
        text("<html></html>"),
        text(login2)
      )
      const credentials = yield* Login.withPassword({
        account: Ids.QQ.make(1685359365),
        password: Redacted.make("password")
      }).pipe(Effect.provide(Layer.merge(layer, anonymous)))
      assert.strictEqual(credentials.account, 1685359365)
      assert.strictEqual(Redacted.value(credentials.ptwebqq), "abc123")
      assert.deepStrictEqual(
        asked.map(({ url }) => url),
        [
          "https://ssl.ptlogin2.qq.com/check",
          "https://ssl.ptlogin2.qq.com/login",
          "http://www.qq.com/",
          "http://d.web2.qq.com/channel/login2"
        ]
      )
      assert.strictEqual(Object.fromEntries(asked[1]?.query ?? []).p, "8B861F6C749FD12FA8D03A0B1BB3A414")
      assert.strictEqual(asked[3]?.headers.cookie, "ptwebqq=abc123")
    })
  )

  it.effect("show the own profile and the friends", () =>
    Effect.gen(function* () {
      const { layer } = script(text(selfInfo), text(friends))
      const [self, list] = yield* Effect.all([Contacts.getSelfInfo2, Contacts.getUserFriends2]).pipe(
        Effect.provide(Layer.merge(layer, loggedIn))
      )
      assert.deepInclude(self, {
        uin: Ids.QQ.make(2993078122),
        nick: "小黄鸡",
        lnick: "小黄鸡",
        city: "温哥华",
        gender: "male"
      })
      assert.deepStrictEqual(self.birthday, { year: 1994, month: 2, day: 7 })
      deepStrictEqual(ContactsSchema.friends(list), [
        { uin: uin(1574737440), nick: "ZerUniverse", markname: Option.none(), category: "我的好友" }
      ])
    })
  )

  it.effect("give the vfwebqq of the later dialect (seed 2, 获取vfwebqq码)", () =>
    Effect.gen(function* () {
      const vfwebqq = yield* Contacts.getvfwebqq({
        ptwebqq: token.ptwebqq("abc123"),
        clientid: Ids.ClientId.make(53999199)
      }).pipe(Effect.provide(Layer.merge(script(text(getvfwebqq)).layer, anonymous)))
      assert.strictEqual(
        Redacted.value(vfwebqq),
        "5cf2b148005e4a818b9daba310f90bbde6b0549c8b2e246dd318f0bc5dd159a4f67ff385b95b7096"
      )
    })
  )

  it.effect("show no group and one discussion group (seed 2, 群信息 and 讨论组信息)", () =>
    Effect.gen(function* () {
      const { layer } = script(text(groups), text(discussions))
      const [list, discus] = yield* Effect.all([Contacts.getGroupNameListMask2, Contacts.getDiscusList]).pipe(
        Effect.provide(Layer.merge(layer, loggedIn))
      )
      assert.deepStrictEqual(Groups.groups(list), [])
      assert.deepStrictEqual(discus, {
        dnamelist: [{ name: "ZZYTEST、QQ提醒、ZerUniver", did: Ids.DiscussionId.make(1664044173) }],
        dmasklist: []
      })
    })
  )

  it.effect("give the account behind a uin, in result->account (seed 2, 通过UIN获取QQ号)", () =>
    Effect.gen(function* () {
      const replies = [{ account: 1685359365 }, { uiuin: "", account: "1685359365", uin: 2440652742 }]
      for (const result of replies) {
        const account = yield* Contacts.getFriendUin2(uin(2440652742)).pipe(
          Effect.provide(Layer.merge(script(json({ retcode: 0, result })).layer, loggedIn))
        )
        assert.strictEqual(account, Ids.QQ.make(1685359365))
      }
    })
  )

  it.effect("give the members of a group, uin and nick in result->minfo (seed 2, 群成员)", () =>
    Effect.gen(function* () {
      const minimal = { minfo: [{ uin: 10001, nick: "甲" }] }
      const { layer } = script(json({ retcode: 0, result: minimal }), json({ retcode: 0, result: Samples.groupInfo }))
      const [one, five] = yield* Effect.replicateEffect(
        Contacts.getGroupInfoExt2(Ids.GroupCode.make(3557387121)),
        2
      ).pipe(Effect.provide(Layer.merge(layer, loggedIn)))
      deepStrictEqual(one && Groups.members(one), [
        { uin: uin(10001), nick: "甲", card: Option.none(), role: "member", online: false }
      ])
      // The reference's shape, section 4.1, with every list.
      assert.deepInclude(five?.ginfo, { name: "同学群", owner: uin(2440652742), memo: "公告" })
      assert.deepStrictEqual(five && Groups.members(five).map(Groups.memberName), ["甲", "班长", "丙", "丁", "戊"])
    })
  )

  it.effect("give the members of a discussion group (reference, section 4.1)", () =>
    Effect.gen(function* () {
      const { layer } = script(json({ retcode: 0, result: Samples.discuInfo }))
      const reply = yield* Channel.getDiscuInfo(Ids.DiscussionId.make(1664044173)).pipe(
        Effect.provide(Layer.merge(layer, loggedIn))
      )
      assert.deepInclude(reply.info, { discu_name: "讨论组", discu_owner: uin(2440652742) })
      deepStrictEqual(Groups.discussionMembers(reply), [
        { uin: uin(2440652742), nick: "甲", account: Option.some(Ids.QQ.make(10001)), status: Option.none() },
        { uin: uin(1574737440), nick: "乙", account: Option.some(Ids.QQ.make(10002)), status: Option.some("away") }
      ])
    })
  )

  it.effect("give the signature of a temporary session (reference, section 4.5)", () =>
    Effect.gen(function* () {
      const { layer } = script(json({ retcode: 0, result: Samples.c2cmsgSig }))
      const common = { _tag: "Group", gid: Ids.GroupId.make(833193360) } as const
      const signature = yield* Messages.getC2cmsgSig2({ to: uin(2440652742), common }).pipe(
        Effect.provide(Layer.merge(layer, loggedIn))
      )
      assert.strictEqual(Redacted.value(signature), "0a1b2c3d4e5f60718293")
    })
  )

  it.effect("poll: 102 nothing, 116 a new ptwebqq, 0 messages, kick_message the end (seed 2, 消息获取)", () =>
    Effect.gen(function* () {
      const message = (msg_id: number, words: string) => ({
        poll_type: "message",
        value: {
          msg_id,
          from_uin: 1574737440,
          to_uin: 2993078122,
          time: 1374225160,
          content: [["font", { name: "Arial", size: 10, style: [0, 0, 0], color: "000000" }], words]
        }
      })
      const kick = { poll_type: "kick_message", value: { reason: "您的帐号在另一地点登录" } }
      const { layer } = script(
        json({ retcode: 116, p: "renewed" }),
        json({ retcode: 0, result: [kick, { poll_type: "input_notify", value: {} }, message(2, "b"), message(1, "a")] })
      )
      const seen: Array<string> = []
      const fiber = yield* Poll.events().pipe(
        Stream.runForEach((event) =>
          Effect.sync(() => seen.push(event._tag === "BuddyMessage" ? Content.toText(event.content) : event._tag))
        ),
        Effect.flip,
        Effect.provide(Layer.merge(layer, loggedIn)),
        Effect.fork
      )
      // The pause after an answer that came at once and had no events.
      yield* TestClock.adjust("1 second")
      assert.deepInclude(yield* Fiber.join(fiber), { _tag: "Kicked", reason: "您的帐号在另一地点登录" })
      assert.deepStrictEqual(seen, ["a", "b", "InputNotify"])
    })
  )

  it.effect("a send and a change are done with retcode 0 (seed 2, 消息回复; reference, section 4.1)", () =>
    Effect.gen(function* () {
      const { layer } = script(...Array.from({ length: 6 }, () => text('{"retcode":0,"result":"ok"}')))
      const account = Ids.QQ.make(10001)
      const done = yield* Effect.all([
        Messages.sendBuddyMsg2({ to: uin(1574737440), content: Content.make(["你好"]) }),
        Contacts.setLongNick2("签名"),
        Contacts.allowAndAdd2({ account, markname: "小明" }),
        Contacts.allowAddedRequest2(account),
        Contacts.denyAddedRequest2({ account, reason: "不认识" }),
        Channel.logout2
      ]).pipe(Effect.provide(Layer.merge(layer, loggedIn)))
      assert.deepStrictEqual(done, [Ids.MsgId.make(101), undefined, undefined, undefined, undefined, undefined])
    })
  )
})
