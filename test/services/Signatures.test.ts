import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Redacted, Schema, TestClock } from "effect"
import { Signature } from "../../src/schema/index.ts"
import { Signatures } from "../../src/services/index.ts"

const sig = Schema.decodeSync(Signature.GroupSig)

/** A server that needs a second for every signature, and counts them; the odd ones fail if it is `moody`. */
const server = (moody = false) => {
  const state = { asked: 0 }
  const fetch = Effect.gen(function* () {
    const n = ++state.asked
    yield* Effect.sleep("1 second")
    return moody && n % 2 === 1 ? yield* Effect.fail(n) : sig(String(n))
  })
  return { state, fetch }
}
const within = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(effect)
    yield* TestClock.adjust("1 second")
    return yield* Fiber.join(fiber)
  })

describe("Signatures", () => {
  it.effect("are kept for five minutes each (reference, section 4.5: Mojo's 300 s), and until they are forgotten", () =>
    Effect.gen(function* () {
      const { get, forget } = yield* Signatures.Signatures
      const { fetch, state } = server()
      assert.strictEqual(Redacted.value(yield* within(get("a", fetch))), "1")
      assert.strictEqual(Redacted.value(yield* get("a", fetch)), "1")
      assert.strictEqual(Redacted.value(yield* within(get("b", fetch))), "2")
      yield* forget("a")
      assert.strictEqual(Redacted.value(yield* within(get("a", fetch))), "3")
      yield* TestClock.adjust("298 seconds")
      // Asked for 301 seconds ago, and 299.
      assert.strictEqual(Redacted.value(yield* within(get("b", fetch))), "4")
      assert.strictEqual(state.asked, 4)
    }).pipe(Effect.provide(Signatures.layer))
  )

  it.effect("are fetched once for callers at the same time, and by the next caller when that fails", () =>
    Effect.gen(function* () {
      const { get } = yield* Signatures.make("5 minutes")
      const { fetch, state } = server(true)
      const fibers = yield* Effect.forEach([1, 2, 3, 4], () => Effect.fork(Effect.either(get("a", fetch))))
      yield* TestClock.adjust("2 seconds")
      const [first, ...others] = yield* Fiber.join(Fiber.all(fibers))
      assert.deepInclude(first, { _tag: "Left", left: 1 })
      for (const other of others) {
        assert.strictEqual(other._tag === "Right" ? String(Redacted.value(other.right)) : "", "2")
      }
      assert.strictEqual(state.asked, 2)
    })
  )

  it.effect("of one recipient do not wait for those of another", () =>
    Effect.gen(function* () {
      const { get } = yield* Signatures.make("5 minutes")
      const slow = yield* Effect.fork(get("a", Effect.never))
      assert.strictEqual(Redacted.value(yield* within(get("b", server().fetch))), "1")
      yield* Fiber.interrupt(slow)
      // Nor does an interrupted caller leave anything behind.
      assert.strictEqual(Redacted.value(yield* within(get("a", server().fetch))), "1")
    })
  )

  it.effect("are not remembered without end: the oldest go first", () =>
    Effect.gen(function* () {
      const { get } = yield* Signatures.make("5 minutes")
      const known = (recipient: string) =>
        Effect.map(get(recipient, Effect.succeed(sig("new"))), (signature) => Redacted.value(signature) !== "new")
      yield* Effect.forEach(
        Array.from({ length: 1001 }, (_, i) => String(i)),
        (recipient) => get(recipient, Effect.succeed(sig("old")))
      )
      assert.isTrue(yield* known("1"))
      assert.isFalse(yield* known("0"))
    })
  )
})
