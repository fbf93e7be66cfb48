/**
 * Work in order within a conversation, side by side between conversations, and never more at once than allowed.
 */
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"

/**
 * - `run(conversation, work)`: queues work behind that of the same conversation. Waits only while too much is pending.
 * - `settled`: when nothing is pending.
 */
export interface Conversations {
  readonly run: <R>(conversation: string, work: Effect.Effect<void, never, R>) => Effect.Effect<void, never, R>
  readonly settled: Effect.Effect<void>
}

/**
 * @param concurrency - how much work is done at once, at least 1
 * @param pending - how much work may be queued or under way before `run` waits, at least 1
 *
 * The work is interrupted when the scope closes.
 */
export const make = (options: {
  readonly concurrency: number
  readonly pending: number
}): Effect.Effect<Conversations, never, Scope.Scope> =>
  Effect.gen(function* () {
    const workers = yield* FiberSet.make()
    // Less than one would wait for ever.
    const pending = Math.max(1, options.pending)
    const hands = yield* Effect.makeSemaphore(Math.max(1, options.concurrency))
    const places = yield* Effect.makeSemaphore(pending)
    /** The queue of every conversation that has a worker. */
    const queues = new Map<string, Array<Effect.Effect<void>>>()

    const drain = (conversation: string, queue: Array<Effect.Effect<void>>): Effect.Effect<void> =>
      Effect.suspend(() => {
        const next = queue.shift()
        if (next === undefined) {
          queues.delete(conversation)
          return Effect.void
        }
        // Work that dies or interrupts itself must not take its conversation with it.
        return hands
          .withPermits(1)(Effect.exit(next))
          .pipe(Effect.ensuring(places.release(1)), Effect.zipRight(drain(conversation, queue)))
      })

    return {
      run: <R>(conversation: string, work: Effect.Effect<void, never, R>) =>
        Effect.gen(function* () {
          const context = yield* Effect.context<R>()
          const ready = Effect.provide(work, context)
          yield* places.take(1)
          const queue = queues.get(conversation)
          if (queue !== undefined) {
            queue.push(ready)
            return
          }
          const fresh = [ready]
          queues.set(conversation, fresh)
          yield* FiberSet.run(workers, drain(conversation, fresh))
        }),
      settled: places.withPermits(pending)(Effect.void)
    }
  })
