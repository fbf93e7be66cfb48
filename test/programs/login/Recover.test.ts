/** The way back after a lost session, whatever somebody logged in with, and logins that wait for their server. */
import { HttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Redacted, Schedule } from "effect"
import { Bot, Login, Resume } from "../../../src/programs/index.ts"
import { Contacts, Dialects, Errors, Recovery } from "../../../src/protocol/index.ts"
import { CookieStore, Session } from "../../../src/services/index.ts"
import { account, as, client, loseSession } from "../../rigs/Client.ts"
import { inProcess } from "../../rigs/Fronts.ts"
import {
  type Answer,
  anonymous,
  credentials,
  json,
  loggedIn,
  loggedInTo,
  script,
  text
} from "../../rigs/ScriptedServer.ts"
import { watched } from "../../rigs/Watched.ts"
import { attended, phone } from "./QrScenarios.ts"
import { memory } from "./ResumeScenarios.ts"

type Http = Layer.Layer<HttpClient.HttpClient>

/** A way that leads to one server and, from `restart` on, to another one of the same world, which knows no session. */
const restarting = (dialect: Dialects.Dialect) =>
  Effect.gen(function* () {
    const servers = yield* Effect.all([inProcess.serve({ dialect }), inProcess.serve({ dialect })])
    const [before, after] = yield* Effect.all(servers.map((http) => Layer.build(http)))
    let now = before
    const http: Http = Layer.succeed(
      HttpClient.HttpClient,
      HttpClient.make((request) =>
        Effect.suspend(() =>
          Context.get(now as Context.Context<HttpClient.HttpClient>, HttpClient.HttpClient).execute(request)
        )
      )
    )
    return { ...(yield* watched(http)), restart: Effect.sync(() => (now = after)) }
  })

/** Comes back by `login`, and shows that the session works. */
const comesBack = <E, R>(login: Effect.Effect<Session.Credentials, E, R>) =>
  Effect.gen(function* () {
    const session = yield* Session.Session
    const seen = yield* session.get
    yield* Recovery.heal(seen, Login.recover(login))
    const now = yield* session.get
    assert.notStrictEqual(Redacted.value(now.psessionid), Redacted.value(seen.psessionid))
    assert.strictEqual((yield* Contacts.getSelfInfo2).uin, seen.account)
  })

for (const dialect of Dialects.all) {
  describe(`coming back, ${dialect.name}`, () => {
    const login = Login.withPassword(as(10001))
    const session = (http: Http) => Layer.provideMerge(Login.layer(login), client(http, dialect))

    it.scoped("on live cookies takes one login2, and no password", () =>
      Effect.gen(function* () {
        const { http, paths, seen } = yield* restarting(dialect)
        yield* Effect.gen(function* () {
          const { clientid } = yield* (yield* Session.Session).get
          yield* loseSession
          seen.length = 0
          yield* comesBack(login)
          assert.notInclude(paths(), "/login")
          assert.strictEqual((yield* (yield* Session.Session).get).clientid, clientid, "it is still the same client")
        }).pipe(Effect.provide(session(http)))
      })
    )

    it.scoped("to a server that knows nobody takes the password, and all tokens are the new ones", () =>
      Effect.gen(function* () {
        const { http, paths, restart, seen } = yield* restarting(dialect)
        yield* Effect.gen(function* () {
          yield* restart
          seen.length = 0
          yield* comesBack(login)
          assert.strictEqual(paths().filter((path) => path === "/login").length, 1)
          const friends = yield* Contacts.getUserFriends2
          assert.isNotEmpty(friends.friends, "the new ptwebqq goes into the hash")
        }).pipe(Effect.provide(session(http)))
      })
    )

    it.scoped("works for a QR code", () =>
      Effect.gen(function* () {
        const { http, restart } = yield* restarting(dialect)
        const way = attended(http, (_, ticket) => phone(http, 10001, ticket, "confirm"))
        const scanned = Login.withQrCode({
          interval: inProcess.interval,
          onStep: (step) => (step._tag === "Qr" ? way.look(step.state) : Effect.void)
        })
        yield* Effect.zipRight(restart, comesBack(scanned)).pipe(
          Effect.provide(Layer.provideMerge(Login.layer(scanned), client(way.http, dialect))),
          inProcess.run
        )
      })
    )

    it.scoped("works for a kept session", () =>
      Effect.gen(function* () {
        const { http, restart } = yield* restarting(dialect)
        const store = yield* memory
        const kept = Resume.layer({ login, sendSpacing: 0 }).pipe(
          Layer.provideMerge(client(http, dialect)),
          Layer.provide(store.layer)
        )
        yield* Effect.void.pipe(Effect.provide(kept), Effect.scoped)
        yield* Effect.zipRight(restart, comesBack(login)).pipe(Effect.provide(Layer.fresh(kept)))
      })
    )
  })
}

