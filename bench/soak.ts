/**
 * A soak: sessions on real sockets, long-polling and chatting while faults happen. Prints what was lost or doubled, and
 * how memory went; exits 1 if anything was lost or doubled.
 *
 * Usage: npm run soak -- [sessions] [seconds]        (200 sessions, 120 seconds)
 */
import { createServer } from "node:http"
import { HttpServer } from "@effect/platform"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Console, Context, Duration, Effect, Fiber, Layer, Logger, LogLevel, Redacted, Schedule, Stream } from "effect"
import { CookieStore, Dialect, Login, Messages, Poll, Transport } from "effect-webqq"
import { Content, Ids } from "effect-webqq/schema"
import { Faults, HttpFront, Profile, type WorldFile, WorldMemory } from "effect-webqq/server"

const sessions = Number(process.argv[2] ?? 200)
const seconds = Number(process.argv[3] ?? 120)
const first = 20_000

const faults: Partial<Faults.Plan> = {
  delayMs: 200,
  rates: {
    dropBefore: 0.01,
    dropAfter: 0.01,
    delay: 0.01,
    "502": 0.01,
    truncate: 0.01,
    html: 0.01,
    empty: 0.01,
    retcode: 0.005,
    rotate: 0.01
  }
}

/** A ring: everybody is a friend of the next one. */
const world: WorldFile.WorldFile = {
  accounts: Array.from({ length: sessions }, (_, i) => ({
    number: Ids.QQ.make(first + i),
    password: Redacted.make("soak"),
    nick: `soak ${i}`,
    signature: "",
    profile: Profile.blank,
    frozen: false,
    friends: [{ number: Ids.QQ.make(first + ((i + 1) % sessions)) }]
  })),
  groups: [],
  discussions: [],
  requests: []
}

/** By sender: how many were confirmed as sent, and what number comes next. Numbers only, so that memory shows leaks. */
const sent = new Array<number>(sessions).fill(0)
const next = new Array<number>(sessions).fill(0)
let doubled = 0
let skipped = 0
let maybeSent = 0
let over = false

/** Every sender counts up, so what arrives must be the next number: a smaller one came before, a larger one skips some. */
const take = (sender: number, n: number) => {
  const expected = next[sender] ?? 0
  if (n < expected) doubled++
  else {
    skipped += n - expected
    next[sender] = n + 1
  }
}

const total = (counts: ReadonlyArray<number>) => counts.reduce((sum, n) => sum + n, 0)

const retry = Schedule.spaced("200 millis")

/** Polls all the time, and says something to the neighbour about once a second. */
const person = (url: URL, i: number) =>
  Effect.gen(function* () {
    const polling = yield* Poll.events({ retry, recover: Login.relogin }).pipe(
      Stream.runForEach((event) =>
        Effect.sync(() => {
          if (event._tag === "BuddyMessage") take(event.fromUin - first, Number(Content.toText(event.content)))
        })
      ),
      Effect.fork
    )
    const neighbour = Ids.Uin.make(first + ((i + 1) % sessions))
    const speaking = Effect.repeat(
      Effect.suspend(() => Messages.sendBuddyMsg2({ to: neighbour, content: Content.make([String(sent[i])]) })).pipe(
        Effect.tap(() => Effect.sync(() => (sent[i] = (sent[i] ?? 0) + 1))),
        Effect.catchTag("DeliveryUnknown", () => Effect.sync(() => maybeSent++)),
        Effect.catchTag("SessionLost", () => Effect.sleep("500 millis")),
        Effect.zipRight(Effect.sleep(Duration.millis(900 + (i % 200))))
      ),
      // Between two messages, so that none is on its way uncounted.
      { until: () => over }
    )
    yield* speaking
    // What is on its way arrives.
    yield* Effect.sleep("8 seconds")
    yield* Fiber.interrupt(polling)
  }).pipe(
    Effect.provide(
      Login.layerPassword({ account: Ids.QQ.make(first + i), password: Redacted.make("soak"), sendSpacing: 0 }).pipe(
        Layer.provideMerge(
          Layer.mergeAll(
            Layer.fresh(CookieStore.layer),
            Dialect.webqq2013,
            Transport.layerHttpClient.pipe(Layer.provide([Transport.layer(url), NodeHttpClient.layer]))
          )
        )
      )
    )
  )

const megabytes = () => {
  globalThis.gc?.()
  return Math.round(process.memoryUsage().heapUsed / 1024 / 1024)
}

const soak = Effect.gen(function* () {
  const http = yield* Layer.build(
    HttpFront.layer({ aliases: false }).pipe(
      Layer.provide([WorldMemory.layer(world), Faults.layer(faults)]),
      Layer.provideMerge(NodeHttpServer.layerServer(createServer, { port: 0, host: "127.0.0.1" }))
    )
  )
  const { address } = Context.get(http, HttpServer.HttpServer)
  const url = new URL(address._tag === "TcpAddress" ? `http://127.0.0.1:${address.port}` : "http://unreachable")
  const people = yield* Effect.fork(
    Effect.forEach(
      Array.from({ length: sessions }, (_, i) => i),
      (i) => Effect.delay(person(url, i), Duration.millis(i * 20)),
      { concurrency: "unbounded", discard: true }
    )
  )
  const memory: Array<number> = []
  const step = Math.max(1, Math.floor(seconds / 12))
  for (let at = 0; at < seconds; at += step) {
    yield* Effect.sleep(Duration.seconds(step))
    memory.push(megabytes())
    yield* Console.log(`${at + step} s: ${total(next)} received, heap ${memory[memory.length - 1]} MB`)
  }
  over = true
  yield* Fiber.join(people)
  const lost = total(sent) - total(next) + skipped
  const warm = memory[Math.floor(memory.length / 3)] ?? 0
  yield* Console.log(
    `${sessions} sessions, ${seconds} s: ${total(sent)} messages confirmed, ${maybeSent} of unknown delivery, ` +
      `${lost} lost, ${doubled} doubled; heap ${warm} MB after warm-up, ${megabytes()} MB at the end`
  )
  return lost + doubled
}).pipe(Effect.scoped, Logger.withMinimumLogLevel(LogLevel.Fatal))

process.exitCode = (await Effect.runPromise(soak)) === 0 ? 0 : 1
