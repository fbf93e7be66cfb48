/** Logging in by password, in every dialect, with and without a captcha. */
import { HttpClient, type HttpClientRequest } from "@effect/platform"
import { assert, describe } from "@effect/vitest"
import { Context, Effect, Layer, Redacted, Stream } from "effect"
import { Login } from "../../../src/programs/index.ts"
import { WorldFile } from "../../../src/programs/server/index.ts"
import type { TestServer } from "../../../src/programs/testing/index.ts"
import { Channel, Contacts, Dialects, Errors, Poll } from "../../../src/protocol/index.ts"
import { CaptchaSolver } from "../../../src/services/index.ts"
import { account, as, byPassword, client } from "../../rigs/Client.ts"
import type { Front } from "../../rigs/Fronts.ts"
import { cookieSetBy, cookiesOf, watched } from "../../rigs/Watched.ts"

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** Answers in turn, and keeps what it was shown. */
const solver = (...answers: ReadonlyArray<string>) => {
  const shown: Array<CaptchaSolver.Captcha> = []
  const layer = CaptchaSolver.layer((captcha) =>
    Effect.sync(() => answers[shown.push(captcha) - 1] ?? assert.fail("asked too often"))
  )
  return { layer, attempts: () => shown.map(({ attempt }) => attempt), pictures: () => shown.map(({ image }) => image) }
}

/** A way to the server on which cookies get lost. */
const losing = (cookie: string) => (http: Layer.Layer<HttpClient.HttpClient>) =>
  Layer.map(http, (context) => {
    const lose = (request: HttpClientRequest.HttpClientRequest) => {
      const kept = (request.headers.cookie ?? "").split("; ").filter((pair) => !pair.startsWith(`${cookie}=`))
      return { ...request, headers: { ...request.headers, cookie: kept.join("; ") } } as typeof request
    }
    return Context.add(
      context,
      HttpClient.HttpClient,
      HttpClient.mapRequest(Context.get(context, HttpClient.HttpClient), lose)
    )
  })

/** The path of every request of a login, in order, as the documents have them. */
const pathsOf: Readonly<Record<Dialects.Dialect["name"], ReadonlyArray<string>>> = {
  "webqq-2013": ["/check", "/login", "/check_sig", "/loginproxy.html", "/channel/login2"],
  "webqq-2014": ["/cgi-bin/login", "/check", "/login", "/check_sig", "/loginproxy.html", "/channel/login2"],
  "smartqq-2015": [
    "/cgi-bin/login",
    "/check",
    "/login",
    "/check_sig",
    "/proxy.html",
    "/api/getvfwebqq",
    "/channel/login2"
  ]
}

const always = { captchaAfter: 0, captchaCode: "ABCD" }

