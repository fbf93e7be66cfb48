/**
 * The events that wait for one session, and the poll that waits for them.
 */
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as PollEvent from "../../schema/PollEvent.ts"

/** How a poll ends: with frames (newest first, as on the wire), without, or because the session is over. */
export type Outcome = Data.TaggedEnum<{
  Frames: { readonly frames: ReadonlyArray<PollEvent.Frame> }
  Idle: {}
  Closed: {}
}>
const Outcome = Data.taggedEnum<Outcome>()

/**
 * - `offer(frame)`: adds an event and wakes the waiting poll.
 * - `poll(hold, most)`: waits at most `hold` for events and takes at most `most`, the oldest ones. A later poll takes
 *   the place of one that still waits.
 * - `lost`: the answer with the last frames did not reach the client; they come again with the next poll. Without it, the
 *   next poll shows that they arrived.
 * - `close`: no more events; polls get what is left, then `Closed`.
 * - `release`: ends the waiting poll as idle.
 */
export interface Outbox {
  readonly offer: (frame: PollEvent.Frame) => Effect.Effect<void>
  readonly poll: (hold: Duration.DurationInput, most: number) => Effect.Effect<Outcome>
  readonly lost: Effect.Effect<void>
  readonly close: Effect.Effect<void>
  readonly release: Effect.Effect<void>
}

export const make: Effect.Effect<Outbox> = Effect.sync(() => {
  let pending: Array<PollEvent.Frame> = []
  /** The frames of the last answer, oldest first, until a poll shows that they arrived. */
  let unconfirmed: Array<PollEvent.Frame> = []
  let waiting: Deferred.Deferred<void> | undefined
  let closed = false
  let polls = 0

  const wake = Effect.suspend(() => {
    const waiter = waiting
    waiting = undefined
    return waiter === undefined ? Effect.void : Deferred.succeed(waiter, undefined)
  })

  const take = (most: number): Outcome => {
    unconfirmed = pending.slice(0, most)
    pending = pending.slice(most)
    if (unconfirmed.length > 0) return Outcome.Frames({ frames: unconfirmed.toReversed() })
    return closed ? Outcome.Closed() : Outcome.Idle()
  }

  return {
    offer: (frame) =>
      Effect.suspend(() => {
        if (!closed) pending.push(frame)
        return wake
      }),
    poll: (hold, most) =>
      Effect.gen(function* () {
        const nth = ++polls
        yield* wake
        unconfirmed = []
        if (pending.length > 0 || closed) return take(most)
        const mine = yield* Deferred.make<void>()
        waiting = mine
        yield* Effect.timeoutOption(Deferred.await(mine), hold)
        // A later poll may have come meanwhile: the events are for it.
        if (nth !== polls) return Outcome.Idle()
        waiting = undefined
        return take(most)
      }),
    lost: Effect.suspend(() => {
      pending = [...unconfirmed, ...pending]
      unconfirmed = []
      return pending.length > 0 ? wake : Effect.void
    }),
    close: Effect.suspend(() => {
      closed = true
      return wake
    }),
    release: wake
  }
})
