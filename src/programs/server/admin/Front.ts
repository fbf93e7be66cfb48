/**
 * What the admin endpoint answers without a token: whether the server works, and whether it is the one that a command
 * means.
 */
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Ids from "../../../schema/Ids.ts"
import * as World from "../World.ts"
import * as Proof from "./Proof.ts"

/** A world that takes longer to answer a small question does not work. */
const patience = "2 seconds"

const health = Effect.flatMap(World.World, (world) => world.account(Ids.QQ.make(10_000))).pipe(
  Effect.as(HttpServerResponse.unsafeJson({ status: "ok" })),
  // A database that hangs may not let itself be interrupted.
  Effect.disconnect,
  Effect.timeout(patience),
  Effect.catchAllCause(() => Effect.succeed(HttpServerResponse.unsafeJson({ status: "failing" }, { status: 503 }))),
  // The platform runs requests uninterruptibly.
  Effect.interruptible
)

const badNonce = HttpServerResponse.text("a nonce is 32 hex digits\n", { status: 400 })

const prove = (token: Redacted.Redacted, nonce: string): HttpServerResponse.HttpServerResponse =>
  Proof.isNonce(nonce) ? HttpServerResponse.text(Proof.of(token, nonce)) : badNonce

/** Puts the two before what wants the token. */
export const open =
  (token: Redacted.Redacted) =>
  (app: HttpApp.Default): HttpApp.Default<never, World.World> =>
    Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ method, url }): HttpApp.Default<never, World.World> => {
      const { pathname, searchParams } = new URL(url, "http://localhost")
      if (method === "GET" && pathname === "/healthz") return health
      if (method === "GET" && pathname === Proof.path) {
        return Effect.succeed(prove(token, searchParams.get("nonce") ?? ""))
      }
      return app
    })
