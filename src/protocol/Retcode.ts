/**
 * What the retcodes of the JSON replies mean (protocol notes, section 6.1).
 */
import type * as Envelope from "../schema/Envelope.ts"
import * as Errors from "./Errors.ts"
import * as Secrets from "./Secrets.ts"

/** The session is not, or no longer, valid: log in again. */
const lost: ReadonlySet<number> = new Set([
  8, // need to log in again, on a send (twqq)
  100, // not logged in
  103, // not valid on the channel server, or uin and skey do not fit
  108, // cookies missing, logged out
  120, // relink needed
  121, // relink needed, or logged in twice
  100000, // ptwebqq or session expired
  100001,
  100002,
  100101 // no cookies
])

/** Too much to do; try later. */
const busy: ReadonlySet<number> = new Set([112, 113])

/** A poll that ended without events: nothing new, or something that clients found to be harmless (section 7, number 23). */
const idle: ReadonlySet<number> = new Set([
  102, // no events
  109, // a client left
  110,
  1202,
  100003, // data possibly incomplete
  100012,
  100100 // fine, from a different backend
])

/** Whether a retcode of `poll2` says: nothing new, ask again. */
export const isIdle = (retcode: number): boolean => idle.has(retcode)

/** A new ptwebqq is in the member `p`. */
export const rotated = 116

/** Whether a contact list was refused because of its hash. */
export const isWrongHash = (error: Errors.WebQQError): error is Errors.Rejected =>
  error._tag === "Rejected" && error.retcode === 50

/** Accepted, but perhaps not delivered. */
export const uncertain = 1202

/** Retcodes of a send that mean: sent (100100 is another backend's 0). */
export const isSent = (retcode: number): boolean => retcode === 0 || retcode === 100100

/** The error of a refusal. */
export const toError = (
  endpoint: string,
  refused: Envelope.Refused
): Errors.SessionLost | Errors.ServerBusy | Errors.Rejected => {
  const fields = { endpoint, retcode: refused.retcode, says: Secrets.excerpt(refused.errmsg) }
  if (busy.has(refused.retcode)) return new Errors.ServerBusy(fields)
  return lost.has(refused.retcode) ? new Errors.SessionLost(fields) : new Errors.Rejected(fields)
}
