/** No usable answer, or a way that leads out of the dialect. */
import * as Schema from "effect/Schema"
import * as Printable from "../../schema/Printable.ts"
import { said, TypeId } from "./Mark.ts"

/**
 * No usable answer. `detail` is the platform's word for it, such as `ECONNREFUSED`.
 *
 * - `Connection`: it failed. `Timeout`: the answer took too long. `StatusCode`: none that the protocol knows.
 * - `TooLarge`: the answer did not end within the bytes of its description; the connection was cut.
 * - `Client`: the program's HTTP client does something by itself that loses cookies or hosts. Never right by trying again.
 */
export class TransportError extends Schema.TaggedError<TransportError>("effect-webqq/TransportError")(
  "TransportError",
  {
    endpoint: Schema.String,
    reason: Schema.Literal("Connection", "Timeout", "StatusCode", "TooLarge", "Client"),
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
      case "TooLarge":
        return `The server's answer to ${this.endpoint} is too large${said(this.detail)}, and was cut off. Check that its address is that of a WebQQ server.`
      case "Client":
        return `The HTTP client of this program cannot be used for ${this.endpoint}${said(this.detail)}`
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
    return Printable.text`The server's answer to ${this.endpoint} is not what the protocol promises (${this.expected}); it began: ${this.received || "(nothing)"}. Check that the address is that of a WebQQ server of this dialect.`
  }
}

/** The server led to a host that the dialect does not list; nothing was sent there. */
export class UntrustedHost extends Schema.TaggedError<UntrustedHost>("effect-webqq/UntrustedHost")("UntrustedHost", {
  endpoint: Schema.String,
  host: Schema.String
}) {
  readonly [TypeId]: TypeId = TypeId
  override get message(): string {
    return Printable.text`The answer to ${this.endpoint} leads to ${this.host}, which is no host of this dialect. It was not followed: check the server.`
  }
}
