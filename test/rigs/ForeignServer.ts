/** A server behind a real socket that is none of ours: it does what a listener says. */
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { Effect, type Scope } from "effect"

/** Runs until the scope ends; gives its URL. */
export const listen = (listener: RequestListener): Effect.Effect<URL, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.async<ReturnType<typeof createServer>>((resume) => {
      const server = createServer(listener)
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) =>
      Effect.sync(() => {
        server.close()
        server.closeAllConnections()
      })
  ).pipe(
    // It listens on a TCP port.
    Effect.map((server) => new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  )
