/**
 * The server on a real listener: give it any `HttpServer` (`NodeHttpServer.layer` on Node).
 */
import * as Cookies from "@effect/platform/Cookies"
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpIncomingMessage from "@effect/platform/HttpIncomingMessage"
import * as HttpMiddleware from "@effect/platform/HttpMiddleware"
import * as HttpServer from "@effect/platform/HttpServer"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Handler from "./Handler.ts"
import type * as Options from "./Options.ts"
import * as Wire from "./Wire.ts"
import type * as World from "./World.ts"

/** More than the longest message of any old client. */
const bodyAtMost = 1024 * 1024

const tooLarge = Wire.response(413, "the request is too large or was cut off\n")

/**
 * A cookie that is written as its line stands. The platform writes the name, "=", the encoded value and then the options:
 * in another order than the real servers, and old clients cut lines by hand (protocol notes, section 8, 3).
 */
const verbatim = (line: string): Cookies.Cookie => {
  const equals = line.indexOf("=")
  return { ...Cookies.unsafeMakeCookie("_", ""), name: line.slice(0, equals), valueEncoded: line.slice(equals + 1) }
}

/** Under keys of their own, because `Cookies` would keep one cookie of each name, whatever its domain. */
const toCookies = (lines: ReadonlyArray<string>): Cookies.Cookies =>
  Cookies.fromReadonlyRecord(Object.fromEntries(lines.map((line, i) => [String(i), verbatim(line)])))

/** A body that breaks off: the platform cuts the connection. Half of it goes out before, or nothing. */
const spoilt = (body: string | Uint8Array, spoil: "drop" | "truncate"): HttpServerResponse.HttpServerResponse => {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body
  const half = spoil === "truncate" ? Stream.make(bytes.slice(0, bytes.length >> 1)) : Stream.empty
  return HttpServerResponse.stream(Stream.concat(half, Stream.fail("cut off")), {
    contentLength: bytes.length + 1
  })
}

const toServerResponse = ({
  allow,
  body,
  contentType,
  location,
  setCookies,
  spoil,
  status
}: Wire.Response): HttpServerResponse.HttpServerResponse => {
  if (spoil !== undefined) return spoilt(body, spoil)
  const headers: Record<string, string> = {
    ...(location === undefined ? {} : { location }),
    ...(allow === undefined ? {} : { allow })
  }
  const options = { status, contentType, headers, cookies: toCookies(setCookies) }
  return typeof body === "string"
    ? HttpServerResponse.text(body, options)
    : HttpServerResponse.uint8Array(body, options)
}

const toWire = (request: HttpServerRequest.HttpServerRequest) =>
  Effect.gen(function* () {
    // A body that announces its size is answered; one that does not is cut off by the platform.
    if (Number(request.headers["content-length"] ?? 0) > bodyAtMost) return Option.none()
    const body = request.method === "POST" ? yield* request.text : ""
    const target = Wire.target(request.originalUrl, request.headers.host ?? "")
    const { headers, method } = request
    const address = Option.getOrUndefined(request.remoteAddress)
    return Option.some(Wire.request({ ...target, method, body, headers, address }))
  }).pipe(Effect.orElseSucceed(Option.none))

const app: HttpApp.Default<never, Handler.Handler> = Effect.gen(function* () {
  const handler = yield* Handler.Handler
  const wire = yield* toWire(yield* HttpServerRequest.HttpServerRequest)
  // The platform runs requests uninterruptibly: a held poll would neither time out nor notice that the client hung up.
  return toServerResponse(Option.isSome(wire) ? yield* Effect.interruptible(handler(wire.value)) : tooLarge)
}).pipe(HttpIncomingMessage.withMaxBodySize(Option.some(bodyAtMost)))

/**
 * Answers on one listener, from the `HttpServer`, for as long as the scope lives. Listeners that share a `Handler` share
 * its sessions.
 */
export const serve: Effect.Effect<void, never, Handler.Handler | HttpServer.HttpServer | Scope.Scope> =
  HttpServer.serveEffect(app).pipe(
    // A server span would carry the query string, and with it passwords' proofs and tokens.
    HttpMiddleware.withTracerDisabledWhenEffect(() => true)
  )

/** Serves the World for as long as the layer lives. The listener comes from the `HttpServer`. */
export const layer = (options?: Options.Input): Layer.Layer<never, never, HttpServer.HttpServer | World.World> =>
  Layer.provide(Layer.scopedDiscard(serve), Handler.layer(options))
