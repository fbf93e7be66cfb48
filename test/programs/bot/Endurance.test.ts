/** Long runs against the embedded server, in the process, on a virtual clock. */
import { HttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer, Logger, LogLevel, Random, Schedule, Stream } from "effect"
import { Bot, Login } from "../../../src/programs/index.ts"
import type { Faults } from "../../../src/programs/server/index.ts"
import { TestServer } from "../../../src/programs/testing/index.ts"
import { Messages, Poll } from "../../../src/protocol/index.ts"
import { Content, Ids } from "../../../src/schema/index.ts"
import * as ServerInProcess from "../../rigs/ServerInProcess.ts"
import * as VirtualClock from "../../rigs/VirtualClock.ts"

/** A server with faults, and a way to log in to it. */
const serve = (plan: Partial<Faults.Plan>) =>
  Effect.map(ServerInProcess.start({ faults: plan }), (http) => ({
    http,
    login: (account: number, over: Context.Context<HttpClient.HttpClient> = http) =>
      Layer.build(TestServer.login(account).pipe(Layer.provide(Layer.succeedContext(over))))
  }))

const say = (text: string) => Messages.sendBuddyMsg2({ to: Ids.Uin.make(10001), content: Content.make([text]) })

const everyFault = {
  dropBefore: 0.05,
  dropAfter: 0.05,
  delay: 0.05,
  "502": 0.05,
  "504": 0.05,
  truncate: 0.05,
  html: 0.05,
  empty: 0.05,
  retcode: 0.05,
  rotate: 0.05
} as const

/** Warnings about retries are what this is about, and far too many to read. */
const quietly = Logger.withMinimumLogLevel(LogLevel.Error)

describe("nothing lost, nothing doubled", () => {
  it.scopedLive(
    "10,000 events through a server with 5 % of each fault arrive once each, in order in each conversation",
    () =>
      Effect.gen(function* () {
        const time = VirtualClock.make()
        const total = 10_000
        const received: Array<readonly [from: number, text: string]> = []
        const program = Effect.gen(function* () {
          const { login } = yield* serve({ rates: everyFault })
          const bot = yield* login(10001)
          const friends = yield* Effect.forEach([10002, 10003], (account) => login(account))
          const listening = yield* Poll.events({ recover: Login.relogin }).pipe(
            Stream.runForEach((event) =>
              Effect.sync(() => {
                if (event._tag === "BuddyMessage") received.push([event.fromUin, Content.toText(event.content)])
              })
            ),
            Effect.provide(bot),
            Effect.fork
          )
          yield* Effect.forEach(
            friends,
            (friend) =>
              Effect.provide(
                Effect.forEach(
                  Array.from({ length: total / friends.length }, (_, i) => i),
                  (i) => Effect.zipRight(say(String(i)), i % 50 === 0 ? Effect.sleep("1 second") : Effect.void),
                  { discard: true }
                ),
                friend
              ),
            { concurrency: "unbounded", discard: true }
          )
          yield* Fiber.join(listening)
        })
        const fiber = yield* program.pipe(
          Effect.scoped,
          Effect.withClock(time.clock),
          Effect.withRandom(Random.make("faults")),
          quietly,
          Effect.fork
        )
        yield* time.run(() => received.length >= total || fiber.unsafePoll() !== null)
        // Half an hour more, in which nothing may come twice.
        const end = time.now() + 30 * 60_000
        yield* time.run(() => time.now() >= end || fiber.unsafePoll() !== null)
        assert.isNull(fiber.unsafePoll(), "the stream ended")
        for (const account of [10002, 10003]) {
          assert.deepStrictEqual(
            received.filter(([from]) => from === account).map(([, text]) => text),
            Array.from({ length: total / 2 }, (_, i) => String(i))
          )
        }
        yield* Fiber.interruptFork(fiber)
      })
  )
})

describe("a day", () => {
  it.scopedLive("24 virtual hours of polls, heartbeats, rotations, two expiries and a message every hour", () =>
    Effect.gen(function* () {
      const time = VirtualClock.make()
      const asked = new Map<string, number>()
      const heard: Array<string> = []
      const program = Effect.gen(function* () {
        const { http, login } = yield* serve({
          script: [
            ...[100, 500, 900, 1300].map((nth) => ({ endpoint: "poll2", nth, fault: "rotate" as const })),
            ...[400, 1000].map((nth) => ({ endpoint: "poll2", nth, fault: "retcode" as const }))
          ]
        })
        const counting = HttpClient.mapRequest(Context.get(http, HttpClient.HttpClient), (request) => {
          const name = request.url.slice(request.url.lastIndexOf("/") + 1)
          asked.set(name, (asked.get(name) ?? 0) + 1)
          return request
        })
        const bot = yield* login(10001, Context.make(HttpClient.HttpClient, counting))
        const friend = yield* login(10002)
        yield* Effect.forkScoped(
          Effect.provide(
            Effect.repeat(
              Effect.flatMap(Effect.clock, (clock) => say(String(clock.unsafeCurrentTimeMillis()))),
              Schedule.spaced("1 hour")
            ),
            friend
          )
        )
        yield* Bot.run({
          onFriendMessage: (message, reply) =>
            Effect.zipRight(
              reply("ok"),
              Effect.sync(() => heard.push(Content.toText(message.content)))
            ),
          poll: { recover: Login.relogin }
        }).pipe(Effect.provide(bot))
      })
      const fiber = yield* program.pipe(
        Effect.scoped,
        Effect.withClock(time.clock),
        Effect.withRandom(Random.make("a day")),
        quietly,
        Effect.fork
      )
      yield* time.run(() => time.now() >= 24 * 3_600_000 || fiber.unsafePoll() !== null)
      assert.isNull(fiber.unsafePoll(), "the bot ended")
      assert.deepStrictEqual(
        heard.map((at) => Math.round(Number(at) / 3_600_000)),
        Array.from({ length: 25 }, (_, hour) => hour)
      )
      assert.isAtLeast(asked.get("poll2") ?? 0, (24 * 3600) / 55)
      // The beat of the last instant may or may not have come.
      assert.include([24 * 60, 24 * 60 + 1], asked.get("get_msg_tip"))
      assert.strictEqual(asked.get("login2"), 3)
      assert.strictEqual(asked.get("send_buddy_msg2"), 25)
      yield* Fiber.interruptFork(fiber)
    })
  )
})
