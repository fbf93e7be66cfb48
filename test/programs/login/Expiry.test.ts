import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, TestClock } from "effect"
import { Login } from "../../../src/programs/index.ts"
import { TestServer } from "../../../src/programs/testing/index.ts"
import { Channel, Contacts } from "../../../src/protocol/index.ts"
import * as ServerInProcess from "../../rigs/ServerInProcess.ts"

describe("cookies that expire on the server", () => {
  it.scoped("hold for a time after they were used last, and then only a new login helps", () =>
    Effect.gen(function* () {
      const http = Layer.succeedContext(yield* ServerInProcess.start({ loginLifetime: "1 hour" }))
      const login = Layer.build(Layer.provide(TestServer.login(10001), http))
      const bot = yield* login
      for (let i = 0; i < 3; i++) {
        yield* TestClock.adjust("59 minutes")
        yield* Effect.provide(Contacts.getSelfInfo2, bot)
      }
      // A poll that is held keeps them, too.
      yield* TestClock.adjust("30 minutes")
      const poll = yield* Effect.fork(Effect.provide(Channel.poll2, bot))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* Fiber.join(poll), [])
      yield* TestClock.adjust("59 minutes")
      yield* Effect.provide(Contacts.getSelfInfo2, bot)
      yield* TestClock.adjust("1 hour")
      for (const call of [Effect.asVoid(Contacts.getSelfInfo2), Effect.asVoid(Channel.poll2), Login.relogin]) {
        assert.strictEqual((yield* Effect.flip(Effect.provide(call, bot)))._tag, "SessionLost")
      }
      yield* Effect.provide(Contacts.getSelfInfo2, yield* login)
    })
  )
})
