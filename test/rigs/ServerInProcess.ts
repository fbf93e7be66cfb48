/** The embedded server in the process of the test: no socket, and on the test's clock. */
import { HttpClient, HttpClientError } from "@effect/platform"
import { type Context, Effect, Layer, type Scope } from "effect"
import { Handler, type Options, WorldMemory } from "../../src/programs/server/index.ts"
import { TestServer } from "../../src/programs/testing/index.ts"

/** A strict server of its own: everybody who is given it meets there. Uins are QQ numbers, unless told otherwise. */
export const start = (
  input: TestServer.Input = {}
): Effect.Effect<Context.Context<TestServer.Server>, never, Scope.Scope> =>
  Layer.build(TestServer.layer({ aliases: false, ...input }))

/** The server's handler alone, tolerant as a server is that nobody configured: for requests written by hand. */
export const handler = (options: Options.Input = {}): Layer.Layer<Handler.Handler> =>
  Layer.provide(Handler.layer({ aliases: false, ...options }), WorldMemory.layer())

/** The way to where no server is. */
export const nowhere: Layer.Layer<HttpClient.HttpClient> = Layer.succeed(
  HttpClient.HttpClient,
  HttpClient.make((request) =>
    Effect.fail(new HttpClientError.RequestError({ request, reason: "Transport", description: "ECONNREFUSED" }))
  )
)
