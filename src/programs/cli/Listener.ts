/**
 * The Node listener of the embedded server.
 */
import { createServer } from "node:http"
import type * as HttpServer from "@effect/platform/HttpServer"
import type * as HttpServerError from "@effect/platform/HttpServerError"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { BadInput } from "./Failure.ts"

const codeOf = (cause: unknown): string =>
  typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : String(cause)

const cannotListen =
  (port: number) =>
  ({ cause }: HttpServerError.ServeError): BadInput => {
    switch (codeOf(cause)) {
      case "EADDRINUSE":
        return new BadInput({ message: `port ${port} is in use. Choose another one with --port.` })
      case "EACCES":
        return new BadInput({
          message: `port ${port} may not be used by this user. Choose one above 1023 with --port.`
        })
      default:
        return new BadInput({ message: `port ${port} cannot be listened on (${codeOf(cause)}). Choose another one.` })
    }
  }

/** A listener on 127.0.0.1; port 0 lets the system choose. On closing, connections get a second to finish. */
export const layer = (port: number): Layer.Layer<HttpServer.HttpServer, BadInput> =>
  Layer.unwrapEffect(
    Effect.sync(() => {
      const server = createServer()
      // Unreferenced: the process may end sooner, once all connections are done.
      const hangUp = Effect.sync(() => setTimeout(() => server.closeAllConnections(), 1000).unref())
      const closing = Layer.scopedDiscard(Effect.addFinalizer(() => hangUp))
      return Layer.provideMerge(
        closing,
        NodeHttpServer.layerServer(() => server, { port, host: "127.0.0.1" })
      )
    })
  ).pipe(Layer.mapError(cannotListen(port)))
