import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, FastCheck as fc, TestClock } from "effect"
import * as Outbox from "../../../src/programs/server/Outbox.ts"

const frame = (n: number) => ({ poll_type: "message", value: n })
const values = (outcome: Outbox.Outcome) =>
  outcome._tag === "Frames" ? outcome.frames.map(({ value }) => value) : outcome._tag

describe("Outbox", () => {
  it.effect("a poll waits for the hold, then is idle", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox.make
      const poll = yield* Effect.fork(outbox.poll("55 seconds", 10))
      yield* TestClock.adjust("54 seconds")
      assert.isNull(yield* Fiber.poll(poll).pipe(Effect.map((o) => (o._tag === "None" ? null : o.value))))
      yield* TestClock.adjust("1 second")
      assert.strictEqual(values(yield* Fiber.join(poll)), "Idle")
    })
  )

  it.effect("an event wakes it at once", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox.make
      const poll = yield* Effect.fork(outbox.poll("55 seconds", 10))
      yield* TestClock.adjust("1 second")
      yield* outbox.offer(frame(1))
      assert.deepStrictEqual(values(yield* Fiber.join(poll)), [1])
    })
  )

  it.effect("gives the oldest first to go, newest first within an answer", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox.make
      for (const n of [1, 2, 3]) yield* outbox.offer(frame(n))
      assert.deepStrictEqual(values(yield* outbox.poll("1 second", 2)), [2, 1])
      assert.deepStrictEqual(values(yield* outbox.poll("1 second", 2)), [3])
    })
  )

  it.effect("a poll that was interrupted takes nothing with it", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox.make
      const poll = yield* Effect.fork(outbox.poll("55 seconds", 10))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(poll)
      yield* outbox.offer(frame(1))
      assert.deepStrictEqual(values(yield* outbox.poll("1 second", 10)), [1])
    })
  )

  it.effect("a later poll takes the place of one that waits", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox.make
      const older = yield* Effect.fork(outbox.poll("55 seconds", 10))
      yield* TestClock.adjust("1 second")
      const newer = yield* Effect.fork(outbox.poll("55 seconds", 10))
      yield* TestClock.adjust("1 second")
      assert.strictEqual(values(yield* Fiber.join(older)), "Idle")
      yield* outbox.offer(frame(1))
      assert.deepStrictEqual(values(yield* Fiber.join(newer)), [1])
    })
  )

  it.effect("once closed it gives what is left, then nothing, and takes nothing", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox.make
      const waiting = yield* Effect.fork(outbox.poll("55 seconds", 10))
      yield* TestClock.adjust("1 second")
      yield* outbox.offer(frame(1))
      yield* outbox.close()
      yield* outbox.offer(frame(2))
      assert.deepStrictEqual(values(yield* Fiber.join(waiting)), [1])
      assert.strictEqual(values(yield* outbox.poll("55 seconds", 10)), "Closed")
    })
  )
})

describe("letters", () => {
  it.effect("stand once each and in the order of their keys, however they come; notices stay where they are", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox.make
      yield* outbox.offer(frame(10), 2)
      yield* outbox.offer(frame(0))
      yield* outbox.offer(frame(11), 1)
      yield* outbox.offer(frame(12), 3)
      yield* outbox.offer(frame(10), 2)
      assert.deepStrictEqual(values(yield* outbox.poll(0, 10)), [12, 0, 10, 11])
      yield* outbox.offer(frame(12), 3)
      assert.strictEqual(values(yield* outbox.poll(0, 10)), "Idle")
    })
  )

  it.effect("have arrived with the next request, and not before; lost ones have not", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox.make
      yield* outbox.offer(frame(1), 7)
      assert.deepStrictEqual(yield* outbox.arrived, [])
      yield* outbox.poll(0, 10)
      yield* outbox.lost
      assert.deepStrictEqual(yield* outbox.arrived, [])
      yield* outbox.poll(0, 10)
      assert.deepStrictEqual(yield* outbox.arrived, [7])
      assert.deepStrictEqual(yield* outbox.arrived, [])
    })
  )

  it.effect("are left to the world at the end; notices and the last words are not", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox.make
      yield* outbox.offer(frame(1), 1)
      yield* outbox.poll(0, 1)
      yield* outbox.offer(frame(2), 2)
      yield* outbox.offer(frame(3))
      yield* outbox.close(frame(4))
      yield* outbox.lost
      assert.deepStrictEqual(values(yield* outbox.poll(0, 10)), [4, 3])
      assert.strictEqual(values(yield* outbox.poll(0, 10)), "Closed")
    })
  )

  it.effect("of notices only the latest thousand wait", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox.make
      yield* outbox.offer(frame(-1), 1)
      for (let n = 0; n < 1005; n++) yield* outbox.offer(frame(n))
      const got = values(yield* outbox.poll(0, 5000))
      assert.deepStrictEqual(got, [...Array.from({ length: 1000 }, (_, i) => 1004 - i), -1])
    })
  )

  it.effect("a poll that was interrupted no longer waits", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox.make
      const poll = yield* Effect.fork(outbox.poll("55 seconds", 10))
      yield* TestClock.adjust("1 second")
      assert.isTrue(outbox.waits())
      yield* Fiber.interrupt(poll)
      assert.isFalse(outbox.waits())
    })
  )
})

