import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Either, Fiber, Layer, Option, Redacted, TestClock } from "effect"
import { CheckSig, Dialects, Ptlogin } from "../../src/protocol/index.ts"
import { Ids } from "../../src/schema/index.ts"
import { CookieStore } from "../../src/services/index.ts"
import { type Answer, anonymous, anonymousIn, script, text } from "../rigs/ScriptedServer.ts"

const account = Ids.QQ.make(10001)
const check = { code: "0", verifyCode: "!ABC", salt: new Uint8Array(8) }

const login = (answer: Answer) =>
  Ptlogin.login({ account, password: Redacted.make("password"), check }).pipe(
    Effect.flip,
    Effect.provide(Layer.merge(script(answer).layer, anonymous))
  )

describe("check", () => {
  const run = (answer: Answer) =>
    Ptlogin.check(account).pipe(Effect.either, Effect.provide(Layer.merge(script(answer).layer, anonymous)))

  it.effect("says when a captcha is wanted or the number is not valid", () =>
    Effect.gen(function* () {
      const wanted = yield* run(text("ptui_checkVC('1','cap','\\x00','','0');"))
      assert.deepInclude(Either.getOrThrow(wanted), { code: "1", verifyCode: "cap" })
      const unknown = yield* run(text("ptui_checkVC('2','','\\x00');"))
      assert.strictEqual(
        Option.getOrThrow(Either.getLeft(unknown)).message,
        "The server does not know the account 10001. Check the number."
      )
    })
  )

  it.effect("an answer that is not what the document promises names the endpoint and what came", () =>
    Effect.gen(function* () {
      const error = Option.getOrThrow(Either.getLeft(yield* run(text("<html>404 page</html>"))))
      assert.deepInclude(error, { _tag: "UnexpectedResponse", endpoint: "check", received: "<html>404 page</html>" })
      assert.include(error.message, "ptui_checkVC")
    })
  )
})

