/**
 * What the first argument of ptuiCB means (protocol notes, sections 2.4 and 2.6): every code that a source names, and the
 * step or error that stands for it.
 */
import type * as Ptui from "../schema/Ptui.ts"
import * as Errors from "./Errors.ts"
import * as Secrets from "./Secrets.ts"

/** The codes of the QR login. */
export const qr = { expired: "65", waiting: "66", scanned: "67", refused: "68", timedOut: "10009" } as const

const blocked: ReadonlyMap<string, Errors.AccountBlocked["reason"]> = new Map([
  ["2", "Recycled"], // number out of date or recycled
  ["6", "TryLater"],
  ["19", "Barred"], // temporarily barred, the text links to the security centre
  ["71", "Barred"] // barred for abnormal use
])

const refused: ReadonlyMap<string, Errors.LoginRefused["reason"]> = new Map([
  ["1", "ServerBusy"],
  ["5", "VerificationFailed"],
  ["7", "BadParameters"], // bad parameters or cookies
  ["8", "TooManyLogins"], // on this address
  ["12", "NeedsApp"], // a link to the security app; the meaning is not documented
  ["24", "CookiesMissing"],
  ["51", "NeedsApp"],
  ["64", "SuspiciousNetwork"],
  ["10008", "ConfirmationPending"] // one-tap verification
])

/** Abnormal login, device protection, too old a client: these want the QR login. */
const wantsQr: ReadonlySet<string> = new Set(["10005", "10006", "22009"])

/** Sub-codes of code 3 after which the server wants a captcha at the next try. */
const captchaNext: ReadonlySet<string> = new Set(["101", "102", "103"])

/** The errors that a ptuiCB can stand for. */
export type Refusal =
  | Errors.WrongPassword
  | Errors.WrongCaptcha
  | Errors.UnknownAccount
  | Errors.AccountBlocked
  | Errors.QrRequired
  | Errors.QrRefused
  | Errors.QrExpired
  | Errors.LoginRefused

/** The error of a reply whose code is not 0. `account` is 0 where a QR login does not know it yet. */
export const toError = (account: number, { code, message, sub }: Ptui.PtuiCB): Refusal => {
  const says = Secrets.excerpt(message)
  const reason = blocked.get(code)
  if (reason !== undefined) return new Errors.AccountBlocked({ account, reason, code, says })
  if (wantsQr.has(code)) return new Errors.QrRequired({ account, code, says })
  switch (code) {
    case "3":
      return new Errors.WrongPassword({ account, captchaNext: captchaNext.has(sub), says })
    case "4":
      return new Errors.WrongCaptcha({ account, pageExpired: sub === "2", says })
    case "10":
      return new Errors.UnknownAccount({ account })
    case qr.refused:
      return new Errors.QrRefused({ says })
    case qr.expired:
    case qr.timedOut:
      return new Errors.QrExpired({ codes: 1 })
    default:
      return new Errors.LoginRefused({ account, reason: refused.get(code) ?? "Unknown", code, says })
  }
}
