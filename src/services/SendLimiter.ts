/**
 * Spaces the messages of a session, as careful clients did: servers dropped what came too fast.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
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

/** Begins a send at least `spacing` after the one before it began. */
export const make = (spacing: Duration.DurationInput): Effect.Effect<Service> =>
  Effect.map(Effect.makeSemaphore(1), (turns) => {
    let next = Number.NEGATIVE_INFINITY
    const turn = turns.withPermits(1)(
      Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis
        if (next > now) yield* Effect.sleep(next - now)
        next = Math.max(next, now) + Duration.toMillis(spacing)
      })
    )
    return { limit: (send) => Effect.zipRight(turn, send) }
  })

/** A limiter with {@link defaultSpacing}, or another one; a spacing of 0 limits nothing. */
export const layer = (spacing: Duration.DurationInput = defaultSpacing): Layer.Layer<SendLimiter> =>
  Layer.effect(SendLimiter, make(spacing))
