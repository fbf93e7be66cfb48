/**
 * What can go wrong, as decisions a caller can make. No error carries a URL, a cookie or a token.
 *
 * | Tag | What to do |
 * |---|---|
 * | `TransportError` | try again later; the request may or may not have arrived |
 * | `UnexpectedResponse` | report it: the server does not speak this dialect, or the protocol changed |
 * | `UntrustedHost` | do not follow: the server led to a host that the dialect does not know |
 * | `UnknownAccount`, `WrongPassword` | ask the person |
 * | `CaptchaRequired`, `CaptchaUnsolved`, `WrongCaptcha` | solve the captcha, or wait |
 * | `QrRequired`, `QrRefused`, `QrExpired` | log in with a QR code; ask the person; show a new one |
 * | `AccountBlocked` | the account needs attention in its own right; logging in again does not help |
 * | `LoginRefused` | any other refusal of a login, with the server's own words |
 * | `SessionLost` | log in again |
 * | `RecoveryFailed` | the session was lost and could not be brought back; holds both causes |
 * | `ServerBusy` | try again later |
 * | `Kicked` | somebody signed in elsewhere; decide who stays |
 * | `DeliveryUnknown` | the message may have gone out; do not send it again without asking |
 * | `Rejected` | the server understood and said no |
 */
import * as Data from "effect/Data"
import * as Schema from "effect/Schema"

/** The mark of every error of this library. */
export const TypeId: unique symbol = Symbol.for("effect-webqq/WebQQError")
export type TypeId = typeof TypeId

/** Whether a value is an error of this library. */
export const isWebQQError = (u: unknown): u is WebQQError => typeof u === "object" && u !== null && TypeId in u

const said = (says: string): string => (says.trim() === "" ? "" : `: ${says.trim()}`)

/**
 * No usable answer: the connection failed, the answer took too long, or the HTTP status was not one the protocol
 * knows. `detail` is the platform's word for it, such as `ECONNREFUSED`.
 */
export class TransportError extends Schema.TaggedError<TransportError>("effect-webqq/TransportError")(
  "TransportError",
  {
    endpoint: Schema.String,
    reason: Schema.Literal("Connection", "Timeout", "StatusCode"),
    status: Schema.optional(Schema.Int),
    detail: Schema.optionalWith(Schema.String, { default: () => "" })
  }
) {
  readonly [TypeId]: TypeId = TypeId
  override get message(): string {
    switch (this.reason) {
      case "Connection":
        return `The server could not be reached for ${this.endpoint}${said(this.detail)}. Check that it runs and that its address is right.`
      case "Timeout":
        return `The server did not answer ${this.endpoint} in time. Try again later.`
      case "StatusCode":
        return `The server answered ${this.endpoint} with HTTP status ${this.status ?? "?"}. Check that its address is that of a WebQQ server.`
    }
  }
}

/** The answer is not what the protocol promises. `expected` names the place, `received` is a shortened, redacted copy. */
export class UnexpectedResponse extends Schema.TaggedError<UnexpectedResponse>("effect-webqq/UnexpectedResponse")(
  "UnexpectedResponse",
  { endpoint: Schema.String, expected: Schema.String, received: Schema.String }
) {
  readonly [TypeId]: TypeId = TypeId
  override get message(): string {
    return `The server's answer to ${this.endpoint} is not what the protocol promises (${this.expected}); it began: ${this.received || "(nothing)"}. Check that the address is that of a WebQQ server of this dialect.`
  }
}

/** The server led to a host that the dialect does not list; nothing was sent there. */
export class UntrustedHost extends Schema.TaggedError<UntrustedHost>("effect-webqq/UntrustedHost")("UntrustedHost", {
  endpoint: Schema.String,
  host: Schema.String
}) {
  readonly [TypeId]: TypeId = TypeId
  override get message(): string {
    return `The answer to ${this.endpoint} leads to ${this.host}, which is no host of this dialect. It was not followed: check the server.`
  }
}

/** The server does not know the number (check code 2). */
export class UnknownAccount extends Schema.TaggedError<UnknownAccount>("effect-webqq/UnknownAccount")(
  "UnknownAccount",
  { account: Schema.Number }
) {
  readonly [TypeId]: TypeId = TypeId
  override get message(): string {
    return `The server does not know the account ${this.account}. Check the number.`
  }
}

/**
 * The number and the password do not belong together (ptuiCB code 3). `captchaNext`: the server will want a captcha at
 * the next try.
 */
