/**
 * The loop around `State.step`: it makes the requests, waits, logs in, and shows how it is doing.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type * as PollEvent from "../../schema/PollEvent.ts"
import * as Session from "../../services/Session.ts"
import type * as Call from "../Call.ts"
import * as Channel from "../Channel.ts"
import * as Errors from "../Errors.ts"
import * as RecentKeys from "../RecentKeys.ts"
import * as Recovery from "../Recovery.ts"
import * as Keys from "./Keys.ts"
import { backoff, type Event, type Options, type Recovering, type RecoveringEnd, Status } from "./Options.ts"
import * as State from "./State.ts"

/** Events that are remembered to drop repeats. */
const windowSize = 1000

/**
 * Milliseconds on the monotonic clock: what is measured must not jump with the wall clock. Not `Clock.currentTimeNanos`,
 * which TestClock (3.22) cannot tell after a sleep of a fraction of a millisecond, such as a jittered one.
 */
const now = Effect.clockWith((clock) => Effect.sync(() => Number(clock.unsafeCurrentTimeNanos() / 1_000_000n)))

const isEvent = (event: PollEvent.PollEvent): event is Event => event._tag !== "KickMessage"

/** New events of one answer, and the kick that came after them. */
export interface News {
  readonly events: ReadonlyArray<Event>
  readonly kick: Option.Option<PollEvent.KickMessage>
}

/** What one request came to. */
interface Happened {
  readonly outcome: State.Outcome
  readonly news: News
  readonly moment: State.Moment
}

const nothing: News = { events: [], kick: Option.none() }

/** `next`: does what is to be done next, and gives what is new by that, which may be nothing. */
export interface Loop<E, R> {
  readonly next: Effect.Effect<News, RecoveringEnd<E>, Call.Services | Session.Session | R>
}

/** The loop of one stream. What is waited for before a poll belongs to that poll, so that news is given at once. */
export const make = <E, R>(
  options: Options | Recovering<E, R>,
  setStatus: (status: Status) => Effect.Effect<void>
): Effect.Effect<Loop<E, R>, never, Session.Session> =>
  Effect.gen(function* () {
    const { recover, retry = backoff } = options
    const recent = RecentKeys.make(windowSize)
    /** The events without a number in the last answer, as text. */
    let unnumbered: ReadonlySet<string> = new Set()

    /**
     * What has to be delivered of an answer, and whether it brings anything new. Events without a number are always
     * delivered; but an answer with the same ones as the last one is no news, or a server that repeats it made the loop spin.
     */
    const sift = (events: ReadonlyArray<Event>) => {
      const anonymous = new Set<string>()
      let isNews = false
      const fresh = events.filter((event) => {
        const key = Keys.keyOf(event)
        if (Option.isNone(key)) {
          const text = JSON.stringify(event)
          anonymous.add(text)
          isNews = isNews || !unnumbered.has(text)
          return true
        }
        const isNew = recent.isNew(key.value)
        isNews = isNews || isNew
        return isNew
      })
      unnumbered = anonymous
      return { fresh, isNews }
    }
    const schedule = yield* Schedule.driver(retry)
    let state = State.initial
    /** The credentials with which the last request was made. */
    let seen = yield* (yield* Session.Session).get
    let todo: State.Next = State.Next.Poll({ after: 0 })

    /** Makes a request, and says what it came to. */
    const happening = <A>(
      request: Effect.Effect<A, Errors.SessionError, Call.Services | Session.Session>,
      read: (answer: A) => Pick<Happened, "news" | "outcome">
    ) =>
      Effect.gen(function* () {
        seen = yield* (yield* Session.Session).get
        const began = yield* now
        const result = yield* Effect.either(request)
        const ended = yield* now
        const moment = { now: ended, took: ended - began }
        return result._tag === "Right"
          ? { ...read(result.right), moment }
          : { outcome: State.Outcome.Failed({ error: result.left }), news: nothing, moment }
      })

    const poll = happening(Channel.poll, ({ doubtful, events }) => {
      const [before, [kick]] = Arr.span(events, isEvent)
      const { fresh, isNews } = sift(before)
      const news = { events: fresh, kick: Option.fromNullable(kick) }
      if (isNews || Option.isSome(news.kick)) return { outcome: State.Outcome.News(), news }
      const outcome = events.length > 0 ? State.Outcome.Repeats() : State.Outcome.Idle({ doubtful })
      return { outcome, news }
    })

    /** Only a clear no counts: what else a server answers to this says nothing about the session. */
    const probe = Effect.map(
      happening(Channel.getOnlineBuddies2, () => ({ outcome: State.Outcome.Probed(), news: nothing })),
      (happened): Happened =>
        happened.outcome._tag === "Failed" && happened.outcome.error._tag !== "SessionLost"
          ? { ...happened, outcome: State.Outcome.Probed() }
          : happened
    )

    const comeBack = (lost: Errors.SessionLost) =>
      Effect.gen(function* () {
        if (recover === undefined) return yield* lost
        yield* setStatus(Status.Relogging({ cause: lost }))
        yield* Effect.logInfo("the session was lost; recovering")
        yield* Recovery.heal(seen, recover).pipe(
          Effect.mapError((failure) => new Errors.RecoveryFailed<E | Errors.OtherAccount>({ lost, failure }))
        )
        return { outcome: State.Outcome.Recovered(), news: nothing, moment: { now: yield* now, took: 0 } }
      })

    const retrying = (attempt: number, cause: Errors.Fault | Errors.Rejected) =>
      Effect.zipRight(
        setStatus(Status.Retrying({ attempt, cause })),
        Effect.logWarning(`poll2, try ${attempt}:`, cause.message)
      )

    const act = (next: State.Next): Effect.Effect<Happened, RecoveringEnd<E>, Call.Services | Session.Session | R> => {
      switch (next._tag) {
        case "Poll":
          return next.after > 0 ? Effect.delay(poll, next.after) : poll
        case "Probe":
          return Effect.delay(probe, next.after)
        case "Retry":
          return Effect.orElseFail(schedule.next(next.fault), () => next.fault).pipe(Effect.zipRight(poll))
        case "RetryUnclear":
          return Effect.delay(poll, next.after)
        case "Recover":
          return comeBack(next.lost)
        case "End":
          return Effect.fail(next.lost)
      }
    }

    /** Shows how it went. An answer begins the schedule anew, and so does a recovery. */
    const announce = ({ _tag }: State.Outcome, following: State.Next) => {
      switch (following._tag) {
        case "Poll":
        case "Probe": {
          const isAnswer = _tag !== "Probed" && _tag !== "Recovered"
          return Effect.zipRight(schedule.reset, isAnswer ? setStatus(Status.Online()) : Effect.void)
        }
        case "Retry":
          return retrying(following.attempt, following.fault)
        case "RetryUnclear":
          return retrying(following.attempt, following.error)
        default:
          return Effect.void
      }
    }

    const next: Effect.Effect<News, RecoveringEnd<E>, Call.Services | Session.Session | R> = Effect.gen(function* () {
      const { moment, news, outcome } = yield* act(todo)
      const [after, following] = State.step(state, outcome, moment)
      state = after
      todo = following
      yield* announce(outcome, following)
      return news
    })
    return { next }
  })
