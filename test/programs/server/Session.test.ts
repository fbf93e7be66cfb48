/** Client and server together, in one process, on the test's clock. */
import { HttpClient, type HttpClientRequest } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Fiber, Layer, Redacted, Scope, Stream, TestClock } from "effect"
import { Login } from "../../../src/programs/index.ts"
import { TestServer } from "../../../src/programs/testing/index.ts"
import { Channel, Contacts, Messages, Poll } from "../../../src/protocol/index.ts"
import { Contacts as ContactsSchema, Content, Ids, PollEvent } from "../../../src/schema/index.ts"
import { CookieStore, Session } from "../../../src/services/index.ts"
import { token } from "../../rigs/ScriptedServer.ts"
import * as ServerInProcess from "../../rigs/ServerInProcess.ts"

type LoggedIn = Layer.Layer.Success<ReturnType<typeof TestServer.login>>

const account = (n: number) => Ids.QQ.make(n)
const uin = (n: number) => Ids.Uin.make(n)

/** A server, and a way to log in to it. */
const server = (input?: TestServer.Input) =>
  Effect.map(ServerInProcess.start(input), (http) => ({
    http,
    login: (n: number, password?: string) =>
      Layer.build(TestServer.login(n, password).pipe(Layer.provide(Layer.succeedContext(http))))
  }))

const say = (to: number, words: string) => Messages.sendBuddyMsg2({ to: uin(to), content: Content.fromText(words) })

const heard = (count: number) =>
  Poll.events().pipe(
    Stream.filter(PollEvent.isMessage),
    Stream.take(count),
    Stream.runCollect,
    Effect.map((messages) => [...messages].map(({ content }) => Content.toText(content)))
  )

