/**
 * What the poll loop does next, as a function of what happened: pure, so that days of silence, gateways and lying servers
 * can be played through in a test.
 *
 * Three things look like an idle session and may be none: idle answers that come at once, idle answers with a code that
 * also means "you are not online", and gateways that end every poll. After some of them in a row the server is asked
 * whether the session holds, with a request that it answers truthfully (protocol notes, sections 6.1 and 6.2: pandolia's
 * probe).
 */
import * as Data from "effect/Data"
import * as Option from "effect/Option"
import * as Errors from "../Errors.ts"

/** An idle answer that comes sooner than this (ms) was not held; no two polls without news begin within it. */
export const floor = 1_000
/** So many idle answers in a row that were not held, within so many ms, are suspicious. */
export const early = { count: 3, within: 10_000 } as const
/** So many idle answers in a row whose code may mean that the session is over are suspicious. */
export const doubtfulAtMost = 3
/** A poll that was held so long (ms) before a gateway gave up was an idle one. */
export const held = 20_000
/** So many of them in a row are suspicious. */
export const gatewaysAtMost = 5
/** Two probes are at least so far apart (ms). */
export const probeEvery = 60_000
/** After a retcode that nobody knows: again after so many ms, so often in a row, as Tencent's own client. */
export const unclear = { again: 10_000, atMost: 8 } as const
/** Recoveries in a row without an answered poll, as in Tencent's own client (protocol notes, section 2.9). */
export const recoveriesAtMost = 3

/**
 * What happened.
 *
 * - `News`: the poll was answered with events, at least one of which is new. `Repeats`: with known ones only, or with the
 *   same ones without a number as the last time.
 * - `Idle`: it was answered without any; `doubtful` if the code may also mean that the session is over.
 * - `Failed`: it failed.
 * - `Probed`: the session holds, or the server did not say. (That it does not hold is `Failed`, too.)
 * - `Recovered`: somebody logged in.
 */
export type Outcome = Data.TaggedEnum<{
  News: {}
  Repeats: {}
  Idle: { readonly doubtful: boolean }
  Failed: { readonly error: Errors.SessionError }
  Probed: {}
  Recovered: {}
}>
export const Outcome = Data.taggedEnum<Outcome>()

/**
 * What to do: poll after so many ms; ask whether the session holds, after so many; ask again when the schedule says,
 * which is the `attempt`-th time in a row; log in; end.
 */
export type Next = Data.TaggedEnum<{
  Poll: { readonly after: number }
  Probe: { readonly after: number }
  Retry: { readonly fault: Errors.Fault; readonly attempt: number }
  RetryUnclear: { readonly error: Errors.Rejected; readonly attempt: number; readonly after: number }
  Recover: { readonly lost: Errors.SessionLost }
  End: { readonly lost: Errors.SessionLost }
}>
export const Next = Data.taggedEnum<Next>()

/** All counts are of outcomes in a row. `early` has the times of idle answers that were not held, the latest last. */
export interface State {
  readonly early: ReadonlyArray<number>
  readonly doubtful: number
  readonly gateways: number
  readonly unclear: number
  readonly attempts: number
  readonly recoveries: number
  readonly probedAt: Option.Option<number>
}

export const initial: State = {
  early: [],
  doubtful: 0,
  gateways: 0,
  unclear: 0,
  attempts: 0,
  recoveries: 0,
  probedAt: Option.none()
}

/** When something happened, on a monotonic clock, and how long the request had taken (ms). */
export interface Moment {
  readonly now: number
  readonly took: number
}

/** An answered poll ends the rows of what goes wrong. */
const answered = (state: State): State => ({ ...state, unclear: 0, attempts: 0, recoveries: 0 })
/** And these are the rows of what is suspicious, which end with anything else. */
const trusted = (state: State): State => ({ ...state, early: [], doubtful: 0, gateways: 0 })

/** Polls after the rest of the floor, or asks first where that is due and not too soon after the last time. */
const pollOrProbe = (state: State, suspicious: boolean, { now, took }: Moment): readonly [State, Next] => {
  const after = Math.max(0, floor - took)
  const isDue = Option.match(state.probedAt, { onNone: () => true, onSome: (at) => now + after - at >= probeEvery })
  return suspicious && isDue
    ? [trusted({ ...state, probedAt: Option.some(now + after) }), Next.Probe({ after })]
    : [state, Next.Poll({ after })]
}

const afterIdle = (state: State, doubtful: boolean, moment: Moment): readonly [State, Next] => {
  const { now, took } = moment
  const recent = took < floor ? [...state.early, now].slice(-early.count) : []
  const [first] = recent
  const soon = recent.length === early.count && first !== undefined && now - first <= early.within
  const next = { ...answered(state), early: recent, doubtful: doubtful ? state.doubtful + 1 : 0, gateways: 0 }
  return pollOrProbe(next, soon || next.doubtful >= doubtfulAtMost, moment)
}

/** A gateway, or a line, that gave up on a poll that was held: no connection any more, no answer, or its own status. */
const isGateway = (error: Errors.Fault, took: number): boolean =>
  took >= held && error._tag === "TransportError" && (error.status === undefined || error.status >= 500)

const afterFault = (state: State, fault: Errors.Fault, moment: Moment): readonly [State, Next] => {
  if (isGateway(fault, moment.took)) {
    const next = { ...answered(state), early: [], doubtful: 0, gateways: state.gateways + 1 }
    return pollOrProbe(next, next.gateways >= gatewaysAtMost, moment)
  }
  const attempt = state.attempts + 1
  return [{ ...trusted(state), attempts: attempt }, Next.Retry({ fault, attempt })]
}

const afterLoss = (state: State, lost: Errors.SessionLost): readonly [State, Next] =>
  state.recoveries >= recoveriesAtMost
    ? [state, Next.End({ lost })]
    : [{ ...initial, recoveries: state.recoveries + 1, probedAt: state.probedAt }, Next.Recover({ lost })]

const afterUnclear = (state: State, error: Errors.Rejected): readonly [State, Next] => {
  const attempt = state.unclear + 1
  const { endpoint, retcode, says } = error
  return attempt > unclear.atMost
    ? afterLoss(state, new Errors.SessionLost({ endpoint, retcode, says }))
    : [{ ...trusted(state), unclear: attempt }, Next.RetryUnclear({ error, attempt, after: unclear.again })]
}

/** The next thing to do. */
export const step = (state: State, outcome: Outcome, moment: Moment): readonly [State, Next] => {
  switch (outcome._tag) {
    case "News":
      return [trusted(answered(state)), Next.Poll({ after: 0 })]
    case "Repeats":
      return pollOrProbe(trusted(answered(state)), false, moment)
    case "Idle":
      return afterIdle(state, outcome.doubtful, moment)
    case "Probed":
    case "Recovered":
      return [state, Next.Poll({ after: 0 })]
    case "Failed": {
      const { error } = outcome
      if (error._tag === "SessionLost") return afterLoss(state, error)
      return error._tag === "Rejected" ? afterUnclear(state, error) : afterFault(state, error, moment)
    }
  }
}
