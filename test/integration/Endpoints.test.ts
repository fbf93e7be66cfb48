/** Every endpoint of the documents over real sockets, in the latest dialect. */
import { createServer } from "node:http"
import { HttpServer } from "@effect/platform"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { HttpFront } from "../../src/programs/server/index.ts"
import { Dialects } from "../../src/protocol/index.ts"
import { Transport } from "../../src/services/index.ts"
import * as People from "../support/People.ts"
import * as Scenarios from "../support/Scenarios.ts"

const dialect = Dialects.smartqq2015

/** The way to the listener that the layer below started. */
const transport = Layer.effect(
  Transport.Transport,
  Effect.map(HttpServer.HttpServer, ({ address }) =>
    Transport.make(new URL(address._tag === "TcpAddress" ? `http://127.0.0.1:${address.port}` : "http://unreachable"))
  )
)

const front = Transport.layerHttpClient.pipe(
  Layer.provide([transport, NodeHttpClient.layer]),
  Layer.provideMerge(HttpFront.layer({ strict: true, aliases: false, dialect })),
  Layer.provide([People.world, NodeHttpServer.layerServer(createServer, { port: 0, host: "127.0.0.1" })])
)

describe(`${dialect.name} over HTTP`, () => {
  for (const [name, scenario] of Object.entries(Scenarios)) {
    if (typeof scenario === "function") {
      it.scopedLive(name, () => Effect.flatMap(People.server(dialect, Layer.orDie(front)), scenario))
    }
  }
})
