/** Sessions that ended, and requests that were refused. */
import * as Schema from "effect/Schema"
import { said, TypeId } from "./Mark.ts"

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

/** The login that should have brought a session back was of another account. The session did not take it over. */
export class OtherAccount extends Schema.TaggedError<OtherAccount>("effect-webqq/OtherAccount")("OtherAccount", {
  expected: Schema.Number,
  account: Schema.Number
}) {
  readonly [TypeId]: TypeId = TypeId
  override get message(): string {
    return `The session is ${this.expected}'s, but ${this.account} logged in to bring it back. Log in as ${this.expected}.`
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