export class WrongPassword extends Schema.TaggedError<WrongPassword>("effect-webqq/WrongPassword")("WrongPassword", {
  account: Schema.Number,
  captchaNext: Schema.optionalWith(Schema.Boolean, { default: () => false }),
  says: Schema.String
}) {
  readonly [TypeId]: TypeId = TypeId
  override get message(): string {
    return `The password of ${this.account} was not accepted${said(this.says)} Check number and password.`
  }
}

/** The server wants a captcha before it looks at the password (check code 1), and nobody is there to solve it. */
export class CaptchaRequired extends Schema.TaggedError<CaptchaRequired>("effect-webqq/CaptchaRequired")(
  "CaptchaRequired",
  { account: Schema.Number }
) {
  readonly [TypeId]: TypeId = TypeId
  override get message(): string {
    return `The server wants a captcha for ${this.account}. Provide a CaptchaSolver, or wait a while and log in again.`
  }
}

/** The solver gave up: the person left, or nobody answered in time. */
export class CaptchaUnsolved extends Schema.TaggedError<CaptchaUnsolved>("effect-webqq/CaptchaUnsolved")(
  "CaptchaUnsolved",
  { account: Schema.Number, why: Schema.String }
) {
  readonly [TypeId]: TypeId = TypeId
  override get message(): string {
    return `The captcha for ${this.account} was not solved${said(this.why)}. Start the login again.`
  }
}

/**
 * The captcha was wrong (ptuiCB code 4), as often as was allowed. `pageExpired`: the server said that it took too long.
 */
export class WrongCaptcha extends Schema.TaggedError<WrongCaptcha>("effect-webqq/WrongCaptcha")("WrongCaptcha", {
  account: Schema.Number,
  pageExpired: Schema.optionalWith(Schema.Boolean, { default: () => false }),
  says: Schema.String
}) {
  readonly [TypeId]: TypeId = TypeId
  override get message(): string {
    return `The captcha for ${this.account} was not accepted${said(this.says)} Start the login again.`
  }
}

/**
 * The account may not log in, whoever asks: `Frozen` (code 0 with a page of aq.qq.com), `Recycled` (2), `TryLater` (6),
 * `Barred` (19, 71).
 */
export class AccountBlocked extends Schema.TaggedError<AccountBlocked>("effect-webqq/AccountBlocked")(
  "AccountBlocked",
  {
    account: Schema.Number,
    reason: Schema.Literal("Frozen", "Recycled", "TryLater", "Barred"),
    code: Schema.String,
    says: Schema.String
  }
) {
  readonly [TypeId]: TypeId = TypeId
  override get message(): string {
    return `The account ${this.account} may not log in now (${this.reason}, code ${this.code})${said(this.says)} Ask the server's owner.`
  }
}

/** The server lets this account in by QR code only (ptuiCB codes 10005, 10006, 22009). */
export class QrRequired extends Schema.TaggedError<QrRequired>("effect-webqq/QrRequired")("QrRequired", {
  account: Schema.Number,
  code: Schema.String,
  says: Schema.String
}) {
  readonly [TypeId]: TypeId = TypeId
  override get message(): string {
    return `The server lets ${this.account} in by QR code only (code ${this.code})${said(this.says)} Log in with a QR code.`
  }
}

/** The person refused the login on the phone (ptuiCB code 68). */
export class QrRefused extends Schema.TaggedError<QrRefused>("effect-webqq/QrRefused")("QrRefused", {
  says: Schema.String
}) {
  readonly [TypeId]: TypeId = TypeId
  override get message(): string {
    return `The login was refused on the phone${said(this.says)} Start it again if that was a mistake.`
  }
}

/** Nobody confirmed a QR code in time (ptuiCB code 65); `codes` is how many were shown. */
export class QrExpired extends Schema.TaggedError<QrExpired>("effect-webqq/QrExpired")("QrExpired", {
  codes: Schema.Int
}) {
  readonly [TypeId]: TypeId = TypeId
  override get message(): string {
    return `Nobody scanned and confirmed the QR code in time (${this.codes} shown). Start the login again.`
  }
}

/**
 * Any other refusal of a login: `ServerBusy` (ptuiCB code 1), `VerificationFailed` (5), `BadParameters` (7),
 * `TooManyLogins` (8), `NeedsApp` (12, 51), `CookiesMissing` (24), `SuspiciousNetwork` (64), `ConfirmationPending`
 * (10008), `Unknown`.
 */
