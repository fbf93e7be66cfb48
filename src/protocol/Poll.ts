/**
 * The poll loop as a Stream of events: it survives faults, heals the session, delivers each event once and in order.
 */
import * as Arr from "effect/Array"
import * as Chunk from "effect/Chunk"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import * as Content from "../schema/Content.ts"
import * as PollEvent from "../schema/PollEvent.ts"
import * as Session from "../services/Session.ts"
import type * as Call from "./Call.ts"
import * as Channel from "./Channel.ts"
import * as Errors from "./Errors.ts"
import * as RecentKeys from "./RecentKeys.ts"
import * as Recovery from "./Recovery.ts"

/** What the loop delivers: a kick is not an event but the end of the stream. */
export type Event = Exclude<PollEvent.PollEvent, PollEvent.KickMessage>

/** What the loop tries again by itself. */
export type Fault = Errors.Fault

/** How the stream of a loop without a recovery can end, but for interruption. */
export type End = Errors.SessionError | Errors.Kicked

/** How the stream of a loop with a recovery can end. */
export type RecoveringEnd<E> = End | Errors.RecoveryFailed<E | Errors.OtherAccount>

/**
 * How the loop is doing, for an app to show.
 *
 * - `Connecting`: before the first answer. `Online`: the last poll was answered.
 * - `Retrying`: the `attempt`-th try in a row after a fault.
 * - `Relogging`: the session was lost, and the recovery runs.
 * - `Ended`: with the error of the stream.
 */
export type Status<E = unknown> = Data.TaggedEnum<{
  Connecting: {}
  Online: {}
  Retrying: { readonly attempt: number; readonly cause: Fault }
  Relogging: { readonly cause: Errors.SessionLost }
  Ended: { readonly cause: RecoveringEnd<E> }
}>
const Status = Data.taggedEnum<Status>()

/** One second, doubling up to half a minute, each a little shorter or longer, for ever. */
export const backoff: Schedule.Schedule<unknown> = Schedule.exponential("1 second").pipe(
  Schedule.union(Schedule.spaced("30 seconds")),
  Schedule.jittered
)

/** An idle answer that comes sooner than this is waited out, so that a faulty server cannot make the loop spin. */
const floor = Duration.seconds(1)

/** Events that are remembered to drop repeats. */
const windowSize = 1000

/**
 * - `retry`: after a {@link Fault}, when to ask again; {@link backoff} if not given. The stream ends with the fault once
 *   the schedule is over; it starts anew with every poll that was answered.
 * - `logout`: whether to log out when the stream ends or is interrupted; false if not given, because a login layer does.
 */
interface Common {
  readonly retry?: Schedule.Schedule<unknown, Fault>
  readonly logout?: boolean
}

/** Of a loop that ends when its session is lost. */
export interface Options extends Common {
  readonly recover?: undefined
}

/**
 * Of a loop that comes back.
 *
 * - `recover`: any login, such as `Login.recover(Login.withPassword({ account, password }))`, which brings the session
 *   back after `SessionLost`: the loop puts its credentials into the session. Runs once for all users of the session that
 *   need it at the same time. If the session is lost again and again before a poll was answered, the stream ends after
 *   the third recovery.
 */
export interface Recovering<E, R> extends Common {
  readonly recover: Recovery.Recover<E, R>
}

const isFault = Errors.isFault

const isEvent = (event: PollEvent.PollEvent): event is Event => event._tag !== "KickMessage"

/** In which conversation a message was written, and by whom. */
const originOf = (message: PollEvent.Message): string => {
  switch (message._tag) {
    case "BuddyMessage":
    case "SessMessage":
      return `${message.fromUin}`
    case "GroupMessage":
      return `${message.gid} ${message.senderUin}`
    case "DiscuMessage":
      return `${message.did} ${message.senderUin}`
  }
}

/**
 * What makes two deliveries the same event; none for messages without a number and for notices, which are always
 * delivered. How a message begins counts too, because some clients give all of theirs one number.
 */
export const keyOf = (event: Event): Option.Option<string> =>
  PollEvent.isMessage(event)
    ? Option.map(event.msgId, (msgId) => {
        const begins = Content.toText(event.content).slice(0, 100)
        return `${event._tag} ${originOf(event)} ${msgId} ${event.time} ${begins}`
      })
    : Option.none()

const poll = Effect.gen(function* () {
  const began = yield* Clock.currentTimeMillis
  const events = yield* Channel.poll2
  if (events.length > 0) return events
  const left = Duration.toMillis(floor) - ((yield* Clock.currentTimeMillis) - began)
  if (left > 0) yield* Effect.sleep(left)
  return events
})

