/**
 * From an endpoint's description to a request and back: the one place where HTTP, cookies and their errors are handled.
 */
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as HeaderText from "../schema/HeaderText.ts"
import * as Reader from "../schema/Reader.ts"
import * as CookieStore from "../services/CookieStore.ts"
import * as Dialect from "../services/Dialect.ts"
import * as Body from "./Body.ts"
import type * as Dialects from "./dialect/Dialect.ts"
import * as Errors from "./Errors.ts"
import type * as Endpoint from "./endpoint/Endpoint.ts"
import * as Retcode from "./Retcode.ts"
import * as Secrets from "./Secrets.ts"
import * as SetCookie from "./SetCookie.ts"
import * as UnfitClient from "./UnfitClient.ts"

/** What every call needs. */
export type Services = HttpClient.HttpClient | CookieStore.CookieStore | Dialect.Dialect

/**
 * - `headers`: instead of the ones that the dialect gives to the endpoint.
 * - `timeout`: for the whole answer; 30 seconds if not given.
 */
export interface Options {
  readonly headers?: Dialects.Headers
  readonly timeout?: Duration.DurationInput
}

const detailOf = (error: HttpClientError.HttpClientError): string => {
  const { cause } = error
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : ""
  const words = cause instanceof Error ? cause.message : (error.description ?? "")
  return Secrets.excerpt(words.includes(code) ? words : `${code} ${words}`)
}

/** Each byte as one character, as `Endpoint.Bytes` reads it. */
const binaryText = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")

const failed = (name: Endpoint.Name) => (error: HttpClientError.HttpClientError | Body.TooLarge) =>
  error._tag === "TooLarge"
    ? new Errors.TransportError({ endpoint: name, reason: "TooLarge", detail: `${error.bytesAtMost} bytes` })
    : new Errors.TransportError({ endpoint: name, reason: "Connection", detail: detailOf(error) })

/**
 * Sends one request with the cookies of its host and takes in those of the answer. Follows nothing. `binary` bodies come
 * as text with one character for each byte; of any body `bytesAtMost` bytes are read, `Body.bytesAtMost` if not given.
 */
export const send = (
  name: Endpoint.Name,
  request: HttpClientRequest.HttpClientRequest,
  {
    binary = false,
    bytesAtMost = Body.bytesAtMost,
    timeout = "30 seconds"
  }: { readonly binary?: boolean; readonly bytesAtMost?: number; readonly timeout?: Duration.DurationInput } = {}
): Effect.Effect<
  { readonly response: HttpClientResponse.HttpClientResponse; readonly text: string },
  Errors.TransportError,
  HttpClient.HttpClient | CookieStore.CookieStore
> =>
  Effect.gen(function* () {
    const store = yield* CookieStore.CookieStore
    // The default span carries the whole query string, and its headers would go to the remote host.
    const client = HttpClient.withTracerDisabledWhen(yield* HttpClient.HttpClient, () => true)
    const url = new URL(request.url)
    const cookie = yield* store.header(url)
    const response = yield* client.execute(
      Option.match(cookie, {
        onNone: () => request,
        onSome: (value) => HttpClientRequest.setHeader(request, "cookie", Redacted.value(value))
      })
    )
    const unfit = UnfitClient.why(response)
    if (unfit !== undefined) {
      return yield* new Errors.TransportError({ endpoint: name, reason: "Client", detail: unfit })
    }
    yield* store.absorb(url, SetCookie.linesOf(response))
    const text = binary ? Effect.map(Body.bytes(response, bytesAtMost), binaryText) : Body.text(response, bytesAtMost)
    return { response, text: yield* text }
  }).pipe(
    Effect.mapError((error) => (error._tag === "TransportError" ? error : failed(name)(error))),
    Effect.timeoutFail({
      duration: timeout,
      onTimeout: () => new Errors.TransportError({ endpoint: name, reason: "Timeout" })
    })
  )

/** Adds the headers that the documented servers asked for. */
export const withHeaders =
  (dialect: Dialects.Dialect, headers: Dialects.Headers) =>
  (request: HttpClientRequest.HttpClientRequest): HttpClientRequest.HttpClientRequest =>
    HttpClientRequest.setHeaders(request, {
      "user-agent": HeaderText.fit(dialect.userAgent),
      ...(headers.referer === undefined ? {} : { referer: HeaderText.fit(headers.referer) }),
      ...(headers.origin === undefined ? {} : { origin: HeaderText.fit(headers.origin) })
    })

