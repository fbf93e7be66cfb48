/**
 * The server without a socket: an `HttpClient` whose requests are answered by the handler, in the fiber that makes them.
 * Held polls therefore follow the caller's clock, `TestClock` included.
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Handler from "./Handler.ts"
import type * as Options from "./Options.ts"
import * as Wire from "./Wire.ts"
import type * as World from "./World.ts"

const decoder = new TextDecoder()
const encoder = new TextEncoder()

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): string =>
  body._tag === "Uint8Array" ? decoder.decode(body.body) : ""

/** `fromWeb` shows one Set-Cookie line; the platform's own clients join all of them with a comma, and so does this. */
const withSetCookies = (
  response: HttpClientResponse.HttpClientResponse,
  lines: ReadonlyArray<string>
): HttpClientResponse.HttpClientResponse =>
  lines.length === 0
    ? response
    : Object.create(response, {
        headers: { value: { ...response.headers, "set-cookie": lines.join(", ") }, enumerable: true }
      })

const headersOf = ({ allow, contentType, location, setCookies }: Wire.Response, length: number): Headers => {
  const headers = new Headers({ "content-type": contentType, "content-length": String(length) })
  if (location !== undefined) headers.set("location", location)
  if (allow !== undefined) headers.set("allow", allow)
  // Each by itself, as `getSetCookie` gives them back.
  for (const line of setCookies) headers.append("set-cookie", line)
  return headers
}

const toClientResponse = (
  request: HttpClientRequest.HttpClientRequest,
  response: Wire.Response
): HttpClientResponse.HttpClientResponse => {
  const { body, setCookies, status } = response
  const bytes = typeof body === "string" ? encoder.encode(body) : new Uint8Array(body)
  const web = new Response(bytes, { status, headers: headersOf(response, bytes.length) })
  return withSetCookies(HttpClientResponse.fromWeb(request, web), setCookies)
}

/** A cut connection is the platform's transport error; half an answer is half its text. */
const arrive = (
  request: HttpClientRequest.HttpClientRequest,
  response: Wire.Response
): Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.RequestError> => {
  const { body, spoil } = response
  if (spoil === "drop") {
    const description = "the connection was cut"
    return Effect.fail(new HttpClientError.RequestError({ request, reason: "Transport", description }))
  }
  return Effect.succeed(
    toClientResponse(request, spoil === "truncate" ? { ...response, body: body.slice(0, body.length >> 1) } : response)
  )
}

const make = Effect.map(Handler.Handler, (handler) =>
  HttpClient.make((request, url) =>
    Effect.flatMap(
      handler(
        Wire.request({
          method: request.method,
          host: request.headers.host ?? url.host,
          path: url.pathname,
          query: url.search,
          body: bodyOf(request),
          headers: request.headers
        })
      ),
      (response) => arrive(request, response)
    )
  )
)

/** The front of a handler that something else shares. */
export const client: Layer.Layer<HttpClient.HttpClient, never, Handler.Handler> = Layer.effect(
  HttpClient.HttpClient,
  make
)

/** The in-process front over a World. */
export const layer = (options?: Options.Input): Layer.Layer<HttpClient.HttpClient, never, World.World> =>
  Layer.provide(client, Handler.layer(options))
