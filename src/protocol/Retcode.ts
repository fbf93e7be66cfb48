/**
 * From the retcode of a reply to what a caller is told, by the table of the endpoint (`endpoint/Retcodes.ts`).
 */
import * as Option from "effect/Option"
import type * as Envelope from "../schema/Envelope.ts"
import * as Errors from "./Errors.ts"
import type * as Endpoint from "./endpoint/Endpoint.ts"
import * as Retcodes from "./endpoint/Retcodes.ts"
import * as Secrets from "./Secrets.ts"

/** An endpoint, as far as its retcodes go. */
export type Described = Pick<Endpoint.Json<never, never>, "name" | "retcodes">

/** Whether a contact list was refused because of its hash. */
export const isWrongHash = (error: Errors.WebQQError): error is Errors.Rejected =>
  error._tag === "Rejected" && error.retcode === 50

/** Words with which servers name the parameter that they miss, where others say that the session is over. */
const namesParameter = /必填|字段|参数|parameter/i

/** What a refusal means to its endpoint. */
export const meaningOf = ({ retcodes }: Described, refused: Envelope.Refused<unknown>): Retcodes.Meaning => {
  const meaning = Retcodes.meaningOf(retcodes, refused.retcode)
  if (meaning !== "named") return meaning
  return namesParameter.test(refused.errmsg) ? "refused" : "lost"
}

/** The result that stands beside a harmless retcode. */
export const resultBeside = <A>(endpoint: Described, refused: Envelope.Refused<A>): Option.Option<A> =>
  meaningOf(endpoint, refused) === "partial" ? refused.result : Option.none()

/**
 * The error of a refusal: `SessionLost`, `ServerBusy`, and `Rejected` for the rest. Of a poll, that is a retcode that
 * nobody knows (meaning `unclear`), and asking again may help.
 */
export const toError = (
  endpoint: Described,
  refused: Envelope.Refused<unknown>
): Errors.SessionLost | Errors.ServerBusy | Errors.Rejected => {
  const fields = { endpoint: endpoint.name, retcode: refused.retcode, says: Secrets.excerpt(refused.errmsg) }
  switch (meaningOf(endpoint, refused)) {
    case "lost":
      return new Errors.SessionLost(fields)
    case "busy":
      return new Errors.ServerBusy(fields)
    default:
      return new Errors.Rejected(fields)
  }
}
