/** How sessions of old clients end, and how they come back (reference, sections 2.9, 2.10 and 6). */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer, Option, TestClock } from "effect"
import { Handler, type Options, World, WorldMemory } from "../../../src/programs/server/index.ts"
import * as Peer from "./Peer.ts"
import { d1, everywhereD1, online, clientid as smartId } from "./SmartQQ.ts"
import * as Twqq from "./Twqq.ts"

const textsOf = (events: ReadonlyArray<Peer.Json>) =>
  events.filter(({ poll_type }) => poll_type === "message").map(({ value }) => value.content[1])

/** A server that can be started anew, with the same world or with one that knows nothing. */
const restartableWith = (options: Options.Input) =>
  Effect.gen(function* () {
    const start = (world: Layer.Layer<World.World>) =>
      Effect.map(Layer.build(Layer.provide(Handler.layer(options), world)), (context) =>
        Context.get(context, Handler.Handler)
      )
    const world = Layer.succeedContext(yield* Layer.build(WorldMemory.layer()))
    let current = yield* start(world)
    const server: Peer.Server = (request) => current(request)
    const restart = (from: Layer.Layer<World.World> = world) =>
      Effect.map(start(from), (next) => {
        current = next
      })
    return { server, restart }
  })
const restartable = restartableWith({})

const logout = ({ peer, psessionid }: { readonly peer: Peer.Peer; readonly psessionid: string }) =>
  peer.get(`https://d.web2.qq.com/channel/logout2?ids=&clientid=${Twqq.clientid}&psessionid=${psessionid}&t=1.5`)

describe("twqq", () => {
  it.scoped("that logs out with a poll held hears that it is not online, and has no cookies any more", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const session = yield* Twqq.login(server, 10001)
      const held = yield* Effect.fork(Twqq.poll(session))
      yield* TestClock.adjust("1 second")
      assert.strictEqual(Peer.json(yield* logout(session)).retcode, 0)
      assert.strictEqual(Peer.json(yield* Fiber.join(held)).retcode, 110)
      assert.strictEqual((yield* Twqq.login2(session.peer, session.ptwebqq)).retcode, 103)
    })
  )

  it.scoped("that is kicked leaves the later one alone, however long both run", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const [older, later] = [Twqq.born(), Twqq.born()]
      yield* Effect.forkScoped(Twqq.run(server, 10001, older))
      yield* TestClock.adjust("1 second")
      yield* Effect.forkScoped(Twqq.run(server, 10001, later))
      yield* TestClock.adjust("10 minutes")
      assert.deepInclude(older, { logins: 1, relinks: 0 })
      assert.deepInclude(later, { logins: 1, relinks: 0 })
      assert.deepStrictEqual(
        older.heard.map(({ poll_type }) => poll_type),
        ["kick_message"]
      )
      const friend = yield* Peer.enter(server, 10002)
      yield* friend.tell("小黄鸡", "还在吗")
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual([textsOf(older.heard), textsOf(later.heard)], [[], ["还在吗"]])
    })
  )

  it.scoped("goes online again on its cookies after the server was started anew, and hears what waited", () =>
    Effect.gen(function* () {
      const { restart, server } = yield* restartable
      const life = Twqq.born()
      yield* Effect.forkScoped(Twqq.run(server, 10001, life))
      yield* TestClock.adjust("1 second")
      yield* restart()
      const friend = yield* Peer.enter(server, 10002)
      yield* friend.tell("小黄鸡", "早")
      // Its poll was held by the server before.
      yield* TestClock.adjust("1 minute")
      assert.deepInclude(life, { logins: 1, relinks: 1 })
      assert.deepStrictEqual(textsOf(life.heard), ["早"])
    })
  )

  it.scoped("logs in from the start where the world is a new one, too", () =>
    Effect.gen(function* () {
      const { restart, server } = yield* restartable
      const life = Twqq.born()
      yield* Effect.forkScoped(Twqq.run(server, 10001, life))
      yield* TestClock.adjust("1 second")
      yield* restart(WorldMemory.layer())
      yield* TestClock.adjust("2 minutes")
      assert.deepInclude(life, { logins: 2, relinks: 1 })
    })
  )

  it.scoped("that logs in twice at once ends up with one session, however slow the world is", () =>
    Effect.gen(function* () {
      const world = Context.get(yield* Layer.build(WorldMemory.layer()), World.World)
      const slow = Layer.succeed(World.World, {
        ...world,
        keepLogin: (login) => Effect.delay(world.keepLogin(login), "1 second"),
        forgetLogin: (account) => Effect.delay(world.forgetLogin(account), "1 second")
      })
      const server = Context.get(yield* Layer.build(Layer.provide(Handler.layer(), slow)), Handler.Handler)
      const atOnce = (count: number) =>
        Effect.gen(function* () {
          const logins = Effect.replicateEffect(Twqq.login(server, 10001), count, { concurrency: "unbounded" })
          const fiber = yield* Effect.fork(logins)
          yield* TestClock.adjust("1 minute")
          return yield* Fiber.join(fiber)
        })
      const sessions = [...(yield* atOnce(1)), ...(yield* atOnce(2))]
      const kicks = yield* Effect.forEach(sessions, (session) =>
        Effect.map(
          Effect.timeoutOption(Twqq.poll(session), 0),
          Option.match({ onNone: () => "held", onSome: (reply) => Peer.json(reply).result[0].poll_type })
        )
      )
      assert.deepStrictEqual(kicks.toSorted(), ["held", "kick_message", "kick_message"])
    })
  )

  it.scoped("that was kicked and logs in by its password is the later one", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const first = yield* Twqq.login(server, 10001)
      const second = yield* Twqq.login(server, 10001)
      const types = (session: Peer.Online & { readonly peer: Peer.Peer }) =>
        Effect.map(Twqq.poll(session), (reply) => Peer.json(reply).result?.map(({ poll_type }: Peer.Json) => poll_type))
      assert.deepStrictEqual(yield* types(first), ["kick_message"])
      assert.strictEqual((yield* Twqq.login2(first.peer, first.ptwebqq)).retcode, 103)
      yield* Twqq.login(server, 10001)
      assert.deepStrictEqual(yield* types(second), ["kick_message"])
    })
  )
})

