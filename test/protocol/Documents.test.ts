/** Our client against the replies that the documents print, word for word, without our server. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option, Redacted, Stream, TestClock } from "effect"
import { Login } from "../../src/programs/index.ts"
import { Contacts, Messages, Poll } from "../../src/protocol/index.ts"
import { Contacts as ContactsSchema, Content, Ids } from "../../src/schema/index.ts"
import { anonymous, json, loggedIn, script, text } from "../support/Script.ts"

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
      assert.deepStrictEqual(ContactsSchema.friends(list), [
        { uin: Ids.Uin.make(1574737440), nick: "ZerUniverse", markname: Option.none(), category: "我的好友" }
      ])
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

  it.effect("a send is done with retcode 0 (seed 2, 消息回复)", () =>
    Effect.gen(function* () {
      const { layer } = script(text('{"retcode":0,"result":"ok"}'))
      const id = yield* Messages.sendBuddyMsg2({
        to: Ids.Uin.make(1574737440),
        content: Content.make(["你好"])
      }).pipe(Effect.provide(Layer.merge(layer, loggedIn)))
      assert.strictEqual(id, 101)
    })
  )
})