describe("a login of somebody else", () => {
  it.scoped("is a failure, and the session stays as it was", () =>
    Effect.gen(function* () {
      const { http, restart } = yield* restarting(Dialects.webqq2013)
      yield* Effect.gen(function* () {
        yield* restart
        const session = yield* Session.Session
        const seen = yield* session.get
        const error = yield* Effect.flip(Recovery.heal(seen, Login.withPassword(as(10002))))
        assert.deepInclude(error, { _tag: "OtherAccount", expected: 10001, account: 10002 })
        assert.strictEqual(yield* session.get, seen)
      }).pipe(Effect.provide(Layer.provideMerge(Login.layerPassword(as(10001)), client(http))))
    })
  )
})

const checked = text("ptui_checkVC('0','!PTH','\\x00\\x00\\x00\\x00\\x00\\x00\\x27\\x11');")
const captcha = text("ptui_checkVC('1','cap','\\x00\\x00\\x00\\x00\\x00\\x00\\x27\\x11');")
const picture = text("picture", { headers: { "set-cookie": "verifysession=v; Domain=qq.com; Path=/" } })
const refusal = (code: string, url = "") => text(`ptuiCB('${code}','0','${url}','0','no', '');`)

const number = account(credentials.account)
const myself = Login.withPassword({ account: number, password: Redacted.make("secret") })

describe("an answer is not asked for again", () => {
  const answers: ReadonlyArray<readonly [name: string, tag: string, ...answers: ReadonlyArray<Answer>]> = [
    ["a wrong password", "WrongPassword", checked, refusal("3")],
    ["an account that is barred", "AccountBlocked", checked, refusal("19")],
    ["an account that is frozen", "AccountBlocked", checked, refusal("0", "https://aq.qq.com/007")],
    ["an account that tried too often", "AccountBlocked", checked, refusal("6")],
    ["a number that nobody has", "UnknownAccount", text("ptui_checkVC('2','','');")],
    ["a captcha that nobody reads", "CaptchaRequired", captcha, picture],
    ["an account that wants a QR code", "QrRequired", checked, refusal("10005")],
    ["a refusal of another kind", "LoginRefused", checked, refusal("7")]
  ]
  for (const [name, tag, ...replies] of answers) {
    it.effect(name, () =>
      Effect.gen(function* () {
        const { asked, layer } = script(...replies)
        const error = yield* Effect.flip(Login.recover(myself)).pipe(Effect.provide(Layer.merge(loggedIn, layer)))
        assert.strictEqual(error._tag, tag)
        assert.strictEqual(asked.length, replies.length)
      })
    )
  }

  it.effect("a QR code that was refused on the phone", () =>
    Effect.gen(function* () {
      const shown = text("picture", { headers: { "set-cookie": "qrsig=q; Domain=ptlogin2.qq.com; Path=/" } })
      const { asked, layer } = script(shown, refusal("68"))
      const error = yield* Login.recover(Login.withQrCode({ onStep: () => Effect.void })).pipe(
        Effect.flip,
        Effect.provide(Layer.merge(loggedIn, layer))
      )
      assert.strictEqual(error._tag, "QrRefused")
      assert.strictEqual(asked.length, 2)
    })
  )
})

