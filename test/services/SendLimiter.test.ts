/** The spacing of sends, on a clock that the test moves. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Context, type Duration, Effect, Fiber, Layer, Redacted, TestClock } from "effect"
import { Login } from "../../src/programs/index.ts"
import { TestServer } from "../../src/programs/testing/index.ts"
import { Messages } from "../../src/protocol/index.ts"
import { Content, Ids } from "../../src/schema/index.ts"
import { SendLimiter } from "../../src/services/index.ts"
import * as ServerInProcess from "../rigs/ServerInProcess.ts"

/** A limiter, and what was sent through it at what time. */
const limited = (spacing?: Duration.DurationInput) =>
  Effect.gen(function* () {
    const { limit } = Context.get(yield* Layer.build(SendLimiter.layer(spacing)), SendLimiter.SendLimiter)
    const sent: Array<readonly [name: string, at: number]> = []
    const note = (name: string) =>
      Effect.map(Clock.currentTimeMillis, (at) => {
        sent.push([name, at])
      })
    return { limit, note, send: (name: string) => limit(note(name)), sent }
  })

const names = Array.from({ length: 20 }, (_, i) => String(i))

describe("SendLimiter", () => {
  it.scoped("sends the first at once, then one every half a second, in the order of asking", () =>
    Effect.gen(function* () {
      const { send, sent } = yield* limited()
      const fiber = yield* Effect.fork(Effect.forEach(names, send, { concurrency: "unbounded" }))
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(sent, [["0", 0]])
      yield* TestClock.adjust("499 millis")
      assert.lengthOf(sent, 1)
      yield* TestClock.adjust("1 millis")
      assert.lengthOf(sent, 2)
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(
        sent,
        names.map((name, i) => [name, i * 500])
      )
    })
  )

  it.scoped("lets somebody who sends one after the other not pass those who asked before", () =>
    Effect.gen(function* () {
      const { send, sent } = yield* limited()
      const one = yield* Effect.fork(Effect.forEach(["a1", "a2", "a3"], send))
      const others = yield* Effect.fork(Effect.forEach(["b", "c", "d"], send, { concurrency: "unbounded" }))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.joinAll([one, others])
      assert.deepStrictEqual(
        sent.map(([name]) => name),
        ["a1", "a2", "b", "c", "d", "a3"]
      )
    })
  )

  it.scoped("counts from the beginning of the send before, and not when there was silence", () =>
    Effect.gen(function* () {
      const { limit, note, sent } = yield* limited("2 seconds")
      const slow = (name: string) => limit(Effect.zipRight(note(name), Effect.sleep("10 seconds")))
      const fiber = yield* Effect.fork(Effect.forEach(["a", "b"], slow, { concurrency: "unbounded" }))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(fiber)
      yield* limit(note("c"))
      assert.deepStrictEqual(sent, [
        ["a", 0],
        ["b", 2000],
        ["c", 60_000]
      ])
    })
  )

  it.scoped("limits nothing with a spacing of 0", () =>
    Effect.gen(function* () {
      const { send, sent } = yield* limited(0)
      yield* Effect.forEach(names, send, { concurrency: "unbounded" })
      assert.deepStrictEqual(
        sent,
        names.map((name) => [name, 0])
      )
    })
  )

  it.scoped("gives the turns on after sends that failed, died, or were interrupted before or during their turn", () =>
    Effect.gen(function* () {
      const { limit, note, send, sent } = yield* limited()
      const failing = yield* Effect.fork(limit(Effect.fail("no")))
      const dying = yield* Effect.fork(limit(Effect.die("no")))
      const hanging = yield* Effect.fork(limit(Effect.never))
      const waiting = yield* Effect.fork(Effect.forEach(names, () => limit(note("x")), { concurrency: "unbounded" }))
      yield* TestClock.adjust(0)
      const last = yield* Effect.fork(send("last"))
      yield* TestClock.adjust("1100 millis")
      assert.strictEqual(yield* Effect.flip(Fiber.join(failing)), "no")
      assert.strictEqual((yield* Fiber.await(dying))._tag, "Failure")
      yield* Fiber.interruptAll([hanging, waiting])
      yield* TestClock.adjust("400 millis")
      yield* Fiber.join(last)
      // Those that left the line take no time of it.
      assert.deepStrictEqual(sent, [["last", 1500]])
    })
  )

  it.scoped("never waits longer than the spacing, even when the clock is set back", () =>
    Effect.gen(function* () {
      const { send, sent } = yield* limited()
      yield* TestClock.setTime(3_600_000)
      yield* send("before")
      yield* TestClock.setTime(0)
      const fiber = yield* Effect.fork(send("after"))
      yield* TestClock.adjust("500 millis")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(sent[1], ["after", 500])
    })
  )
})

describe("who is limited", () => {
  const say = Messages.sendBuddyMsg2({ to: Ids.Uin.make(10002), content: Content.make(["hi"]) })

  const timesOf = (login: ReturnType<typeof TestServer.login>) =>
    Effect.gen(function* () {
      const me = yield* Layer.build(Layer.provide(login, Layer.succeedContext(yield* ServerInProcess.start())))
      const times: Array<number> = []
      const one = Effect.zipRight(
        say,
        Effect.map(Clock.currentTimeMillis, (now) => times.push(now))
      )
      const fiber = yield* Effect.fork(Effect.provide(Effect.all([one, one, one], { concurrency: "unbounded" }), me))
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(fiber)
      return times
    })
  const password = { account: Ids.QQ.make(10001), password: Redacted.make("webqq-10001") }

  it.scoped("a login layer spaces by half a second, or as it is told", () =>
    Effect.gen(function* () {
      const byDefault = Login.layerPassword(password)
      assert.deepStrictEqual(yield* timesOf(Layer.provideMerge(byDefault, TestServer.client)), [0, 500, 1000])
      const slower = Login.layerPassword({ ...password, sendSpacing: "3 seconds" })
      const start = yield* Clock.currentTimeMillis
      const times = yield* timesOf(Layer.provideMerge(slower, TestServer.client))
      assert.deepStrictEqual(
        times.map((at) => at - start),
        [0, 3000, 6000]
      )
    })
  )

  it.scoped("the logins of the test kit are not spaced", () =>
    Effect.map(timesOf(TestServer.login(10001)), (times) => assert.deepStrictEqual(times, [0, 0, 0]))
  )
})
