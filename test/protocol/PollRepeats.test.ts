/** What a repeat is: one message that comes twice is delivered once, and no message is taken for another. */
import { assert, describe, it } from "@effect/vitest"
import { Chunk, Effect, Fiber, FastCheck as fc, Layer, Option, Ref, Stream, TestClock } from "effect"
import { Poll } from "../../src/protocol/index.ts"
import { Content, PollEvent } from "../../src/schema/index.ts"
import { json, loggedIn, script } from "../rigs/ScriptedServer.ts"

type Value = Readonly<Record<string, unknown>>
const message: Value = { msg_id: 7, from_uin: 11, to_uin: 22, time: 1374225160, content: [["font", {}], "在吗"] }
const kinds: Readonly<Record<string, Value>> = {
  message: {},
  sess_message: { id: 33 },
  group_message: { send_uin: 44 },
  discu_message: { did: 55, send_uin: 44 }
}

const eventOf = (poll_type: string, value: Value) =>
  PollEvent.fromFrame({ poll_type, value: { ...message, ...kinds[poll_type], ...value } })

/** What a bot hears if these come, each in a reply of its own. */
const delivered = (poll_type: string, ...values: ReadonlyArray<Value>) =>
  Effect.gen(function* () {
    const replies = values.map((value) =>
      json({ retcode: 0, result: [{ poll_type, value: { ...message, ...kinds[poll_type], ...value } }] })
    )
    const { layer } = script(...replies, json({ retcode: 0, result: [{ poll_type: "tips", value: {} }] }))
    const listening = yield* Poll.events().pipe(
      Stream.takeUntil(({ _tag }) => _tag === "Tips"),
      Stream.runCollect,
      Effect.provide(Layer.merge(layer, loggedIn)),
      Effect.fork
    )
    // A reply that brings nothing new is waited out.
    yield* TestClock.adjust("1 minute")
    return Chunk.size(yield* Fiber.join(listening)) - 1
  })

const keyOf = (poll_type: string, value: Value): Option.Option<string> => {
  const event = eventOf(poll_type, value)
  assert.isTrue(PollEvent.isMessage(event))
  return PollEvent.isMessage(event) ? Poll.keyOf(event) : Option.none()
}

/** Frames without a number that a faulty server may give again and again. */
const anonymous: ReadonlyArray<unknown> = [
  { poll_type: "message", value: { ...message, msg_id: undefined } },
  { poll_type: "nothing_known", value: { a: [1, { b: 2 }] } },
  { poll_type: "message", value: null },
  { poll_type: "tips", value: {} }
]

describe("a server that answers at once with the same frames for ever", () => {
  for (const frame of anonymous) {
    it.effect(`is asked once a second, and what it gives is delivered: ${JSON.stringify(frame).slice(0, 40)}`, () =>
      Effect.gen(function* () {
        const reply = json({ retcode: 0, result: [frame] })
        const { layer } = script(...Array.from({ length: 100 }, () => reply))
        const heard = yield* Ref.make(0)
        yield* Poll.events().pipe(
          Stream.runForEach(() => Ref.update(heard, (n) => n + 1)),
          Effect.provide(Layer.merge(layer, loggedIn)),
          Effect.fork
        )
        yield* TestClock.adjust("10 seconds")
        // The first repeat is one only when it has come.
        assert.strictEqual(yield* Ref.get(heard), 12)
      })
    )
  }
})

describe("repeats", () => {
  for (const poll_type of Object.keys(kinds)) {
    it(`a ${poll_type} is known by its number, not by a default in the place of one`, () => {
      for (const odd of [
        undefined,
        null,
        -7,
        -(2 ** 31),
        2 ** 53 + 2,
        1e300,
        7.5,
        0,
        "",
        "seven",
        "7.5",
        {},
        [7],
        true
      ]) {
        assert.isTrue(Option.isNone(keyOf(poll_type, { msg_id: odd })), String(odd))
      }
      assert.isTrue(Option.isSome(keyOf(poll_type, { time: undefined })))
      assert.deepStrictEqual(keyOf(poll_type, { msg_id: "7" }), keyOf(poll_type, {}))
    })

    it.effect(`a ${poll_type} without a number is delivered, however like another one it is`, () =>
      Effect.gen(function* () {
        const bare = { msg_id: undefined, time: undefined }
        assert.strictEqual(yield* delivered(poll_type, bare, bare, bare), 3)
        assert.strictEqual(yield* delivered(poll_type, { msg_id: -5 }, { msg_id: -6 }, { msg_id: -5 }), 3)
        assert.strictEqual(yield* delivered(poll_type, { msg_id: 2 ** 60 }, { msg_id: 2 ** 60 }), 2)
        assert.strictEqual(yield* delivered(poll_type, {}, {}, { time: undefined }, { time: undefined }), 2)
      })
    )

    it(`a ${poll_type} of another time, sender or beginning is another one`, () => {
      const others: ReadonlyArray<Value> = [
        { time: 1 },
        { from_uin: 12 },
        { msg_id: 8 },
        { content: [["font", {}], "不在"] },
        // A client that gives all messages one number (protocol notes, section 1.4).
        {
          content: [
            ["font", {}],
            ["face", 14]
          ]
        }
      ]
      const keys = others.filter((other) => poll_type !== "discu_message" || !("from_uin" in other))
      for (const other of keys) {
        assert.notDeepEqual(Option.getOrNull(keyOf(poll_type, other)), Option.getOrNull(keyOf(poll_type, {})))
      }
    })
  }

  it.prop("what is remembered of a message is short", [fc.string({ minLength: 200, maxLength: 400 })], ([long]) => {
    const key = keyOf("message", { content: [["font", {}], long] })
    assert.isBelow(Option.getOrThrow(key).length, 200)
    assert.isAbove(Content.toText(Content.plain(long)).length, 199)
  })
})
