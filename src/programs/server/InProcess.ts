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

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): string =>
  body._tag === "Uint8Array" ? decoder.decode(body.body) : ""

/** `fromWeb` keeps one Set-Cookie line; the platform's own clients join all of them with a comma, and so does this. */
const withSetCookies = (
  response: HttpClientResponse.HttpClientResponse,
  lines: ReadonlyArray<string>
): HttpClientResponse.HttpClientResponse =>
  lines.length === 0
    ? response
    : Object.create(response, {
        headers: { value: { ...response.headers, "set-cookie": lines.join(", ") }, enumerable: true }
      })

const toClientResponse = (
  request: HttpClientRequest.HttpClientRequest,
  { allow, body, contentType, location, setCookies, status }: Wire.Response
): HttpClientResponse.HttpClientResponse =>
  withSetCookies(
    HttpClientResponse.fromWeb(
      request,
      // The platform types of a body want a buffer of their own.
      new Response(typeof body === "string" ? body : new Uint8Array(body), {
        status,
        headers: {
          "content-type": contentType,
          ...(location === undefined ? {} : { location }),
          ...(allow === undefined ? {} : { allow })
        }
      })
    ),
    setCookies
  )

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