describe("a session on the strict server", () => {
  it.scoped("a poll waits 55 virtual seconds for the idle answer, and the loop goes on", () =>
    Effect.gen(function* () {
      let polls = 0
      const { http } = yield* server()
      const counting = HttpClient.mapRequest(Context.get(http, HttpClient.HttpClient), (request) => {
        if (request.url.endsWith("/poll2")) polls++
        return request
      })
      const me = yield* Layer.build(
        TestServer.login(10001).pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, counting)))
      )
      const fiber = yield* Effect.fork(Effect.provide(heard(1), me))
      yield* TestClock.adjust("54 seconds")
      assert.strictEqual(polls, 1)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(polls, 2)
      yield* TestClock.adjust("1 hour")
      // 3655 seconds: 66 polls are over, and the 67th is held.
      assert.strictEqual(polls, 67)
      yield* Fiber.interrupt(fiber)
    })
  )

  it.scoped("a new message wakes a held poll at once", () =>
    Effect.gen(function* () {
      const { login } = yield* server()
      const bot = yield* login(10001)
      const friend = yield* login(10002)
      const fiber = yield* Effect.fork(Effect.provide(heard(1), bot))
      yield* TestClock.adjust("10 seconds")
      yield* Effect.provide(say(10001, "快醒醒[微笑]😀"), friend)
      // No clock is moved from here on.
      assert.deepStrictEqual(yield* Fiber.join(fiber), ["快醒醒[微笑]😀"])
    })
  )

  it.scoped("messages to somebody who is not there wait for the next login", () =>
    Effect.gen(function* () {
      const { login } = yield* server()
      const friend = yield* login(10002)
      yield* Effect.provide(Effect.all([say(10001, "一"), say(10001, "二")]), friend)
      const bot = yield* login(10001)
      assert.deepStrictEqual(yield* Effect.provide(heard(2), bot), ["一", "二"])
    })
  )

  it.scoped("the profile and the friend list with categories and remarks", () =>
    Effect.gen(function* () {
      const { login } = yield* server()
      const [self, list] = yield* Effect.provide(
        Effect.all([Contacts.getSelfInfo2, Contacts.getUserFriends2]),
        yield* login(10001)
      )
      assert.deepInclude(self, { uin: account(10001), nick: "小黄鸡", lnick: "你说什么，我就说什么" })
      assert.deepStrictEqual(
        ContactsSchema.friends(list).map((friend) => [
          ContactsSchema.displayName(friend),
          friend.nick,
          friend.category
        ]),
        [
          ["小明", "明明", "同学"],
          ["阿红", "阿红", "我的好友"]
        ]
      )
    })
  )

  it.scoped("the later of two logins stays and gets what waits; the older one is told of the kick alone", () =>
    Effect.gen(function* () {
      const { login } = yield* server()
      const older = yield* login(10001)
      yield* Effect.provide(say(10001, "before"), yield* login(10002))
      const newer = yield* login(10001)
      const seen: Array<string> = []
      const end = yield* Poll.events().pipe(
        Stream.runForEach((event) => Effect.sync(() => seen.push(event._tag))),
        Effect.flip,
        Effect.provide(older)
      )
      assert.deepStrictEqual(seen, [])
      assert.strictEqual(end._tag, "Kicked")
      assert.include(end.message, "您的帐号在另一地点登录")
      assert.deepInclude(yield* Effect.flip(Effect.provide(say(10002, "x"), older)), { _tag: "SessionLost" })
      assert.deepStrictEqual(yield* Effect.provide(Channel.poll2, older), [])
      assert.deepInclude(yield* Effect.flip(Effect.provide(Channel.getOnlineBuddies2, older)), { _tag: "SessionLost" })
      yield* Effect.provide(say(10002, "x"), newer)
      assert.deepStrictEqual(yield* Effect.provide(heard(1), newer), ["before"])
    })
  )

  it.scoped("closing the layer's scope logs out", () =>
    Effect.gen(function* () {
      const { http } = yield* server()
      const scope = yield* Scope.make()
      const steps: Array<string> = []
      const layer = Login.layerPassword({
        account: account(10001),
        password: Redacted.make("webqq-10001"),
        onStep: (step) => Effect.sync(() => steps.push(step._tag))
      }).pipe(Layer.provideMerge(TestServer.client), Layer.provide(Layer.succeedContext(http)))
      const me = yield* Layer.buildWithScope(layer, scope)
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual(steps, ["Checked", "Accepted", "Followed", "Online", "LoggedOut"])
      assert.deepInclude(yield* Effect.flip(Effect.provide(Channel.getOnlineBuddies2, me)), {
        _tag: "SessionLost",
        retcode: 108
      })
    })
  )

  it.scoped("logging in again on the same cookies takes over what waits", () =>
    Effect.gen(function* () {
      const { login } = yield* server()
      const bot = yield* login(10001)
      yield* Effect.provide(say(10001, "waiting"), yield* login(10002))
      yield* Effect.gen(function* () {
        const session = yield* Session.Session
        const { clientid, ptwebqq } = yield* session.get
        const { psessionid, vfwebqq } = yield* Channel.login2({ ptwebqq, clientid })
        yield* session.update({ psessionid, vfwebqq })
        assert.deepStrictEqual(yield* heard(1), ["waiting"])
      }).pipe(Effect.provide(bot))
    })
  )
})

