/** Whatever comes in, an answer goes out, and nothing of the server's inside with it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, FastCheck as fc, Layer, Logger, LogLevel, Runtime, TestClock } from "effect"
import { Handler } from "../../../src/programs/server/index.ts"
import * as Wire from "../../../src/programs/server/Wire.ts"
import * as ByHand from "../../support/ByHand.ts"
import * as Shots from "../../support/Shots.ts"

/** A server that does not tell of each refusal. */
const quiet = (strict: boolean) => Layer.mergeAll(ByHand.server({ strict }), Logger.minimumLogLevel(LogLevel.Warning))

/** The answer must come within a minute: polls are held for 55 seconds, and wrong passwords for 28. */
const answered = (request: Wire.Request) =>
  Effect.gen(function* () {
    const handler = yield* Handler.Handler
    const fiber = yield* Effect.fork(handler(request))
    yield* Effect.yieldNow()
    if (fiber.unsafePoll() === null) yield* TestClock.adjust("1 minute")
    return yield* Fiber.join(fiber)
  })

/** Shots of somebody who has just logged in. */
const volley = (shots: ReadonlyArray<Parameters<typeof Shots.load>[0]>) =>
  Effect.gen(function* () {
    const tokens = yield* ByHand.logIn(10002)
    for (const shot of shots) {
      const request = Wire.request(Shots.load(shot, tokens))
      Shots.isSound(request.path, yield* answered(request))
    }
  })

for (const strict of [false, true]) {
  describe(strict ? "the strict server" : "the tolerant server", () => {
    it.effect("answers every odd value of every parameter soundly", () =>
      Effect.forEach(Shots.sweep, volley, { discard: true }).pipe(Effect.provide(quiet(strict)))
    )

    it.effect("answers anything soundly, and everybody else as before", () =>
      Effect.gen(function* () {
        const runtime = yield* Effect.runtime<Handler.Handler>()
        yield* Effect.promise(() =>
          fc.assert(
            fc.asyncProperty(fc.array(Shots.shot, { maxLength: 12 }), (shots) =>
              Runtime.runPromise(runtime)(volley(shots))
            ),
            { numRuns: Number(process.env.FUZZ_RUNS ?? 150) }
          )
        )
        // 10002, who shot, may have no friends any more.
        const sender = yield* ByHand.logIn(10001)
        const { clientid, cookie, psessionid } = yield* ByHand.logIn(10003)
        const said = `["after all",["font",{}]]`
        const r = { to: 10003, content: said, msg_id: 7, clientid: sender.clientid, psessionid: sender.psessionid }
        assert.strictEqual(
          ByHand.json(yield* ByHand.post("/channel/send_buddy_msg2", r, { cookie: sender.cookie })).retcode,
          0
        )
        const heard: Array<unknown> = []
        while (!JSON.stringify(heard).includes("after all")) {
          const polled = ByHand.json(yield* ByHand.post("/channel/poll2", { clientid, psessionid, key: 0 }, { cookie }))
          assert.strictEqual(polled.retcode, 0)
          heard.push(polled.result)
        }
        assert.strictEqual(ByHand.quoted(yield* ByHand.attempt(10001))[0], "0")
        assert.strictEqual((yield* ByHand.ask({ path: "/nothing" })).status, 404)
      }).pipe(Effect.provide(quiet(strict)))
    )
  })
}
