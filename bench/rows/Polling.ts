/** What a poll costs the process that polls, at a server that answers at once. */
import { Agent as NodeAgent, request as nodeRequest } from "node:http"
import type { HttpClient } from "@effect/platform"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { Effect, Layer, Logger, LogLevel, Schema, Stream } from "effect"
import { Poll, Session } from "effect-webqq"
import { Ids } from "effect-webqq/schema"
import { Agent, request } from "undici"
import { headers, poll } from "../baseline/messages.ts"
import * as Child from "../Child.ts"
import { client, shared } from "../Client.ts"
import { cpu, type Effort, inTurns } from "../Measure.ts"
import type { Row, Samples } from "../Table.ts"

const psessionid = "5".repeat(64)
const ptwebqq = "a".repeat(64)
const clientid = 53999199
const body = poll({ clientid, psessionid, ptwebqq })
const given = headers(`ptwebqq=${ptwebqq}; uin=o0010000; skey=@abcdefghi`)

const session = Session.layer({
  account: Ids.QQ.make(10000),
  clientid: Ids.ClientId.make(clientid),
  ptwebqq: Schema.decodeSync(Ids.Ptwebqq)(ptwebqq),
  vfwebqq: Schema.decodeSync(Ids.Vfwebqq)("vfwebqq"),
  psessionid: Schema.decodeSync(Ids.Psessionid)(psessionid)
})

const counted = (text: string): number => {
  // What the poll server says.
  const { result } = JSON.parse(text) as { readonly result: ReadonlyArray<unknown> }
  return result.length
}

/** Polls by hand until there were so many events. */
const byHand = (ask: () => Promise<string>) => async (events: number) => {
  for (let seen = 0; seen < events; ) seen += counted(await ask())
}

const withUndici = (url: URL) => {
  const dispatcher = new Agent()
  return byHand(async () => (await request(url, { method: "POST", dispatcher, headers: given, body })).body.text())
}

const withNode = (url: URL) => {
  const agent = new NodeAgent({ keepAlive: true })
  const length = { "content-length": Buffer.byteLength(body) }
  return byHand(
    () =>
      new Promise<string>((resolve, reject) => {
        const asking = nodeRequest(url, { method: "POST", agent, headers: { ...given, ...length } }, (response) => {
          const chunks: Array<Buffer> = []
          response.on("data", (chunk: Buffer) => chunks.push(chunk))
          response.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")))
        })
        asking.on("error", reject)
        asking.end(body)
      })
  )
}

/** The library's stream until there were so many events. */
const withEvents = (http: Layer.Layer<HttpClient.HttpClient>, server: URL) =>
  Effect.map(
    Layer.build(Layer.merge(session, client(http, server))),
    (services) => (events: number) =>
      Effect.runPromise(
        Poll.events().pipe(
          Stream.take(events),
          Stream.runDrain,
          Effect.provide(services),
          Logger.withMinimumLogLevel(LogLevel.Warning)
        )
      )
  )

/** µs of CPU for a reply with `count` events. */
const perReply = (effort: Effort, count: number, polls: number) =>
  Child.using([Child.start("poll-server", count)], async ([server]) => {
    const url = new URL(`http://127.0.0.1:${await server.ask("port")}/channel/poll2`)
    const turns = Math.ceil(polls * effort.scale)
    const per = (run: (events: number) => Promise<unknown>) => async () => (await cpu(() => run(turns * count))) / turns
    const measured = Effect.gen(function* () {
      const undici = yield* withEvents(yield* shared(NodeHttpClient.layerUndici), url)
      const node = yield* withEvents(yield* shared(NodeHttpClient.layer), url)
      return yield* Effect.promise(() =>
        inTurns(effort, {
          undici: per(undici),
          bareUndici: per(withUndici(url)),
          node: per(node),
          bareNode: per(withNode(url))
        })
      )
    })
    return Effect.runPromise(Effect.scoped(measured))
  })

const rowsOf = async (effort: Effort, count: number, polls: number): Promise<ReadonlyArray<Row>> => {
  const measured = await perReply(effort, count, polls)
  const events = `${count} event${count === 1 ? "" : "s"} a reply`
  const row = (name: string, ours: Samples, other: string, samples: Samples): Row => ({
    name: `Poll.events, ${events}, ${name}`,
    unit: "µs",
    ours,
    baseline: { name: `${other} + JSON.parse`, samples },
    compare: "cost"
  })
  return [
    { ...row("undici layer", measured.undici, "undici.request", measured.bareUndici), target: { ratio: 1.5 } },
    row("undici layer", measured.undici, "node:http", measured.bareNode),
    row("node:http layer", measured.node, "node:http", measured.bareNode)
  ]
}

export const measure = async (effort: Effort): Promise<ReadonlyArray<Row>> => [
  ...(await rowsOf(effort, 1, 1000)),
  ...(await rowsOf(effort, 50, 200))
]
