/**
 * How to test a bot: people by name, no socket, and the clock in the hand of the test.
 *
 * Run after `npm run build`: `npx vitest run examples`.
 */
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Option, TestClock } from "effect"
import { TestServer, TestWorld } from "effect-webqq/testing"
import * as Reminder from "./bot.ts"

const world = TestWorld.make(TestWorld.person("bot"), TestWorld.person("alice"), TestWorld.friends("bot", "alice"))

/** The bot runs, and alice is there. */
const meet = Effect.gen(function* () {
  yield* Effect.forkScoped(Effect.provide(Reminder.run(TestServer.loginOf("bot")), TestServer.as("bot")))
  return yield* TestServer.person("alice")
})

it.scoped("reminds after ten minutes, and not before", () =>
  Effect.gen(function* () {
    const alice = yield* meet
    yield* alice.say("bot", "#remind 10 tea")
    assert.strictEqual(yield* alice.nextText, "In 10 minutes.")
    yield* TestClock.adjust("9 minutes")
    assert.deepStrictEqual(yield* alice.texts, ["In 10 minutes."])
    yield* TestClock.adjust("1 minute")
    assert.strictEqual(yield* alice.nextText, "tea")
  }).pipe(Effect.provide(TestServer.layer({ world })))
)

/** Lets time go on until it is done: coming back after a fault takes the bot a while. */
const passingTime = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(effect)
    while (Option.isNone(yield* Fiber.poll(fiber))) yield* TestClock.adjust("10 seconds")
    return yield* Fiber.join(fiber)
  })

/** Of all polls, the third answers that the session is lost, and the fifth that a gateway gave up. */
const faults = {
  script: [
    { endpoint: "poll2", nth: 3, fault: "retcode" },
    { endpoint: "poll2", nth: 5, fault: "502" }
  ]
} as const

it.scoped("survives a lost session and a broken gateway", () =>
  Effect.gen(function* () {
    const alice = yield* meet
    yield* alice.say("bot", "#remind 3 tea")
    const heard = yield* passingTime(Effect.all([alice.nextText, alice.nextText]))
    assert.deepStrictEqual(heard, ["In 3 minutes.", "tea"])
  }).pipe(Effect.provide(TestServer.layer({ world, faults })))
)
