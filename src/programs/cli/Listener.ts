/**
 * The Node listeners of the embedded server, bounded so that no client can hold up or exhaust it.
 */
import * as Http from "node:http"
import * as Https from "node:https"
import type { Socket } from "node:net"
import * as HttpServer from "@effect/platform/HttpServer"
import type * as HttpServerError from "@effect/platform/HttpServerError"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Runtime from "effect/Runtime"
import type * as Scope from "effect/Scope"
import { BadInput } from "./Failure.ts"
import * as Limits from "./listener/Limits.ts"
import * as Refused from "./listener/Refused.ts"

/** What https shows its clients, as PEM. `oldClients`: accept what the clients of 2013 speak, TLS 1.0 included. */
export interface Tls {
  readonly certificate: string
  readonly key: Redacted.Redacted
  readonly oldClients: boolean
}

/**
 * - `port`: 0 lets the system choose; `flag` is the one that names it, for messages.
 * - `host`: the address to listen on; 127.0.0.1 if not given.
 * - `tls`: makes it https.
 * - `limits`: those of `Limits.standard` if not given.
 */
export interface Options {
  readonly port: number
  readonly flag?: string
  readonly host?: string
  readonly tls?: Tls
  readonly limits?: Partial<Limits.Limits>
}

/** OpenSSL keeps TLS 1.0 and SHA-1 signatures in the handshake below its security level 1. */
const forOldClients = { minVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0" } as const

const nodeServer = ({ tls }: Options, limits: Limits.Limits): Http.Server => {
  const options = Limits.toServerOptions(limits)
  const server =
    tls === undefined
      ? Http.createServer(options)
      : Https.createServer({
          ...options,
          cert: tls.certificate,
          key: Redacted.value(tls.key),
          handshakeTimeout: limits.headers,
          ...(tls.oldClients ? forOldClients : { minVersion: "TLSv1.2" as const })
        })
  return Limits.apply(server, limits)
}

/** Gives open connections a second to finish. Also those that are still in the handshake, which Node does not count. */
const hangUpAtEnd = (server: Http.Server): Effect.Effect<void, never, Scope.Scope> => {
  const open = new Set<Socket>()
  server.on("connection", (socket: Socket) => {
    open.add(socket)
    socket.once("close", () => open.delete(socket))
  })
  const hangUp = () => {
    for (const socket of open) socket.destroy()
  }
  // Unreferenced: the process may end sooner, once all connections are done.
  return Effect.addFinalizer(() => Effect.sync(() => setTimeout(hangUp, 1000).unref()))
}

/** A connection that could not be accepted, for example for want of file handles, must not end the process. */
const surviveErrors = (server: Http.Server) =>
  Effect.map(Effect.runtime(), (runtime) => {
    const run = Runtime.runFork(runtime)
    server.on("error", (error) => run(Effect.logDebug("a connection could not be accepted", Refused.codeOf(error))))
  })

/** The platform's server, with answers to too many headers, and none that leaves HTTP. */
const bounded = (server: Http.Server, inner: HttpServer.HttpServer, limits: Limits.Limits): HttpServer.HttpServer =>
  HttpServer.make({
    address: inner.address,
    serve: (app, middleware) =>
      inner
        .serve(Limits.headerCount(middleware === undefined ? app : middleware(app), limits.headerCount))
        // The platform would take a request that offers an upgrade (Java's client offers h2c) out of HTTP, body and all.
        .pipe(Effect.tap(() => Effect.sync(() => server.removeAllListeners("upgrade"))))
  })

const listen = (options: Options): Effect.Effect<HttpServer.HttpServer, HttpServerError.ServeError, Scope.Scope> =>
  Effect.gen(function* () {
    const limits = { ...Limits.standard, ...options.limits }
    const server = nodeServer(options, limits)
    const where = { port: options.port, host: options.host ?? "127.0.0.1" }
    const inner = yield* Layer.build(NodeHttpServer.layerServer(() => server, where))
    yield* hangUpAtEnd(server)
    yield* surviveErrors(server)
    return bounded(server, Context.get(inner, HttpServer.HttpServer), limits)
  })

/** A listener that accepts connections for as long as the scope lives. */
export const make = (options: Options): Effect.Effect<HttpServer.HttpServer, BadInput, Scope.Scope> =>
  Effect.mapError(listen(options), ({ cause }) => new BadInput({ message: Refused.sentence(options, cause) }))

/** {@link make} as a layer. */
export const layer = (options: Options): Layer.Layer<HttpServer.HttpServer, BadInput> =>
  Layer.scoped(HttpServer.HttpServer, make(options))

/** Where a listener can be reached. */
export const urlOf = ({ address }: HttpServer.HttpServer, scheme: "http" | "https" = "http"): string => {
  if (address._tag !== "TcpAddress") return address.path
  const host = address.hostname.includes(":") ? `[${address.hostname}]` : address.hostname
  return `${scheme}://${host}:${address.port}`
}