describe("a client that goes online again on its cookies", () => {
  it.scoped("is answered under the psessionid from before, too (fhp polls on with it)", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const me = yield* online(server, everywhereD1)
      const friend = yield* Peer.enter(server, 10002)
      const again = () =>
        me.peer.post(
          "http://d1.web2.qq.com/channel/login2",
          Peer.r({ ptwebqq: me.ptwebqq, clientid: smartId, psessionid: me.psessionid, status: "online" }),
          { referer: d1 }
        )
      yield* again()
      for (const words of ["一", "二"]) {
        yield* friend.tell("小黄鸡", words)
        assert.strictEqual(Peer.json(yield* me.poll()).result[0].value.content[1], words)
      }
      // Not for ever: of many names the latest are good.
      for (let i = 0; i < 20; i++) yield* again()
      assert.strictEqual(Peer.json(yield* me.poll()).retcode, 103)
    })
  )

  it.scoped("while its poll is held: that one ends as idle, and the next hears what comes (lwqq)", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const session = yield* Twqq.login(server, 10001)
      const held = yield* Effect.fork(Twqq.poll(session))
      yield* TestClock.adjust("1 second")
      const { result } = yield* Twqq.login2(session.peer, session.ptwebqq)
      assert.strictEqual(Peer.json(yield* Fiber.join(held)).retcode, 102)
      const friend = yield* Peer.enter(server, 10002)
      yield* friend.tell("小黄鸡", "在")
      const heard = yield* Twqq.poll({ ...session, ...result })
      assert.strictEqual(Peer.json(heard).result[0].poll_type, "buddies_status_change")
    })
  )

  it.scoped("gets again what was answered and not shown to have arrived, whoever asks under the old name", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const friend = yield* Peer.enter(server, 10002)
      const killed = yield* Twqq.login(server, 10001)
      for (const words of ["一", "二", "三"]) yield* friend.tell("小黄鸡", words)
      const said = (session: Peer.Online & { readonly peer: Peer.Peer }) =>
        Effect.map(Twqq.poll(session), (reply) => textsOf(Peer.json(reply).result)[0])
      assert.strictEqual(yield* said(killed), "一")
      // The client is killed here, and started anew with its cookies; a poll of the killed one arrives late.
      const { result } = yield* Twqq.login2(killed.peer, killed.ptwebqq)
      assert.strictEqual(yield* said(killed), "一")
      const started = { ...killed, ...result }
      for (const words of ["一", "二", "三"]) assert.strictEqual(yield* said(started), words)
    })
  )
})

