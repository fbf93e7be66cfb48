/**
 * The endpoint through which a running server is administered. It belongs on a listener of its own that only this
 * machine can reach.
 */

import type * as HttpApi from "@effect/platform/HttpApi"
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as HttpApiError from "@effect/platform/HttpApiError"
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpMiddleware from "@effect/platform/HttpMiddleware"
import * as HttpServer from "@effect/platform/HttpServer"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Faults from "../Faults.ts"
import type * as Options from "../Options.ts"
import type * as Sessions from "../Sessions.ts"
import type * as World from "../World.ts"
import { api } from "./Api.ts"
import * as Authorization from "./Authorization.ts"
import * as Backup from "./Backup.ts"
import * as Front from "./Front.ts"
import * as Operations from "./Operations.ts"

/** What the commands work on: that of the server, the same instances. */
export type Needs = Options.Options | Sessions.Sessions | World.World

const accounts = HttpApiBuilder.group(api, "accounts", (handlers) =>
  handlers
    .handle("list", () => Operations.listAccounts)
    .handle("add", ({ payload }) => Operations.addAccount(payload))
    .handle("passwd", ({ payload: { digest, number } }) => Operations.setPassword(number, digest))
    .handle("freeze", ({ payload: { frozen, number } }) => Operations.freeze(number, frozen))
)

const friends = HttpApiBuilder.group(api, "friends", (handlers) =>
  handlers
    .handle("add", ({ payload: { account, category, friend, remark } }) =>
      Operations.befriend(account, friend, {
        category: Option.fromNullable(category),
        remark: Option.fromNullable(remark)
      })
    )
    .handle("remove", ({ payload: { account, friend } }) => Operations.unfriend(account, friend))
)

const groups = HttpApiBuilder.group(api, "groups", (handlers) =>
  handlers
    .handle("create", ({ payload: { members, ...group } }) => Operations.createGroup(group, members))
    .handle("join", ({ payload: { account, admin, card, number } }) =>
      Operations.join(number, account, { admin, card: Option.fromNullable(card) })
    )
    .handle("leave", ({ payload: { account, number } }) => Operations.leave(number, account))
)

const messages = HttpApiBuilder.group(api, "messages", (handlers) =>
  handlers.handle("say", ({ payload: { from, text, to } }) => Operations.say(from, to, text))
)

const sessions = HttpApiBuilder.group(api, "sessions", (handlers) =>
  handlers
    .handle("list", () => Operations.listSessions)
    .handle("kick", ({ payload: { account } }) => Operations.kick(account))
)

const world = HttpApiBuilder.group(api, "world", (handlers) =>
  handlers.handle("backup", ({ payload: { file } }) => Effect.flatMap(Backup.Backup, (copy) => copy(file)))
)

const faults = HttpApiBuilder.group(api, "faults", (handlers) =>
  Effect.map(Faults.Faults, (service) =>
    handlers
      .handle("show", () => service.get)
      .handle("set", ({ payload }) => service.set(payload))
      .handle("clear", () => service.set(Faults.none))
  )
)

const unfit = HttpServerResponse.unsafeJson(
  { _tag: "HttpApiDecodeError", issues: [], message: "the request does not fit" },
  { status: 400 }
)

/**
 * The platform's own words about a request that does not fit repeat it, and with it the digest of a password. Its types
 * do not tell that such requests fail here.
 */
const discreet = HttpApiBuilder.middleware((app) =>
  Effect.catchAllCause(app, (cause) =>
    Cause.squash(cause) instanceof HttpApiError.HttpApiDecodeError ? Effect.succeed(unfit) : Effect.failCause(cause)
  )
)

/** The endpoint over a server; `token` is what every request must bring. */
export const layer = (token: Redacted.Redacted): Layer.Layer<HttpApi.Api, never, Needs> =>
  Layer.merge(HttpApiBuilder.api(api), discreet).pipe(
    Layer.provide([accounts, friends, groups, messages, sessions, world, faults]),
    Layer.provide(Authorization.layer(token))
  )

/** What stands before the endpoint: no web pages, no large bodies; then what needs no token. */
export const front =
  (token: Redacted.Redacted) =>
  (app: HttpApp.Default): HttpApp.Default<never, World.World> =>
    Authorization.guard(Front.open(token)(app))

/** Serves it for as long as the layer lives. The listener comes from the `HttpServer`. */
export const serve = (token: Redacted.Redacted): Layer.Layer<never, never, Needs | HttpServer.HttpServer> =>
  HttpApiBuilder.serve(front(token)).pipe(
    HttpMiddleware.withTracerDisabledWhen(() => true),
    Layer.provide([layer(token), HttpServer.layerContext])
  )
