/** Coming back: to a kept session, on live cookies, or by a new login. */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { HttpClient, KeyValueStore } from "@effect/platform"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { assert, describe } from "@effect/vitest"
import { Context, Effect, FiberRef, HashSet, identity, Layer, Logger, Option, Redacted, Stream } from "effect"
import { Login, Resume } from "../../../src/programs/index.ts"
import type { TestServer } from "../../../src/programs/testing/index.ts"
import { Channel, Contacts, Dialects, Messages, Poll } from "../../../src/protocol/index.ts"
import { Content, Ids, PollEvent } from "../../../src/schema/index.ts"
import { CookieStore, MessageIds, Session, SessionStore } from "../../../src/services/index.ts"
import { account, as, client, loseSession } from "../../rigs/Client.ts"
import { eventually, temporaryDirectory } from "../../rigs/Files.ts"
import type { Front } from "../../rigs/Fronts.ts"
import { token } from "../../rigs/ScriptedServer.ts"
import { watched } from "../../rigs/Watched.ts"

type Http = Layer.Layer<HttpClient.HttpClient>

const key = "bot"

/** A place to keep sessions in, for as long as the test takes. */
export const memory = Effect.map(
  Layer.build(Layer.provideMerge(SessionStore.layer(key), KeyValueStore.layerMemory)),
  (context) => {
    const values = Context.get(context, KeyValueStore.KeyValueStore)
    return {
      layer: Layer.succeed(SessionStore.SessionStore, Context.get(context, SessionStore.SessionStore)),
      load: Context.get(context, SessionStore.SessionStore).load,
      raw: Effect.map(
        Effect.orDie(values.get(key)),
        Option.getOrElse(() => "")
      ),
      put: (text: string) => Effect.orDie(values.set(key, text)),
      aside: (name: string) =>
        Effect.map(
          Effect.orDie(values.get(`${key}.aside-${name}`)),
          Option.getOrElse(() => "")
        )
    }
  }
)

export const noLogin = () => Effect.dieMessage("a login was not to be needed")

/** A program that keeps its session and comes back to it, and the steps that it took. */
export const program = <E = never, R = never>(
  http: Http,
  store: Layer.Layer<SessionStore.SessionStore>,
  options: {
    readonly login: (onStep: Login.OnStep) => Effect.Effect<Session.Credentials, E, R>
    readonly account?: number
    readonly dialect?: Dialects.Dialect
    readonly cookies?: (store: CookieStore.CookieStore["Type"]) => CookieStore.CookieStore["Type"]
  }
) => {
  const { cookies = identity, dialect = Dialects.webqq2013, login, ...rest } = options
  const steps: Array<string> = []
  const onStep: Login.OnStep = (step) => Effect.sync(() => steps.push(step._tag))
  const layer = Resume.layer({ ...rest, login: login(onStep), onStep, sendSpacing: 0 }).pipe(
    Layer.provideMerge(
      Layer.map(client(http, dialect), (context) =>
        Context.add(context, CookieStore.CookieStore, cookies(Context.get(context, CookieStore.CookieStore)))
      )
    ),
    Layer.provide(store)
  )
  return { layer: Layer.fresh(layer), steps }
}

/** Logs in as 10001, with that password. */
export const byPassword = (password?: string) => (onStep: Login.OnStep) =>
  Login.withPassword({ ...as(10001, password), onStep })

/** Tokens and cookies with what they hide. */
const plain = ({ clientid, psessionid, ptwebqq, vfwebqq, ...rest }: Session.Credentials) => [
  rest.account,
  clientid,
  Redacted.value(psessionid),
  Redacted.value(ptwebqq),
  Redacted.value(vfwebqq)
]

const say = (to: number, words: string) =>
  Messages.sendBuddyMsg2({ to: Ids.Uin.make(to), content: Content.fromText(words) })

