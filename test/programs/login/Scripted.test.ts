/** What a password login sends to servers that behave in ways in which the embedded one does not. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Login } from "../../../src/programs/index.ts"
import { Dialects, PasswordMd5 } from "../../../src/protocol/index.ts"
import { CaptchaSolver } from "../../../src/services/index.ts"
import { as } from "../../rigs/Client.ts"
import { inProcess } from "../../rigs/Fronts.ts"
import { type Answer, type Asked, anonymousIn, script, text } from "../../rigs/ScriptedServer.ts"

const page = (rest: string) => `https://ui.ptlogin2.qq.com/cgi-bin/login?${rest}`
/** Seed 1, 校验密码: the Referer without a captcha, and with one. */
const plainReferer = page(
  "target=self&style=5&mibao_css=mwebqq&appid=1003903&enable_qlogin=0&no_verifyimg=1&s_url=http%3A%2F%2Fweb.qq.com%2Floginproxy.html&f_url=loginerroralert&strong_login=1&login_state=10&t=20130221001"
)
const captchaReferer = page(
  "daid=164&target=self&style=5&mibao_css=m_webqq&appid=1003903&enable_qlogin=0&no_verifyimg=1&s_url=http%3A%2F%2Fweb2.qq.com%2Floginproxy.html&f_url=loginerroralert&strong_login=1&login_state=10&t=20130903001"
)

const salt = "\\x00\\x00\\x00\\x00\\x00\\x00\\x27\\x11"
const free = text(`ptui_checkVC('0','!PTH','${salt}');`)
const wanted = (capCd: string) => text(`ptui_checkVC('1','${capCd}','${salt}','','0');`)
const picture = (cookie: string) => text("picture", { headers: { "set-cookie": `${cookie}; Domain=qq.com; Path=/` } })
const wrongPassword = text("ptuiCB('3','0','','0','您输入的帐号或密码不正确，请重新输入。', '');")
const wrongCaptcha = text("ptuiCB('4','0','','0','您输入的验证码不正确，请重新输入。', '');")
const pageExpired = text("ptuiCB('4','2','','0','页面过期，请重试。*', '');")

/** Logs in with somebody who reads one captcha after the other; all of these end in a failure. */
const failing = (
  {
    answers,
    captchas,
    dialect = Dialects.webqq2013
  }: {
    readonly answers: ReadonlyArray<string>
    readonly captchas?: number
    readonly dialect?: Dialects.Dialect
  },
  ...replies: ReadonlyArray<Answer>
) =>
  Effect.gen(function* () {
    const { asked, layer } = script(...replies)
    const steps: Array<Login.Step> = []
    const shown: Array<CaptchaSolver.Captcha> = []
    const error = yield* Login.withPassword({
      ...as(10001),
      ...(captchas === undefined ? {} : { captchas }),
      onStep: (step) => Effect.sync(() => steps.push(step))
    }).pipe(
      Effect.flip,
      Effect.provide(CaptchaSolver.layer((captcha) => Effect.sync(() => answers[shown.push(captcha) - 1] ?? ""))),
      Effect.provide(Layer.merge(layer, anonymousIn(dialect)))
    )
    assert.strictEqual(asked.length, replies.length)
    return { asked, error, steps, shown }
  })

const value = (asked: Asked | undefined, name: string) => asked?.query.find(([key]) => key === name)?.[1]

describe("the Referer of login", () => {
  it.effect("is one page without a captcha, and another one with it", () =>
    Effect.gen(function* () {
      const without = yield* failing({ answers: [] }, free, wrongPassword)
      assert.strictEqual(without.asked[1]?.headers.referer, plainReferer)
      const within = yield* failing({ answers: ["abcd"] }, wanted("cap"), picture("verifysession=v1"), wrongPassword)
      assert.strictEqual(within.asked[2]?.headers.referer, captchaReferer)
    })
  )
})

