/** What a login leaves in logs, spans, errors and whatever else somebody may look at: no password, token or cookie. */
import { inspect } from "node:util"
import { HttpClient, HttpClientResponse } from "@effect/platform"
import { assert, describe } from "@effect/vitest"
import {
  Cause,
  Context,
  Effect,
  Exit,
  FiberRef,
  HashSet,
  Layer,
  Logger,
  LogLevel,
  Option,
  Redacted,
  Tracer
} from "effect"
import { Login, Resume } from "../../../src/programs/index.ts"
import { WorldFile } from "../../../src/programs/server/index.ts"
import type { TestServer } from "../../../src/programs/testing/index.ts"
import { Channel, Contacts, Dialects, PasswordMd5 } from "../../../src/protocol/index.ts"
import { CaptchaSolver, CookieStore, Session, SessionStore } from "../../../src/services/index.ts"
import { account, client, loseSession } from "../../rigs/Client.ts"
import type { Front } from "../../rigs/Fronts.ts"
import { type Exchange, watched } from "../../rigs/Watched.ts"
import { attended, phone } from "./QrScenarios.ts"
import { memory } from "./ResumeScenarios.ts"

type Http = Layer.Layer<HttpClient.HttpClient>

const right = "correct horse battery"
const wrong = "Tr0ub4dor&3 geheim"

const world: WorldFile.WorldFile = {
  ...WorldFile.sample,
  accounts: WorldFile.sample.accounts.map((entry) => ({ ...entry, password: Redacted.make(right) }))
}
const captcha = { captchaAfter: 0, captchaCode: "ABCD" }

/** Collects everything that somebody may look at. */
const collector = () => {
  const shown: Array<{ readonly where: string; readonly text: string }> = []
  const add = (where: string, ...texts: ReadonlyArray<string>) => {
    for (const text of texts) shown.push({ where, text })
  }
  const value = (where: string, given: unknown) =>
    add(where, inspect(given, { depth: 10, showHidden: true }), JSON.stringify(given) ?? "", String(given))
  const cause = (where: string, given: Cause.Cause<unknown>) => {
    value(where, given)
    add(where, Cause.pretty(given, { renderErrorCause: true }))
    for (const error of [...Cause.failures(given), ...Cause.defects(given)]) {
      value(where, error)
      if (error instanceof Error) add(where, error.message, error.stack ?? "")
    }
  }
  const logger = Logger.make((options) => {
    add("log", Logger.stringLogger.log(options), Logger.logfmtLogger.log(options), Logger.jsonLogger.log(options))
    value("log", options.message)
  })
  const tracer = Tracer.make({
    span: (name, parent, context, links, startTime, kind) => {
      const attributes = new Map<string, unknown>()
      const span: Tracer.Span = {
        _tag: "Span",
        name,
        spanId: "span",
        traceId: "trace",
        parent,
        context,
        status: { _tag: "Started", startTime },
        attributes,
        links,
        sampled: true,
        kind,
        attribute: (key, attribute) => {
          attributes.set(key, attribute)
          value(`attribute of ${name}`, [key, attribute])
        },
        event: (...event) => value(`event of ${name}`, [event[0], event[2]]),
        addLinks: () => {},
        end: (_, exit) => {
          add("span", name)
          if (Exit.isFailure(exit)) cause(`span ${name}`, exit.cause)
        }
      }
      return span
    },
    context: (f) => f()
  })
  /** Runs a program under observation, and looks at how it ended. */
  const observe = <A, E, R>(what: string, program: Effect.Effect<A, E, R>) =>
    program.pipe(
      Effect.scoped,
      Effect.exit,
      Effect.tap((exit) =>
        Effect.sync(() => {
          value(what, exit)
          if (Exit.isFailure(exit)) cause(what, exit.cause)
        })
      ),
      Effect.locally(FiberRef.currentLoggers, HashSet.make(logger, Logger.tracerLogger)),
      Effect.locally(FiberRef.currentMinimumLogLevel, LogLevel.All),
      Effect.withTracer(tracer)
    )
  return { shown, value, observe }
}

