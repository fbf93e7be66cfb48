/** What the embedded server costs: work for each message, memory for each session. Its clients are the same bare ones. */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { Effect, Logger, LogLevel, Option, Redacted } from "effect"
import { CookieStore, Login } from "effect-webqq"
import { Ids } from "effect-webqq/schema"
import { Agent, request } from "undici"
import { headers, poll } from "../baseline/messages.ts"
import * as Child from "../Child.ts"
import { client, numbers, shared } from "../Client.ts"
import { type Effort, inTurns } from "../Measure.ts"
import * as People from "../People.ts"
import type { Row, Samples } from "../Table.ts"

/** What somebody needs who polls and sends by hand. */
interface Identity {
  readonly clientid: number
  readonly psessionid: string
  readonly ptwebqq: string
  readonly cookie: string
}

const urlOf = async (server: Child.Child) => new URL(`http://127.0.0.1:${await server.ask("port")}`)

/** Logs so many people in. */
const identities = (server: URL, count: number): Promise<ReadonlyArray<Identity>> =>
  Effect.gen(function* () {
    const http = yield* shared(NodeHttpClient.layerUndici)
    const logIn = (i: number) =>
      Effect.gen(function* () {
        const account = Ids.QQ.make(People.numberOf(i))
        const { clientid, psessionid, ptwebqq } = yield* Login.withPassword({
          account,
          password: Redacted.make(People.password)
        })
        const { header } = yield* CookieStore.CookieStore
        const cookie = yield* header(new URL("http://d.web2.qq.com/channel/poll2"))
        return {
          clientid,
          psessionid: Redacted.value(psessionid),
          ptwebqq: Redacted.value(ptwebqq),
          cookie: Option.match(cookie, { onNone: () => "", onSome: Redacted.value })
        }
      }).pipe(Effect.provide(client(http, server)))
    return yield* Effect.forEach(numbers(count), logIn, { concurrency: 16 })
  }).pipe(Effect.scoped, Logger.withMinimumLogLevel(LogLevel.Warning), Effect.runPromise)

/** The bare server knows people by their numbers, and asks for nothing else. */
const nobody = (i: number): Identity => ({
  clientid: 53999199,
  psessionid: String(People.numberOf(i)),
  ptwebqq: "a".repeat(64),
  cookie: `ptwebqq=${"a".repeat(64)}; uin=o0${People.numberOf(i)}; skey=@abcdefghi`
})

interface Reply {
  readonly result: ReadonlyArray<{ readonly poll_type: string }> | unknown
}

const asking = (server: URL) => {
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 })
  return async (path: string, { cookie }: Identity, body: string): Promise<Reply> => {
    const { body: reply } = await request(new URL(path, server), {
      method: "POST",
      dispatcher,
      headers: headers(cookie),
      body
    })
    // Both servers speak the protocol.
    return JSON.parse(await reply.text()) as Reply
  }
}

const content = JSON.stringify(["你好 😀", ["font", { name: "宋体", size: "10", style: [0, 0, 0], color: "000000" }]])

/** The people at a server, who all poll: gives a function that lets each write to the next one, until all have heard it. */
const ring = (server: URL, people: ReadonlyArray<Identity>) => {
  const ask = asking(server)
  let heard = 0
  let expected = 0
  let done = () => {}
  let failed: (error: unknown) => void = () => {}
  const listen = async (who: Identity) => {
    for (;;) {
      const { result } = await ask("/channel/poll2", who, poll(who))
      if (Array.isArray(result)) heard += result.filter(({ poll_type }) => poll_type === "message").length
      if (heard === expected) done()
    }
  }
  // Also when the server ends, in which nobody is interested any more.
  for (const who of people) void listen(who).catch((error) => failed(error))
  let msg_id = 10_000_000
  const say = (who: Identity, i: number) => {
    const { clientid, psessionid } = who
    const to = People.numberOf((i + 1) % people.length)
    const r = JSON.stringify({ to, face: 564, content, msg_id: msg_id++, clientid, psessionid })
    const body = `r=${encodeURIComponent(r)}&clientid=${clientid}&psessionid=${psessionid}`
    return ask("/channel/send_buddy_msg2", who, body)
  }
  return async () => {
    expected = heard + people.length
    const all = new Promise<void>((resolve, reject) => {
      done = resolve
      failed = reject
    })
    await Promise.all(people.map(say))
    await all
  }
}

/** µs for each message that is sent and delivered. */
const messages = (effort: Effort, people: number) =>
  Child.using([Child.start("embedded", people), Child.start("bare-server")], async ([embedded, bare]) => {
    const server = await urlOf(embedded)
    const ours = ring(server, await identities(server, people))
    const baseline = ring(await urlOf(bare), numbers(people).map(nobody))
    const times = Math.ceil(10 * effort.scale)
    const per = (child: Child.Child, once: () => Promise<void>) => async () => {
      const before = await child.ask("worked")
      for (let i = 0; i < times; i++) await once()
      return ((await child.ask("worked")) - before) / (times * people)
    }
    return inTurns(effort, { ours: per(embedded, ours), bare: per(bare, baseline) })
  })

/** KiB for each session that is logged in and polls. */
const memory = (program: string, count: number) =>
  Child.using([Child.start(program, count)], async ([child]) => {
    const server = await urlOf(child)
    const ask = asking(server)
    const before = await child.ask<Child.Memory>("memory")
    const people = program === "embedded" ? await identities(server, count) : numbers(count).map(nobody)
    const listen = async (who: Identity) => {
      for (;;) await ask("/channel/poll2", who, poll(who))
    }
    // Until the server ends.
    for (const who of people) void listen(who).catch(() => {})
    await Child.until(child, "held", (held) => held === count)
    const after = await child.ask<Child.Memory>("memory")
    return (after.resident - before.resident) / count / 1024
  })

export const measure = async (effort: Effort): Promise<ReadonlyArray<Row>> => {
  const people = 200
  const sent = await messages(effort, people)
  const count = Math.ceil(1000 * effort.scale)
  const resident: { ours: Array<number>; bare: Array<number> } = { ours: [], bare: [] }
  for (let round = 0; round < Math.max(1, effort.rounds >> 1); round++) {
    resident.ours.push(await memory("embedded", count))
    resident.bare.push(await memory("bare-server", count))
  }
  const row = (name: string, unit: string, ours: Samples, bare: Samples): Row => ({
    name: `embedded server, ${name}`,
    unit,
    ours,
    baseline: { name: "node:http with the same JSON", samples: bare },
    compare: "cost"
  })
  return [
    { ...row(`a message sent and delivered (${people} clients)`, "µs", sent.ours, sent.bare), target: { ratio: 2.5 } },
    { ...row(`a held session, resident (${count})`, "KiB", resident.ours, resident.bare), target: { ours: 60 } }
  ]
}
