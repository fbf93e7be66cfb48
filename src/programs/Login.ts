/**
 * Ways to log in: by password, by QR code, on live cookies. Each yields what a {@link Session.Session} needs, and
 * {@link layer} makes one of it.
 */
import * as Data from "effect/Data"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type * as Call from "../protocol/Call.ts"
import * as Channel from "../protocol/Channel.ts"
import * as CheckSig from "../protocol/CheckSig.ts"
import * as Contacts from "../protocol/Contacts.ts"
import * as Errors from "../protocol/Errors.ts"
import * as Ptlogin from "../protocol/Ptlogin.ts"
import * as QrLogin from "../protocol/QrLogin.ts"
import * as Ids from "../schema/Ids.ts"
import type * as Ptui from "../schema/Ptui.ts"
import * as CaptchaSolver from "../services/CaptchaSolver.ts"
import * as CookieStore from "../services/CookieStore.ts"
import * as Dialect from "../services/Dialect.ts"
import * as MessageIds from "../services/MessageIds.ts"
import * as SendLimiter from "../services/SendLimiter.ts"
import * as Session from "../services/Session.ts"
import * as Signatures from "../services/Signatures.ts"

/** What a login layer provides: the session, and what belongs to it. */
export type LoggedIn = Session.Session | MessageIds.MessageIds | Signatures.Signatures | SendLimiter.SendLimiter

/** A step of a login that was taken, for programs that show progress. */
export type Step = Data.TaggedEnum<{
  /** The server wants no captcha and gave a verification code. */
  Checked: { readonly verifyCode: string }
  /** The server wants a captcha; `attempt` counts from 1. */
  CaptchaWanted: { readonly attempt: number }
  /** How far a QR login is. */
  Qr: { readonly state: QrLogin.State }
  /** The password, or the person with the phone, was accepted; `says` is the server's own words. */
  Accepted: { readonly nick: string; readonly says: string }
  /** The URL of the answer was followed, in so many requests. */
  Followed: { readonly hops: number }
  /** The channel server gave a session. */
  Online: { readonly account: Ids.QQ; readonly status: string }
  /** A kept session still holds. */
  Resumed: { readonly account: Ids.QQ }
  /** The session was ended; only from layers. */
  LoggedOut: {}
}>
export const Step = Data.taggedEnum<Step>()

/** Called after every step. */
export type OnStep = (step: Step) => Effect.Effect<void>
const noStep: OnStep = () => Effect.void

/**
 * - `account`: the QQ number.
 * - `status`: the name of the status to go online with; "online" if not given.
 * - `captchas`: how many captchas may be answered wrongly; 3 if not given.
 * - `sendSpacing`: see {@link LayerOptions}.
 */
export interface PasswordOptions {
  readonly account: Ids.QQ
  readonly password: Redacted.Redacted
  readonly status?: string
  readonly captchas?: number
  readonly sendSpacing?: Duration.DurationInput
  readonly onStep?: OnStep
}

const ptwebqqCookie = Effect.gen(function* () {
  const store = yield* CookieStore.CookieStore
  const dialect = yield* Dialect.Dialect
  const cookie = yield* store.get(new URL(dialect.origins.channel), "ptwebqq")
  if (Option.isSome(cookie)) return Schema.decodeSync(Ids.Ptwebqq)(Redacted.value(cookie.value))
  const expected = "the cookie ptwebqq after a login"
  return yield* new Errors.UnexpectedResponse({ endpoint: "login", expected, received: "" })
})

/** The client's number, as the dialect's clients chose it. */
const newClientId = Effect.zipWith(Dialect.Dialect, Random.next, ({ clientId }, random) =>
  Ids.ClientId.make(clientId(random))
)

/**
 * Turns a web login, whose cookies are in the `CookieStore`, into a session: `getvfwebqq` where the dialect wants it, and
 * `login2`. Needs no password: this is also how to come back on live cookies.
 */
