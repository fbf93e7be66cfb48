/**
 * A load run: clients on real sockets long-poll and chat against `webqq serve` in a process of its own, without faults.
 * Prints messages per second, how long deliveries take, and the server's memory per session; exits 1 after any error,
 * and when a message is lost or doubled.
 *
 * Usage: npm run load -- [clients] [seconds] [flags of webqq serve]        (500 clients, 60 seconds)
 */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { Clock, Console, Duration, Effect, Fiber, Layer, Logger, LogLevel, Option, Redacted, Stream } from "effect"
import { CookieStore, Dialect, Friends, Login, Messages, Poll, Transport } from "effect-webqq"
import { Content, Ids } from "effect-webqq/schema"

const [clients = 500, seconds = 60] = process.argv.slice(2, 4).map(Number)
const serverFlags = process.argv.slice(4)
const first = 20_000
const directory = mkdtempSync(join(tmpdir(), "webqq-load-"))

/** A ring: everybody is a friend of the next one. */
const world = {
  accounts: Array.from({ length: clients }, (_, i) => ({
    number: first + i,
    password: "load",
    nick: `load ${i}`,
    friends: [{ number: first + ((i + 1) % clients) }]
  }))
}

/** The server, once it says where it is. */
const server: Effect.Effect<{ readonly url: URL; readonly process: ChildProcess }> = Effect.async((resume) => {
  const path = join(directory, "world.json")
  writeFileSync(path, JSON.stringify(world))
  const flags = ["serve", "--port", "0", "--world", path, ...serverFlags]
  const child = spawn(process.execPath, ["dist/programs/cli/main.js", ...flags], {
    env: { ...process.env, WEBQQ_STATE: directory },
    stdio: ["ignore", "pipe", "inherit"]
  })
  let said = ""
  child.stdout.on("data", (chunk) => {
    said += String(chunk)
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
    if (url !== undefined) resume(Effect.succeed({ url: new URL(url), process: child }))
  })
})

/** Resident memory of a process in KiB (Linux). */
const memory = ({ pid }: ChildProcess): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0)

/** By sender: how many were confirmed as sent, and what number comes next. */
const sent = new Array<number>(clients).fill(0)
const next = new Array<number>(clients).fill(0)
/** How long each delivery took, from the sender's call to the recipient's event, in ms. */
const took: Array<number> = []
let wrong = 0
let errors = 0
let over = false

const received = (text: string, now: number): void => {
  const [sender = 0, n = 0, at = 0] = text.split(" ").map(Number)
  if (n !== next[sender]) wrong++
  next[sender] = n + 1
  took.push(now - at)
}

const failed = (error: unknown) =>
  Effect.sync(() => {
    if (errors++ < 5) console.error(String(error))
  })

const listen = Poll.events().pipe(
  Stream.runForEach((event) =>
    event._tag === "BuddyMessage"
      ? Effect.map(Clock.currentTimeMillis, (now) => received(Content.toText(event.content), now))
      : Effect.void
  ),
  Effect.catchAll(failed)
)

const say = (i: number, to: Ids.Uin) =>
  Effect.gen(function* () {
    const text = `${i} ${sent[i]} ${yield* Clock.currentTimeMillis}`
    yield* Messages.sendBuddyMsg2({ to, content: Content.make([text]) })
    sent[i] = (sent[i] ?? 0) + 1
  }).pipe(Effect.catchAll(failed))

/** Polls all the time, and says something to the neighbour about once a second. */
const person = (url: URL, i: number) =>
  Effect.gen(function* () {
    const neighbour = yield* Friends.byNumber(Ids.QQ.make(first + ((i + 1) % clients)))
    if (Option.isNone(neighbour)) return yield* failed("no neighbour")
    const polling = yield* Effect.fork(listen)
    const { uin } = neighbour.value
    yield* Effect.repeat(Effect.zipRight(say(i, uin), Effect.sleep(Duration.millis(900 + (i % 200)))), {
      until: () => over
    })
    // What is on its way arrives.
    yield* Effect.sleep("3 seconds")
    yield* Fiber.interrupt(polling)
  }).pipe(
    Effect.provide(
      Login.layerPassword({ account: Ids.QQ.make(first + i), password: Redacted.make("load"), sendSpacing: 0 }).pipe(
        Layer.provideMerge(
          Layer.mergeAll(
            Layer.fresh(CookieStore.layer),
            Dialect.webqq2013,
            Transport.layerHttpClient.pipe(Layer.provide([Transport.layer(url), Layer.fresh(NodeHttpClient.layer)]))
          )
        )
      )
    ),
    Effect.catchAll(failed)
  )

const total = (counts: ReadonlyArray<number>) => counts.reduce((sum, n) => sum + n, 0)
const percentile = (sorted: ReadonlyArray<number>, p: number): number => sorted[Math.floor(sorted.length * p)] ?? 0

const load = Effect.gen(function* () {
  const { process: child, url } = yield* Effect.acquireRelease(server, ({ process: child }) =>
    Effect.async<void>((resume) => {
      child.once("exit", () => resume(Effect.void))
      child.kill("SIGINT")
    })
  )
  const before = memory(child)
  const ramp = clients * 10
  const people = yield* Effect.fork(
    Effect.forEach(
      Array.from({ length: clients }, (_, i) => i),
      (i) => Effect.delay(person(url, i), Duration.millis(i * 10)),
      { concurrency: "unbounded", discard: true }
    )
  )
  // Until everybody is in, and has calmed down.
  yield* Effect.sleep(Duration.millis(ramp + 5000))
  took.length = 0
  yield* Effect.sleep(Duration.seconds(seconds))
  const measured = took.slice().sort((a, b) => a - b)
  const after = memory(child)
  over = true
  yield* Fiber.join(people)
  const lost = total(sent) - total(next)
  const perSession = Math.round((after - before) / clients)
  yield* Console.log(
    [
      `${clients} clients, ${seconds} s: ${(measured.length / seconds).toFixed(0)} messages/s delivered`,
      `delivery p50 ${percentile(measured, 0.5)} ms, p99 ${percentile(measured, 0.99)} ms, worst ${measured.at(-1) ?? 0} ms`,
      `server memory ${Math.round(before / 1024)} MB empty, ${Math.round(after / 1024)} MB loaded: ${perSession} KiB per session`,
      `${total(sent)} messages confirmed in all: ${lost} lost, ${wrong} out of order or doubled, ${errors} errors`
    ].join("\n")
  )
  return lost + wrong + errors
}).pipe(Effect.scoped, Logger.withMinimumLogLevel(LogLevel.Fatal))

process.exitCode = (await Effect.runPromise(load)) === 0 ? 0 : 1
rmSync(directory, { recursive: true })