type SetStatus = (status: Status) => Effect.Effect<void>

/** Asks until there is an answer, or the schedule is over. */
const pollThroughFaults = (retry: Schedule.Schedule<unknown, Fault>, setStatus: SetStatus) =>
  Effect.suspend(() => {
    let attempt = 0
    const noteFault = (error: Errors.SessionError) => {
      if (!isFault(error)) return Effect.void
      attempt++
      const status = setStatus(Status.Retrying({ attempt, cause: error }))
      return Effect.zipRight(status, Effect.logWarning(`poll2, try ${attempt}:`, error.message))
    }
    const schedule = Schedule.mapInput(retry, (error: Errors.SessionError) => error as Fault)
    return poll.pipe(
      Effect.tapError(noteFault),
      // Only faults reach the schedule.
      Effect.retry({ while: isFault, schedule }),
      Effect.tap(() => setStatus(Status.Online()))
    )
  })

/** Recoveries in a row before the loop gives up, as in Tencent's own client (protocol notes, section 2.9). */
const recoveriesAtMost = 3

/** {@link pollThroughFaults}, and again after a recovery. */
const pollHealing = <E, R>(options: Options | Recovering<E, R>, setStatus: SetStatus) => {
  const { recover, retry = backoff } = options
  const once = pollThroughFaults(retry, setStatus)
  const recovered = (lost: Errors.SessionLost, seen: Session.Credentials, recovery: Recovery.Recover<E, R>) =>
    Effect.gen(function* () {
      yield* setStatus(Status.Relogging({ cause: lost }))
      yield* Effect.logInfo("the session was lost; recovering")
      yield* Recovery.heal(seen, recovery)
    }).pipe(Effect.mapError((failure) => new Errors.RecoveryFailed<E | Errors.OtherAccount>({ lost, failure })))

  type Events = Effect.Effect<
    ReadonlyArray<PollEvent.PollEvent>,
    Errors.SessionError | Errors.RecoveryFailed<E | Errors.OtherAccount>,
    Call.Services | Session.Session | R
  >
  const attempt = (left: number): Events =>
    Effect.gen(function* () {
      const seen = yield* (yield* Session.Session).get
      return yield* Effect.catchTag(
        once,
        "SessionLost",
        (lost): Events =>
          recover === undefined || left === 0
            ? Effect.fail(lost)
            : Effect.zipRight(recovered(lost, seen, recover), attempt(left - 1))
      )
    })
  return attempt(recoveriesAtMost)
}

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
    const setStatus: SetStatus = (status) =>
      Effect.flatMap(SubscriptionRef.get(ref), (now) =>
        now._tag === "Online" && status._tag === "Online" ? Effect.void : SubscriptionRef.set(ref, status)
      )

    const loop = Stream.suspend(() => {
      const recent = RecentKeys.make(windowSize)
      const isNew = (event: Event) => Option.match(keyOf(event), { onNone: () => true, onSome: recent.isNew })
      return Stream.paginateChunkEffect(Option.none<PollEvent.KickMessage>(), (kick) =>
        Effect.gen(function* () {
          if (Option.isSome(kick)) return yield* new Errors.Kicked({ reason: kick.value.reason })
          const [before, [first]] = Arr.span(yield* pollHealing(options, setStatus), isEvent)
          return [Chunk.unsafeFromArray(before.filter(isNew)), Option.some(Option.fromNullable(first))] as const
        })
      )
    })

    const events = Stream.scoped(exclusive).pipe(
      Stream.flatMap(() => loop),
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
 * which the next poll uses. Faults are retried on a schedule; a lost session is brought back by `recover` where one is
 * given. A slow consumer slows the polls down, and loses nothing.
 *
 * The stream fails with `Kicked` after the events that came before the kick, with `SessionLost` when the server wants a
 * new login, with `RecoveryFailed` when that failed too, with `Rejected` for a retcode that nobody knows, and with the
 * last fault when the retries are used up. Interrupting it closes the request in flight.
 *
 * A second stream on the same session waits until the first one ends.
 */
export function events(options?: Options): Events<End, never>
export function events<E, R>(options: Recovering<E, R>): Events<RecoveringEnd<E>, R>
export function events<E, R>(options: Options | Recovering<E, R>): Events<RecoveringEnd<E>, R>
export function events<E, R>(options: Options | Recovering<E, R> = {}): Events<RecoveringEnd<E>, R> {
  return Stream.unwrap(Effect.map(unnarrowed(options), (poll) => poll.events))
}
