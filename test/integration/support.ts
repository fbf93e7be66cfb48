/** The server on a real socket, and clients that reach it there. */
import { createServer } from "node:http"
import { HttpServer } from "@effect/platform"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Context, Effect, Layer, Redacted } from "effect"
import { Login } from "../../src/programs/index.ts"
import { Faults, HttpFront, type Options, WorldMemory } from "../../src/programs/server/index.ts"
import { Ids } from "../../src/schema/index.ts"
import { CookieStore, Dialect, Transport } from "../../src/services/index.ts"

/** Starts a server on an ephemeral port, on which faults may happen; gives its URL. */
export const listen = (options: Options.Input, faults: Partial<Faults.Plan> = {}) =>
  Effect.gen(function* () {
    const http = yield* Layer.build(
      HttpFront.layer({ aliases: false, ...options }).pipe(
        Layer.provide([WorldMemory.layer(), Faults.layer(faults)]),
        Layer.provideMerge(NodeHttpServer.layerServer(createServer, { port: 0, host: "127.0.0.1" }))
      )
    )
    const { address } = Context.get(http, HttpServer.HttpServer)
    return new URL(address._tag === "TcpAddress" ? `http://127.0.0.1:${address.port}` : "http://unreachable")
  })

/** Cookies, dialect and the way to a server. */
export const client = (url: URL) =>
  Layer.mergeAll(
    Layer.fresh(CookieStore.layer),
    Dialect.webqq2013,
    Transport.layerHttpClient.pipe(Layer.provide([Transport.layer(url), NodeHttpClient.layer]))
  )

/** Somebody who is logged in there. */
export const login = (url: URL, account: number, password = `webqq-${account}`) =>
  Login.layerPassword({ account: Ids.QQ.make(account), password: Redacted.make(password) }).pipe(
    Layer.provideMerge(client(url))
  )