describe("login", () => {
  const codes: ReadonlyArray<readonly [code: string, tag: string, reason?: string]> = [
    ["1", "LoginRefused", "ServerBusy"],
    ["2", "AccountBlocked", "Recycled"],
    ["3", "WrongPassword"],
    ["4", "WrongCaptcha"],
    ["5", "LoginRefused", "VerificationFailed"],
    ["6", "AccountBlocked", "TryLater"],
    ["7", "LoginRefused", "BadParameters"],
    ["8", "LoginRefused", "TooManyLogins"],
    ["10", "UnknownAccount"],
    ["12", "LoginRefused", "NeedsApp"],
    ["19", "AccountBlocked", "Barred"],
    ["22", "LoginRefused", "Unknown"],
    ["24", "LoginRefused", "CookiesMissing"],
    ["51", "LoginRefused", "NeedsApp"],
    ["64", "LoginRefused", "SuspiciousNetwork"],
    ["65", "QrExpired"],
    ["68", "QrRefused"],
    ["71", "AccountBlocked", "Barred"],
    ["10005", "QrRequired"],
    ["10006", "QrRequired"],
    ["10008", "LoginRefused", "ConfirmationPending"],
    ["10009", "QrExpired"],
    ["22009", "QrRequired"],
    // Words that every object knows.
    ["constructor", "LoginRefused", "Unknown"],
    ["__proto__", "LoginRefused", "Unknown"],
    ["toString", "LoginRefused", "Unknown"],
    ["hasOwnProperty", "LoginRefused", "Unknown"]
  ]
  for (const [code, tag, reason] of codes) {
    it.effect(`code ${code} is ${tag}${reason === undefined ? "" : `, ${reason}`}, in the server's own words`, () =>
      Effect.gen(function* () {
        const error = yield* login(text(`ptuiCB('${code}','0','','0','服务器的话。', '');`))
        assert.strictEqual(error._tag, tag)
        if (reason !== undefined) assert.strictEqual("reason" in error ? error.reason : "none", reason)
        if (tag !== "UnknownAccount" && tag !== "QrExpired") assert.include(error.message, "服务器的话")
      })
    )
  }

  it.effect("sub-codes say that a captcha comes next, or that the page expired", () =>
    Effect.gen(function* () {
      for (const sub of ["101", "102", "103"]) {
        assert.deepInclude(yield* login(text(`ptuiCB('3','${sub}','','0','x', '');`)), { captchaNext: true })
      }
      assert.deepInclude(yield* login(text("ptuiCB('3','0','','0','x', '');")), { captchaNext: false })
      assert.deepInclude(yield* login(text("ptuiCB('4','2','','0','页面过期，请重试。*', '');")), { pageExpired: true })
    })
  )

  it.effect("code 0 with a page of the security centre is a blocked account", () =>
    Effect.gen(function* () {
      const error = yield* login(text("ptuiCB('0','0','https://aq.qq.com/007','0','您的帐号暂时无法登录', 'n');"))
      assert.deepInclude(error, { _tag: "AccountBlocked", reason: "Frozen" })
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
      Effect.either(CheckSig.checkSig(Redacted.make(url))).pipe(
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

  it.effect("goes through the page mibao_res where an answer leads there, by its address in HTML", () =>
    Effect.gen(function* () {
      const frame = `<html><iframe src="http://ui.ptlogin2.qq.com/mibao_res.html?a=1&amp;b=2"></iframe></html>`
      const { asked, result } = yield* go(
        "http://ptlogin4.web2.qq.com/check_sig",
        text(frame),
        text(`<script>location.href="http://web2.qq.com/loginproxy.html"</script>`),
        text(`<script>location.href="http://evil.example/"</script>`)
      )
      assert.deepInclude(result, { _tag: "Right", right: 3 })
      assert.deepStrictEqual(
        asked.map(({ query, url }) => [url, query.length]),
        [
          ["http://ptlogin4.web2.qq.com/check_sig", 0],
          ["http://ui.ptlogin2.qq.com/mibao_res.html", 2],
          ["http://web2.qq.com/loginproxy.html", 0]
        ]
      )
      const foreign = yield* go("http://web2.qq.com/", text(`<img src="http://evil.example/mibao_res">`))
      assert.strictEqual(foreign.asked.length, 1)
      assert.strictEqual(foreign.result._tag === "Left" && foreign.result.left._tag, "UntrustedHost")
    })
  )

  it.effect("reads a page in a time that grows with its length only", () =>
    Effect.gen(function* () {
      const many = 50_000
      for (const piece of ["mibao_res", " src=", "location.href=", "location.href", " "]) {
        const { result } = yield* go("http://web2.qq.com/mibao_res", text(` src="${piece.repeat(many)}`))
        assert.deepInclude(result, { _tag: "Right", right: 1 })
      }
    })
  )

  it.effect("is led by a page to known hosts only, and by no page but mibao_res", () =>
    Effect.gen(function* () {
      const frame = text(`<iframe src="http://ui.ptlogin2.qq.com/mibao_res.html"></iframe>`)
      const away = yield* go("http://web2.qq.com/", frame, text(`location.href = "https://evil.example/?mibao_res"`))
      assert.strictEqual(away.asked.length, 2)
      assert.deepInclude(away.result._tag === "Left" ? away.result.left : {}, {
        _tag: "UntrustedHost",
        host: "evil.example"
      })
      for (const page of [
        `<img src="http://web2.qq.com/logo.png">`,
        `<script>location.href="http://web2.qq.com/elsewhere"</script>`,
        // Old clients looked for the blank before it.
        `<iframe data-src="http://ui.ptlogin2.qq.com/mibao_res.html"></iframe>`
      ]) {
        assert.deepInclude((yield* go("http://web2.qq.com/", text(page))).result, { _tag: "Right", right: 1 })
      }
    })
  )

  it.effect("finds its way by addresses that are relative to where it is", () =>
    Effect.gen(function* () {
      const { asked } = yield* go(
        "http://ptlogin4.web2.qq.com/check_sig",
        redirect("//web2.qq.com/a/b"),
        text(`<iframe src="mibao_res.html?x=1"></iframe>`),
        text(`location.href="/loginproxy.html"`),
        text("")
      )
      assert.deepStrictEqual(
        asked.map(({ url }) => url),
        [
          "http://ptlogin4.web2.qq.com/check_sig",
          "http://web2.qq.com/a/b",
          "http://web2.qq.com/a/mibao_res.html",
          "http://web2.qq.com/loginproxy.html"
        ]
      )
    })
  )

  it.effect("takes a redirect without a target for the end", () =>
    Effect.gen(function* () {
      const { asked, result } = yield* go("http://w.qq.com/proxy.html", text("", { status: 302 }))
      assert.deepInclude(result, { _tag: "Right", right: 1 })
      assert.strictEqual(asked.length, 1)
    })
  )

  for (const dialect of Dialects.all) {
    it.effect(`follows to the login hosts and pages of all times, ${dialect.name}`, () =>
      Effect.gen(function* () {
        for (const host of [
          "ptlogin2.qq.com",
          "check.ptlogin2.qq.com",
          "ssl.ptlogin2.qq.com",
          "ui.ptlogin2.qq.com",
          "xui.ptlogin2.qq.com",
          "ptlogin2.web2.qq.com",
          "ssl.ptlogin2.web2.qq.com",
          "ptlogin4.web2.qq.com",
          "connect.qq.com",
          "w.qq.com",
          "web.qq.com",
          "web2.qq.com",
          "www.qq.com"
        ]) {
          const { asked, layer } = script(redirect(`http://${host}/next`), text(""))
          yield* CheckSig.checkSig(Redacted.make(`https://${host}/check_sig`)).pipe(
            Effect.provide(Layer.merge(layer, anonymousIn(dialect)))
          )
          assert.deepStrictEqual(
            asked.map(({ url }) => url),
            [`https://${host}/check_sig`, `http://${host}/next`]
          )
        }
      })
    )
  }

  it.effect("ends well on a last page that is not there, where the cookies of a login are", () =>
    Effect.gen(function* () {
      const lastPage = redirect("http://web2.qq.com/gone", "uin=o10001; Domain=qq.com", "skey=@a; Domain=qq.com")
      const here = yield* go("http://ptlogin4.web2.qq.com/check_sig", lastPage, text("", { status: 404 }))
      assert.deepInclude(here.result, { _tag: "Right", right: 2 })
      const none = yield* go(
        "http://ptlogin4.web2.qq.com/check_sig",
        redirect("http://web2.qq.com/gone"),
        text("", { status: 404 })
      )
      assert.deepInclude(none.result._tag === "Left" ? none.result.left : {}, { _tag: "TransportError", status: 404 })
    })
  )

  it.effect("gives up on circles and what is no URL", () =>
    Effect.gen(function* () {
      const circle = yield* go(
        "http://web2.qq.com/",
        ...Array.from({ length: 10 }, () => redirect("http://web2.qq.com/"))
      )
      assert.strictEqual(circle.asked.length, 10)
      assert.strictEqual(circle.result._tag === "Left" && circle.result.left._tag, "UnexpectedResponse")
      const nothing = yield* go("")
      assert.strictEqual(nothing.result._tag === "Left" && nothing.result.left._tag, "UnexpectedResponse")
    })
  )

  it.effect("asks a gateway that gives up three times more, and no longer", () =>
    Effect.gen(function* () {
      const broken = yield* Effect.fork(
        go("http://web2.qq.com/", ...Array.from({ length: 4 }, () => text("", { status: 502 })))
      )
      yield* TestClock.adjust("1 minute")
      const { asked, result } = yield* Fiber.join(broken)
      assert.strictEqual(asked.length, 4)
      assert.strictEqual(result._tag === "Left" && result.left._tag, "TransportError")
    })
  )
})
