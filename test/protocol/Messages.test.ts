import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Messages } from "../../src/protocol/index.ts"
import { Content, Ids } from "../../src/schema/index.ts"
import { type Answer, json, loggedIn, script, text } from "../support/Script.ts"

const send = (answer: Answer) => {
  const { asked, layer } = script(answer)
  return Messages.sendBuddyMsg2({ to: Ids.Uin.make(1), content: Content.make(["hi"]) }).pipe(
    Effect.provide(Layer.merge(layer, loggedIn)),
    Effect.tapBoth({
      onFailure: () => Effect.sync(() => assert.strictEqual(asked.length, 1, "a send is never repeated")),
      onSuccess: () => Effect.sync(() => assert.strictEqual(asked.length, 1))
    })
  )
}

describe("sendBuddyMsg2", () => {
  it.effect("is done in every form that servers answered in", () =>
    Effect.gen(function* () {
      for (const body of [
        { retcode: 0, result: "ok" },
        { retcode: 100100, result: "ok" },
        { errCode: 0, msg: "send ok" },
        { retcode: 0 }
      ]) {
        assert.strictEqual(yield* send(json(body)), 101)
      }
    })
  )

  it.effect("is a DeliveryUnknown after 1202, a lost answer, an HTTP error and an unreadable answer", () =>
    Effect.gen(function* () {
      const lost: Answer = () => Effect.fail({ _tag: "RequestError", cause: { code: "ECONNRESET" } })
      for (const answer of [json({ retcode: 1202 }), lost, text("", { status: 504 }), text("<html>"), json({})]) {
        const error = yield* Effect.flip(send(answer))
        assert.deepInclude(error, { _tag: "DeliveryUnknown", endpoint: "send_buddy_msg2" })
        assert.include(error.message, "may or may not have been delivered")
      }
    })
  )

  it.effect("is Rejected or SessionLost when the server says so", () =>
    Effect.gen(function* () {
      assert.deepInclude(yield* Effect.flip(send(json({ retcode: 1, errmsg: "not a friend" }))), {
        _tag: "Rejected",
        retcode: 1,
        says: "not a friend"
      })
      for (const retcode of [8, 103, 108, 121, 100001]) {
        assert.deepInclude(yield* Effect.flip(send(json({ retcode }))), { _tag: "SessionLost", retcode })
      }
    })
  )
})