export const password = (front: Front): void => {
  for (const dialect of Dialects.all) {
    const serve = (input: TestServer.Input = {}) => Effect.flatMap(front.serve({ dialect, ...input }), watched)
    const enter = (http: Layer.Layer<HttpClient.HttpClient>, options: Login.PasswordOptions) =>
      byPassword(http, options, dialect)

    describe(`by password, ${dialect.name}, ${front.name}`, () => {
      front.it("without captcha: one request after the other, and the session works", () =>
        Effect.gen(function* () {
          const { http, paths } = yield* serve()
          const steps: Array<string> = []
          yield* Effect.gen(function* () {
            const self = yield* Contacts.getSelfInfo2
            assert.strictEqual(self.uin, account(10001))
            assert.deepStrictEqual(paths().slice(0, -4), pathsOf[dialect.name])
            // The warm-up, then the profile once more.
            assert.deepStrictEqual(paths().slice(-4), [
              "/channel/get_online_buddies2",
              "/api/get_self_info2",
              "/channel/get_recent_list2",
              "/api/get_self_info2"
            ])
          }).pipe(
            Effect.provide(
              Login.layerPassword({
                ...as(10001),
                onStep: (step) => Effect.sync(() => steps.push(step._tag))
              }).pipe(Layer.provideMerge(client(http, dialect)))
            )
          )
          assert.deepStrictEqual(steps, ["Checked", "Accepted", "Followed", "Online", "LoggedOut"])
        })
      )

      front.it("a wrong password is WrongPassword, in the server's own words", () =>
        Effect.gen(function* () {
          const { http, paths } = yield* serve()
          const error = yield* Effect.flip(enter(http, as(10001, "wrong")))
          assert.deepInclude(error, {
            _tag: "WrongPassword",
            account: 10001,
            says: "您输入的帐号或密码不正确，请重新输入。"
          })
          assert.strictEqual(paths().at(-1), "/login")
        })
      )

      front.it("a number that nobody has is UnknownAccount", () =>
        Effect.gen(function* () {
          const { http } = yield* serve()
          assert.deepInclude(yield* Effect.flip(enter(http, as(99999))), { _tag: "UnknownAccount", account: 99999 })
        })
      )

      front.it("a captcha is asked of the solver, and may be typed in lower case", () =>
        Effect.gen(function* () {
          const { http, last, paths } = yield* serve(always)
          const person = solver("abcd")
          const steps: Array<Login.Step> = []
          const { account: number } = yield* Effect.provide(
            enter(http, { ...as(10001), onStep: (step) => Effect.sync(() => steps.push(step)) }),
            person.layer
          )
          assert.strictEqual(number, account(10001))
          assert.deepStrictEqual(person.attempts(), [1])
          assert.deepStrictEqual([...(person.pictures()[0] ?? []).slice(0, 8)], pngSignature)
          assert.deepStrictEqual(steps[0], Login.Step.CaptchaWanted({ attempt: 1 }))
          const at = paths().indexOf("/check")
          assert.deepStrictEqual(paths().slice(at, at + 3), ["/check", "/getimage", "/login"])
          assert.strictEqual(last("/login").params.verifycode, "abcd")
        })
      )

      front.it("the cookie verifysession of the picture comes back with the answer", () =>
        Effect.gen(function* () {
          const { http, last } = yield* serve(always)
          yield* Effect.provide(enter(http, as(10001)), solver("ABCD").layer)
          const verifysession = cookieSetBy(last("/getimage"), "verifysession")
          assert.isAtLeast(verifysession.length, 32)
          assert.include(cookiesOf(last("/login")), `verifysession=${verifysession}`)
          // Since 2014 it is a parameter too.
          assert.strictEqual(
            last("/login").params.pt_verifysession_v1,
            dialect.name === "webqq-2013" ? undefined : verifysession
          )
          // The token of checkVC goes to the picture's address since 2014.
          const capCd = /^ptui_checkVC\('1','([^']+)'/.exec(last("/check").body)?.[1] ?? assert.fail("no cap_cd")
          assert.strictEqual(last("/getimage").params.cap_cd, dialect.name === "webqq-2013" ? undefined : capCd)
        })
      )

      front.it("a wrong answer asks again, with a new picture", () =>
        Effect.gen(function* () {
          const { http, paths } = yield* serve(always)
          const person = solver("ABCE", "ABC", "ABCD")
          yield* Effect.provide(enter(http, as(10001)), person.layer)
          assert.deepStrictEqual(person.attempts(), [1, 2, 3])
          assert.strictEqual(new Set(person.pictures().map(String)).size, 3)
          assert.strictEqual(paths().filter((path) => path === "/check").length, 1)
        })
      )

      front.it("too many wrong answers are WrongCaptcha", () =>
        Effect.gen(function* () {
          const { http } = yield* serve(always)
          const patient = solver("A", "B", "C")
          const error = yield* Effect.flip(Effect.provide(enter(http, as(10001)), patient.layer))
          assert.deepInclude(error, { _tag: "WrongCaptcha", says: "您输入的验证码不正确，请重新输入。" })
          assert.deepStrictEqual(patient.attempts(), [1, 2, 3])
          const hasty = solver("A")
          const second = yield* Effect.flip(Effect.provide(enter(http, { ...as(10001), captchas: 1 }), hasty.layer))
          assert.strictEqual(second._tag, "WrongCaptcha")
          assert.deepStrictEqual(hasty.attempts(), [1])
        })
      )

      front.it("nobody to ask is CaptchaRequired, and the next login may have somebody", () =>
        Effect.gen(function* () {
          const { http } = yield* serve(always)
          assert.deepInclude(yield* Effect.flip(enter(http, as(10001))), { _tag: "CaptchaRequired", account: 10001 })
          yield* Effect.provide(enter(http, as(10001)), solver("ABCD").layer)
        })
      )

      front.it("somebody who gives up is CaptchaUnsolved, and is not asked again", () =>
        Effect.gen(function* () {
          const { http, paths } = yield* serve(always)
          const left = CaptchaSolver.layer(({ account }) =>
            Effect.fail(new Errors.CaptchaUnsolved({ account, why: "the person left" }))
          )
          const error = yield* Effect.flip(Effect.provide(enter(http, as(10001)), left))
          assert.deepInclude(error, { _tag: "CaptchaUnsolved", why: "the person left" })
          assert.strictEqual(paths().at(-1), "/getimage")
        })
      )

      front.it("a wrong password behind a captcha is not taken for a wrong captcha", () =>
        Effect.gen(function* () {
          const { http } = yield* serve(always)
          const person = solver("ABCD")
          const error = yield* Effect.flip(Effect.provide(enter(http, as(10001, "wrong")), person.layer))
          assert.strictEqual(error._tag, "WrongPassword")
          assert.deepStrictEqual(person.attempts(), [1])
        })
      )

      front.it("three wrong passwords bring on the captcha, and a right one forgives", () =>
        Effect.gen(function* () {
          const { http } = yield* serve({ captchaCode: "ABCD" })
          for (const captchaNext of [false, false, true]) {
            const error = yield* Effect.flip(enter(http, as(10001, "wrong")))
            assert.deepInclude(error, { _tag: "WrongPassword", captchaNext })
          }
          assert.strictEqual((yield* Effect.flip(enter(http, as(10001))))._tag, "CaptchaRequired")
          // Others are not meant.
          yield* enter(http, as(10002))
          yield* Effect.provide(enter(http, as(10001)), solver("ABCD").layer)
          yield* enter(http, as(10001))
        })
      )

      front.it("a frozen account is AccountBlocked, whatever the password", () =>
        Effect.gen(function* () {
          const [first, ...others] = WorldFile.sample.accounts
          assert.isDefined(first)
          const world = {
            ...WorldFile.sample,
            accounts: first === undefined ? [] : [{ ...first, frozen: true }, ...others]
          }
          const { http, paths } = yield* serve({ world })
          for (const password of ["webqq-10001", "wrong"]) {
            const error = yield* Effect.flip(enter(http, as(10001, password)))
            assert.deepInclude(error, { _tag: "AccountBlocked", account: 10001, reason: "Frozen" })
            assert.strictEqual(paths().at(-1), "/login")
          }
        })
      )

      front.it("the later of two logins kicks the first", () =>
        Effect.gen(function* () {
          const { http } = yield* serve()
          const me = Layer.provideMerge(Login.layerPassword(as(10001)), client(http, dialect))
          const older = yield* Layer.build(Layer.fresh(me))
          const newer = yield* Layer.build(Layer.fresh(me))
          const end = yield* Effect.provide(Effect.flip(Poll.events().pipe(Stream.runDrain)), older)
          assert.deepInclude(end, { _tag: "Kicked", reason: "您的帐号在另一地点登录，您已被迫下线。" })
          yield* Effect.provide(Channel.getOnlineBuddies2, newer)
        })
      )
    })
  }

  describe(`a strict server, ${front.name}`, () => {
    front.it("wants the cookie verifysession in 2013; a tolerant one does without", () =>
      Effect.gen(function* () {
        const strict = losing("verifysession")(yield* front.serve(always))
        const person = solver("ABCD", "ABCD", "ABCD")
        const error = yield* Effect.flip(Effect.provide(byPassword(strict, as(10001)), person.layer))
        assert.strictEqual(error._tag, "WrongCaptcha")
        assert.isTrue(person.pictures().length === 3 && person.pictures().every(({ length }) => length > 100))
        const tolerant = losing("verifysession")(yield* front.serve({ ...always, strict: false }))
        yield* Effect.provide(byPassword(tolerant, as(10001)), solver("ABCD").layer)
      })
    )

    front.it("takes pt_verifysession_v1 instead of the cookie since 2014", () =>
      Effect.gen(function* () {
        const dialect = Dialects.webqq2014
        const http = losing("verifysession")(yield* front.serve({ ...always, dialect }))
        yield* Effect.provide(byPassword(http, as(10001), dialect), solver("ABCD").layer)
      })
    )

    front.it("gives another salt at every check since 2014, and says so; a tolerant one gives the number", () =>
      Effect.gen(function* () {
        const dialect = Dialects.webqq2014
        const saltOf = (body: string) => body.split("'")[5]
        const strict = yield* Effect.flatMap(front.serve({ dialect }), watched)
        yield* byPassword(strict.http, as(10001), dialect)
        const first = strict.last("/check").body
        yield* byPassword(strict.http, as(10001), dialect)
        const second = strict.last("/check").body
        assert.notStrictEqual(saltOf(first), saltOf(second))
        assert.match(first, /^ptui_checkVC\('0','![A-Z]{3}','(\\x[0-9a-f]{2}){8}','[0-9a-f]+','1'\);$/)
        assert.strictEqual(strict.last("/login").params.pt_randsalt, "1")
        assert.strictEqual(strict.last("/login").params.pt_verifysession_v1, second.split("'")[7])
        const tolerant = yield* Effect.flatMap(front.serve({ dialect, strict: false }), watched)
        yield* byPassword(tolerant.http, as(10001), dialect)
        // 10001 is 0x2711.
        assert.strictEqual(saltOf(tolerant.last("/check").body), "\\x00\\x00\\x00\\x00\\x00\\x00\\x27\\x11")
        assert.strictEqual(tolerant.last("/login").params.pt_randsalt, "0")
      })
    )

    front.it("finds the page's login_sig in check and login since 2014", () =>
      Effect.gen(function* () {
        for (const dialect of [Dialects.webqq2014, Dialects.smartqq2015]) {
          const { http, last } = yield* Effect.flatMap(front.serve({ dialect }), watched)
          yield* byPassword(http, as(10001), dialect)
          const written = /var g_login_sig=encodeURIComponent\("([^"]+)"\);/.exec(last("/cgi-bin/login").body)?.[1]
          assert.isAtLeast(written?.length ?? 0, 32)
          assert.strictEqual(last("/check").params.login_sig, written)
          assert.strictEqual(last("/login").params.login_sig, written)
        }
      })
    )

    front.it("makes no difference to a password that is not ASCII", () =>
      Effect.gen(function* () {
        const [first, ...others] = WorldFile.sample.accounts
        const secret = "密码 pass+wörd&'\\"
        const world = {
          ...WorldFile.sample,
          accounts: first === undefined ? [] : [{ ...first, password: Redacted.make(secret) }, ...others]
        }
        for (const dialect of Dialects.all) {
          const http = yield* front.serve({ dialect, world })
          yield* byPassword(http, as(10001, secret), dialect)
        }
      })
    )
  })
}
