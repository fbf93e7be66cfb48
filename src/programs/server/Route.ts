/**
 * An endpoint description with the handler that answers it.
 */
import * as Effect from "effect/Effect"
import * as ParseResult from "effect/ParseResult"
import type * as Endpoint from "../../protocol/endpoint/Endpoint.ts"
import * as Refusals from "./Refusals.ts"
import * as Wire from "./Wire.ts"

/** What a handler gives back: the reply of the description, cookies, and where to lead. */
export interface Answer<A> {
  readonly reply: A
  readonly setCookies?: ReadonlyArray<string>
  readonly location?: string
  readonly onLost?: Effect.Effect<void>
}

export interface Route<R> {
  readonly endpoint: Endpoint.Any
  readonly handle: (request: Wire.Request) => Effect.Effect<Wire.Response, never, R>
  readonly refuse: (refusal: Wire.Refusal, wire: Wire.Request) => Effect.Effect<Wire.Response, never, R>
}

const toBytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))

/**
 * Which parameter cannot be read, and whether it is there at all. What stands in it may be a secret, and large: a
 * formatter would write it out.
 */
const unreadable = (issue: ParseResult.ParseIssue, path: ReadonlyArray<PropertyKey> = []): string => {
  switch (issue._tag) {
    case "Pointer":
      return unreadable(issue.issue, path.concat(issue.path))
    case "Composite":
      return unreadable(Array.isArray(issue.issues) ? issue.issues[0] : issue.issues, path)
    case "Refinement":
    case "Transformation":
      return unreadable(issue.issue, path)
    default:
      return `${path.length === 0 ? "the parameters" : path.join(".")} ${issue._tag === "Missing" ? "missing" : "malformed"}`
  }
}

/**
 * Mounts a handler on a description. `refused` is the protocol's own way to say that a request is not acceptable; a
 * plain 400 or 403 if there is none. `before` runs before it is said.
 */
export const make = <Req, Res, R>(
  endpoint: Endpoint.Endpoint<Req, Res>,
  handler: (request: Req, wire: Wire.Request) => Effect.Effect<Answer<Res>, never, R>,
  refused?: (refusal: Wire.Refusal) => Res,
  before: (wire: Wire.Request) => Effect.Effect<void, never, R> = () => Effect.void
): Route<R> => {
  const decode = ParseResult.decode(endpoint.request)
  const encode = ParseResult.encode(endpoint.reply)

  const respond = (answer: Answer<Res>) =>
    encode(answer.reply).pipe(
      // Handlers answer with typed values: one that cannot be written is a mistake in the server.
      Effect.orDie,
      Effect.map((body) =>
        Wire.response(answer.location === undefined ? 200 : 302, endpoint.binary === true ? toBytes(body) : body, {
          contentType: endpoint.contentType,
          setCookies: answer.setCookies ?? [],
          ...(answer.onLost === undefined ? {} : { onLost: answer.onLost }),
          ...(answer.location === undefined ? {} : { location: answer.location })
        })
      )
    )

  const refuse = (refusal: Wire.Refusal, wire: Wire.Request) =>
    Effect.zipRight(
      before(wire),
      refused === undefined
        ? Effect.succeed(Wire.response(refusal._tag === "Malformed" ? 400 : 403, "the request is not acceptable\n"))
        : respond({ reply: refused(refusal) })
    )

  return {
    endpoint,
    refuse,
    handle: (wire) =>
      Effect.matchEffect(decode(wire.params), {
        onFailure: (failure) => {
          const issue = unreadable(failure)
          return Effect.zipRight(Refusals.log(endpoint.name, issue), refuse(Wire.Refusal.Malformed({ issue }), wire))
        },
        onSuccess: (request) => Effect.flatMap(handler(request, wire), respond)
      })
  }
}
