import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, TestClock } from "effect"
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
      yield* outbox.close
      yield* outbox.offer(frame(2))
      assert.deepStrictEqual(values(yield* Fiber.join(waiting)), [1])
      assert.strictEqual(values(yield* outbox.poll("55 seconds", 10)), "Closed")
    })
  )
})
