/**
 * The poll loop as a Stream of events: it survives faults, heals the session, delivers each event once and in order.
 */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import type * as PollEvent from "../schema/PollEvent.ts"
import * as Session from "../services/Session.ts"
import type * as Call from "./Call.ts"
import * as Channel from "./Channel.ts"
import * as Errors from "./Errors.ts"
import * as Loop from "./poll/Loop.ts"
import { type End, type Event, type Options, type Recovering, type RecoveringEnd, Status } from "./poll/Options.ts"

export { keyOf } from "./poll/Keys.ts"
export {
  backoff,
  type End,
  type Event,
  type Fault,
  type Options,
  type Recovering,
  type RecoveringEnd,
  type Status
} from "./poll/Options.ts"

/** The events of a loop that ends with `E`. */
type Events<E, R> = Stream.Stream<Event, E, Call.Services | Session.Session | R>

/** The stream of a loop and how it is doing: the current status, then every change. */
export interface Poll<E, R, RE> {
  readonly events: Events<E, R>
  readonly status: Stream.Stream<Status<RE>>
}

/** Held for as long as the stream runs: two loops on one session would take each other's events. */
const exclusive = Effect.gen(function* () {
  const { polling } = yield* Session.Session
  yield* Effect.acquireRelease(Effect.interruptible(polling.take(1)), () => polling.release(1))
})

const logout = Effect.ignore(Effect.timeout(Effect.interruptible(Channel.logout2), "5 seconds"))

const unnarrowed = <E, R>(options: Options | Recovering<E, R>): Effect.Effect<Poll<RecoveringEnd<E>, R, E>> =>
  Effect.map(SubscriptionRef.make<Status>(Status.Connecting()), (ref) => {
    // Being online still is no news.
    const setStatus = (status: Status) =>
      Effect.flatMap(SubscriptionRef.get(ref), (now) =>
        now._tag === "Online" && status._tag === "Online" ? Effect.void : SubscriptionRef.set(ref, status)
      )

    /** A kick ends the stream after what came before it was delivered. */
    const delivering = (next: Loop.Loop<E, R>["next"]) =>
      Stream.paginateChunkEffect(Option.none<PollEvent.KickMessage>(), (kicked) =>
        Effect.gen(function* () {
          if (Option.isSome(kicked)) return yield* new Errors.Kicked({ reason: kicked.value.reason })
          const { events, kick } = yield* next
          return [Chunk.unsafeFromArray(events), Option.some(kick)] as const
        })
      )

    const events = Stream.scoped(exclusive).pipe(
      Stream.flatMap(() => Stream.unwrap(Effect.map(Loop.make(options, setStatus), ({ next }) => delivering(next)))),
      Stream.tapError((cause) => setStatus(Status.Ended({ cause }))),
      options.logout === true ? Stream.ensuring(logout) : (stream) => stream
    )
    return { events, status: ref.changes as Stream.Stream<Status<E>> }
  })

/** A loop whose status can be watched. See {@link events}. */
export function make(options?: Options): Effect.Effect<Poll<End, never, never>>
export function make<E, R>(options: Recovering<E, R>): Effect.Effect<Poll<RecoveringEnd<E>, R, E>>
export function make<E, R>(options: Options | Recovering<E, R>): Effect.Effect<Poll<RecoveringEnd<E>, R, E>>
export function make<E, R>(options: Options | Recovering<E, R> = {}): Effect.Effect<Poll<RecoveringEnd<E>, R, E>> {
  return unnarrowed(options)
}

/**
 * The events of a session, oldest first, each once, until it ends (seed 2, "消息获取"; protocol notes, section 6).
 *
 * Retcode 0 gives its events; 102 and the codes that clients found harmless give nothing; 116 stores the new ptwebqq,
 * which the next poll uses. Faults are retried on a schedule, retcodes that nobody knows are asked about again eight times,
 * and then the session counts as lost. A gateway that gives up on a held poll has ended an idle one. Idle answers that come
 * at once, and gateways that end every poll, make the loop ask whether the session holds, once a minute at most. A lost
 * session is brought back by `recover` where one is given. There is at most one poll in a second without news. A slow
 * consumer slows the polls down, and loses nothing.
 *
 * The stream fails with `Kicked` after the events that came before the kick, with `SessionLost` when the server wants a
 * new login, with `RecoveryFailed` when that failed too, and with the last fault when the retries are used up.
 * Interrupting it closes the request in flight.
 *
 * A second stream on the same session waits until the first one ends.
 */
export function events(options?: Options): Events<End, never>
export function events<E, R>(options: Recovering<E, R>): Events<RecoveringEnd<E>, R>
export function events<E, R>(options: Options | Recovering<E, R>): Events<RecoveringEnd<E>, R>
export function events<E, R>(options: Options | Recovering<E, R> = {}): Events<RecoveringEnd<E>, R> {
  return Stream.unwrap(Effect.map(unnarrowed(options), (poll) => poll.events))
}
