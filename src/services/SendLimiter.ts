/**
 * Spaces the messages of a session, as careful clients did: servers dropped what came too fast.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import * as Layer from "effect/Layer"

/** `limit(send)`: runs a send when it is its turn. Turns are given in the order of asking. */
export interface Service {
  readonly limit: <A, E, R>(send: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

/** The limiter in use; without one, sends go out at once. A login layer provides {@link layer}. */
export class SendLimiter extends Context.Reference<SendLimiter>()("effect-webqq/SendLimiter", {
  defaultValue: (): Service => ({ limit: (send) => send })
}) {}

/** At least this much between two messages, from the first published client (protocol notes, section 5.4). */
export const defaultSpacing: Duration.Duration = Duration.millis(500)

/**
 * Begins a send at least `spacing` after the one before it began.
 *
 * The line is one of its own, because a semaphore lets those who come just when a permit is released pass those who wait.
 */
export const make = (spacing: Duration.DurationInput): Effect.Effect<Service> =>
  Effect.sync(() => {
    const gap = Duration.toMillis(spacing)
    const line: Array<Deferred.Deferred<void>> = []
    let next = Number.NEGATIVE_INFINITY

    const space = Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      // A clock that was set back must not stop the sends until it is there again.
      const wait = Math.min(next - now, gap)
      if (wait > 0) yield* Effect.sleep(wait)
      next = now + Math.max(wait, 0) + gap
    })

    const turn = Effect.uninterruptibleMask((restore) =>
      Effect.suspend(() => {
        const mine = Deferred.unsafeMake<void>(FiberId.none)
        const first = line.push(mine) === 1
        const leave = Effect.suspend(() => {
          line.splice(line.indexOf(mine), 1)
          const head = line[0]
          return head === undefined ? Effect.void : Deferred.succeed(head, undefined)
        })
        return restore(first ? space : Effect.zipRight(Deferred.await(mine), space)).pipe(Effect.ensuring(leave))
      })
    )
    return { limit: (send) => Effect.zipRight(turn, send) }
  })

/** A limiter with {@link defaultSpacing}, or another one; a spacing of 0 limits nothing. */
export const layer = (spacing: Duration.DurationInput = defaultSpacing): Layer.Layer<SendLimiter> =>
  Layer.effect(SendLimiter, make(spacing))
