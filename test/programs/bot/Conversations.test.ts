/** Order within a conversation, bounded concurrency between them. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, FastCheck as fc, Scope, TestClock } from "effect"
import * as Conversations from "../../../src/programs/Conversations.ts"

const works = fc.array(
  fc.record({ key: fc.constantFrom("a", "b", "c", "d"), millis: fc.integer({ min: 0, max: 20 }) }),
  {
    maxLength: 40
  }
)

describe("Conversations", () => {
  it.scoped.prop(
    "do everything once, in order in each conversation, never more at once than allowed",
    [works, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 8 })],
    ([all, concurrency, pending]) =>
      Effect.gen(function* () {
        const conversations = yield* Conversations.make({ concurrency, pending })
        const done: Array<readonly [key: string, i: number]> = []
        let running = 0
        let most = 0
        const inUse = new Set<string>()
        const fiber = yield* Effect.fork(
          Effect.zipRight(
            Effect.forEach(all, ({ key, millis }, i) =>
              conversations.run(
                key,
                Effect.gen(function* () {
                  assert.isFalse(inUse.has(key))
                  inUse.add(key)
                  most = Math.max(most, ++running)
                  // Some work takes no time at all.
                  if (millis > 5) yield* Effect.sleep(millis)
                  running--
                  inUse.delete(key)
                  done.push([key, i])
                })
              )
            ),
            conversations.settled
          )
        )
        yield* TestClock.adjust("1 second")
        yield* Fiber.join(fiber)
        assert.lengthOf(done, all.length)
        assert.isAtMost(most, concurrency)
        for (const wanted of ["a", "b", "c", "d"]) {
          assert.deepStrictEqual(
            done.filter(([key]) => key === wanted).map(([, i]) => i),
            all.flatMap(({ key }, i) => (key === wanted ? [i] : []))
          )
        }
      }),
    { fastCheck: { numRuns: 50 } }
  )

  it.scoped("run as many conversations at once as allowed", () =>
    Effect.gen(function* () {
      const conversations = yield* Conversations.make({ concurrency: 3, pending: 100 })
      const started: Array<number> = []
      for (let i = 0; i < 5; i++) {
        yield* conversations.run(
          String(i),
          Effect.zipRight(
            Effect.sync(() => started.push(i)),
            Effect.sleep("1 second")
          )
        )
      }
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(started, [0, 1, 2])
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(started, [0, 1, 2, 3, 4])
    })
  )

  it.scoped("make the caller wait while too much is pending, and settled wait for all of it", () =>
    Effect.gen(function* () {
      const conversations = yield* Conversations.make({ concurrency: 10, pending: 2 })
      const gate = yield* Deferred.make<void>()
      let taken = 0
      const feeding = yield* Effect.fork(
        Effect.forEach([1, 2, 3, 4], (i) =>
          Effect.zipRight(
            conversations.run(String(i % 2), Deferred.await(gate)),
            Effect.sync(() => taken++)
          )
        )
      )
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(taken, 2)
      const settling = yield* Effect.fork(conversations.settled)
      yield* TestClock.adjust("1 minute")
      assert.isNull(settling.unsafePoll())
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(feeding)
      yield* Fiber.join(settling)
      assert.strictEqual(taken, 4)
    })
  )

  it.scoped("go on after work that died or interrupted itself", () =>
    Effect.gen(function* () {
      const conversations = yield* Conversations.make({ concurrency: 1, pending: 1 })
      const done: Array<number> = []
      const fiber = yield* Effect.fork(
        Effect.forEach([Effect.die("no"), Effect.interrupt, Effect.sync(() => done.push(3))], (work) =>
          conversations.run("a", Effect.asVoid(work))
        )
      )
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(fiber)
      yield* conversations.settled
      assert.deepStrictEqual(done, [3])
    })
  )

  it.effect("interrupt their work when the scope closes", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const conversations = yield* Scope.extend(Conversations.make({ concurrency: 2, pending: 10 }), scope)
      const interrupted: Array<string> = []
      for (const key of ["a", "b"]) {
        yield* conversations.run(
          key,
          Effect.onInterrupt(Effect.never, () => Effect.sync(() => interrupted.push(key)))
        )
      }
      yield* TestClock.adjust(0)
      yield* Scope.close(scope, Exit.void)
      assert.sameMembers(interrupted, ["a", "b"])
    })
  )
})
