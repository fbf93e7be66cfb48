/** The embedded server behind a real socket of this process, on the real clock. */
import { createServer } from "node:http"
import { HttpServer } from "@effect/platform"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Effect, Layer, type Scope } from "effect"
import { Faults, HttpFront, type Options, WorldMemory } from "../../src/programs/server/index.ts"
import type { TestServer } from "../../src/programs/testing/index.ts"

/** World, faults and options as the kit's server has them, but tolerant as a server is that nobody configured. */
export interface Input extends Options.Input, Pick<TestServer.Input, "world" | "faults"> {}

const urlOf = ({ address }: HttpServer.HttpServer) =>
  new URL(address._tag === "TcpAddress" ? `http://127.0.0.1:${address.port}` : "http://unreachable")

/** Serves on a listener; gives its URL. */
export const serveOn = (listener: HttpServer.HttpServer, { faults = {}, world, ...options }: Input = {}) =>
  HttpFront.layer({ aliases: false, ...options }).pipe(
    Layer.provide([WorldMemory.layer(world), Faults.layer(faults), Layer.succeed(HttpServer.HttpServer, listener)]),
    Layer.build,
    Effect.as(urlOf(listener))
  )

/** Starts a server on a port that the system chooses; gives its URL. */
export const listen = (input?: Input): Effect.Effect<URL, never, Scope.Scope> =>
  NodeHttpServer.make(createServer, { port: 0, host: "127.0.0.1" }).pipe(
    Effect.orDie,
    Effect.flatMap((listener) => serveOn(listener, input))
  )
