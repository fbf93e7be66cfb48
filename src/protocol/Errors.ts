/**
 * What can go wrong, as decisions a caller can make. No error carries a URL, a cookie or a token.
 *
 * | Tag | What to do |
 * |---|---|
 * | `TransportError` | try again later; the request may or may not have arrived (reason `Client`: use another HTTP client) |
 * | `UnexpectedResponse` | report it: the server does not speak this dialect, or the protocol changed |
 * | `UntrustedHost` | do not follow: the server led to a host that the dialect does not know |
 * | `UnknownAccount`, `WrongPassword` | ask the person |
 * | `CaptchaRequired`, `CaptchaUnsolved`, `WrongCaptcha` | solve the captcha, or wait |
 * | `QrRequired`, `QrRefused`, `QrExpired` | log in with a QR code; ask the person; show a new one |
 * | `AccountBlocked` | the account needs attention in its own right; logging in again does not help |
 * | `LoginRefused` | any other refusal of a login, with the server's own words |
 * | `SessionLost` | log in again |
 * | `RecoveryFailed` | the session was lost and could not be brought back; holds both causes |
 * | `OtherAccount` | the login that should bring the session back was somebody else's; log in as the right one |
 * | `ServerBusy` | try again later |
 * | `Kicked` | somebody signed in elsewhere; decide who stays |
 * | `DeliveryUnknown` | the message may have gone out; do not send it again without asking |
 * | `Rejected` | the server understood and said no |
 */
import * as Data from "effect/Data"
import * as Printable from "../schema/Printable.ts"
import type { TransportError, UnexpectedResponse, UntrustedHost } from "./errors/Call.ts"
import type {
  AccountBlocked,
  CaptchaRequired,
  CaptchaUnsolved,
  LoginRefused,
  QrExpired,
  QrRefused,
  QrRequired,
  UnknownAccount,
  WrongCaptcha,
  WrongPassword
} from "./errors/Login.ts"
import { TypeId } from "./errors/Mark.ts"
import type { DeliveryUnknown, Kicked, OtherAccount, Rejected, ServerBusy, SessionLost } from "./errors/Session.ts"

export * from "./errors/Call.ts"
export * from "./errors/Login.ts"
export * from "./errors/Session.ts"
export { TypeId }

/** Whether a value is an error of this library. */
export const isWebQQError = (u: unknown): u is WebQQError => typeof u === "object" && u !== null && TypeId in u

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

export type WebQQError = LoginError | SessionError | SendError | Kicked | OtherAccount

/** Whether the same request can be expected to succeed later without anybody doing anything. Never true for a send. */
export const isTransient = (error: WebQQError): error is TransportError | ServerBusy =>
  error._tag === "TransportError" ? error.reason !== "Client" : error._tag === "ServerBusy"

/** What passes by itself: no answer, an answer that is none of the protocol's, a server that has too much to do. */
export type Fault = TransportError | UnexpectedResponse | ServerBusy

/** Whether an error is a {@link Fault}. */
export const isFault = (error: WebQQError): error is Fault => isTransient(error) || error._tag === "UnexpectedResponse"

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
    return Printable.text`The session was lost (${this.lost.endpoint}, retcode ${this.lost.retcode}) and could not be recovered: ${why}`
  }
}
