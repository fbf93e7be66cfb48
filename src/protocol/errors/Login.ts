/** Logins that did not succeed. */
import * as Schema from "effect/Schema"
import * as Printable from "../../schema/Printable.ts"
import { said, TypeId } from "./Mark.ts"

/** A QR login does not know whose it is before it is accepted, and says 0. */
const whose = (account: number): string => (account === 0 ? "this account" : String(account))

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
    return Printable.text`${this.account === 0 ? "This account" : `The account ${this.account}`} may not log in now (${this.reason}, code ${this.code})${said(this.says)} Ask the server's owner.`
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
    return Printable.text`The server lets ${whose(this.account)} in by QR code only (code ${this.code})${said(this.says)} Log in with a QR code.`
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
    return Printable.text`The server refused to log in ${whose(this.account)} (${this.reason}, code ${this.code})${said(this.says)} Try again later.`
  }
}
