/**
 * Ways to log in. Each builds a {@link Session.Session}.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Call from "../protocol/Call.ts"
import * as Channel from "../protocol/Channel.ts"
import * as Contacts from "../protocol/Contacts.ts"
import * as Errors from "../protocol/Errors.ts"
import * as Ptlogin from "../protocol/Ptlogin.ts"
import * as Ids from "../schema/Ids.ts"
import * as CookieStore from "../services/CookieStore.ts"
import * as Dialect from "../services/Dialect.ts"
import * as MessageIds from "../services/MessageIds.ts"
import * as Session from "../services/Session.ts"
import * as Signatures from "../services/Signatures.ts"

/** What a login layer provides: the session, and what belongs to it. */
export type LoggedIn = Session.Session | MessageIds.MessageIds | Signatures.Signatures

/** A step of a login that was taken, for programs that show progress. */
export type Step = Data.TaggedEnum<{
  /** The server wants no captcha and gave a verification code. */
  Checked: { readonly verifyCode: string }
  /** The password was accepted; `says` is the server's own words. */
  PasswordAccepted: { readonly nick: string; readonly says: string }
  /** The URL of the answer was followed, in so many requests. */
  Followed: { readonly hops: number }
  /** The channel server gave a session. */
  Online: { readonly account: Ids.QQ; readonly status: string }
  /** The session was ended; only from {@link layerPassword}. */
  LoggedOut: {}
}>
export const Step = Data.taggedEnum<Step>()

/**
 * - `account`: the QQ number.
 * - `status`: the name of the status to go online with; "online" if not given.
 * - `onStep`: called after every step.
 */
export interface PasswordOptions {
  readonly account: Ids.QQ
  readonly password: Redacted.Redacted
  readonly status?: string
  readonly onStep?: (step: Step) => Effect.Effect<void>
}

const noStep = (_: Step): Effect.Effect<void> => Effect.void

const ptwebqqCookie = Effect.gen(function* () {
  const store = yield* CookieStore.CookieStore
  const dialect = yield* Dialect.Dialect
  const cookie = yield* store.get(new URL(dialect.origins.channel), "ptwebqq")
  if (Option.isNone(cookie)) {
    return yield* new Errors.UnexpectedResponse({
      endpoint: "login",
      expected: "the cookie ptwebqq after a login",
      received: ""
    })
  }
  return Schema.decodeSync(Ids.Ptwebqq)(Redacted.value(cookie.value))
})

/** The client's number, as the dialect's clients chose it. */
const newClientId = Effect.zipWith(Dialect.Dialect, Random.next, ({ clientId }, random) =>
  Ids.ClientId.make(clientId(random))
)

/**
 * Turns a web login, whose cookies are in the `CookieStore`, into a session: `getvfwebqq` where the dialect wants it, and
 * `login2`. Needs no password: this is also how to come back on live cookies.
 */
export const withCookies = (status = "online"): Effect.Effect<Session.Credentials, Errors.LoginError, Call.Services> =>
  Effect.gen(function* () {
    const { vfwebqqFrom } = yield* Dialect.Dialect
    const ptwebqq = yield* ptwebqqCookie
    const clientid = yield* newClientId
    const asked = vfwebqqFrom === "getvfwebqq" ? yield* Contacts.getvfwebqq({ ptwebqq, clientid }) : undefined
    const { psessionid, uin, vfwebqq } = yield* Channel.login2({ ptwebqq, clientid, status })
    return { account: uin, clientid, ptwebqq, vfwebqq: asked ?? vfwebqq, psessionid }
  }).pipe(Effect.withSpan("WebQQ.loginWithCookies", { captureStackTrace: false }))

const logIn = ({ account, onStep = noStep, password, status = "online" }: PasswordOptions) =>
  Effect.gen(function* () {
    const check = yield* Ptlogin.check(account)
    yield* onStep(Step.Checked({ verifyCode: check.verifyCode }))
    const accepted = yield* Ptlogin.login({ account, password, check })
    yield* onStep(Step.PasswordAccepted({ nick: accepted.nick ?? "", says: accepted.message }))
    yield* onStep(Step.Followed({ hops: yield* Ptlogin.checkSig(accepted.url) }))
    return yield* withCookies(status)
  }).pipe(Effect.withSpan("WebQQ.loginWithPassword", { captureStackTrace: false }))

const online = ({ onStep = noStep, status = "online" }: PasswordOptions, { account }: Session.Credentials) =>
  onStep(Step.Online({ account, status }))

/**
 * Logs in with number and password in the dialect's scheme: `check`, `login`, the URL of the answer, `login2` (seed 1,
 * "登录流程"). The cookies end up in the `CookieStore`; the result is what a session needs.
 */
export const withPassword = (
  options: PasswordOptions
): Effect.Effect<Session.Credentials, Errors.LoginError, Call.Services> =>
  Effect.tap(logIn(options), (credentials) => online(options, credentials))

/**
 * Logs out when its scope closes. The server may be gone by then, so this neither fails nor waits for long: a finalizer
 * is uninterruptible, and so the request is made interruptible again for its time limit to hold.
 */
const logout = (session: Session.Session["Type"], onStep: (step: Step) => Effect.Effect<void>) =>
  Channel.logout2.pipe(
    Effect.provideService(Session.Session, session),
    Effect.interruptible,
    Effect.timeout("5 seconds"),
    Effect.zipRight(onStep(Step.LoggedOut())),
    Effect.catchAll((error) => Effect.logDebug("logout failed", error.message))
  )

/**
 * A session for as long as the layer lives: logs in when it is built and out when its scope closes.
 *
 * @example
 * program.pipe(Effect.provide(Login.layerPassword({ account, password })))
 */
export const layerPassword = (options: PasswordOptions): Layer.Layer<LoggedIn, Errors.LoginError, Call.Services> =>
  Layer.mergeAll(
    Layer.scoped(
      Session.Session,
      Effect.acquireRelease(
        // A login takes several requests, so an interruption can end it; but not between login2 and the promise to log
        // out.
        Effect.flatMap(Effect.interruptible(logIn(options)), Session.make),
        (session) => logout(session, options.onStep ?? noStep)
      ).pipe(Effect.tap((session) => Effect.flatMap(session.get, (credentials) => online(options, credentials))))
    ),
    MessageIds.layer,
    Signatures.layer
  )