export class LoginRefused extends Schema.TaggedError<LoginRefused>("effect-webqq/LoginRefused")("LoginRefused", {
  account: Schema.Number,
  reason: Schema.Literal(
    "ServerBusy",
    "VerificationFailed",
    "BadParameters",
    "TooManyLogins",
    "NeedsApp",
    "CookiesMissing",
    "SuspiciousNetwork",
    "ConfirmationPending",
    "Unknown"
  ),
  code: Schema.String,
  says: Schema.String
}) {
  readonly [TypeId]: TypeId = TypeId
  override get message(): string {
    return `The server refused to log in ${this.account} (${this.reason}, code ${this.code})${said(this.says)} Try again later.`
  }
}

/** The server no longer accepts the session. */
export class SessionLost extends Schema.TaggedError<SessionLost>("effect-webqq/SessionLost")("SessionLost", {
  endpoint: Schema.String,
  retcode: Schema.Int,
  says: Schema.String
}) {
  readonly [TypeId]: TypeId = TypeId
  override get message(): string {
    return `The session is over (${this.endpoint}, retcode ${this.retcode}${said(this.says)}). Log in again.`
  }
}

/** The server has too much to do (retcodes 112 and 113). */
export class ServerBusy extends Schema.TaggedError<ServerBusy>("effect-webqq/ServerBusy")("ServerBusy", {
  endpoint: Schema.String,
  retcode: Schema.Int,
  says: Schema.String
}) {
  readonly [TypeId]: TypeId = TypeId
  override get message(): string {
    return `The server is too busy for ${this.endpoint} (retcode ${this.retcode}${said(this.says)}). Try again later.`
  }
}

/** The server closed this session in favour of another one, with its own words. */
export class Kicked extends Schema.TaggedError<Kicked>("effect-webqq/Kicked")("Kicked", { reason: Schema.String }) {
  readonly [TypeId]: TypeId = TypeId
  override get message(): string {
    return `The server ended this session${said(this.reason)} Log in again if this is the place to stay.`
  }
}

/**
 * The message may or may not have gone out: retcode 1202, or no answer to a send (then `retcode` is absent). Sending it
 * again may deliver it twice.
 */
export class DeliveryUnknown extends Schema.TaggedError<DeliveryUnknown>("effect-webqq/DeliveryUnknown")(
  "DeliveryUnknown",
  { endpoint: Schema.String, retcode: Schema.optional(Schema.Int), detail: Schema.String }
) {
  readonly [TypeId]: TypeId = TypeId
  override get message(): string {
    return `The message may or may not have been delivered (${this.endpoint}${said(this.detail)}). Ask before sending it again.`
  }
}

/** The server understood the request and refused it. */
export class Rejected extends Schema.TaggedError<Rejected>("effect-webqq/Rejected")("Rejected", {
  endpoint: Schema.String,
  retcode: Schema.Int,
  says: Schema.String
}) {
  readonly [TypeId]: TypeId = TypeId
  override get message(): string {
    return `The server refused ${this.endpoint} (retcode ${this.retcode}${said(this.says)}). Check what was asked for.`
  }
}

/** No usable answer. */
export type CallError = TransportError | UnexpectedResponse

/** A login that did not succeed. */
export type LoginError =
  | CallError
  | UntrustedHost
  | UnknownAccount
  | WrongPassword
  | CaptchaRequired
  | CaptchaUnsolved
  | WrongCaptcha
  | AccountBlocked
  | QrRequired
  | QrRefused
  | QrExpired
  | LoginRefused
  | SessionLost
  | ServerBusy
  | Rejected

/** A call with a session that did not succeed. */
export type SessionError = CallError | SessionLost | ServerBusy | Rejected

/** A send that did not, or may not have, succeeded. */
export type SendError = SessionLost | ServerBusy | Rejected | DeliveryUnknown

export type WebQQError = LoginError | SessionError | SendError | Kicked

/** Whether the same request can be expected to succeed later without anybody doing anything. Never true for a send. */
export const isTransient = (error: WebQQError): error is TransportError | ServerBusy =>
  error._tag === "TransportError" || error._tag === "ServerBusy"

/**
 * The session was lost, and the recovery that should have brought it back failed. Both causes are kept.
 */
export class RecoveryFailed<E> extends Data.TaggedError("RecoveryFailed")<{
  readonly lost: SessionLost
  readonly failure: unknown
}> {
  readonly [TypeId]: TypeId = TypeId
  declare readonly failure: E
  override get message(): string {
    const why = this.failure instanceof Error ? this.failure.message : String(this.failure)
    return `The session was lost (${this.lost.endpoint}, retcode ${this.lost.retcode}) and could not be recovered: ${why}`
  }
}