const toRequest = <Req, Res>(
  endpoint: Endpoint.Endpoint<Req, Res>,
  request: Req,
  dialect: Dialects.Dialect
): Effect.Effect<HttpClientRequest.HttpClientRequest> =>
  Schema.encode(endpoint.request)(request).pipe(
    // A request is built from typed values: one that cannot be written is a mistake in this library.
    Effect.orDie,
    Effect.map((params) => {
      const url = `${dialect.origins[endpoint.host]}${endpoint.path}`
      return endpoint.method === "GET"
        ? HttpClientRequest.get(url, { urlParams: params })
        : HttpClientRequest.post(url).pipe(HttpClientRequest.bodyUrlParams(params))
    })
  )

/** The reply of a text. Of one that breaks the promise the place is named; values that may be secret are not. */
const read = <Req, Res>(
  endpoint: Endpoint.Endpoint<Req, Res>,
  text: string
): Effect.Effect<Res, Errors.UnexpectedResponse> => {
  const reply = endpoint.read(text)
  if (!(reply instanceof Reader.Unreadable)) return Effect.succeed(reply)
  const expected = Secrets.excerpt(reply.toString())
  return Effect.fail(
    new Errors.UnexpectedResponse({ endpoint: endpoint.name, expected, received: Secrets.excerpt(text) })
  )
}

/**
 * Calls an endpoint and gives the decoded reply.
 *
 * Fails with `TransportError` when no usable answer came (connection, time, an HTTP status other than 200), and with
 * `UnexpectedResponse` when the answer is not what the description promises.
 */
export const call = <Req, Res>(
  endpoint: Endpoint.Endpoint<Req, Res>,
  request: Req,
  options?: Options
): Effect.Effect<Res, Errors.CallError, Services> =>
  Effect.gen(function* () {
    const dialect = yield* Dialect.Dialect
    const headers = options?.headers ?? dialect.headers[endpoint.name]
    const httpRequest = yield* toRequest(endpoint, request, dialect)
    const { response, text } = yield* send(endpoint.name, withHeaders(dialect, headers)(httpRequest), {
      ...(endpoint.binary === undefined ? {} : { binary: endpoint.binary }),
      ...(endpoint.bytesAtMost === undefined ? {} : { bytesAtMost: endpoint.bytesAtMost }),
      ...(options?.timeout === undefined ? {} : { timeout: options.timeout })
    })
    if (response.status !== 200) {
      return yield* new Errors.TransportError({
        endpoint: endpoint.name,
        reason: "StatusCode",
        status: response.status
      })
    }
    return yield* read(endpoint, text)
  }).pipe(Effect.withSpan(`WebQQ.${endpoint.name}`, { captureStackTrace: false }))

/**
 * Calls an endpoint with a JSON envelope and gives its result, also one that stands beside a harmless retcode. Any other
 * retcode fails: `SessionLost` for those that mean "log in again" to this endpoint, `ServerBusy`, and `Rejected` for the
 * rest.
 */
export const result = <Req, A>(
  endpoint: Endpoint.Json<Req, A>,
  request: Req,
  options?: Options
): Effect.Effect<A, Errors.SessionError, Services> =>
  Effect.flatMap(call(endpoint, request, options), (reply) =>
    reply._tag === "Ok"
      ? Effect.succeed(reply.result)
      : Option.match(Retcode.resultBeside(endpoint, reply), {
          onNone: () => Effect.fail(Retcode.toError(endpoint, reply)),
          onSome: Effect.succeed
        })
  )

/** Calls an endpoint that has nothing to give, and succeeds when it was done. Fails as {@link result} does. */
export const done = <Req>(
  endpoint: Endpoint.Json<Req, unknown>,
  request: Req,
  options?: Options
): Effect.Effect<void, Errors.SessionError, Services> =>
  Effect.flatMap(call(endpoint, request, options), (reply) =>
    reply._tag === "Ok" || Retcode.meaningOf(endpoint, reply) === "done"
      ? Effect.void
      : Effect.fail(Retcode.toError(endpoint, reply))
  )
