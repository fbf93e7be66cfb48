/**
 * The poll loop as a Stream of events.
 */
import * as Arr from "effect/Array"
import * as Chunk from "effect/Chunk"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import type * as PollEvent from "../schema/PollEvent.ts"
import type * as Session from "../services/Session.ts"
import type * as Call from "./Call.ts"
import * as Channel from "./Channel.ts"
import * as Errors from "./Errors.ts"

/** What the loop delivers: a kick is not an event but the end of the stream. */
export type Event = Exclude<PollEvent.PollEvent, PollEvent.KickMessage>

/** One second, doubling up to half a minute, each a little shorter or longer. */
export const backoff: Schedule.Schedule<unknown> = Schedule.exponential("1 second").pipe(
  Schedule.union(Schedule.spaced("30 seconds")),
  Schedule.jittered
)

/** An idle answer that comes sooner than this is waited out, so that a faulty server cannot make the loop spin. */
const floor = Duration.seconds(1)

/**
 * - `retry`: after a transport failure, when to ask again; {@link backoff} if not given. The stream ends with the
 *   failure once the schedule is over. It starts anew with every poll that succeeded.
 */
export interface Options {
  readonly retry?: Schedule.Schedule<unknown, Errors.SessionError>
}

const isEvent = (event: PollEvent.PollEvent): event is Event => event._tag !== "KickMessage"

const poll = Effect.gen(function* () {
  const began = yield* Clock.currentTimeMillis
  const events = yield* Channel.poll2
  if (events.length > 0) return events
  const left = Duration.toMillis(floor) - ((yield* Clock.currentTimeMillis) - began)
  if (left > 0) yield* Effect.sleep(left)
  return events
})

/**
 * The events of a session, oldest first, until it ends.
 *
 * Retcode 0 gives its events; 102 gives nothing; 116 stores the new ptwebqq, which the next poll uses. The stream fails
 * with `Kicked` after the events that came before the kick, with `SessionLost` when the server wants a new login, with
 * `Rejected` for any other retcode, with `UnexpectedResponse` for an answer that is no poll reply, and with
 * `TransportError` when the retries are used up. Interrupting it closes the request in flight.
 *
 * Run one per session: two loops take each other's events.
 */
export const events = (
  options?: Options
): Stream.Stream<Event, Errors.SessionError | Errors.Kicked, Call.Services | Session.Session> => {
  const next = poll.pipe(
    Effect.tapError((error) =>
      Errors.isTransient(error) ? Effect.logWarning("poll2 again:", error.message) : Effect.void
    ),
    Effect.retry({ while: Errors.isTransient, schedule: options?.retry ?? backoff }),
    Effect.annotateLogs({ package: "effect-webqq", module: "Poll" })
  )
  return Stream.paginateChunkEffect(Option.none<PollEvent.KickMessage>(), (kick) =>
    Effect.gen(function* () {
      if (Option.isSome(kick)) return yield* new Errors.Kicked({ reason: kick.value.reason })
      const [before, [first]] = Arr.span(yield* next, isEvent)
      return [Chunk.unsafeFromArray(before), Option.some(Option.fromNullable(first))] as const
    })
  )
}