export const withCookies = (
  options: { readonly status?: string; readonly onStep?: OnStep } = {}
): Effect.Effect<Session.Credentials, Errors.SessionError, Call.Services> =>
  Effect.gen(function* () {
    const { onStep = noStep, status = "online" } = options
    const { vfwebqqFrom } = yield* Dialect.Dialect
    const ptwebqq = yield* ptwebqqCookie
    const clientid = yield* newClientId
    const asked = vfwebqqFrom === "getvfwebqq" ? yield* Contacts.getvfwebqq({ ptwebqq, clientid }) : undefined
    const { psessionid, uin, vfwebqq } = yield* Channel.login2({ ptwebqq, clientid, status })
    yield* onStep(Step.Online({ account: uin, status }))
    return { account: uin, clientid, ptwebqq, vfwebqq: asked ?? vfwebqq, psessionid }
  }).pipe(Effect.withSpan("WebQQ.loginWithCookies", { captureStackTrace: false }))

/** From an accepted answer to a session. */
const follow = (reply: Ptui.PtuiCB, options: { readonly status?: string; readonly onStep?: OnStep }) =>
  Effect.gen(function* () {
    const { onStep = noStep } = options
    yield* onStep(Step.Accepted({ nick: reply.nick ?? "", says: reply.message }))
    yield* onStep(Step.Followed({ hops: yield* CheckSig.checkSig(reply.url) }))
    return yield* withCookies(options)
  })

/**
 * From number and password to an accepted answer: `check`, and `login` with what the solver reads if a captcha is wanted.
 * A wrong answer is followed by a new picture; one that came too late for its page, by a new page and `check`.
 */
const prove = (options: PasswordOptions) => {
  const { account, captchas = 3, onStep = noStep, password } = options
  type Proven = Effect.Effect<Ptui.PtuiCB, Errors.LoginError, Call.Services>

  const throughCaptcha = (check: Ptui.CheckVC, loginSig: string, attempt: number): Proven =>
    Effect.gen(function* () {
      yield* onStep(Step.CaptchaWanted({ attempt }))
      const { image, verifysession } = yield* Ptlogin.getimage({ account, capCd: check.verifyCode })
      const solver = yield* CaptchaSolver.CaptchaSolver
      const verifyCode = (yield* solver.solve({ account, image, attempt })).trim()
      return yield* Ptlogin.login({
        account,
        password,
        loginSig,
        captcha: true,
        check: { ...check, verifyCode, verifysession }
      })
    }).pipe(
      Effect.catchTag("WrongCaptcha", (error) => {
        if (attempt >= captchas) return Effect.fail(error)
        return error.pageExpired ? enter(attempt + 1) : throughCaptcha(check, loginSig, attempt + 1)
      })
    )

  const enter = (attempt: number): Proven =>
    Effect.gen(function* () {
      const { fetchLoginPage } = yield* Dialect.Dialect
      const loginSig = fetchLoginPage ? yield* Ptlogin.uilogin : ""
      const check = yield* Ptlogin.check(account, loginSig)
      if (check.code === "1") return yield* throughCaptcha(check, loginSig, attempt)
      yield* onStep(Step.Checked({ verifyCode: check.verifyCode }))
      return yield* Ptlogin.login({ account, password, check, loginSig })
    })

  return enter(1)
}

/**
 * Logs in with number and password in the dialect's scheme: the login page where the dialect fetches it, `check`, a
 * captcha if the server wants one, `login`, the URL of the answer, and on as {@link withCookies} (seed 1, "登录流程").
 * The cookies end up in the `CookieStore`; the result is what a session needs.
 */
export const withPassword = (
  options: PasswordOptions
): Effect.Effect<Session.Credentials, Errors.LoginError, Call.Services> =>
  Effect.flatMap(prove(options), (reply) => follow(reply, options)).pipe(
    Effect.withSpan("WebQQ.loginWithPassword", { captureStackTrace: false })
  )

/**
 * - `onStep`: gets a `Qr` step with every state, the first with the picture to show.
 * - `interval`, `codes`: see `QrLogin.states`.
 */
export interface QrOptions extends QrLogin.Options {
  readonly status?: string
  readonly onStep: OnStep
}

/** Logs in by QR code: whoever scans and confirms it decides which account this is. */
export const withQrCode = (options: QrOptions): Effect.Effect<Session.Credentials, Errors.LoginError, Call.Services> =>
  Effect.gen(function* () {
    const last = yield* QrLogin.states(options).pipe(
      Stream.tap((state) => options.onStep(Step.Qr({ state }))),
      Stream.runLast
    )
    if (Option.isNone(last) || last.value._tag !== "Confirmed") return yield* new Errors.QrExpired({ codes: 0 })
    return yield* follow(last.value.reply, options)
  }).pipe(Effect.withSpan("WebQQ.loginWithQrCode", { captureStackTrace: false }))