/** Hex of 16 bytes and more, and whatever else stands in quotes and is as long. */
const longText = /[0-9A-Za-z@*_+/=%-]{16,}/g

/** What must not be seen: passwords and what is made of them, and every token and cookie that travelled. */
const secretsIn = (seen: ReadonlyArray<Exchange>): ReadonlyMap<string, string> => {
  const secrets = new Map<string, string>()
  const add = (name: string, text: string | undefined) => {
    // Shorter ones, such as `ptisp=ctc`, are none, and would be found anywhere.
    if (text !== undefined && text.length >= 8 && !secrets.has(text)) secrets.set(text, name)
  }
  for (const password of [right, wrong]) {
    add("password", password)
    const md5 = Buffer.from(PasswordMd5.digest(password))
    for (const text of [md5.toString("hex"), md5.toString("hex").toUpperCase(), md5.toString("base64")])
      add("md5", text)
  }
  for (const { body, headers, params, path, setCookie } of seen) {
    for (const line of setCookie) add(`cookie ${line.split("=")[0]}`, line.slice(line.indexOf("=") + 1).split(";")[0])
    for (const pair of (headers.cookie ?? "").split("; ")) add("cookie sent", pair.slice(pair.indexOf("=") + 1))
    for (const name of [
      "p",
      "ptsigx",
      "login_sig",
      "pt_verifysession_v1",
      "cap_cd",
      "ptwebqq",
      "vfwebqq",
      "psessionid"
    ]) {
      add(`parameter ${name} of ${path}`, params[name])
    }
    const { psessionid, ptwebqq, vfwebqq } = JSON.parse(params.r ?? "{}")
    for (const token of [psessionid, ptwebqq, vfwebqq]) if (typeof token === "string") add(`token to ${path}`, token)
    if (path === "/channel/login2" || path === "/api/getvfwebqq") {
      for (const [name, value] of Object.entries(JSON.parse(body).result ?? {})) {
        if (typeof value === "string") add(`${name} of ${path}`, value)
      }
    }
    if (path === "/check") for (const token of body.match(longText) ?? []) add("token of check", token)
  }
  return secrets
}

/** How a secret shows: as it is, as in a URL, or, where it is long, cut off at either end. */
const formsOf = (secret: string): ReadonlyArray<string> => [
  secret,
  encodeURIComponent(secret),
  ...(secret.length < 24 ? [] : [secret.slice(0, 12), secret.slice(-12)])
]

const leaks = (
  shown: ReadonlyArray<{ readonly where: string; readonly text: string }>,
  secrets: ReadonlyMap<string, string>
): ReadonlyArray<string> =>
  Array.from(secrets).flatMap(([secret, name]) =>
    shown
      .filter(({ text }) => formsOf(secret).some((form) => text.includes(form)))
      .map(({ where }) => `${name} in ${where}`)
  )

/** A way to the server on which the answers to a path are changed. */
const changing = (http: Http, path: string, change: (body: string) => string): Http =>
  Layer.map(http, (context) =>
    Context.add(
      context,
      HttpClient.HttpClient,
      HttpClient.transform(Context.get(context, HttpClient.HttpClient), (answer, request) =>
        new URL(request.url).pathname === path
          ? Effect.flatMap(answer, (response) =>
              Effect.map(response.text, (body) => HttpClientResponse.fromWeb(request, new Response(change(body))))
            )
          : answer
      )
    )
  )

/** Looks at everything that a session has to look at. */
const lookAt = (value: (where: string, given: unknown) => void) =>
  Effect.gen(function* () {
    const session = yield* Session.Session
    const cookies = yield* CookieStore.CookieStore
    value("Session", session)
    value("credentials", yield* session.get)
    value("CookieStore", cookies)
    value("jar", yield* cookies.jar)
    const url = new URL("http://d.web2.qq.com/")
    value("Cookie header", yield* cookies.header(url))
    value("cookie", yield* cookies.get(url, "skey"))
  })

