/** One poll: which frames of its reply arrive, and in which order (reference, section 5.1). */
import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck as fc, Layer, Option } from "effect"
import { Channel } from "../../src/protocol/index.ts"
import { PollEvent } from "../../src/schema/index.ts"
import { pushes } from "../fixtures/Samples.ts"
import { json, loggedIn, script } from "../rigs/ScriptedServer.ts"

const poll = (result: unknown) =>
  Channel.poll2.pipe(Effect.provide(Layer.merge(script(json({ retcode: 0, result })).layer, loggedIn)))

const frame = fc.oneof(
  fc.record({ poll_type: fc.constantFrom(...Object.keys(pushes), "nick_change"), value: fc.jsonValue() }),
  fc.constantFrom(...Object.entries(pushes).map(([poll_type, value]) => ({ poll_type, value }))),
  fc.jsonValue()
)

describe("poll2", () => {
  it.effect("gives the events of a reply oldest first; the wire has the newest first", () =>
    Effect.gen(function* () {
      const message = (msg_id: number) => ({ poll_type: "message", value: { ...pushes.message, msg_id } })
      const events = yield* poll([message(3), { poll_type: "tips", value: { n: 2 } }, message(1)])
      assert.deepStrictEqual(
        events.map((event) => (event._tag === "BuddyMessage" ? Number(Option.getOrNull(event.msgId)) : event._tag)),
        [1, "Tips", 3]
      )
    })
  )

  it.effect("a broken frame is a MalformedPush that names the place, and the others are delivered", () =>
    Effect.gen(function* () {
      const events = yield* poll([
        { poll_type: "group_message", value: pushes.group_message },
        { poll_type: "group_message", value: { ...pushes.group_message, from_uin: "nobody" } },
        { poll_type: "message" },
        "no frame",
        { poll_type: "message", value: pushes.message }
      ])
      assert.deepStrictEqual(
        events.map(({ _tag }) => _tag),
        ["BuddyMessage", "UnknownPush", "MalformedPush", "MalformedPush", "GroupMessage"]
      )
      assert.include(events[3]?._tag === "MalformedPush" ? events[3].issue : "", "from_uin")
    })
  )

  it.effect.prop("no frame is lost, and none breaks the poll", [fc.array(frame, { maxLength: 8 })], ([frames]) =>
    Effect.gen(function* () {
      const events = yield* poll(frames)
      assert.strictEqual(events.length, frames.length)
      for (const [i, item] of [...frames].reverse().entries()) {
        if (typeof item !== "object" || item === null || Array.isArray(item) || !("poll_type" in item)) continue
        const known = typeof item.poll_type === "string" && Object.hasOwn(pushes, item.poll_type)
        assert.strictEqual(events[i]?._tag !== "UnknownPush", known)
      }
    })
  )

  it.effect("a reply without a list has no events (reference, section 4.7)", () =>
    Effect.gen(function* () {
      for (const nothing of ["ok", {}, null, undefined, []]) assert.deepStrictEqual(yield* poll(nothing), [])
    })
  )

  it("what somebody wrote is a message, and nothing else is", () => {
    const events = Object.entries(pushes).map(([poll_type, value]) => PollEvent.fromFrame({ poll_type, value }))
    assert.deepStrictEqual(
      events.filter(PollEvent.isMessage).map(({ _tag }) => _tag),
      ["BuddyMessage", "SessMessage", "GroupMessage", "DiscuMessage"]
    )
  })
})
