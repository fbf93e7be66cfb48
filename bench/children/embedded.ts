/** The embedded server over real sockets, with so many people; beside it a server that holds polls. */
import { createServer } from "node:http"
import { HttpServer } from "@effect/platform"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Context, Effect, Layer, Logger, LogLevel } from "effect"
import { HttpFront, WorldMemory } from "effect-webqq/server"
import * as Holding from "../baseline/holding.ts"
import { answer } from "../Child.ts"
import * as People from "../People.ts"

const node = createServer()
let held = 0
node.on("request", (request, response) => {
  if (request.url !== "/channel/poll2") return
  held++
  response.on("close", () => held--)
})

const front = HttpFront.layer({ aliases: false }).pipe(
  Layer.provide(WorldMemory.layer(People.world(Number(process.argv[2])))),
  Layer.provideMerge(NodeHttpServer.layerServer(() => node, { port: 0, host: "127.0.0.1", backlog: 8192 }))
)

const serve = Effect.gen(function* () {
  const { address } = Context.get(yield* Layer.build(front), HttpServer.HttpServer)
  const holding = yield* Effect.promise(Holding.start)
  answer({ ...holding, port: () => (address._tag === "TcpAddress" ? address.port : 0), held: () => held })
  return yield* Effect.never
})

await Effect.runPromise(Effect.scoped(serve).pipe(Logger.withMinimumLogLevel(LogLevel.Warning)))
