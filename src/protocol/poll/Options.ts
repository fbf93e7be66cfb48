/**
 * What a poll loop is given, what it gives, and how it ends.
 */
import * as Data from "effect/Data"
import * as Schedule from "effect/Schedule"
import type * as PollEvent from "../../schema/PollEvent.ts"
import type * as Errors from "../Errors.ts"
import type * as Recovery from "../Recovery.ts"

/** What the loop delivers: a kick is not an event but the end of the stream. */
export type Event = Exclude<PollEvent.PollEvent, PollEvent.KickMessage>

/** What the loop tries again by itself. */
export type Fault = Errors.Fault

/** How the stream of a loop without a recovery can end, but for interruption. */
export type End = Errors.Fault | Errors.SessionLost | Errors.Kicked

/** How the stream of a loop with a recovery can end. */
export type RecoveringEnd<E> = End | Errors.RecoveryFailed<E | Errors.OtherAccount>

/**
 * How the loop is doing, for an app to show.
 *
 * - `Connecting`: before the first answer. `Online`: the last poll was answered, or was held until a gateway gave up.
 * - `Retrying`: the `attempt`-th try in a row after a fault, or after a retcode that nobody knows (`Rejected`).
 * - `Relogging`: the session was lost, and the recovery runs.
 * - `Ended`: with the error of the stream.
 */
export type Status<E = unknown> = Data.TaggedEnum<{
  Connecting: {}
  Online: {}
  Retrying: { readonly attempt: number; readonly cause: Fault | Errors.Rejected }
  Relogging: { readonly cause: Errors.SessionLost }
  Ended: { readonly cause: RecoveringEnd<E> }
}>
export const Status = Data.taggedEnum<Status>()

/** One second, doubling up to half a minute, each a little shorter or longer, for ever. */
export const backoff: Schedule.Schedule<unknown> = Schedule.exponential("1 second").pipe(
  Schedule.union(Schedule.spaced("30 seconds")),
  Schedule.jittered
)

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
