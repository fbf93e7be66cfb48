import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc, Option, Schema } from "effect"
import { Channel, Content, Ids, PollEvent } from "../../src/schema/index.ts"

const value = {
  msg_id: 6000001,
  from_uin: "3785096088",
  to_uin: 1685359365,
  msg_id2: 481949,
  msg_type: 9,
  reply_ip: 4294967295,
  time: 1374225160,
  content: [["font", { size: 10, color: "000000", style: [0, 0, 0], name: "宋体" }], "你好 "]
}

describe("PollEvent", () => {
  it("reads a message, whatever else stands in it", () => {
    const event = PollEvent.fromFrame({ poll_type: "message", value })
    assert.deepStrictEqual(
      event,
      new PollEvent.BuddyMessage({
        fromUin: Ids.Uin.make(3785096088),
        toUin: Ids.Uin.make(1685359365),
        msgId: Option.some(Ids.MsgId.make(6000001)),
        msgType: 9,
        time: 1374225160,
        content: Content.make(["你好 "])
      })
    )
  })

  it("a broken promise is a MalformedPush that names the place", () => {
    const event = PollEvent.fromFrame({ poll_type: "message", value: { ...value, from_uin: "text" } })
    assert.strictEqual(event._tag, "MalformedPush")
    if (event._tag === "MalformedPush") assert.include(event.issue, "from_uin")
  })

  it("an unknown type is kept", () => {
    const event = PollEvent.fromFrame({ poll_type: "constructor", value: { a: 1 } })
    assert.deepStrictEqual(event, new PollEvent.UnknownPush({ pollType: "constructor", raw: { a: 1 } }))
  })

  it("a kick carries the reason", () => {
    const event = PollEvent.fromFrame({ poll_type: "kick_message", value: { way: "poll", reason: "再见" } })
    assert.deepStrictEqual(event, new PollEvent.KickMessage({ reason: "再见" }))
  })

  it.prop("a kick is a kick, whatever its payload", [fc.jsonValue()], ([anything]) => {
    assert.strictEqual(PollEvent.fromFrame({ poll_type: "kick_message", value: anything })._tag, "KickMessage")
  })

  it.prop(
    "no frame is refused",
    [fc.oneof(fc.constantFrom("message", "kick_message", "__proto__"), fc.string()), fc.jsonValue()],
    ([poll_type, anything]) => {
      const known = poll_type === "message" || poll_type === "kick_message"
      const event = PollEvent.fromFrame({ poll_type, value: anything })
      assert.strictEqual(event._tag === "UnknownPush", !known)
    }
  )

  it("a result that is no list means no events; an item that is no frame is kept", () => {
    const frames = Schema.decodeUnknownSync(Channel.Frames)
    for (const nothing of ["ok", undefined, null, {}, []]) assert.deepStrictEqual(frames(nothing), [])
    assert.deepStrictEqual(frames([7, { poll_type: "tips", value: 1 }]), [
      { poll_type: "", value: 7 },
      { poll_type: "tips", value: 1 }
    ])
  })

  it("a frame without a value keeps its type, so that a broken message does not pass for an unknown frame", () => {
    const [frame] = Schema.decodeUnknownSync(Channel.Frames)([{ poll_type: "message" }])
    assert.deepStrictEqual(frame, { poll_type: "message", value: undefined })
    assert.deepInclude(frame && PollEvent.fromFrame(frame), { _tag: "MalformedPush", pollType: "message" })
  })
})