describe("an answer to a captcha", () => {
  it.effect("travels in lower case, with the proof over its upper case, and without blanks", () =>
    Effect.gen(function* () {
      for (const typed of ["aBcD", " ABCD\n"]) {
        const { asked } = yield* failing(
          { answers: [typed] },
          wanted("cap"),
          picture("verifysession=v1"),
          wrongPassword
        )
        assert.strictEqual(value(asked[2], "verifycode"), "abcd")
        const proof = PasswordMd5.proof(PasswordMd5.digest("webqq-10001"), PasswordMd5.saltOf(10001), "ABCD")
        assert.strictEqual(value(asked[2], "p"), proof)
        assert.strictEqual(asked[2]?.headers.cookie, "verifysession=v1")
      }
    })
  )

  it.effect("comes with the latest picture's cookie, under its older name as well", () =>
    Effect.gen(function* () {
      const { asked, shown } = yield* failing(
        { answers: ["A", "B"], dialect: Dialects.webqq2014 },
        text("<html></html>"),
        wanted("cap"),
        picture("ptvfsession=v1"),
        wrongCaptcha,
        picture("ptvfsession=v2"),
        wrongPassword
      )
      assert.deepStrictEqual(
        shown.map(({ attempt }) => attempt),
        [1, 2]
      )
      assert.strictEqual(value(asked[3], "pt_verifysession_v1"), "v1")
      assert.strictEqual(value(asked[5], "pt_verifysession_v1"), "v2")
    })
  )

  it.effect("after which the page expired is followed by a new check, not by a picture of the old page", () =>
    Effect.gen(function* () {
      const { asked, error, shown, steps } = yield* failing(
        { answers: ["A", "B"] },
        wanted("cap1"),
        picture("verifysession=v1"),
        pageExpired,
        wanted("cap2"),
        picture("verifysession=v2"),
        pageExpired,
        free,
        wrongPassword
      )
      assert.strictEqual(error._tag, "WrongPassword")
      assert.deepStrictEqual(
        asked.map(({ url }) => new URL(url).pathname),
        ["/check", "/getimage", "/login", "/check", "/getimage", "/login", "/check", "/login"]
      )
      assert.deepStrictEqual(steps, [
        Login.Step.CaptchaWanted({ attempt: 1 }),
        Login.Step.CaptchaWanted({ attempt: 2 }),
        Login.Step.Checked({ verifyCode: "!PTH" })
      ])
      assert.strictEqual(shown.length, 2)
      // No captcha at last, and so the other page.
      assert.strictEqual(asked[7]?.headers.referer, plainReferer)
      assert.strictEqual(value(asked[7], "verifycode"), "!PTH")
    })
  )

  it.effect("on pages that always expire ends after as many as were allowed", () =>
    Effect.gen(function* () {
      const { error } = yield* failing(
        { answers: ["A", "B"], captchas: 2 },
        wanted("cap1"),
        picture("verifysession=v1"),
        pageExpired,
        wanted("cap2"),
        picture("verifysession=v2"),
        pageExpired
      )
      assert.deepInclude(error, { _tag: "WrongCaptcha", pageExpired: true })
    })
  )

  it.effect("is not asked for where there is no picture", () =>
    Effect.gen(function* () {
      const { error, shown } = yield* inProcess.run(failing({ answers: ["A"] }, wanted("cap"), text(""), text("")))
      assert.deepInclude(error, { _tag: "UnexpectedResponse", endpoint: "getimage" })
      assert.strictEqual(shown.length, 0)
    })
  )
})

describe("login_sig", () => {
  const sigs = (body: string, cookie?: string) =>
    failing(
      { answers: [], dialect: Dialects.webqq2014 },
      text(
        body,
        cookie === undefined ? {} : { headers: { "set-cookie": `${cookie}; Domain=ptlogin2.qq.com; Path=/` } }
      ),
      free,
      wrongPassword
    ).pipe(Effect.map(({ asked }) => [value(asked[1], "login_sig"), value(asked[2], "login_sig")]))

  it.effect("is the page's variable, with or without blanks", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        yield* sigs('<script>var g_login_sig=encodeURIComponent("from-page");</script>', "pt_login_sig=from-cookie"),
        ["from-page", "from-page"]
      )
      assert.deepStrictEqual(yield* sigs('g_login_sig = encodeURIComponent ( "spaced" )'), ["spaced", "spaced"])
    })
  )

  it.effect("is the cookie where the variable is empty or missing, and nothing where there is neither", () =>
    Effect.gen(function* () {
      const empty = 'var g_login_sig=encodeURIComponent("");'
      assert.deepStrictEqual(yield* sigs(empty, "pt_login_sig=from-cookie"), ["from-cookie", "from-cookie"])
      assert.deepStrictEqual(yield* sigs("", "pt_login_sig=from-cookie"), ["from-cookie", "from-cookie"])
      assert.deepStrictEqual(yield* sigs(empty), ["", ""])
    })
  )
})