export const secrets = (front: Front): void => {
  describe(`secrets, ${front.name}`, () => {
    front.it("are in no log, span, error or value of logins that succeed and fail", () =>
      Effect.gen(function* () {
        const { observe, shown, value } = collector()
        const seen: Array<Exchange> = []
        const tags: Array<string> = []
        const onStep: Login.OnStep = (step) =>
          Effect.sync(() => {
            tags.push(step._tag)
            value("step", step)
          })
        const serve = (input: TestServer.Input) => Effect.flatMap(front.serve({ world, ...input }), watched)
        const ends: Array<string> = []
        const run = <A, E, R>(what: string, program: Effect.Effect<A, E, R>) =>
          Effect.map(observe(what, program), (exit) => {
            const failure = Exit.isFailure(exit) ? Option.getOrUndefined(Cause.failureOption(exit.cause)) : undefined
            const tag = typeof failure === "object" && failure !== null && "_tag" in failure ? failure._tag : undefined
            ends.push(`${what}: ${Exit.isSuccess(exit) ? "done" : (tag ?? Cause.pretty(exit.cause))}`)
          })

        for (const dialect of Dialects.all) {
          const name = dialect.name
          /** A login by password on a server of its own. */
          const login = (
            what: string,
            password: string,
            options: TestServer.Input & { readonly via?: (http: Http) => Http; readonly answer?: string } = {}
          ) => {
            const { answer = "ABCD", via = (http: Http) => http, ...input } = options
            return run(
              `${name} ${what}`,
              Effect.gen(function* () {
                const way = yield* serve({ dialect, ...input })
                yield* Effect.addFinalizer(() => Effect.sync(() => seen.push(...way.seen)))
                const me = Login.layerPassword({ account: account(10001), password: Redacted.make(password), onStep })
                value("layer", me)
                yield* Effect.gen(function* () {
                  yield* lookAt(value)
                  yield* Contacts.getUserFriends2
                  yield* loseSession
                  value("lost", yield* Effect.flip(Channel.poll2))
                  yield* Login.relogin
                  yield* lookAt(value)
                }).pipe(
                  Effect.provide(Layer.provideMerge(me, client(via(way.http), dialect))),
                  Effect.provide(CaptchaSolver.layer(() => Effect.succeed(answer))),
                  front.run
                )
              })
            )
          }
          yield* login("right", right)
          yield* login("wrong", wrong)
          yield* login("captcha", right, captcha)
          yield* login("wrong captcha", right, { ...captcha, answer: "ABCE" })
          const spoilt = (path: string, change: (body: string) => string) => ({
            via: (http: Http) => changing(http, path, change)
          })
          yield* login(
            "unreadable check",
            right,
            spoilt("/check", (body) => body.replace("ptui_checkVC", "ptui_check"))
          )
          yield* login(
            "unreadable login",
            right,
            spoilt("/login", (body) => body.slice(0, -2))
          )
          yield* login(
            "unreadable login2",
            right,
            spoilt("/channel/login2", (body) => body.replace("psessionid", "p"))
          )
          yield* login(
            "refused login2",
            right,
            spoilt("/channel/login2", (body) => body.replace('"retcode":0', '"retcode":1'))
          )
          yield* login(
            "elsewhere",
            right,
            spoilt("/login", (body) => body.replace("ptlogin4.web2.qq.com", "evil.example"))
          )
        }

        const byQrCode = (what: string, action: string) =>
          run(
            `qr ${what}`,
            Effect.gen(function* () {
              const way = yield* serve({})
              yield* Effect.addFinalizer(() => Effect.sync(() => seen.push(...way.seen)))
              const person = attended(way.http, (_, ticket) =>
                action === "" ? front.age : phone(way.http, 10001, ticket, action, right)
              )
              const options: Login.QrOptions = {
                interval: front.interval,
                codes: 1,
                onStep: (step) =>
                  Effect.zipRight(onStep(step), step._tag === "Qr" ? person.look(step.state) : Effect.void)
              }
              yield* front.run(
                Effect.provide(lookAt(value), Layer.provideMerge(Login.layerQrCode(options), client(person.http)))
              )
            })
          )
        yield* byQrCode("confirmed", "confirm")
        yield* byQrCode("refused", "reject")
        yield* byQrCode("expired", "")

        const store = yield* memory
        const kept = (what: string, way: Effect.Effect.Success<ReturnType<typeof serve>>, password: string) =>
          run(
            `kept ${what}`,
            Effect.gen(function* () {
              yield* Effect.addFinalizer(() => Effect.sync(() => seen.push(...way.seen)))
              const login = Login.withPassword({ account: account(10001), password: Redacted.make(password), onStep })
              yield* Effect.gen(function* () {
                yield* lookAt(value)
                value("saved", yield* (yield* SessionStore.SessionStore).load)
              }).pipe(
                Effect.provide(
                  Resume.layer({ login, onStep }).pipe(
                    Layer.provideMerge(client(way.http)),
                    Layer.provideMerge(store.layer)
                  )
                )
              )
            })
          )
        const way = yield* serve({})
        yield* kept("first", way, right)
        yield* kept("resumed", way, right)
        yield* kept("wrong", yield* serve({}), wrong)
        yield* store.put((yield* store.raw).slice(0, -1))
        yield* kept("damaged", way, right)

        assert.deepStrictEqual(
          ends.filter((end) => !end.startsWith("webqq-2014") && !end.startsWith("smartqq")),
          [
            "webqq-2013 right: done",
            "webqq-2013 wrong: WrongPassword",
            "webqq-2013 captcha: done",
            "webqq-2013 wrong captcha: WrongCaptcha",
            "webqq-2013 unreadable check: UnexpectedResponse",
            "webqq-2013 unreadable login: UnexpectedResponse",
            "webqq-2013 unreadable login2: UnexpectedResponse",
            "webqq-2013 refused login2: Rejected",
            "webqq-2013 elsewhere: UntrustedHost",
            "qr confirmed: done",
            "qr refused: QrRefused",
            "qr expired: QrExpired",
            "kept first: done",
            "kept resumed: done",
            "kept wrong: WrongPassword",
            "kept damaged: done"
          ]
        )
        assert.includeMembers(tags, [
          "Checked",
          "CaptchaWanted",
          "Qr",
          "Accepted",
          "Followed",
          "Online",
          "Resumed",
          "LoggedOut"
        ])

        const secrets = secretsIn(seen)
        const names = new Set(secrets.values())
        for (const name of [
          "password",
          "md5",
          "parameter p of /login",
          "parameter ptsigx of /check_sig",
          "cookie ptwebqq",
          "cookie skey",
          "cookie p_skey",
          "cookie pt4_token",
          "cookie superkey",
          "cookie supertoken",
          "cookie pt_login_sig",
          "cookie verifysession",
          "cookie qrsig",
          "vfwebqq of /channel/login2",
          "vfwebqq of /api/getvfwebqq",
          "psessionid of /channel/login2",
          "token of check"
        ]) {
          assert.isTrue(names.has(name), `no ${name} travelled`)
        }
        const places = new Set(shown.map(({ where }) => where))
        for (const place of [
          "log",
          "span",
          "step",
          "Session",
          "jar",
          "saved",
          "span WebQQ.login",
          "span WebQQ.login2"
        ]) {
          assert.isTrue(places.has(place), `nothing was seen of ${place}`)
        }
        assert.deepStrictEqual([...new Set(leaks(shown, secrets))], [])
        // The check itself can fail.
        const [[token = ""] = []] = secrets
        assert.deepStrictEqual(leaks([{ where: "a log", text: `got ${token}!` }], new Map([[token, "it"]])), [
          "it in a log"
        ])
      })
    )
  })
}
