/** What each fault does over a real socket. */
import { createServer } from "node:http"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Fiber, Layer, Logger, LogLevel, Redacted, Schedule, Stream } from "effect"
import { Login } from "../../src/programs/index.ts"
import type { Faults } from "../../src/programs/server/index.ts"
import { Channel, Messages, Poll } from "../../src/protocol/index.ts"
import { Content, Ids, PollEvent } from "../../src/schema/index.ts"
import { SendLimiter, Session } from "../../src/services/index.ts"
import { login } from "../rigs/Client.ts"
import { listen, requested } from "../rigs/ServerOnSockets.ts"

/** Not spaced: real time is dear. */
const say = (text: string) =>
  Messages.sendBuddyMsg2({ to: Ids.Uin.make(10001), content: Content.make([text]) }).pipe(
    Effect.provide(SendLimiter.layer(0))
  )
const texts = (events: ReadonlyArray<PollEvent.PollEvent>) =>
  events.map((event) => (PollEvent.isMessage(event) ? Content.toText(event.content) : event._tag))

/** A bot, and a friend that writes to it. The faults happen after the bot's first poll. */
const served = (faults: ReadonlyArray<Faults.Kind>, plan: Partial<Faults.Plan> = {}) =>
  Effect.gen(function* () {
    const script = faults.map((fault, i) => ({ endpoint: "poll2", nth: i + 2, fault }))
    const url = yield* listen({ strict: true, holdPoll: "200 millis", faults: { script, delayMs: 100, ...plan } })
    const bot = yield* Layer.build(login(url, 10001))
    const friend = yield* Layer.build(login(url, 10002))
    yield* Effect.provide(Channel.poll2, bot)
    return { bot, says: (text: string) => Effect.provide(say(text), friend) }
  })

const failing = (fault: Faults.Kind, ...expected: ReadonlyArray<object>) =>
  Effect.gen(function* () {
    const { bot, says } = yield* served([fault])
    yield* says("a")
    const error = yield* Effect.flip(Effect.provide(Channel.poll2, bot))
    assert.isTrue(
      expected.some((one) => Object.entries(one).every(([name, value]) => Reflect.get(error, name) === value)),
      JSON.stringify(error)
    )
    yield* says("b")
    assert.deepStrictEqual(texts(yield* Effect.provide(Channel.poll2, bot)), ["a", "b"])
    assert.deepStrictEqual(yield* Effect.provide(Channel.poll2, bot), [])
  })

describe("what a fault does over a socket", () => {
  const cut = { _tag: "TransportError", reason: "Connection" }
  const unexpected = { _tag: "UnexpectedResponse" }

  it.scopedLive("dropBefore is a cut connection, and loses nothing", () => failing("dropBefore", cut))
  it.scopedLive("dropAfter is a cut connection, and loses nothing", () => failing("dropAfter", cut))
  it.scopedLive("truncate is a cut body, and loses nothing", () => failing("truncate", cut, unexpected))
  it.scopedLive("html is an UnexpectedResponse, and loses nothing", () => failing("html", unexpected))
  it.scopedLive("empty is an UnexpectedResponse, and loses nothing", () => failing("empty", unexpected))
  it.scopedLive("retcode is its error, and loses nothing", () =>
    failing("retcode", { _tag: "SessionLost", retcode: 121 })
  )

  it.scopedLive("a poll that is held ends idle when its time is over", () =>
    Effect.gen(function* () {
      const { bot } = yield* served([])
      const [took, events] = yield* Effect.timed(Effect.provide(Channel.poll2, bot))
      assert.deepStrictEqual(events, [])
      assert.isAtLeast(Duration.toMillis(took), 199)
    })
  )

  for (const fault of ["502", "504"] as const) {
    it.scopedLive(`${fault} is that HTTP status, after the delay, and loses nothing`, () =>
      Effect.gen(function* () {
        const began = yield* Clock.currentTimeMillis
        yield* failing(fault, { _tag: "TransportError", reason: "StatusCode", status: Number(fault) })
        assert.isAtLeast((yield* Clock.currentTimeMillis) - began, 99)
      })
    )
  }

  it.scopedLive("delay is a late answer", () =>
    Effect.gen(function* () {
      const { bot, says } = yield* served(["delay"])
      yield* says("a")
      const [took, events] = yield* Effect.timed(Effect.provide(Channel.poll2, bot))
      assert.deepStrictEqual(texts(events), ["a"])
      // Timers and the clock may disagree by a millisecond.
      assert.isAtLeast(Duration.toMillis(took), 99)
    })
  )

  it.scopedLive("rotate is a new ptwebqq, on which the strict server lets the session come back", () =>
    Effect.gen(function* () {
      const { bot, says } = yield* served(["rotate"])
      yield* Effect.gen(function* () {
        const session = yield* Session.Session
        const before = yield* session.get
        assert.deepStrictEqual(yield* Channel.poll2, [])
        assert.notStrictEqual(Redacted.value((yield* session.get).ptwebqq), Redacted.value(before.ptwebqq))
        yield* says("a")
        yield* Login.relogin
        assert.include(texts(yield* Channel.poll2), "a")
      }).pipe(Effect.provide(bot))
    })
  )

  it.scopedLive("kick is Kicked, and leaves what waited to the next login", () =>
    Effect.gen(function* () {
      const { bot, says } = yield* served(["kick"])
      yield* says("a")
      const seen: Array<string> = []
      const end = yield* Poll.events().pipe(
        Stream.runForEach((event) => Effect.sync(() => seen.push(...texts([event])))),
        Effect.flip,
        Effect.provide(bot)
      )
      assert.deepStrictEqual([seen, end._tag], [[], "Kicked"])
    })
  )

  it.scopedLive("through all of them, every event arrives once and in order", () =>
    Effect.gen(function* () {
      const bad = ["dropAfter", "truncate", "dropBefore", "html", "empty", "502", "504", "rotate", "delay", "retcode"]
      const faults = Array.from({ length: 3 }, () => bad as ReadonlyArray<Faults.Kind>).flat()
      const { bot, says } = yield* served(faults, { delayMs: 20 })
      const words = Array.from({ length: 60 }, (_, i) => String(i))
      const listening = yield* Poll.events({ recover: Login.relogin, retry: Schedule.spaced("5 millis") }).pipe(
        Stream.filter(PollEvent.isMessage),
        Stream.take(words.length),
        Stream.runCollect,
        // Warnings about retries are what this is about.
        Logger.withMinimumLogLevel(LogLevel.Error),
        Effect.provide(bot),
        Effect.fork
      )
      yield* Effect.forEach(words, (word) => Effect.zipRight(says(word), Effect.sleep("20 millis")))
      const heard = texts([...(yield* Fiber.join(listening))])
      assert.deepStrictEqual(heard, words)
    })
  )

  it.scopedLive("a client that hangs up while its poll is held loses nothing", () =>
    Effect.gen(function* () {
      const node = createServer()
      const url = yield* listen({ strict: true }, node)
      const bot = yield* Layer.build(login(url, 10001))
      const friend = yield* Layer.build(login(url, 10002))
      yield* Effect.provide(Channel.poll2, bot)
      for (const text of ["a", "b", "c"]) {
        const arrived = yield* Effect.fork(requested(node, "/channel/poll2"))
        const held = yield* Effect.fork(Effect.provide(Channel.poll2, bot))
        yield* Fiber.join(arrived)
        yield* Fiber.interrupt(held)
        yield* Effect.provide(say(text), friend)
        assert.deepStrictEqual(texts(yield* Effect.provide(Channel.poll2, bot)), [text])
      }
    })
  )
})
