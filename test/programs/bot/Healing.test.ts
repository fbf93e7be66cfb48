import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Stream } from "effect"
import { Bot, Login } from "../../../src/programs/index.ts"
import { TestServer } from "../../../src/programs/testing/index.ts"
import { Dialects, Messages, Poll } from "../../../src/protocol/index.ts"
import { Content, Ids, PollEvent } from "../../../src/schema/index.ts"
import { inProcess } from "../../rigs/Fronts.ts"
import { credentials, json, loggedInTo, script } from "../../rigs/ScriptedServer.ts"
import * as ServerInProcess from "../../rigs/ServerInProcess.ts"

/** A friend says something to a bot whose answer is refused because the session is lost. */
const conversation = (recovering: boolean) =>
  Effect.gen(function* () {
    const faults = { script: [{ endpoint: "send_buddy_msg2", nth: 2, fault: "retcode" as const }], retcode: 121 }
    const http = Layer.succeedContext(yield* ServerInProcess.start({ faults }))
    const bot = yield* Layer.build(Layer.provide(TestServer.login(10001), http))
    const friend = yield* Layer.build(Layer.provide(TestServer.login(10002), http))
    const errors: Array<string> = []
    const onFriendMessage = (_: PollEvent.BuddyMessage, reply: Bot.Reply) =>
      Effect.tapError(reply("pong"), (error) => Effect.sync(() => errors.push(error._tag)))
    const running = yield* (
      recovering ? Bot.run({ onFriendMessage, poll: { recover: Login.relogin } }) : Bot.run({ onFriendMessage })
    ).pipe(Effect.provide(bot), Effect.fork)
    const answer = yield* Effect.gen(function* () {
      const heard = yield* Poll.events().pipe(
        Stream.filter(PollEvent.isMessage),
        Stream.take(1),
        Stream.runCollect,
        Effect.fork
      )
      // The first send of all; the bot's answer is the second one, which is refused.
      yield* Messages.sendBuddyMsg2({ to: Ids.Uin.make(10001), content: Content.make(["ping"]) })
      for (let i = 0; i < 200; i++) yield* Effect.yieldNow()
      return heard
    }).pipe(Effect.provide(friend))
    return { answer, errors, running }
  })

describe("a reply that meets a lost session", () => {
  it.scoped("is sent once the session is back, where there is a recovery", () =>
    Effect.gen(function* () {
      const { answer, errors, running } = yield* conversation(true)
      const [message] = [...(yield* Fiber.join(answer))]
      assert.strictEqual(message === undefined ? "" : Content.toText(message.content), "pong")
      assert.deepStrictEqual(errors, [])
      yield* Fiber.interrupt(running)
    })
  )

  it.scoped("is the handler's failure without one", () =>
    Effect.gen(function* () {
      const { answer, errors, running } = yield* conversation(false)
      yield* Effect.repeat(Effect.yieldNow(), { until: () => errors.length > 0 })
      assert.deepStrictEqual(errors, ["SessionLost"])
      yield* Fiber.interrupt(answer)
      yield* Fiber.interrupt(running)
    })
  )
})

const withoutHeartbeat = loggedInTo(Dialects.webqq2014, credentials)

describe("a reply to somebody whose uin is stale", () => {
  it.scoped("is Rejected, and no reason to log in", () =>
    Effect.gen(function* () {
      const message = (id: number) => ({
        poll_type: "message",
        value: { msg_id: id, from_uin: id, to_uin: 2, time: 1, content: [["font", {}], "hi"] }
      })
      const kick = { poll_type: "kick_message", value: { reason: "bye" } }
      const { asked, layer } = script(
        json({ retcode: 0, result: [message(1), message(2), message(3), message(4), message(5)] }),
        json({ retcode: 0, result: [kick] }),
        ...Array.from({ length: 5 }, () => json({ retcode: 100001 }))
      )
      const errors: Array<string> = []
      const end = yield* Bot.run({
        onFriendMessage: (_, reply) =>
          // After the second poll, so that the script holds.
          Effect.delay(reply("hello"), "1 minute").pipe(
            Effect.tapError((error) => Effect.sync(() => errors.push(error._tag)))
          ),
        poll: { recover: Effect.dieMessage("nobody needs to log in") }
      }).pipe(Effect.flip, Effect.provide(Layer.merge(withoutHeartbeat, layer)), inProcess.run)
      assert.strictEqual(end._tag, "Kicked")
      assert.deepStrictEqual(
        errors,
        Array.from({ length: 5 }, () => "Rejected")
      )
      assert.strictEqual(asked.length, 7)
    })
  )
})