describe("what may pass is waited for", () => {
  const cookies = { headers: { "set-cookie": "ptwebqq=new; Domain=qq.com; Path=/" } }
  const accepted = text("ptuiCB('0','0','http://ptlogin4.web2.qq.com/check_sig','0','ok', 'me');", cookies)
  const online = json({ retcode: 0, result: { uin: number, vfwebqq: "v", psessionid: "p", status: "online" } })
  const refused: Answer = () => Effect.fail({ _tag: "RequestError", cause: { code: "ECONNREFUSED" } })
  const faults: ReadonlyArray<readonly [name: string, ...answers: ReadonlyArray<Answer>]> = [
    ["a server that is not there", refused],
    ["a gateway without a server, again and again", ...Array.from({ length: 4 }, () => text("", { status: 502 }))],
    ["a page instead of the answer, again and again", text("<html>"), text("<html>")],
    ["a server that is busy", checked, refusal("1")],
    ["a web login that is forgotten between two steps", checked, accepted, text(""), json({ retcode: 103 })]
  ]
  for (const [name, ...replies] of faults) {
    it.effect(name, () =>
      Effect.gen(function* () {
        // The cookies of the attempt before are tried first, where there are some.
        const again = replies.length === 4 && replies[0] === checked ? [json({ retcode: 103 })] : []
        const { asked, layer } = script(...replies, ...again, checked, accepted, text(""), online)
        const failures: Array<string> = []
        const patient = Login.recover(myself, {
          onFailure: (failure) => Effect.sync(() => failures.push(failure._tag))
        })
        const found = yield* inProcess.run(Effect.provide(patient, Layer.merge(loggedIn, layer)))
        assert.strictEqual(Redacted.value(found.psessionid), "p")
        assert.strictEqual(asked.length, replies.length + again.length + 4)
        assert.strictEqual(failures.length, 1)
      })
    )
  }

  it.effect("for as long as the schedule says", () =>
    Effect.gen(function* () {
      const { asked, layer } = script(refused, refused, refused)
      const error = yield* Login.patiently(myself, { retry: Schedule.recurs(2) }).pipe(
        Effect.flip,
        Effect.provide(Layer.merge(anonymous, layer))
      )
      assert.deepInclude(error, { _tag: "TransportError", reason: "Connection" })
      assert.strictEqual(asked.length, 3)
    })
  )
})

describe("a bot whose recovery failed", () => {
  it.scoped("does not send the refused password again for the messages that wait", () =>
    Effect.gen(function* () {
      const message = (id: number) => ({
        poll_type: "message",
        value: { msg_id: id, from_uin: id, to_uin: 2, time: 1, content: [["font", {}], "hi"] }
      })
      const lost = json({ retcode: 103 })
      const { layer } = script(
        json({ retcode: 0, result: [message(1), message(2), message(3)] }),
        ...Array.from({ length: 10 }, () => lost)
      )
      let logins = 0
      const errors: Array<string> = []
      const recover = Effect.suspend(() => {
        logins++
        return new Errors.WrongPassword({ account: number, says: "" })
      })
      const end = yield* Bot.run({
        onFriendMessage: (_, reply) =>
          Effect.delay(reply("hello"), "1 minute").pipe(
            Effect.tapError((error) => Effect.sync(() => errors.push(error._tag)))
          ),
        poll: { recover }
      }).pipe(
        Effect.flip,
        Effect.provide(Layer.merge(loggedInTo(Dialects.webqq2014, credentials), layer)),
        inProcess.run
      )
      assert.strictEqual(end._tag, "RecoveryFailed")
      assert.deepStrictEqual(errors, ["SessionLost", "SessionLost", "SessionLost"])
      assert.strictEqual(logins, 1)
    })
  )
})

describe("a login without the cookie ptwebqq", () => {
  const login2 = json({ retcode: 0, result: { uin: number, vfwebqq: "v", psessionid: "p", status: "online" } })

  it.effect("goes by skey alone, with an empty ptwebqq", () =>
    Effect.gen(function* () {
      const skey = { headers: { "set-cookie": "skey=@abcdefghi; Domain=qq.com; Path=/" } }
      const accepted = text("ptuiCB('0','0','http://ptlogin4.web2.qq.com/check_sig','0','ok', 'me');", skey)
      const { asked, layer } = script(checked, accepted, text(""), login2)
      const found = yield* Effect.provide(myself, Layer.merge(anonymous, layer))
      assert.strictEqual(Redacted.value(found.ptwebqq), "")
      assert.deepInclude(JSON.parse(asked[3]?.form[0]?.[1] ?? ""), { ptwebqq: "" })
    })
  )

  for (const dialect of Dialects.all) {
    it.scoped(`is found by its skey by the embedded server, ${dialect.name}`, () =>
      Effect.gen(function* () {
        const http = yield* inProcess.serve({ dialect })
        const losing = Layer.map(client(http, dialect), (context) => {
          const store = Context.get(context, CookieStore.CookieStore)
          return Context.add(context, CookieStore.CookieStore, {
            ...store,
            absorb: (url, lines) =>
              store.absorb(
                url,
                lines.filter((line) => !line.startsWith("ptwebqq="))
              )
          })
        })
        yield* Effect.gen(function* () {
          assert.strictEqual(Redacted.value((yield* (yield* Session.Session).get).ptwebqq), "")
          assert.strictEqual((yield* Contacts.getSelfInfo2).uin, account(10001))
        }).pipe(Effect.provide(Layer.provideMerge(Login.layerPassword(as(10001)), losing)))
      })
    )
  }
})
