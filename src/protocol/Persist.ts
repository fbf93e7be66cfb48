/**
 * Trying a step of a login again. A person who has scanned a code or read a captcha must not do it twice because a
 * gateway coughed.
 */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Errors from "./Errors.ts"

const isPassing = (error: unknown): boolean => Errors.isWebQQError(error) && Errors.isFault(error)

const isUnexpected = (error: unknown): boolean => Errors.isWebQQError(error) && error._tag === "UnexpectedResponse"

/**
 * So many more tries, after about one, two, four seconds and so on. After an answer that is none of the protocol's only
 * one: a gateway's page goes away, a server that speaks otherwise does not.
 */
const pauses = (tries: number): Schedule.Schedule<unknown, unknown> =>
  Schedule.exponential("1 second").pipe(
    Schedule.jittered,
    Schedule.intersect(Schedule.recurs(tries)),
    Schedule.check((error: unknown, [, before]) => before < 1 || !isUnexpected(error))
  )

/** What platforms say when nobody listens there, or the way there is unknown. */
const unreachable = /\b(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)\b/

/** Nobody is there, or somebody else: the address is wrong, or the server does not run. */
const isNobodyThere = (error: unknown): boolean =>
  Errors.isWebQQError(error) &&
  error._tag === "TransportError" &&
  (unreachable.test(error.detail) || (error.status !== undefined && error.status >= 400 && error.status < 500))

/** A step in the middle of a login: after any {@link Errors.Fault} it is tried again, three times if not said otherwise. */
export const goOn = <A, E, R>(step: Effect.Effect<A, E, R>, tries = 3): Effect.Effect<A, E, R> =>
  Effect.retry(step, { while: isPassing, schedule: pauses(tries) })

/** The first step: as {@link goOn}, but where nobody is there it fails at once. Nobody has done anything yet. */
export const begin = <A, E, R>(step: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.retry(step, { while: (error) => isPassing(error) && !isNobodyThere(error), schedule: pauses(3) })
