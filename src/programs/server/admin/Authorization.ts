/**
 * Who may give commands to a running server: whoever has its token, on the same machine, and is no web page.
 */

import * as HttpApiMiddleware from "@effect/platform/HttpApiMiddleware"
import * as HttpApiSecurity from "@effect/platform/HttpApiSecurity"
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpIncomingMessage from "@effect/platform/HttpIncomingMessage"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Problems from "./Problems.ts"

/** Wants `Authorization: Bearer` and the token of this start of the server. */
export class Authorization extends HttpApiMiddleware.Tag<Authorization>()("effect-webqq/server/admin/Authorization", {
  failure: Problems.Unauthorized,
  security: { bearer: HttpApiSecurity.bearer }
}) {}

/** Takes the same time wherever the two differ. The length of the wanted token is no secret. */
const isSame = (wanted: Redacted.Redacted, given: Redacted.Redacted): boolean => {
  const encoder = new TextEncoder()
  const one = encoder.encode(Redacted.value(wanted))
  const other = encoder.encode(Redacted.value(given))
  return one.reduce((difference, byte, i) => difference | (byte ^ (other[i] ?? 0)), one.length ^ other.length) === 0
}

/** Lets pass whoever has the token. An empty one would let everybody pass, and lets nobody. */
export const layer = (token: Redacted.Redacted): Layer.Layer<Authorization> =>
  Layer.succeed(
    Authorization,
    Authorization.of({
      bearer: (given) =>
        Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ headers }) =>
          // The platform cuts the scheme off without looking at it.
          /^Bearer /i.test(headers.authorization ?? "") && Redacted.value(token) !== "" && isSame(token, given)
            ? Effect.void
            : Effect.fail(new Problems.Unauthorized())
        )
    })
  )

const loopback = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i

/** Whether a Host header names this machine by itself: another name may be a page's own that was pointed here. */
export const isLoopback = (host: string | undefined): boolean => loopback.test(host ?? "")

const bodyAtMost = 64 * 1024

const foreign = HttpServerResponse.text("only for this machine\n", { status: 403 })
const tooLarge = HttpServerResponse.text("the request is too large\n", { status: 413 })

/** Refuses what a web page could send (any Origin, a foreign Host), and bodies beyond 64 KiB. */
export const guard = <R>(app: HttpApp.Default<never, R>): HttpApp.Default<never, R> =>
  Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ headers }) => {
    if (!isLoopback(headers.host) || headers.origin !== undefined) return Effect.succeed(foreign)
    if (Number(headers["content-length"] ?? 0) > bodyAtMost) return Effect.succeed(tooLarge)
    return HttpIncomingMessage.withMaxBodySize(app, Option.some(bodyAtMost))
  })
