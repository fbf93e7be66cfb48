/**
 * Logins that wait for their server, and the way back after a lost session.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Schedule from "effect/Schedule"
import type * as Call from "../../protocol/Call.ts"
import * as CheckSig from "../../protocol/CheckSig.ts"
import * as CookieJar from "../../protocol/CookieJar.ts"
import * as Errors from "../../protocol/Errors.ts"
import * as Poll from "../../protocol/Poll.ts"
import * as CookieStore from "../../services/CookieStore.ts"
import * as Session from "../../services/Session.ts"
import type { OnStep } from "./Step.ts"
import * as Ways from "./Ways.ts"

/**
 * - `retry`: when to log in again after a failure that may pass; `Poll.backoff`, for ever, if not given.
 * - `onFailure`: told of each such failure, before the wait; a line in the log if not given.
 */
export interface PatienceOptions {
  readonly retry?: Schedule.Schedule<unknown>
  readonly onFailure?: (failure: Errors.WebQQError) => Effect.Effect<void>
}

/**
 * Whether the same login may succeed later without anybody doing anything: a fault, a server that is busy, a web login
 * that the server forgot between two steps (it was restarted). Everything else is an answer, and asking again would be
 * pestering: a refused password counts against the account, and a blocked one is blocked for longer.
 */
export const mayPass = (error: unknown): error is Errors.WebQQError => {
  if (!Errors.isWebQQError(error)) return false
  if (Errors.isFault(error) || error._tag === "SessionLost") return true
  return error._tag === "LoginRefused" && error.reason === "ServerBusy"
}

const logFailure = (failure: Errors.WebQQError) => Effect.logWarning(`not logged in yet: ${failure.message}`)

/**
 * A login that waits for its server: it is repeated as long as its failure is one that may pass ({@link mayPass}). What is
 * an answer ends it: `WrongPassword`, `UnknownAccount`, `AccountBlocked`, a captcha that nobody solves, a QR code that
 * was refused or that nobody scans.
 *
 * @example
 * Login.layer(Login.patiently(Login.withPassword({ account, password })))
 */
export const patiently = <A, E, R>(
  login: Effect.Effect<A, E, R>,
  { onFailure = logFailure, retry = Poll.backoff }: PatienceOptions = {}
): Effect.Effect<A, E, R> =>
  login.pipe(
    Effect.tapError((error) => (mayPass(error) ? onFailure(error) : Effect.void)),
    Effect.retry({ while: mayPass, schedule: retry })
  )

/** `login2` on the live cookies, as the client that the session already is; nothing where that is refused. */
const onLiveCookies = (onStep: OnStep | undefined) =>
  Effect.gen(function* () {
    if (Option.isNone(yield* CheckSig.ptwebqq)) return Option.none()
    const { clientid } = yield* (yield* Session.Session).get
    const credentials = yield* Ways.withCookies({ clientid, ...(onStep === undefined ? {} : { onStep }) })
    return Option.some(credentials)
  }).pipe(Effect.catchTags({ SessionLost: () => Effect.succeedNone, Rejected: () => Effect.succeedNone }))

/**
 * - `onStep`: called after every step on the live cookies; the login has its own.
 */
export interface RecoverOptions extends PatienceOptions {
  readonly onStep?: OnStep
}

/**
 * The way back for a bot, whatever it logged in with: first `login2` on the live cookies, which is cheap and needs no
 * password; where the server refuses that, the given login. It waits for its server as {@link patiently} does, and a
 * refused password is never sent again.
 *
 * @example
 * const login = Login.withPassword({ account, password })
 * Bot.run({ onFriendMessage, poll: { recover: Login.recover(login) } }).pipe(Effect.provide(Login.layer(login)))
 */
export const recover = <E, R>(
  login: Effect.Effect<Session.Credentials, E, R>,
  options: RecoverOptions = {}
): Effect.Effect<
  Session.Credentials,
  E | Errors.TransportError | Errors.UnexpectedResponse | Errors.ServerBusy,
  R | Call.Services | Session.Session
> =>
  Effect.gen(function* () {
    const found = yield* onLiveCookies(options.onStep)
    if (Option.isSome(found)) return found.value
    // A new login begins without the cookies of the dead one.
    yield* (yield* CookieStore.CookieStore).restore(CookieJar.empty)
    return yield* login
  }).pipe((way) => patiently(way, options), Effect.withSpan("WebQQ.recover", { captureStackTrace: false }))