describe("an answer that was lost", () => {
  it.effect("comes again with the next poll, before what came later, and in order", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox.make
      for (const n of [1, 2, 3, 4]) yield* outbox.offer(frame(n))
      assert.deepStrictEqual(values(yield* outbox.poll("1 second", 2)), [2, 1])
      yield* outbox.offer(frame(5))
      yield* outbox.lost
      assert.deepStrictEqual(values(yield* outbox.poll("1 second", 3)), [3, 2, 1])
      yield* outbox.lost
      assert.deepStrictEqual(values(yield* outbox.poll("1 second", 10)), [5, 4, 3, 2, 1])
    })
  )

  it.effect("comes again once, however often it is said to be lost", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox.make
      yield* outbox.offer(frame(1))
      yield* outbox.poll("1 second", 1)
      yield* Effect.all([outbox.lost, outbox.lost])
      assert.deepStrictEqual(values(yield* outbox.poll("1 second", 10)), [1])
    })
  )

  it.effect("is forgotten once a next poll shows that it arrived", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox.make
      yield* outbox.offer(frame(1))
      yield* outbox.poll("1 second", 1)
      const next = yield* Effect.fork(outbox.poll("1 second", 1))
      yield* TestClock.adjust("1 second")
      assert.strictEqual(values(yield* Fiber.join(next)), "Idle")
      yield* outbox.lost
      yield* outbox.offer(frame(2))
      assert.deepStrictEqual(values(yield* outbox.poll("1 second", 10)), [2])
    })
  )

  it.effect("is forgotten as soon as the next poll is there, even when that one hangs up", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox.make
      yield* outbox.offer(frame(1))
      yield* outbox.poll("1 second", 1)
      const next = yield* Effect.fork(Effect.onInterrupt(outbox.poll("1 minute", 1), () => outbox.lost))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(next)
      yield* outbox.offer(frame(2))
      assert.deepStrictEqual(values(yield* outbox.poll("1 second", 10)), [2])
    })
  )

  it.effect("comes again after the end of the session too", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox.make
      yield* outbox.offer(frame(1))
      yield* outbox.poll("1 second", 1)
      yield* outbox.lost
      yield* outbox.close()
      assert.deepStrictEqual(values(yield* outbox.poll("1 second", 10)), [1])
      yield* outbox.lost
      assert.deepStrictEqual(values(yield* outbox.poll("1 second", 10)), [1])
      assert.strictEqual(values(yield* outbox.poll("1 second", 10)), "Closed")
    })
  )

  it.effect("of a poll that took the place of an older one comes again too", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox.make
      const older = yield* Effect.fork(outbox.poll("55 seconds", 10))
      yield* TestClock.adjust("1 second")
      // The event wakes the older poll, but the newer one is there before it can move.
      yield* outbox.offer(frame(1))
      assert.deepStrictEqual(values(yield* outbox.poll("55 seconds", 10)), [1])
      assert.strictEqual(values(yield* Fiber.join(older)), "Idle")
      yield* outbox.lost
      assert.deepStrictEqual(values(yield* outbox.poll("1 second", 10)), [1])
    })
  )

  it.effect("interrupting a poll between the event and the answer takes nothing with it", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox.make
      const poll = yield* Effect.fork(outbox.poll("55 seconds", 10))
      yield* TestClock.adjust("1 second")
      yield* outbox.offer(frame(1))
      const ended = yield* Fiber.interrupt(poll)
      if (ended._tag === "Success") yield* outbox.lost
      assert.deepStrictEqual(values(yield* outbox.poll("1 second", 10)), [1])
    })
  )

  it.effect.prop(
    "whatever is offered arrives once and in order, whatever is lost",
    [
      fc.array(
        fc.oneof(fc.constant("offer" as const), fc.record({ most: fc.integer({ min: 1, max: 5 }), lost: fc.boolean() }))
      )
    ],
    ([steps]) =>
      Effect.gen(function* () {
        const outbox = yield* Outbox.make
        const arrived: Array<unknown> = []
        let offered = 0
        const poll = (most: number, lost: boolean) =>
          Effect.gen(function* () {
            const frames = values(yield* outbox.poll(0, most))
            if (lost) yield* outbox.lost
            else if (typeof frames !== "string") arrived.push(...frames.toReversed())
          })
        for (const step of steps) yield* step === "offer" ? outbox.offer(frame(++offered)) : poll(step.most, step.lost)
        yield* outbox.close()
        yield* poll(steps.length + 1, false)
        assert.deepStrictEqual(
          arrived,
          Array.from({ length: offered }, (_, i) => i + 1)
        )
      })
  )
})
