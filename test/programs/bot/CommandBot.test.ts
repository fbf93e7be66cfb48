/** The bot that obeys friends. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option, Stream, TestClock } from "effect"
import { CommandBot } from "../../../src/programs/index.ts"
import type { Faults } from "../../../src/programs/server/index.ts"
import { TestServer } from "../../../src/programs/testing/index.ts"
import { Messages, Poll } from "../../../src/protocol/index.ts"
import { Content, Face, PollEvent } from "../../../src/schema/index.ts"
import { gid, uin } from "../../rigs/People.ts"
import * as ServerInProcess from "../../rigs/ServerInProcess.ts"

/** A friend of the command bot. `hears` gives so many answers. */
const friend = (plan: Partial<Faults.Plan> = {}) =>
  Effect.gen(function* () {
    const http = yield* ServerInProcess.start({ faults: plan })
    const login = (account: number) =>
      Layer.build(TestServer.login(account).pipe(Layer.provide(Layer.succeedContext(http))))
    const [bot, me] = yield* Effect.all([login(10001), login(10002)])
    const fiber = yield* Effect.fork(Effect.provide(CommandBot.run(), bot))
    const hears = (count: number) =>
      Poll.events().pipe(
        Stream.filter(PollEvent.isMessage),
        Stream.take(count),
        Stream.runCollect,
        Effect.map((messages) => [...messages].map(({ content }) => content)),
        Effect.provide(me)
      )
    const says = (text: string) =>
      Effect.provide(Messages.sendBuddyMsg2({ to: uin(10001), content: Content.make([text]) }), me)
    const asks = (text: string) =>
      Effect.map(Effect.zipRight(says(text), hears(1)), ([answer]) => answer ?? assert.fail("no answer"))
    return { asks, fiber, hears, me, says }
  })

describe("the command bot", () => {
  it.scoped("tells the time of its clock, in ISO form", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2013, 5, 8, 12, 34, 56, 789))
      const { asks } = yield* friend()
      assert.strictEqual(Content.toText(yield* asks("#time")), "2013-06-08T12:34:56.789Z")
      assert.strictEqual(Content.toText(yield* asks("  #time\n")), "2013-06-08T12:34:56.789Z")
    })
  )

  it.scoped("shows a face, and its name", () =>
    Effect.gen(function* () {
      const { asks } = yield* friend()
      const [first, second, ...more] = (yield* asks("#face")).parts
      if (first?._tag !== "Face" || second?._tag !== "Text") return assert.fail("no face")
      assert.deepStrictEqual(more, [])
      assert.strictEqual(second.text, ` ${Option.getOrThrow(Face.nameOf(first.id))}`)
    })
  )

  it.scoped("answers other commands with help, and nothing else at all", () =>
    Effect.gen(function* () {
      const { fiber, hears, me, says } = yield* friend()
      yield* says("你好")
      yield* says("time")
      yield* Effect.provide(Messages.sendQunMsg2({ gid, content: Content.make(["#time"]) }), me)
      yield* says("#nonsense")
      yield* says("#time")
      const [help, time] = (yield* hears(2)).map(Content.toText)
      assert.strictEqual(time, "1970-01-01T00:00:00.000Z")
      for (const command of ["#time", "#face", "exit"]) assert.include(help ?? "", command)
      assert.isNull(fiber.unsafePoll())
    })
  )

  it.scoped("answers exit, and ends well", () =>
    Effect.gen(function* () {
      const { asks, fiber, says } = yield* friend()
      const [only] = (yield* asks("exit")).parts.slice(-1)
      assert.deepStrictEqual(only, Content.face(88))
      yield* Fiber.join(fiber)
      yield* says("#time")
    })
  )

  it.scoped("ends at exit even when nobody knows whether the answer went out", () =>
    Effect.gen(function* () {
      // The second send of all is the answer to the first.
      const { fiber, says } = yield* friend({ script: [{ endpoint: "send_buddy_msg2", nth: 2, fault: "dropAfter" }] })
      yield* says("exit")
      yield* TestClock.adjust("1 minute")
      assert.isNotNull(fiber.unsafePoll(), "the bot goes on")
      yield* Fiber.join(fiber)
    })
  )
})
