/**
 * The ways to log in: by password, by QR code, on live cookies. Each yields what a session needs.
 *
 * A step that meets a fault (no connection, no answer in time, a gateway's status, an unreadable body) is tried again
 * within the login: what a person typed or confirmed must not be lost to a hiccup. Only the first request fails at once
 * where nobody is there.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import type * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type * as Call from "../../protocol/Call.ts"
import * as Channel from "../../protocol/Channel.ts"
import * as CheckSig from "../../protocol/CheckSig.ts"
import * as Contacts from "../../protocol/Contacts.ts"
import * as Errors from "../../protocol/Errors.ts"
import * as Persist from "../../protocol/Persist.ts"
import * as Ptlogin from "../../protocol/Ptlogin.ts"
import * as QrLogin from "../../protocol/QrLogin.ts"
import { warmUp } from "../../protocol/WarmUp.ts"
import * as Ids from "../../schema/Ids.ts"
import type * as Ptui from "../../schema/Ptui.ts"
import * as CaptchaSolver from "../../services/CaptchaSolver.ts"
import * as Dialect from "../../services/Dialect.ts"
import * as Session from "../../services/Session.ts"
import { noStep, type OnStep, Step } from "./Step.ts"

/** The client's number, as the dialect's clients chose it. */
const newClientId = Effect.zipWith(Dialect.Dialect, Random.next, ({ clientId }, random) =>
  Ids.ClientId.make(clientId(random))
)

/**
 * - `status`: the name of the status to go online with; "online" if not given.
 * - `clientid`: the client's number; a new one if not given.
 */
export interface CookieOptions {
  readonly status?: string
  readonly clientid?: Ids.ClientId
  readonly onStep?: OnStep
}

type Trying = typeof Persist.begin

const goOnline = (options: CookieOptions, first: Trying) =>
  Effect.gen(function* () {
    const { onStep = noStep, status = "online" } = options
    const { vfwebqqFrom } = yield* Dialect.Dialect
    const cookie = yield* CheckSig.ptwebqq
    if (Option.isNone(cookie)) {
      const expected = "the cookie ptwebqq or skey after a login"
      return yield* new Errors.UnexpectedResponse({ endpoint: "login", expected, received: "" })
    }
    const ptwebqq = cookie.value
    const clientid = options.clientid ?? (yield* newClientId)
    const login2 = Channel.login2({ ptwebqq, clientid, status })
    const asked = vfwebqqFrom === "getvfwebqq" ? yield* first(Contacts.getvfwebqq({ ptwebqq, clientid })) : undefined
    const { psessionid, uin, vfwebqq } = yield* asked === undefined ? first(login2) : Persist.goOn(login2)
    yield* onStep(Step.Online({ account: uin, status }))
    return { account: uin, clientid, ptwebqq, vfwebqq: asked ?? vfwebqq, psessionid }
  })

/**
 * Turns a web login, whose cookies are in the `CookieStore`, into a session: `getvfwebqq` where the dialect wants it, and
 * `login2`. Needs no password: this is also how to come back on live cookies. Fails with `SessionLost` when they are too
 * old for that, with `UnexpectedResponse` when there are none.
 */
export const withCookies = (
  options: CookieOptions = {}
): Effect.Effect<Session.Credentials, Errors.SessionError, Call.Services> =>
  goOnline(options, Persist.begin).pipe(Effect.withSpan("WebQQ.loginWithCookies", { captureStackTrace: false }))

/** From an accepted answer to a session. */
const follow = (reply: Ptui.PtuiCB, options: CookieOptions) =>
  Effect.gen(function* () {
    const { onStep = noStep } = options
    yield* onStep(Step.Accepted({ nick: reply.nick ?? "", says: reply.message }))
    yield* onStep(Step.Followed({ hops: yield* CheckSig.checkSig(reply.url) }))
    return yield* goOnline(options, Persist.goOn)
  })

