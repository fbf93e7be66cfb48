/** A server in the process of the test, and its admin endpoint on the same sessions and world. */
import {
  FetchHttpClient,
  HttpApiBuilder,
  HttpApiClient,
  HttpApp,
  HttpClient,
  HttpClientRequest,
  HttpServer
} from "@effect/platform"
import { Context, Effect, Layer, Redacted } from "effect"
import { Admin, AdminApi, Faults, Handler, InProcess, WorldMemory } from "../../src/programs/server/index.ts"
import { Dialects } from "../../src/protocol/index.ts"
import * as People from "./People.ts"

/** The token of these servers. */
export const token = Redacted.make("0123456789abcdef".repeat(4))
/** Where the endpoint seems to be. */
export const base = "http://127.0.0.1:20999"

const services = Layer.mergeAll(
  InProcess.client,
  Admin.layer(token),
  HttpApiBuilder.Router.Live,
  HttpApiBuilder.Middleware.layer,
  HttpServer.layerContext
).pipe(
  Layer.provideMerge(Handler.layer({ strict: true, aliases: false })),
  Layer.provideMerge(Layer.mergeAll(WorldMemory.layer(), Faults.layer()))
)

/**
 * - `ask(path, init)`: a bare request to the admin endpoint. `tell`: its calls, with the token.
 * - `server`: people who log in over the protocol. `http`: the way there. `context`: what both work on.
 */
export const start = Effect.gen(function* () {
  const context = yield* Layer.build(services)
  const runtime = yield* Effect.provide(Effect.runtime<Layer.Layer.Success<typeof services>>(), context)
  const app = yield* Effect.provide(HttpApiBuilder.httpApp, context)
  const answer = HttpApp.toWebHandlerRuntime(runtime)(Admin.front(token)(app as HttpApp.Default))
  const ask = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers)
    if (!headers.has("host")) headers.set("host", new URL(base).host)
    return Effect.promise(() => answer(new Request(new URL(path, base), { ...init, headers })))
  }
  const fetch: typeof globalThis.fetch = (url, init) => Effect.runPromise(ask(String(url), init))
  const tell = yield* HttpApiClient.make(AdminApi.api, {
    baseUrl: base,
    transformClient: HttpClient.mapRequest(HttpClientRequest.bearerToken(token))
  }).pipe(Effect.provide(FetchHttpClient.layer), Effect.provideService(FetchHttpClient.Fetch, fetch))
  const http = Layer.succeed(HttpClient.HttpClient, Context.get(context, HttpClient.HttpClient))
  return { ask, tell, http, context, server: yield* People.server(Dialects.webqq2013, http) }
})
