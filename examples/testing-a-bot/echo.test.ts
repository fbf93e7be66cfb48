import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { Echo } from "effect-webqq"
import { TestServer, TestWorld } from "effect-webqq/testing"

const { friends, make, person } = TestWorld
const world = make(person("bot"), person("alice"), friends("bot", "alice"))

it.scoped("the bot answers", () =>
  Effect.gen(function* () {
    yield* Effect.forkScoped(Effect.provide(Echo.run(), TestServer.as("bot")))
    const alice = yield* TestServer.person("alice")
    yield* alice.say("bot", "你好[微笑]")
    assert.strictEqual(yield* alice.nextText, "你好[微笑]")
  }).pipe(Effect.provide(TestServer.layer({ world })))
)