/**
 * - `account`: the QQ number.
 * - `status`: the name of the status to go online with; "online" if not given.
 * - `captchas`: how many captchas may be answered wrongly; 3 if not given.
 * - `sendSpacing`: see `LayerOptions`.
 */
export interface PasswordOptions {
  readonly account: Ids.QQ
  readonly password: Redacted.Redacted
  readonly status?: string
  readonly captchas?: number
  readonly sendSpacing?: Duration.DurationInput
  readonly onStep?: OnStep
}

/**
 * Sends the proof. After a lost answer it goes out twice more at most: if the password is wrong, the server has counted
 * each of them.
 */
const proofTries = 2

const isNoPicture = (error: Errors.LoginError): boolean =>
  error._tag === "UnexpectedResponse" && error.endpoint === "getimage"

/**
 * From number and password to an accepted answer: `check`, and `login` with what the solver reads if a captcha is wanted.
 * A wrong answer is followed by a new picture; one that came too late for its page, by a new page and `check`.
 */
const prove = (options: PasswordOptions) => {
  const { account, captchas = 3, onStep = noStep, password } = options
  type Proven = Effect.Effect<Ptui.PtuiCB, Errors.LoginError, Call.Services>

  const send = (login: Omit<Parameters<typeof Ptlogin.login>[0], "account" | "password">) =>
    Persist.goOn(Ptlogin.login({ account, password, ...login }), proofTries)

  const throughCaptcha = (check: Ptui.CheckVC, loginSig: string, attempt: number): Proven =>
    Effect.gen(function* () {
      yield* onStep(Step.CaptchaWanted({ attempt }))
      const { image, verifysession } = yield* Persist.goOn(Ptlogin.getimage({ account, capCd: check.verifyCode }))
      const solver = yield* CaptchaSolver.CaptchaSolver
      const verifyCode = (yield* solver.solve({ account, image, attempt })).trim()
      return yield* send({ loginSig, captcha: true, check: { ...check, verifyCode, verifysession } })
    }).pipe(
      Effect.catchTag("WrongCaptcha", (error) => {
        if (attempt >= captchas) return Effect.fail(error)
        if (error.pageExpired) return enter(attempt + 1)
        // Where the answer to a right one was lost, its token is used up, and there is no more picture for it.
        return Effect.catchIf(throughCaptcha(check, loginSig, attempt + 1), isNoPicture, () => enter(attempt + 1))
      })
    )

  const enter = (attempt: number): Proven =>
    Effect.gen(function* () {
      const { fetchLoginPage } = yield* Dialect.Dialect
      const first: Trying = attempt === 1 ? Persist.begin : Persist.goOn
      const page = fetchLoginPage ? yield* first(Ptlogin.uilogin) : undefined
      const checking = Ptlogin.check(account, page)
      const check = yield* page === undefined ? first(checking) : Persist.goOn(checking)
      const loginSig = page ?? ""
      if (check.code === "1") return yield* throughCaptcha(check, loginSig, attempt)
      yield* onStep(Step.Checked({ verifyCode: check.verifyCode }))
      return yield* send({ loginSig, check }).pipe(
        // The code of `check` holds once: the server took it with a proof whose answer was lost, or forgot it.
        Effect.catchTag("WrongCaptcha", (error) => (attempt >= captchas ? Effect.fail(error) : enter(attempt + 1)))
      )
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
 * Comes back without a password after the server lost the session (103, 121, 100000 and the like): `login2` once more on
 * the live cookies; the session has new tokens, which are given back too. Fails with `SessionLost` when the cookies are
 * too old for that. For a bot, see {@link recover}.
 */
export const relogin: Effect.Effect<Session.Credentials, Errors.SessionError, Call.Services | Session.Session> =
  Effect.gen(function* () {
    const session = yield* Session.Session
    const { clientid } = yield* session.get
    const { account: _, ...tokens } = yield* withCookies({ clientid })
    yield* session.update(tokens)
    yield* warmUp
    return yield* session.get
  }).pipe(Effect.withSpan("WebQQ.relogin", { captureStackTrace: false }))
