/** What goes out while logging in: against the parameter lists of the documents and of the reference, section 2. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { CheckSig, Dialects, PasswordMd5, PasswordTea, Ptlogin } from "../../src/protocol/index.ts"
import { Ids } from "../../src/schema/index.ts"
import {
  anonymous,
  askedBy,
  assertAsked,
  credentials,
  loggedIn,
  loggedInTo,
  script,
  text
} from "../rigs/ScriptedServer.ts"

const loginPage = (rest: string) => `https://ui.ptlogin2.qq.com/cgi-bin/login?${rest}`
const pageReferer = loginPage(
  "daid=164&target=self&style=5&mibao_css=m_webqq&appid=1003903&enable_qlogin=0&no_verifyimg=1&s_url=http%3A%2F%2Fweb2.qq.com%2Floginproxy.html&f_url=loginerroralert&strong_login=1&login_state=10&t=20130723001"
)
const loginReferer = loginPage(
  "target=self&style=5&mibao_css=mwebqq&appid=1003903&enable_qlogin=0&no_verifyimg=1&s_url=http%3A%2F%2Fweb.qq.com%2Floginproxy.html&f_url=loginerroralert&strong_login=1&login_state=10&t=20130221001"
)
const account = Ids.QQ.make(1685359365)
const checkReply = { code: "0", verifyCode: "!PTH", salt: Uint8Array.from([0, 0, 0, 0, 0x64, 0x74, 0x8b, 5]) }

describe("requests of the 2013 login", () => {
  it.effect("check: seed 1, 检查是否需要验证码, in the order of Tencent's page", () =>
    Effect.gen(function* () {
      const [asked] = yield* askedBy(
        Ptlogin.check(account),
        loggedIn,
        text("ptui_checkVC('0','!PTH','\\x00\\x00\\x00\\x00\\x64\\x74\\x8b\\x05');")
      )
      const r = asked?.query.at(-1) ?? ["", ""]
      assert.isTrue(r[0] === "r" && Number(r[1]) >= 0 && Number(r[1]) < 1)
      assertAsked(asked, {
        url: "https://ssl.ptlogin2.qq.com/check",
        query: [
          ["uin", "1685359365"],
          ["appid", "1003903"],
          ["js_ver", "10040"],
          ["js_type", "0"],
          ["login_sig", ""],
          ["u1", "http://web2.qq.com/loginproxy.html"],
          r
        ],
        referer: pageReferer
      })
      assert.include(asked?.headers["user-agent"], "Mozilla")
    })
  )

  it.effect("getimage: seed 1, 获取验证码", () =>
    Effect.gen(function* () {
      const [asked] = yield* askedBy(Ptlogin.getimage({ account, capCd: "!cap" }), loggedIn, text("picture"))
      assertAsked(asked, {
        url: "https://ssl.captcha.qq.com/getimage",
        query: [
          ["aid", "1003903"],
          ["r", Object.fromEntries(asked?.query ?? []).r ?? ""],
          ["uin", "1685359365"]
        ],
        referer: pageReferer
      })
    })
  )

  it.effect("login: seed 1, 校验密码, in the order of Tencent's page, with ptredirect spelt right", () =>
    Effect.gen(function* () {
      const [asked] = yield* askedBy(
        Ptlogin.login({ account, password: Redacted.make("password"), check: checkReply }),
        loggedIn,
        text("ptuiCB('0','0','http://www.qq.com','0','登录成功!', 'nickname');")
      )
      assertAsked(asked, {
        url: "https://ssl.ptlogin2.qq.com/login",
        query: [
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
        ],
        referer: loginReferer
      })
    })
  )

  it.effect("check_sig and loginproxy: seed 1, 请求校验密码所返回的连接", () =>
    Effect.gen(function* () {
      const proxy = "http://www.qq.com/loginproxy.html?login2qq=1&webqq_type=10"
      const asked = yield* askedBy(
        CheckSig.checkSig(Redacted.make("http://ptlogin4.web2.qq.com/check_sig?pttype=1&uin=1685359365")),
        loggedIn,
        text("", { status: 302, headers: { location: proxy } }),
        text("<html></html>")
      )
      assertAsked(asked[0], {
        url: "http://ptlogin4.web2.qq.com/check_sig",
        query: [
          ["pttype", "1"],
          ["uin", "1685359365"]
        ],
        referer: pageReferer
      })
      assertAsked(asked[1], {
        url: "http://www.qq.com/loginproxy.html",
        query: [
          ["login2qq", "1"],
          ["webqq_type", "10"]
        ],
        referer: pageReferer
      })
    })
  )

  it.effect("no header of a tracer goes out, and no cookie that nobody set", () =>
    Effect.gen(function* () {
      const { asked, layer } = script(text("ptui_checkVC('0','!PTH','\\x00');"))
      yield* Ptlogin.check(account).pipe(Effect.withSpan("outer"), Effect.provide(Layer.merge(layer, anonymous)))
      assert.sameMembers(Object.keys(asked[0]?.headers ?? {}), ["user-agent", "referer"])
    })
  )

  it("the client's numbers are those of the reference, sections 1.1 and 1.4", () => {
    const { clientId, heartbeat } = Dialects.webqq2013
    assert.deepStrictEqual([clientId(0), clientId(0.9999999999)], [11111111, 99999998])
    assert.isTrue(heartbeat)
  })
})

describe("requests of the 2014 login", () => {
  const in2014 = loggedInTo(Dialects.webqq2014, credentials)
  /** The page that was fetched (reference, sections 1.1 to 1.3): style 5, an empty t. */
  const page = loginPage(
    "daid=164&target=self&style=5&mibao_css=m_webqq&appid=1003903&enable_qlogin=0&no_verifyimg=1&s_url=http%3A%2F%2Fweb2.qq.com%2Floginproxy.html&f_url=loginerroralert&strong_login=1&login_state=10&t="
  )

  it.effect("check: pt_tea first, js_ver 10116 (reference, section 2.2, Pi)", () =>
    Effect.gen(function* () {
      const [asked] = yield* askedBy(
        Ptlogin.check(account),
        in2014,
        text("ptui_checkVC('0','!XYZ','\\x00\\x00\\x00\\x00\\x64\\x74\\x8b\\x05','0123abcd','0');")
      )
      assertAsked(asked, {
        url: "https://ssl.ptlogin2.qq.com/check",
        query: [
          ["pt_tea", "1"],
          ["uin", "1685359365"],
          ["appid", "1003903"],
          ["js_ver", "10116"],
          ["js_type", "0"],
          ["login_sig", ""],
          ["u1", "http://web2.qq.com/loginproxy.html"],
          ["r", Object.fromEntries(asked?.query ?? []).r ?? ""]
        ],
        referer: page
      })
    })
  )

  /** checkVC's fourth and fifth argument come back as pt_verifysession_v1 and pt_randsalt (reference, section 2.2). */
  for (const [isRandSalt, randsalt] of [
    [true, "1"],
    [false, "0"]
  ] as const) {
    it.effect(
      `login: the proof and the last four parameters, pt_randsalt ${randsalt} (reference, section 2.4, Pi)`,
      () =>
        Effect.gen(function* () {
          const salt = Uint8Array.from([0x96, 0, 0xb9, 0xd6, 0xcf, 0x87, 0xae, 0xf4])
          const check = { code: "0", verifyCode: "!ZDP", salt, verifysession: Redacted.make("0123abcd"), isRandSalt }
          const [asked] = yield* askedBy(
            Ptlogin.login({ account, password: Redacted.make("password"), check }),
            in2014,
            text("ptuiCB('0','0','http://www.qq.com','0','登录成功!', 'nickname');")
          )
          const p = asked?.query[1]?.[1] ?? ""
          const passwordDigest = PasswordMd5.digest("password")
          assert.isTrue(PasswordTea.verify({ passwordDigest, salt, verifyCode: "!ZDP", proof: p }))
          assert.isFalse(PasswordTea.verify({ passwordDigest, salt, verifyCode: "!PTH", proof: p }))
          assertAsked(asked, {
            url: "https://ssl.ptlogin2.qq.com/login",
            query: [
              ["u", "1685359365"],
              ["p", p],
              ["verifycode", "!ZDP"],
              ["webqq_type", "10"],
              ["remember_uin", "1"],
              ["login2qq", "1"],
              ["aid", "1003903"],
              ["u1", "http://web.qq.com/loginproxy.html?login2qq=1&webqq_type=10"],
              ["h", "1"],
              ["ptredirect", "0"],
              ["ptlang", "2052"],
              ["daid", "164"],
              ["from_ui", "1"],
              ["pttype", "1"],
              ["dumy", ""],
              ["fp", "loginerroralert"],
              // How often the mouse and the keyboard were used, and for how long: any three numbers will do.
              ["action", Object.fromEntries(asked?.query ?? []).action ?? ""],
              ["mibao_css", "m_webqq"],
              ["t", "1"],
              ["g", "1"],
              ["js_type", "0"],
              ["js_ver", "10116"],
              ["login_sig", ""],
              ["pt_uistyle", "5"],
              ["pt_randsalt", randsalt],
              ["pt_vcode_v1", "0"],
              ["pt_verifysession_v1", "0123abcd"]
            ],
            referer: page
          })
          assert.match(Object.fromEntries(asked?.query ?? []).action ?? "", /^\d+-\d+-\d+$/)
        })
    )
  }
})
