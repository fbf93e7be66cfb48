/** The heartbeat on a clock that the test moves. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Random, TestClock } from "effect"
import { Heartbeat } from "../../../src/programs/index.ts"
import { Dialects } from "../../../src/protocol/index.ts"
import { type Answer, credentials, delayed, json, loggedInTo, script, text } from "../../rigs/ScriptedServer.ts"

const start = (dialect: Dialects.Dialect, ...answers: ReadonlyArray<Answer>) =>
  Effect.gen(function* () {
    const { asked, layer } = script(...answers)
    const fiber = yield* Heartbeat.run.pipe(
      Effect.provide(Layer.merge(layer, loggedInTo(dialect, credentials))),
      Effect.withRandom(Random.make("rc")),
      Effect.fork
    )
    yield* TestClock.adjust(0)
    return { asked, fiber, counts: () => asked.map(({ query }) => Number(Object.fromEntries(query).rc)) }
  })

const ok = json({ retcode: 0 })
const lost: Answer = () => Effect.fail({ _tag: "RequestError", cause: { code: "ECONNRESET" } })
const beats = (count: number) => Array.from({ length: count }, () => ok)

describe("the heartbeat", () => {
  it.effect("beats once a minute in webqq-2013, its rc counting up from a number below 100", () =>
    Effect.gen(function* () {
      const { asked, counts, fiber } = yield* start(Dialects.webqq2013, ...beats(100))
      assert.lengthOf(asked, 1)
      yield* TestClock.adjust("59 seconds")
      assert.lengthOf(asked, 1)
      yield* TestClock.adjust("1 second")
      assert.lengthOf(asked, 2)
      yield* TestClock.adjust("58 minutes")
      const [first = -1, ...later] = counts()
      assert.isTrue(first >= 0 && first < 100)
      assert.deepStrictEqual(
        later,
        Array.from({ length: 59 }, (_, i) => first + 1 + i)
      )
      assert.deepStrictEqual(new Set(asked.map(({ url }) => url)), new Set(["http://web.qq.com/web2/get_msg_tip"]))
      yield* Fiber.interrupt(fiber)
    })
  )

  it.effect("goes on after a connection that failed, HTTP 500, and no answer at all", () =>
    Effect.gen(function* () {
      const never = delayed("1 day", ok)
      const { counts, fiber } = yield* start(
        Dialects.webqq2013,
        lost,
        text("no", { status: 500 }),
        never,
        text("<html>"),
        ...beats(20)
      )
      yield* TestClock.adjust("10 minutes")
      const [first = 0] = counts()
      // Ten seconds went by without an answer.
      assert.deepStrictEqual(
        counts(),
        Array.from({ length: 10 }, (_, i) => first + i)
      )
      yield* Fiber.interrupt(fiber)
    })
  )

  for (const dialect of [Dialects.webqq2014, Dialects.smartqq2015]) {
    it.effect(`does not exist in ${dialect.name}`, () =>
      Effect.gen(function* () {
        const { asked, fiber } = yield* start(dialect)
        yield* TestClock.adjust("1 hour")
        assert.lengthOf(asked, 0)
        assert.isNull(fiber.unsafePoll())
        yield* Fiber.interrupt(fiber)
      })
    )
  }

  it.effect("ends when it is interrupted, between two beats and during one", () =>
    Effect.gen(function* () {
      for (const answer of [ok, delayed("5 seconds", ok)]) {
        const { asked, fiber } = yield* start(Dialects.webqq2013, answer, ok)
        assert.isTrue(Exit.isInterrupted(yield* Fiber.interrupt(fiber)))
        yield* TestClock.adjust("1 hour")
        assert.lengthOf(asked, 1)
      }
    })
  )
})