const heard = (count: number) =>
  Poll.events().pipe(
    Stream.filter(PollEvent.isMessage),
    Stream.take(count),
    Stream.runCollect,
    Effect.map((messages) => [...messages].map(({ content }) => Content.toText(content)))
  )

const capturing =
  (log: Array<string>) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.locally(
      effect,
      FiberRef.currentLoggers,
      HashSet.make(Logger.make(({ message }) => log.push(String(message))))
    )

export const resume = (front: Front): void => {
  for (const dialect of Dialects.all) {
    const serve = (input: TestServer.Input = {}) => Effect.flatMap(front.serve({ dialect, ...input }), watched)
    const start = (http: Http, store: Layer.Layer<SessionStore.SessionStore>) =>
      program(http, store, { dialect, account: 10001, login: byPassword() })
    const goOn = (http: Http, store: Layer.Layer<SessionStore.SessionStore>) =>
      program(http, store, { dialect, account: 10001, login: noLogin })
    /** What login2 alone takes in this dialect, and the requests after a login. */
    const login2 = [...(dialect.name === "smartqq-2015" ? ["/api/getvfwebqq"] : []), "/channel/login2"]
    const warmUp = ["/channel/get_online_buddies2", "/api/get_self_info2", "/channel/get_recent_list2"]

    describe(`resume, ${dialect.name}, ${front.name}`, () => {
      front.it("keeps tokens, cookies, client number and message number of a login", () =>
        Effect.gen(function* () {
          const { http } = yield* serve()
          const store = yield* memory
          const first = start(http, store.layer)
          yield* Effect.gen(function* () {
            const saved = Option.getOrThrow(yield* store.load)
            assert.strictEqual(saved.dialect, dialect.name)
            assert.deepStrictEqual(plain(saved.credentials), plain(yield* (yield* Session.Session).get))
            assert.strictEqual(saved.lastMsgId, yield* (yield* MessageIds.MessageIds).last)
            assert.includeMembers(
              saved.cookies.map(({ domain, name }) => `${name} ${domain}`),
              ["uin qq.com", "skey qq.com", "ptwebqq qq.com", "p_skey web2.qq.com", "supertoken ptlogin2.qq.com"]
            )
          }).pipe(Effect.provide(first.layer))
          // Not logged out: the next run comes back.
          assert.deepStrictEqual(first.steps, ["Checked", "Accepted", "Followed", "Online"])
        })
      )

      front.it("comes back with one request, and everything works; message numbers go on", () =>
        Effect.gen(function* () {
          const { http, last, paths, seen } = yield* serve()
          const store = yield* memory
          const before = yield* Effect.gen(function* () {
            yield* say(10002, "一")
            return yield* say(10002, "二")
          }).pipe(Effect.provide(start(http, store.layer).layer))
          seen.length = 0
          const second = goOn(http, store.layer)
          yield* Effect.gen(function* () {
            assert.deepStrictEqual(paths(), ["/channel/get_online_buddies2"])
            assert.deepStrictEqual(second.steps, ["Resumed"])
            assert.strictEqual((yield* Contacts.getSelfInfo2).uin, account(10001))
            assert.strictEqual(yield* say(10002, "三"), before + 1)
            assert.strictEqual(Number(JSON.parse(last("/channel/send_buddy_msg2").params.r ?? "").msg_id), before + 1)
            const friend = Layer.provideMerge(
              Login.layerPassword({ ...as(10002), sendSpacing: 0 }),
              client(http, dialect)
            )
            const words = yield* Effect.gen(function* () {
              yield* say(10001, "四")
              return yield* heard(3)
            }).pipe(Effect.provide(friend))
            assert.deepStrictEqual(words, ["一", "二", "三"])
            assert.deepStrictEqual(yield* heard(1), ["四"])
          }).pipe(Effect.provide(second.layer))
        })
      )

      front.it("a lost session with live cookies comes back by login2, without a password", () =>
        Effect.gen(function* () {
          const { http, paths, seen } = yield* serve()
          const store = yield* memory
          const old = yield* Effect.gen(function* () {
            yield* loseSession
            return yield* (yield* Session.Session).get
          }).pipe(Effect.provide(start(http, store.layer).layer))
          seen.length = 0
          const second = goOn(http, store.layer)
          yield* Effect.gen(function* () {
            assert.deepStrictEqual(second.steps, ["Online"])
            assert.deepStrictEqual(paths(), ["/channel/get_online_buddies2", ...login2, ...warmUp])
            const now = yield* (yield* Session.Session).get
            assert.notStrictEqual(Redacted.value(now.psessionid), Redacted.value(old.psessionid))
            assert.deepStrictEqual(plain(Option.getOrThrow(yield* store.load).credentials), plain(now))
            yield* say(10002, "hi")
          }).pipe(Effect.provide(second.layer))
        })
      )

      front.it("after an end that was none, goes by login2, and what was not confirmed comes again", () =>
        Effect.gen(function* () {
          const { http, paths, seen } = yield* serve()
          const store = yield* memory
          const friend = yield* Layer.build(
            Layer.provideMerge(Login.layerPassword({ ...as(10002), sendSpacing: 0 }), client(http, dialect))
          )
          // Neither closed nor logged out: as good as killed.
          const killed = yield* Layer.build(start(http, store.layer).layer)
          yield* Effect.provide(say(10001, "一"), friend)
          assert.deepStrictEqual(yield* Effect.provide(heard(1), killed), ["一"])
          seen.length = 0
          const second = goOn(http, store.layer)
          yield* Effect.gen(function* () {
            assert.deepStrictEqual(second.steps, ["Online"])
            assert.deepStrictEqual(paths(), [...login2, ...warmUp])
            yield* Effect.provide(say(10001, "二"), friend)
            assert.deepStrictEqual(yield* heard(2), ["一", "二"])
          }).pipe(Effect.provide(second.layer))
        })
      )

      front.it("after an end in the middle of what had arrived, goes by login2, too", () =>
        Effect.gen(function* () {
          const { http, paths, seen } = yield* serve()
          const store = yield* memory
          const friend = yield* Layer.build(
            Layer.provideMerge(Login.layerPassword({ ...as(10002), sendSpacing: 0 }), client(http, dialect))
          )
          yield* Effect.zipRight(Effect.provide(say(10001, "一"), friend), heard(1)).pipe(
            Effect.provide(start(http, store.layer).layer)
          )
          seen.length = 0
          const again = yield* Effect.provide(heard(1), goOn(http, store.layer).layer)
          assert.deepStrictEqual(again, ["一"])
          assert.strictEqual(paths()[0], login2[0])
        })
      )

      front.it("a ptwebqq that the server replaced is kept, and is good for coming back", () =>
        Effect.gen(function* () {
          const { http } = yield* serve({ faults: { script: [{ endpoint: "poll2", nth: 1, fault: "rotate" }] } })
          const store = yield* memory
          yield* Effect.gen(function* () {
            const session = yield* Session.Session
            const old = Redacted.value((yield* session.get).ptwebqq)
            assert.deepStrictEqual(yield* Channel.poll2, [])
            const replaced = Redacted.value((yield* session.get).ptwebqq)
            assert.notStrictEqual(replaced, old)
            let kept = ""
            const look = Effect.map(store.raw, (text) => {
              kept = text
            })
            yield* eventually(() => kept.includes(replaced) && !kept.includes(old), look)
            yield* loseSession
          }).pipe(Effect.provide(start(http, store.layer).layer))
          const second = goOn(http, store.layer)
          yield* Effect.provide(say(10002, "hi"), second.layer)
          assert.deepStrictEqual(second.steps, ["Online"])
        })
      )

      front.it("dead cookies lead to the given login, which sends none of them", () =>
        Effect.gen(function* () {
          const store = yield* memory
          yield* Effect.scoped(Layer.build(start((yield* serve()).http, store.layer).layer))
          const { http, last, paths } = yield* serve()
          const second = start(http, store.layer)
          yield* Effect.gen(function* () {
            assert.deepStrictEqual(second.steps, ["Checked", "Accepted", "Followed", "Online"])
            // The first of the two requests that need cookies is refused.
            assert.deepStrictEqual(paths().slice(0, 2), ["/channel/get_online_buddies2", login2[0]])
            const first = dialect.fetchLoginPage ? "/cgi-bin/login" : "/check"
            assert.isUndefined(last(first).headers.cookie)
            const now = yield* (yield* Session.Session).get
            assert.deepStrictEqual(plain(Option.getOrThrow(yield* store.load).credentials), plain(now))
            yield* say(10002, "hi")
          }).pipe(Effect.provide(second.layer))
        })
      )
    })
  }

  describe(`resume, ${front.name}`, () => {
    const start = (http: Http, store: Layer.Layer<SessionStore.SessionStore>) =>
      program(http, store, { account: 10001, login: byPassword() })

    front.it("without a kept session, logs in", () =>
      Effect.gen(function* () {
        const store = yield* memory
        const first = start(yield* front.serve(), store.layer)
        yield* Layer.build(first.layer)
        assert.deepStrictEqual(first.steps, ["Checked", "Accepted", "Followed", "Online"])
      })
    )

    front.it("a server that cannot be reached is a TransportError, and the kept session stays", () =>
      Effect.gen(function* () {
        const store = yield* memory
        yield* Effect.scoped(Layer.build(start(yield* front.serve(), store.layer).layer))
        const kept = yield* store.raw
        const second = program(yield* front.nowhere, store.layer, { login: noLogin })
        const error = yield* Effect.flip(Effect.scoped(Layer.build(second.layer)))
        assert.deepInclude(error, { _tag: "TransportError", reason: "Connection", endpoint: "get_online_buddies2" })
        assert.strictEqual(yield* store.raw, kept)
        assert.isAbove(kept.length, 1000)
      })
    )

    front.it("a login that fails after dead cookies leaves the kept session as it is", () =>
      Effect.gen(function* () {
        const store = yield* memory
        yield* Effect.scoped(Layer.build(start(yield* front.serve(), store.layer).layer))
        const kept = yield* store.raw
        const second = program(yield* front.serve(), store.layer, { login: byPassword("wrong") })
        const error = yield* Effect.flip(Effect.scoped(Layer.build(second.layer)))
        assert.strictEqual(error._tag, "WrongPassword")
        assert.strictEqual(yield* store.raw, kept)
      })
    )

    front.it("a new ptwebqq is kept at once, and so is every other new token", () =>
      Effect.gen(function* () {
        const store = yield* memory
        yield* Effect.gen(function* () {
          const session = yield* Session.Session
          let kept = ""
          const look = Effect.map(store.raw, (text) => {
            kept = text
          })
          for (const [i, change] of [
            { ptwebqq: token.ptwebqq("a-new-ptwebqq") },
            { psessionid: token.psessionid("a-new-psessionid") },
            { vfwebqq: token.vfwebqq("a-new-vfwebqq") }
          ].entries()) {
            yield* session.update(change)
            yield* eventually(
              () => kept.includes(["a-new-ptwebqq", "a-new-psessionid", "a-new-vfwebqq"][i] ?? ""),
              look
            )
          }
        }).pipe(Effect.provide(start(yield* front.serve(), store.layer).layer))
      })
    )

    front.it("whoever comes back need not say whose session it is", () =>
      Effect.gen(function* () {
        const store = yield* memory
        const http = yield* front.serve()
        yield* Effect.scoped(Layer.build(start(http, store.layer).layer))
        const self = yield* Effect.provide(Contacts.getSelfInfo2, program(http, store.layer, { login: noLogin }).layer)
        assert.strictEqual(self.uin, account(10001))
      })
    )

    const foreign: ReadonlyArray<readonly [name: string, why: string, change: (kept: string) => string]> = [
      ["that is damaged", "is damaged or none of ours", (kept) => kept.slice(0, 100)],
      [
        "of a later version",
        "is damaged or none of ours",
        (kept) => JSON.stringify({ ...JSON.parse(kept), version: 2, more: "than this version knows" })
      ],
      [
        "of another dialect",
        "is of the dialect webqq-2014",
        (kept) => JSON.stringify({ ...JSON.parse(kept), dialect: "webqq-2014" })
      ],
      [
        "of another account",
        "is of another account",
        (kept) =>
          JSON.stringify({ ...JSON.parse(kept), credentials: { ...JSON.parse(kept).credentials, account: 10002 } })
      ]
    ]
    for (const [name, why, change] of foreign) {
      const changed = Effect.gen(function* () {
        const http = yield* front.serve()
        const store = yield* memory
        yield* Effect.scoped(Layer.build(start(http, store.layer).layer))
        const text = change((yield* store.raw).replace(/"lastMsgId":\d+/, '"lastMsgId":7'))
        yield* store.put(text)
        return { http, store, text }
      })
      /** The report, once; what was there, elsewhere; what is there now. */
      const check = (log: ReadonlyArray<string>, text: string, store: Effect.Effect.Success<typeof memory>) =>
        Effect.gen(function* () {
          assert.strictEqual(log.length, 1, log.join())
          const [, told, at] = /^the kept session (.*); it was put aside as bot\.aside-(\d+)$/.exec(log[0] ?? "") ?? []
          assert.strictEqual(told, why)
          assert.strictEqual(yield* store.aside(at ?? ""), text)
          const saved = Option.getOrThrow(yield* store.load)
          assert.strictEqual(saved.credentials.account, account(10001))
          // Not the number of the session that was put aside.
          assert.notStrictEqual(Number(saved.lastMsgId), 7)
        })

      front.it(`a kept session ${name} is reported and put aside, and the login goes on`, () =>
        Effect.gen(function* () {
          const { http, store, text } = yield* changed
          const log: Array<string> = []
          const second = start(http, store.layer)
          yield* Effect.scoped(Layer.build(second.layer)).pipe(capturing(log))
          assert.deepStrictEqual(second.steps, ["Checked", "Accepted", "Followed", "Online"])
          yield* check(log, text, store)
        })
      )

      front.it(`a login that is kept without looking back puts a kept session ${name} aside as well`, () =>
        Effect.gen(function* () {
          const { http, store, text } = yield* changed
          const log: Array<string> = []
          const anew = Resume.layerKeeping.pipe(
            Layer.provideMerge(Login.layer(Login.withPassword(as(10001)), { logout: false })),
            Layer.provide(client(http)),
            Layer.provide(store.layer)
          )
          yield* Effect.scoped(Layer.build(anew)).pipe(capturing(log))
          yield* check(log, text, store)
        })
      )
    }

    front.it("in a file: private, whatever was there before, and good for the next run", () =>
      Effect.gen(function* () {
        const http = yield* front.serve()
        const directory = yield* temporaryDirectory
        const file = join(directory, "bot.json")
        writeFileSync(file, "something else", { mode: 0o644 })
        const store = Layer.provide(SessionStore.layerFile(file), NodeContext.layer)
        const log: Array<string> = []
        yield* Effect.scoped(Layer.build(start(http, store).layer)).pipe(capturing(log))
        assert.strictEqual(statSync(file).mode & 0o777, 0o600)
        assert.strictEqual(log.length, 1)
        const [aside = ""] = readdirSync(directory).filter((name) => name !== "bot.json")
        assert.strictEqual(readFileSync(join(directory, aside), "utf8"), "something else")
        const second = program(http, store, { login: noLogin })
        assert.strictEqual((yield* Effect.provide(Contacts.getSelfInfo2, second.layer)).uin, account(10001))
        assert.deepStrictEqual(second.steps, ["Resumed"])
        assert.strictEqual(statSync(file).mode & 0o777, 0o600)
      })
    )

    front.it("in a place where nothing can be written: a warning, and everything else works", () =>
      Effect.gen(function* () {
        const directory = yield* temporaryDirectory
        writeFileSync(join(directory, "file"), "")
        const store = Layer.provide(SessionStore.layerFile(join(directory, "file", "bot.json")), NodeContext.layer)
        const log: Array<string> = []
        const self = yield* Contacts.getSelfInfo2.pipe(
          Effect.provide(start(yield* front.serve(), store).layer),
          capturing(log)
        )
        assert.strictEqual(self.uin, account(10001))
        assert.isAtLeast(log.length, 1)
        assert.isTrue(log.every((line) => line.startsWith("the ")))
      })
    )

    front.it("a login that is kept without looking back takes the place of the account's former session", () =>
      Effect.gen(function* () {
        const http = yield* front.serve()
        const store = yield* memory
        yield* Effect.scoped(Layer.build(start(http, store.layer).layer))
        const former = yield* store.raw
        const log: Array<string> = []
        const anew = Resume.layerKeeping.pipe(
          Layer.provideMerge(Login.layer(Login.withPassword(as(10001)), { logout: false })),
          Layer.provide(client(http)),
          Layer.provide(store.layer)
        )
        yield* Effect.scoped(Layer.build(anew)).pipe(capturing(log))
        assert.deepStrictEqual(log, [])
        assert.notStrictEqual(yield* store.raw, former)
      })
    )
  })

  describe(`relogin, ${front.name}`, () => {
    for (const dialect of Dialects.all) {
      front.it(`on live cookies: no password, new tokens, ${dialect.name}`, () =>
        Effect.gen(function* () {
          const { http, paths, seen } = yield* Effect.flatMap(front.serve({ dialect }), watched)
          yield* Effect.gen(function* () {
            const session = yield* Session.Session
            const before = yield* session.get
            seen.length = 0
            yield* Login.relogin
            assert.deepStrictEqual(paths(), [
              ...(dialect.name === "smartqq-2015" ? ["/api/getvfwebqq"] : []),
              "/channel/login2",
              "/channel/get_online_buddies2",
              "/api/get_self_info2",
              "/channel/get_recent_list2"
            ])
            const after = yield* session.get
            assert.strictEqual(after.account, before.account)
            assert.notStrictEqual(Redacted.value(after.psessionid), Redacted.value(before.psessionid))
            yield* say(10002, "x")
          }).pipe(
            Effect.provide(
              Layer.provideMerge(Login.layerPassword({ ...as(10001), sendSpacing: 0 }), client(http, dialect))
            )
          )
        })
      )

      front.it(`on the cookies of a login that was ended is SessionLost, ${dialect.name}`, () =>
        Effect.gen(function* () {
          const http = yield* front.serve({ dialect })
          yield* Effect.gen(function* () {
            yield* Channel.logout2
            assert.deepInclude(yield* Effect.flip(say(10002, "x")), { _tag: "SessionLost", retcode: 108 })
            const { _tag } = yield* Effect.flip(Login.relogin)
            assert.strictEqual(_tag, "SessionLost")
          }).pipe(
            Effect.provide(
              Layer.provideMerge(Login.layerPassword({ ...as(10001), sendSpacing: 0 }), client(http, dialect))
            )
          )
        })
      )

      front.it(`on old cookies is SessionLost, ${dialect.name}`, () =>
        Effect.gen(function* () {
          const me = yield* Layer.build(
            Layer.provideMerge(
              Login.layerPassword({ ...as(10001), sendSpacing: 0 }),
              client(yield* front.serve({ dialect }), dialect)
            )
          )
          const another = yield* Layer.build(yield* front.serve({ dialect }))
          const error = yield* Effect.flip(Login.relogin).pipe(
            Effect.provide(Context.add(me, HttpClient.HttpClient, Context.get(another, HttpClient.HttpClient)))
          )
          assert.deepInclude(error, { _tag: "SessionLost", retcode: 103 })
        })
      )
    }

    front.it("without cookies is an error that says which one is missing", () =>
      Effect.gen(function* () {
        const me = yield* Layer.build(
          Layer.provideMerge(Login.layerPassword({ ...as(10001), sendSpacing: 0 }), client(yield* front.serve()))
        )
        yield* Context.get(me, CookieStore.CookieStore).restore([])
        const error = yield* Effect.flip(Effect.provide(Login.relogin, me))
        assert.deepInclude(error, { _tag: "UnexpectedResponse", expected: "the cookie ptwebqq or skey after a login" })
      })
    )
  })

  describe(`the warm-up, ${front.name}`, () => {
    const dialect = Dialects.smartqq2015
    /** Logged in, but for the requests that follow a login. */
    const cold = (http: Http) =>
      Effect.gen(function* () {
        const context = yield* Layer.build(client(http, dialect))
        const credentials = yield* Effect.provide(Login.withPassword(as(10001)), context)
        const rest = yield* Layer.build(
          Layer.provideMerge(
            Login.layer(Effect.succeed(credentials), { warmUp: false, sendSpacing: 0 }),
            Layer.succeedContext(context)
          )
        )
        return Context.merge(context, rest)
      })

    front.it("without it, the SmartQQ server answers poll2 with 103 and sends with 1202", () =>
      Effect.gen(function* () {
        const me = yield* cold(yield* front.serve({ dialect }))
        const error = yield* Effect.flip(Effect.provide(Channel.poll2, me))
        assert.deepInclude(error, { _tag: "SessionLost", retcode: 103 })
        const unknown = yield* Effect.flip(Effect.provide(say(10002, "x"), me))
        assert.deepInclude(unknown, { _tag: "DeliveryUnknown", retcode: 1202 })
        // The message went out all the same: that is what makes it unknown.
      })
    )

    front.it("each request of it brings its own part", () =>
      Effect.gen(function* () {
        const http = yield* front.serve({ dialect, holdPoll: "50 millis" })
        const me = yield* cold(http)
        yield* Effect.provide(Channel.getOnlineBuddies2, me)
        yield* front.run(Effect.provide(Channel.poll2, me))
        assert.strictEqual((yield* Effect.flip(Effect.provide(say(10002, "x"), me)))._tag, "DeliveryUnknown")
        yield* Effect.provide(Channel.getRecentList2, me)
        yield* Effect.provide(say(10002, "x"), me)
      })
    )

    front.it("a login layer makes it, and so does a relogin", () =>
      Effect.gen(function* () {
        const http = yield* front.serve({ dialect, holdPoll: "50 millis" })
        yield* Effect.gen(function* () {
          yield* front.run(Channel.poll2)
          yield* say(10002, "x")
          yield* loseSession
          yield* Login.relogin
          yield* front.run(Channel.poll2)
          yield* say(10002, "x")
        }).pipe(
          Effect.provide(
            Layer.provideMerge(Login.layerPassword({ ...as(10001), sendSpacing: 0 }), client(http, dialect))
          )
        )
      })
    )

    front.it("is not needed by the older dialects", () =>
      Effect.gen(function* () {
        for (const dialect of [Dialects.webqq2013, Dialects.webqq2014]) {
          const http = yield* front.serve({ dialect, holdPoll: "50 millis" })
          const context = yield* Layer.build(client(http, dialect))
          const credentials = yield* Effect.provide(Login.withPassword(as(10001)), context)
          const session = Session.layer(credentials)
          yield* front.run(Effect.provide(Effect.provide(Channel.poll2, session), context))
        }
      })
    )
  })
}
