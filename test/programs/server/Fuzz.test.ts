/** Whatever comes in, an answer goes out, and nothing of the server's inside with it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, FastCheck as fc, Layer, Logger, LogLevel, Runtime, TestClock } from "effect"
import { Handler } from "../../../src/programs/server/index.ts"
import * as Wire from "../../../src/programs/server/Wire.ts"
import * as HostileRequests from "../../fixtures/HostileRequests.ts"
import * as RawRequests from "../../rigs/RawRequests.ts"
import * as ServerInProcess from "../../rigs/ServerInProcess.ts"

/** A server that does not tell of each refusal. */
const quiet = (strict: boolean) =>
  Layer.mergeAll(ServerInProcess.handler({ strict }), Logger.minimumLogLevel(LogLevel.Warning))

/** The answer must come within a minute: polls are held for 55 seconds, and wrong passwords for 28. */
const answered = (request: Wire.Request) =>
  Effect.gen(function* () {
    const handler = yield* Handler.Handler
    const fiber = yield* Effect.fork(handler(request))
    yield* Effect.yieldNow()
    if (fiber.unsafePoll() === null) yield* TestClock.adjust("1 minute")
    return yield* Fiber.join(fiber)
  })

/** Requests of somebody who has just logged in. */
const volley = (requests: ReadonlyArray<Parameters<typeof HostileRequests.withTokens>[0]>) =>
  Effect.gen(function* () {
    const tokens = yield* RawRequests.logIn(10002)
    for (const raw of requests) {
      const request = Wire.request(HostileRequests.withTokens(raw, tokens))
      HostileRequests.isSound(request.path, yield* answered(request))
    }
  })

for (const strict of [false, true]) {
  describe(strict ? "the strict server" : "the tolerant server", () => {
    it.effect("answers every odd value of every parameter soundly", () =>
      Effect.forEach(HostileRequests.sweep, volley, { discard: true }).pipe(Effect.provide(quiet(strict)))
    )

    it.effect("answers anything soundly, and everybody else as before", () =>
      Effect.gen(function* () {
        const runtime = yield* Effect.runtime<Handler.Handler>()
        yield* Effect.promise(() =>
          fc.assert(
            fc.asyncProperty(fc.array(HostileRequests.request, { maxLength: 12 }), (requests) =>
              Runtime.runPromise(runtime)(volley(requests))
            ),
            { numRuns: Number(process.env.FUZZ_RUNS ?? 150) }
          )
        )
        // 10002, who asked for all that, may have no friends any more.
        const sender = yield* RawRequests.logIn(10001)
        const { clientid, cookie, psessionid } = yield* RawRequests.logIn(10003)
        const said = `["after all",["font",{}]]`
        const r = { to: 10003, content: said, msg_id: 7, clientid: sender.clientid, psessionid: sender.psessionid }
        assert.strictEqual(
          RawRequests.json(yield* RawRequests.post("/channel/send_buddy_msg2", r, { cookie: sender.cookie })).retcode,
          0
        )
        const heard: Array<unknown> = []
        while (!JSON.stringify(heard).includes("after all")) {
          const polled = RawRequests.json(
            yield* RawRequests.post("/channel/poll2", { clientid, psessionid, key: 0 }, { cookie })
          )
          assert.strictEqual(polled.retcode, 0)
          heard.push(polled.result)
        }
        assert.strictEqual(RawRequests.quoted(yield* RawRequests.attempt(10001))[0], "0")
        assert.strictEqual((yield* RawRequests.ask({ path: "/nothing" })).status, 404)
      }).pipe(Effect.provide(quiet(strict)))
    )
  })
}
