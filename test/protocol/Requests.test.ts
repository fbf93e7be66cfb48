/** What goes out, byte for byte, against the parameter lists of the documents and not against our own descriptions. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, TestClock } from "effect"
import { Channel, Contacts, Messages, Ptlogin } from "../../src/protocol/index.ts"
import { Content, Ids } from "../../src/schema/index.ts"
import { type Answer, anonymous, json, loggedIn, script, text, token } from "../support/Script.ts"

const loginPage = (rest: string) => `https://ui.ptlogin2.qq.com/cgi-bin/login?${rest}`
const pageReferer = loginPage(
  "daid=164&target=self&style=5&mibao_css=m_webqq&appid=1003903&enable_qlogin=0&no_verifyimg=1&s_url=http%3A%2F%2Fweb2.qq.com%2Floginproxy.html&f_url=loginerroralert&strong_login=1&login_state=10&t=20130723001"
)
const loginReferer = loginPage(
  "target=self&style=5&mibao_css=mwebqq&appid=1003903&enable_qlogin=0&no_verifyimg=1&s_url=http%3A%2F%2Fweb.qq.com%2Floginproxy.html&f_url=loginerroralert&strong_login=1&login_state=10&t=20130221001"
)
const apiReferer = "http://s.web2.qq.com/proxy.html?v=20110412001&callback=1&id=3"
const channelReferer = "http://d.web2.qq.com/proxy.html?v=20110331002&callback=1&id=2"

const account = Ids.QQ.make(1685359365)
const checkReply = { code: "0", verifyCode: "!PTH", salt: Uint8Array.from([0, 0, 0, 0, 0x64, 0x74, 0x8b, 5]) }

const names = (pairs: ReadonlyArray<readonly [string, string]>) => pairs.map(([name]) => name)
const sole = <A>(values: ReadonlyArray<A>): A => {
  assert.strictEqual(values.length, 1)
  return values[0] as A
}

const asking = <A, E>(
  effect: Effect.Effect<
    A,
    E,
    Layer.Layer.Success<typeof loggedIn> | Layer.Layer.Success<ReturnType<typeof script>["layer"]>
  >,
  answer: Answer
) => {
  const { asked, layer } = script(answer)
  return effect.pipe(
    Effect.provide(Layer.merge(layer, loggedIn)),
    Effect.map(() => sole(asked))
  )
}

describe("requests of the 2013 dialect", () => {
  it.effect("check: seed 1, 检查是否需要验证码, in the order of Tencent's page", () =>
    Effect.gen(function* () {
      const asked = yield* asking(
        Ptlogin.check(account),
        text("ptui_checkVC('0','!PTH','\\x00\\x00\\x00\\x00\\x64\\x74\\x8b\\x05');")
      )
      assert.strictEqual(asked.method, "GET")
      assert.strictEqual(asked.url, "https://ssl.ptlogin2.qq.com/check")
      const r = Number(Object.fromEntries(asked.query).r)
      assert.isTrue(r >= 0 && r < 1)
      assert.deepStrictEqual(asked.query.slice(0, -1), [
        ["uin", "1685359365"],
        ["appid", "1003903"],
        ["js_ver", "10040"],
        ["js_type", "0"],
        ["login_sig", ""],
        ["u1", "http://web2.qq.com/loginproxy.html"]
      ])
      assert.strictEqual(asked.headers.referer, pageReferer)
      assert.include(asked.headers["user-agent"], "Mozilla")
    })
  )

  it.effect("login: seed 1, 校验密码, in the order of Tencent's page, with ptredirect spelt right", () =>
    Effect.gen(function* () {
      const password = Redacted.make("password")
      const asked = yield* asking(
        Ptlogin.login({ account, password, check: checkReply }),
        text("ptuiCB('0','0','http://www.qq.com','0','登录成功!', 'nickname');")
      )
      assert.strictEqual(asked.method, "GET")
      assert.strictEqual(asked.url, "https://ssl.ptlogin2.qq.com/login")
      assert.deepStrictEqual(asked.query, [
        ["u", "1685359365"],
        ["p", "8B861F6C749FD12FA8D03A0B1BB3A414"],
        ["verifycode", "!PTH"],
        ["webqq_type", "10"],
        ["remember_uin", "1"],
        ["login2qq", "1"],
        ["aid", "1003903"],
        ["u1", "http://www.qq.com/loginproxy.html?login2qq=1&webqq_type=10"],
        ["h", "1"],
        ["ptredirect", "0"],
        ["ptlang", "2052"],
        ["daid", "164"],
        ["from_ui", "1"],
        ["pttype", "1"],
        ["dumy", ""],
        ["fp", "loginerroralert"],
        ["action", "4-5-8246"],
        ["mibao_css", "m_webqq"],
        ["t", "1"],
        ["g", "1"],
        ["js_type", "0"],
        ["js_ver", "10040"],
        ["login_sig", ""]
      ])
      assert.strictEqual(asked.headers.referer, loginReferer)
    })
  )

  it.effect("login2: seed 1, 登录", () =>
    Effect.gen(function* () {
      const asked = yield* asking(
        Channel.login2({ ptwebqq: token.ptwebqq("PT"), clientid: Ids.ClientId.make(12345678) }),
        json({ retcode: 0, result: { uin: 1685359365, psessionid: "", vfwebqq: "", status: "online" } })
      )
      assert.strictEqual(asked.method, "POST")
      assert.strictEqual(asked.url, "http://d.web2.qq.com/channel/login2")
      assert.deepStrictEqual(asked.form, [
        ["r", '{"status":"online","ptwebqq":"PT","passwd_sig":"","clientid":12345678,"psessionid":null}'],
        ["clientid", "12345678"],
        ["psessionid", "null"]
      ])
      assert.strictEqual(asked.headers.referer, apiReferer)
      assert.strictEqual(asked.headers.origin, "http://d.web2.qq.com")
    })
  )

  it.effect("get_self_info2: t is 13 digits, in ms", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1370671760656)
      const asked = yield* asking(Contacts.getSelfInfo2, json({ retcode: 0, result: { uin: 1, nick: "n" } }))
      assert.strictEqual(asked.url, "http://s.web2.qq.com/api/get_self_info2")
      assert.deepStrictEqual(asked.query, [["t", "1370671760656"]])
    })
  )

  it.effect("get_user_friends2: seed 1, 更新好友列表, with ptwebqq in the hash", () =>
    Effect.gen(function* () {
      const asked = yield* asking(Contacts.getUserFriends2, json({ retcode: 0, result: { friends: [] } }))
      assert.strictEqual(asked.url, "http://s.web2.qq.com/api/get_user_friends2")
      // The hash of this account and ptwebqq, from the table of the protocol notes (section 3.3).
      assert.deepStrictEqual(asked.form, [["r", '{"h":"hello","hash":"092159375EC45D4E","vfwebqq":"vfwebqq-secret"}']])
      assert.strictEqual(asked.headers.referer, apiReferer)
    })
  )

  it.effect("poll2: seed 1, 获取消息", () =>
    Effect.gen(function* () {
      const asked = yield* asking(Channel.poll2, json({ retcode: 102 }))
      assert.strictEqual(asked.url, "http://d.web2.qq.com/channel/poll2")
      assert.deepStrictEqual(asked.form, [
        ["r", '{"clientid":12345678,"psessionid":"psessionid-secret","key":0,"ids":[]}'],
        ["clientid", "12345678"],
        ["psessionid", "psessionid-secret"]
      ])
      assert.strictEqual(asked.headers.referer, channelReferer)
      assert.strictEqual(asked.headers["content-type"], "application/x-www-form-urlencoded")
    })
  )

  it.effect("send_buddy_msg2: seed 1, 发送好友消息; the content is JSON inside JSON", () =>
    Effect.gen(function* () {
      const content = Content.make(['a "b"\nc', Content.face(14)])
      const asked = yield* asking(
        Messages.sendBuddyMsg2({ to: Ids.Uin.make(2440652742), content }),
        json({ retcode: 0, result: "ok" })
      )
      assert.strictEqual(asked.url, "http://d.web2.qq.com/channel/send_buddy_msg2")
      assert.deepStrictEqual(asked.form, [
        [
          "r",
          String.raw`{"to":2440652742,"face":564,"content":"[\"a \\\"b\\\"\\nc\",[\"face\",14],[\"font\",{\"name\":\"宋体\",\"size\":10,\"style\":[0,0,0],\"color\":\"000000\"}]]","msg_id":101,"clientid":12345678,"psessionid":"psessionid-secret"}`
        ],
        ["clientid", "12345678"],
        ["psessionid", "psessionid-secret"]
      ])
      assert.strictEqual(asked.headers.referer, apiReferer)
    })
  )

  it.effect("logout2: seed 2, logout2", () =>
    Effect.gen(function* () {
      const asked = yield* asking(Channel.logout2, json({ retcode: 0, result: "ok" }))
      assert.strictEqual(asked.url, "http://d.web2.qq.com/channel/logout2")
      assert.deepStrictEqual(names(asked.query), ["ids", "clientid", "psessionid", "t"])
      assert.strictEqual(asked.headers.referer, channelReferer)
    })
  )

  it.effect("no header of a tracer goes out, and no cookie that nobody set", () =>
    Effect.gen(function* () {
      const { asked, layer } = script(text("ptui_checkVC('0','!PTH','\\x00');"))
      yield* Ptlogin.check(account).pipe(Effect.withSpan("outer"), Effect.provide(Layer.merge(layer, anonymous)))
      assert.sameMembers(Object.keys(sole(asked).headers), ["user-agent", "referer"])
    })
  )
})