/**
 * The requests that Tencent's own client made after a login. Without the list of online friends, servers answered poll2
 * with 103; without the others, sends with 1202. Only a lost session is a failure here.
 */
export const warmUp: Effect.Effect<void, Errors.SessionLost, Call.Services | Session.Session> = Effect.gen(
  function* () {
    const unneeded = (error: Errors.WebQQError) => Effect.logDebug(`not needed after all: ${error.message}`)
    const survive = {
      TransportError: unneeded,
      UnexpectedResponse: unneeded,
      ServerBusy: unneeded,
      Rejected: unneeded
    }
    yield* Effect.catchTags(Channel.getOnlineBuddies2, survive)
    yield* Effect.catchTags(Contacts.getSelfInfo2, survive)
    yield* Effect.catchTags(Channel.getRecentList2, survive)
  }
)

/**
 * Comes back without a password after the server lost the session (103, 121, 100001 and the like): `login2` once more on
 * the live cookies, and the session has new tokens. Fails with `SessionLost` when the cookies are too old for that.
 */
export const relogin: Effect.Effect<void, Errors.SessionError, Call.Services | Session.Session> = Effect.gen(
  function* () {
    const session = yield* Session.Session
    const { account: _, ...tokens } = yield* withCookies()
    yield* session.update(tokens)
    yield* warmUp
  }
).pipe(Effect.withSpan("WebQQ.relogin", { captureStackTrace: false }))

/**
 * Logs out when its scope closes. The server may be gone by then, so this neither fails nor waits for long: a finalizer
 * is uninterruptible, and so the request is made interruptible again for its time limit to hold.
 */
const logout = (session: Session.Session["Type"], onStep: OnStep) =>
  Channel.logout2.pipe(
    Effect.provideService(Session.Session, session),
    Effect.interruptible,
    Effect.timeout("5 seconds"),
    Effect.zipRight(onStep(Step.LoggedOut())),
    Effect.catchAll((error) => Effect.logDebug("logout failed", error.message))
  )

/**
 * - `logout`: whether to log out when the layer's scope closes; true if not given. False where the session is kept.
 * - `messageIds`: the numbers of messages; those of the dialect if not given.
 * - `sendSpacing`: the least time between two messages; half a second if not given, 0 for none.
 * - `warmUp`: whether the requests of {@link warmUp} are made; true if not given. False where the login made them.
 */
export interface LayerOptions {
  readonly sendSpacing?: Duration.DurationInput
  readonly logout?: boolean
  readonly messageIds?: Layer.Layer<MessageIds.MessageIds, never, Dialect.Dialect>
  readonly warmUp?: boolean
  readonly onStep?: OnStep
}

/** A session for as long as the layer lives, from any way to log in; the requests of {@link warmUp} are made. */
export const layer = <E, R>(
  login: Effect.Effect<Session.Credentials, E, R>,
  options: LayerOptions = {}
): Layer.Layer<LoggedIn, E | Errors.SessionLost, R | Call.Services> =>
  Layer.mergeAll(
    Layer.scoped(
      Session.Session,
      Effect.acquireRelease(
        // A login takes several requests, so an interruption can end it; but not between its end and the promise to log
        // out.
        Effect.flatMap(Effect.interruptible(login), Session.make),
        (session) => (options.logout === false ? Effect.void : logout(session, options.onStep ?? noStep))
      ).pipe(
        Effect.tap((session) =>
          options.warmUp === false ? Effect.void : Effect.provideService(warmUp, Session.Session, session)
        )
      )
    ),
    options.messageIds ?? MessageIds.layer,
    Signatures.layer,
    SendLimiter.layer(options.sendSpacing)
  )

/**
 * A session by password.
 *
 * @example
 * program.pipe(Effect.provide(Login.layerPassword({ account, password })))
 */
export const layerPassword = (options: PasswordOptions): Layer.Layer<LoggedIn, Errors.LoginError, Call.Services> =>
  layer(withPassword(options), options)

/** A session by QR code. */
export const layerQrCode = (options: QrOptions): Layer.Layer<LoggedIn, Errors.LoginError, Call.Services> =>
  layer(withQrCode(options), options)
