/** The embedded server behind a real socket of this process, on the real clock. */
import { createServer, type IncomingMessage, type Server } from "node:http"
import { HttpServer } from "@effect/platform"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Effect, Layer, type Scope } from "effect"
import { Faults, HttpFront, type Options, WorldMemory } from "../../src/programs/server/index.ts"
import type { TestServer } from "../../src/programs/testing/index.ts"
import { realWork } from "./Files.ts"

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

/** Starts a server on a port that the system chooses; gives its URL. `node`: the listener below, for {@link requested}. */
export const listen = (input?: Input, node: Server = createServer()): Effect.Effect<URL, never, Scope.Scope> =>
  NodeHttpServer.make(() => node, { port: 0, host: "127.0.0.1" }).pipe(
    Effect.orDie,
    Effect.flatMap((listener) => serveOn(listener, input))
  )

/** Waits until the next request to a path is there, and the server, which is in this process, has done with it what it can. */
export const requested = (node: Server, path: string): Effect.Effect<void> =>
  Effect.async<void>((resume) => {
    const look = (request: IncomingMessage) => {
      if (request.url !== path) return
      node.off("request", look)
      request.on("end", () => resume(Effect.void))
    }
    node.on("request", look)
    return Effect.sync(() => node.off("request", look))
  }).pipe(Effect.zipRight(Effect.repeatN(realWork, 20)))
