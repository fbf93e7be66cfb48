import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { Ptlogin } from "../../src/protocol/index.ts"
import { Ids } from "../../src/schema/index.ts"
import { CookieStore } from "../../src/services/index.ts"
import { type Answer, anonymous, script, text } from "../support/Script.ts"

const account = Ids.QQ.make(10001)
const check = { code: "0", verifyCode: "!ABC", salt: new Uint8Array(8) }

const login = (answer: Answer) =>
  Ptlogin.login({ account, password: Redacted.make("password"), check }).pipe(
    Effect.flip,
    Effect.provide(Layer.merge(script(answer).layer, anonymous))
  )

describe("check", () => {
  const run = (answer: Answer) =>
    Ptlogin.check(account).pipe(Effect.flip, Effect.provide(Layer.merge(script(answer).layer, anonymous)))

  it.effect("says when a captcha is wanted or the number is not valid", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* run(text("ptui_checkVC('1','cap','\\x00','','0');")))._tag, "CaptchaRequired")
      const unknown = yield* run(text("ptui_checkVC('2','','\\x00');"))
      assert.strictEqual(unknown.message, "The server does not know the account 10001. Check the number.")
    })
  )

  it.effect("an answer that is not what the document promises names the endpoint and what came", () =>
    Effect.gen(function* () {
      const error = yield* run(text("<html>404 page</html>"))
      assert.deepInclude(error, { _tag: "UnexpectedResponse", endpoint: "check", received: "<html>404 page</html>" })
      assert.include(error.message, "ptui_checkVC")
    })
  )
})

describe("login", () => {
  const codes: ReadonlyArray<readonly [string, string]> = [
    ["3", "WrongPassword"],
    ["4", "WrongCaptcha"],
    ["10", "UnknownAccount"],
    ["2", "AccountBlocked"],
    ["6", "AccountBlocked"],
    ["19", "AccountBlocked"],
    ["71", "AccountBlocked"],
    ["7", "LoginRefused"],
    ["10005", "LoginRefused"],
    ["22", "LoginRefused"]
  ]
  for (const [code, tag] of codes) {
    it.effect(`code ${code} is ${tag}, in the server's own words`, () =>
      Effect.gen(function* () {
        const error = yield* login(text(`ptuiCB('${code}','0','','0','服务器的话。', '');`))
        assert.strictEqual(error._tag, tag)
        if (tag !== "UnknownAccount") assert.include(error.message, "服务器的话")
      })
    )
  }

  it.effect("code 0 with a page of the security centre is a blocked account", () =>
    Effect.gen(function* () {
      const error = yield* login(text("ptuiCB('0','0','https://aq.qq.com/007','0','您的帐号暂时无法登录', 'n');"))
      assert.strictEqual(error._tag, "AccountBlocked")
    })
  )

  it.effect("a failure holds neither password nor proof", () =>
    Effect.gen(function* () {
      const error = yield* login(text("ptuiCB('3','0','','0','8B861F6C749FD12FA8D03A0B1BB3A414', '');"))
      const shown = `${error.message} ${inspect(error, { depth: 9 })} ${JSON.stringify(error)} ${error.stack}`
      assert.notInclude(shown, "8B861F6C749FD12FA8D03A0B1BB3A414")
      assert.notMatch(shown, /= password|"password"/)
    })
  )
})

describe("checkSig", () => {
  const go = (url: string, ...answers: ReadonlyArray<Answer>) => {
    const { asked, layer } = script(...answers)
    return Effect.map(
      Effect.either(Ptlogin.checkSig(Redacted.make(url))).pipe(
        Effect.zip(Effect.flatMap(CookieStore.CookieStore, (store) => store.jar)),
        Effect.provide(Layer.merge(layer, anonymous))
      ),
      ([result, jar]) => ({ result, jar, asked })
    )
  }
  const redirect = (location: string, ...cookies: ReadonlyArray<string>) => {
    const headers = new Headers({ location })
    for (const cookie of cookies) headers.append("set-cookie", cookie)
    return text("", { status: 302, headers })
  }

  it.effect("keeps the cookies of every hop and sends them on", () =>
    Effect.gen(function* () {
      const { asked, jar, result } = yield* go(
        "http://ptlogin4.web2.qq.com/check_sig?uin=1",
        redirect(
          "http://web2.qq.com/next",
          "skey=@abcdefghi; Domain=qq.com; Path=/",
          "p_skey=x; Domain=web2.qq.com; Path=/"
        ),
        redirect("/loginproxy.html", "last=1; Path=/"),
        text("<html></html>")
      )
      assert.deepInclude(result, { _tag: "Right", right: 3 })
      assert.deepStrictEqual(
        asked.map(({ headers, url }) => [url, headers.cookie]),
        [
          ["http://ptlogin4.web2.qq.com/check_sig", undefined],
          ["http://web2.qq.com/next", "skey=@abcdefghi; p_skey=x"],
          ["http://web2.qq.com/loginproxy.html", "skey=@abcdefghi; p_skey=x; last=1"]
        ]
      )
      assert.strictEqual(jar.length, 3)
    })
  )

  for (const foreign of [
    "http://evil.example/check_sig",
    "http://qq.com.evil.example/",
    "http://web2.qq.com:8080/",
    "file:///etc/passwd",
    "https://user@evil.example/"
  ]) {
    it.effect(`is not led to ${foreign}`, () =>
      Effect.gen(function* () {
        const first = yield* go(foreign)
        assert.deepInclude(first.result, { _tag: "Left" })
        assert.strictEqual(first.asked.length, 0)
        const second = yield* go("http://web2.qq.com/", redirect(foreign))
        assert.strictEqual(second.asked.length, 1)
        if (second.result._tag === "Left") assert.strictEqual(second.result.left._tag, "UntrustedHost")
        else assert.fail("followed")
      })
    )
  }

  it.effect("gives up on circles, errors and what is no URL", () =>
    Effect.gen(function* () {
      const circle = yield* go(
        "http://web2.qq.com/",
        ...Array.from({ length: 10 }, () => redirect("http://web2.qq.com/"))
      )
      assert.strictEqual(circle.asked.length, 10)
      assert.strictEqual(circle.result._tag === "Left" && circle.result.left._tag, "UnexpectedResponse")
      const broken = yield* go("http://web2.qq.com/", text("", { status: 500 }))
      assert.strictEqual(broken.result._tag === "Left" && broken.result.left._tag, "TransportError")
      const nothing = yield* go("")
      assert.strictEqual(nothing.result._tag === "Left" && nothing.result.left._tag, "UnexpectedResponse")
    })
  )
})
