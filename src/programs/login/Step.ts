/**
 * The steps of a login, for programs that show progress.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as QrLogin from "../../protocol/QrLogin.ts"
import type * as Ids from "../../schema/Ids.ts"

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
export const noStep: OnStep = () => Effect.void