describe("what the strict server refuses", () => {
  const failing = (n: number, password: string) =>
    Effect.gen(function* () {
      const { login } = yield* server()
      return yield* Effect.flip(login(n, password))
    })

  it.scoped("a wrong password and an unknown number", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* failing(10001, "wrong"))._tag, "WrongPassword")
      assert.strictEqual((yield* failing(99999, "webqq-99999"))._tag, "UnknownAccount")
    })
  )

  it.scoped("a message to somebody who is no friend", () =>
    Effect.gen(function* () {
      const { login } = yield* server()
      const error = yield* Effect.flip(Effect.provide(say(99999, "x"), yield* login(10001)))
      assert.deepInclude(error, { _tag: "Rejected", says: "not a friend" })
    })
  )

  const retcodeOf = <A, E extends { readonly _tag: string }, R>(call: Effect.Effect<A, E, R>) =>
    Effect.map(Effect.flip(call), (error) => ("retcode" in error ? error.retcode : error._tag))

  /** A logged-in client whose requests are changed on the way. */
  const meddling = (change: (request: HttpClientRequest.HttpClientRequest) => HttpClientRequest.HttpClientRequest) =>
    Effect.gen(function* () {
      const { http, login } = yield* server()
      const me = yield* login(10001)
      const changed = HttpClient.mapRequest(Context.get(http, HttpClient.HttpClient), change)
      return Context.add(me, HttpClient.HttpClient, changed)
    })
  const without =
    (...names: ReadonlyArray<string>) =>
    (request: HttpClientRequest.HttpClientRequest) => ({
      ...request,
      headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => !names.includes(name)))
    })

  it.scoped("requests without the session's cookies, without Referer, or with another page's", () =>
    Effect.gen(function* () {
      const retcodes = (me: Context.Context<LoggedIn>) =>
        Effect.provide(
          Effect.all([
            retcodeOf(Channel.poll2),
            retcodeOf(say(10002, "x")),
            retcodeOf(Contacts.getUserFriends2),
            retcodeOf(Contacts.getSelfInfo2),
            retcodeOf(Channel.logout2)
          ]),
          me
        )
      const change = (request: HttpClientRequest.HttpClientRequest) => without("cookie")(request) as typeof request
      assert.deepStrictEqual(yield* retcodes(yield* meddling(change)), [103, 103, 100101, 100101, 103])
      const noReferer = (request: HttpClientRequest.HttpClientRequest) => without("referer")(request) as typeof request
      assert.deepStrictEqual(yield* retcodes(yield* meddling(noReferer)), [103, 103, 100101, 100101, 103])
      const foreign = (request: HttpClientRequest.HttpClientRequest) =>
        ({ ...request, headers: { ...request.headers, referer: "http://example.com/" } }) as typeof request
      assert.deepStrictEqual(yield* retcodes(yield* meddling(foreign)), [103, 103, 100101, 100101, 103])
    })
  )

  it.scoped("wrong tokens and a wrong hash", () =>
    Effect.gen(function* () {
      const { login } = yield* server()
      yield* Effect.gen(function* () {
        const session = yield* Session.Session
        const before = yield* session.get
        yield* session.update({ ptwebqq: token.ptwebqq("other") })
        assert.deepInclude(yield* Effect.flip(Contacts.getUserFriends2), { _tag: "Rejected", retcode: 50 })
        yield* session.update({ vfwebqq: token.vfwebqq("other") })
        assert.deepInclude(yield* Effect.flip(Contacts.getUserFriends2), { _tag: "SessionLost", retcode: 100000 })
        yield* session.update({ psessionid: token.psessionid("other") })
        assert.deepInclude(yield* Effect.flip(Channel.poll2), { _tag: "SessionLost", retcode: 121 })
        yield* session.update({ psessionid: before.psessionid, clientid: Ids.ClientId.make(1) })
        assert.deepInclude(yield* Effect.flip(Channel.poll2), { _tag: "SessionLost", retcode: 103 })
        const stale = { ptwebqq: token.ptwebqq("other"), clientid: before.clientid }
        assert.deepInclude(yield* Effect.flip(Channel.login2(stale)), { _tag: "SessionLost", retcode: 103 })
      }).pipe(Effect.provide(yield* login(10001)))
    })
  )

  it.scoped("one account's cookies with another account's token", () =>
    Effect.gen(function* () {
      const { login } = yield* server()
      const bot = yield* login(10001)
      const friend = yield* login(10002)
      const mixed = Context.add(bot, CookieStore.CookieStore, Context.get(friend, CookieStore.CookieStore))
      assert.deepInclude(yield* Effect.flip(Effect.provide(Channel.poll2, mixed)), {
        _tag: "SessionLost",
        retcode: 103
      })
    })
  )
})
