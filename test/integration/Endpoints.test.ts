/** Every endpoint over real sockets, in both modes. */
import { createServer } from "node:http"
import { HttpServer } from "@effect/platform"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { HttpFront } from "../../src/programs/server/index.ts"
import { Transport } from "../../src/services/index.ts"
import * as EveryEndpoint from "../support/EveryEndpoint.ts"
import * as People from "../support/People.ts"

/** The way to the listener that the layer below started. */
const transport = Layer.effect(
  Transport.Transport,
  Effect.map(HttpServer.HttpServer, ({ address }) =>
    Transport.make(new URL(address._tag === "TcpAddress" ? `http://127.0.0.1:${address.port}` : "http://unreachable"))
  )
)

EveryEndpoint.through(it.scopedLive, (options) =>
  Transport.layerHttpClient.pipe(
    Layer.provide([transport, NodeHttpClient.layer]),
    Layer.provideMerge(HttpFront.layer(options)),
    Layer.provide([People.world, NodeHttpServer.layerServer(createServer, { port: 0, host: "127.0.0.1" })]),
    Layer.orDie
  )
)