describe("cookies of before the server was started anew", () => {
  it.scoped("are good with the names for people and groups that came with them", () =>
    Effect.gen(function* () {
      const { restart, server } = yield* restartable
      const me = yield* Peer.enter(server, 10001)
      const before = yield* me.uinOf("明明")
      yield* restart()
      const { result } = yield* Twqq.login2(me.peer, me.ptwebqq)
      const sent = yield* me.peer.post(
        "http://d.web2.qq.com/channel/send_buddy_msg2",
        Peer.r({
          to: before,
          content: '["hi",["font",{}]]',
          msg_id: 1,
          clientid: Twqq.clientid,
          psessionid: result.psessionid
        })
      )
      assert.strictEqual(Peer.json(sent).retcode, 0)
      const friend = yield* Peer.enter(server, 10002)
      assert.strictEqual((yield* friend.hear()).value.content[1], "hi")
    })
  )

  it.scoped("are void after a logout, a kick, their lifetime, or with another's skey", () =>
    Effect.gen(function* () {
      const { restart, server } = yield* restartableWith({ loginLifetime: "2 hours", silence: "1 hour" })
      const relinked = (session: { readonly peer: Peer.Peer; readonly ptwebqq: string }) =>
        Effect.map(
          Effect.zipRight(restart(), Twqq.login2(session.peer, session.ptwebqq)),
          ({ retcode }: Peer.Json) => retcode
        )
      const left = yield* Twqq.login(server, 10001)
      yield* logout(left)
      assert.strictEqual(yield* relinked(left), 103)

      const kicked = yield* Twqq.login(server, 10001)
      const later = yield* Twqq.login(server, 10001)
      assert.strictEqual(yield* relinked(kicked), 103)
      assert.strictEqual(yield* relinked({ ...later, peer: kicked.peer }), 103)
      yield* TestClock.adjust("119 minutes")
      assert.strictEqual(yield* relinked(later), 0)
      yield* TestClock.adjust("2 hours")
      assert.strictEqual(yield* relinked(later), 103)
    })
  )
})

describe("a refused poll that is repeated at once", () => {
  const spin = (ask: () => Effect.Effect<unknown>) =>
    Effect.gen(function* () {
      let polls = 0
      yield* Effect.forkScoped(Effect.forever(Effect.tap(Effect.suspend(ask), () => Effect.sync(() => polls++))))
      yield* TestClock.adjust("1 minute")
      return polls
    })
  const fewAMinute = (polls: number) => assert.isTrue(polls > 0 && polls <= 13, String(polls))

  for (const host of ["d.web2.qq.com", "d1.web2.qq.com"]) {
    it.scoped(`waits from the second time on, for a psessionid that is not known to ${host}`, () =>
      Effect.gen(function* () {
        const peer = Peer.peer(yield* Peer.server())
        const body = Peer.r({ ptwebqq: "", clientid: 1, psessionid: "8368", key: "" })
        const ask = () => peer.post(`http://${host}/channel/poll2`, body)
        const { retcode } = Peer.json(yield* ask())
        assert.strictEqual(retcode, host === "d.web2.qq.com" ? 121 : 103)
        fewAMinute(yield* spin(ask))
      })
    )
  }

  it.scoped("waits for a session that was ended, and for parameters that cannot be read", () =>
    Effect.gen(function* () {
      const ended = yield* Twqq.login(yield* Peer.server(), 10001)
      yield* logout(ended)
      fewAMinute(yield* spin(() => Twqq.poll(ended)))
      const { peer, psessionid } = yield* Twqq.login(yield* Peer.server(), 10001)
      fewAMinute(yield* spin(() => peer.post("http://d.web2.qq.com/channel/poll2", Peer.r({ psessionid }))))
    })
  )

  it.scoped("does not wait when it is not repeated, and holds nobody else up", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const peer = Peer.peer(server)
      const ask = (psessionid: string) =>
        Effect.map(
          peer.post("http://d.web2.qq.com/channel/poll2", Peer.r({ clientid: 1, psessionid, key: 0, ids: [] })),
          (reply) => Peer.json(reply).retcode
        )
      yield* Effect.forkScoped(Effect.forever(ask("00")))
      yield* TestClock.adjust("1 second")
      // No clock is moved from here on.
      assert.strictEqual(yield* ask("01"), 121)
      const session = yield* Twqq.login(server, 10001)
      yield* (yield* Peer.enter(server, 10002)).tell("小黄鸡", "hi")
      assert.strictEqual(Peer.json(yield* Twqq.poll(session)).retcode, 0)
    })
  )
})
