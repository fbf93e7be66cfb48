import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Redacted, Schedule, Stream, TestClock } from "effect"
import { Channel, Poll } from "../../src/protocol/index.ts"
import { Content } from "../../src/schema/index.ts"
import { CookieStore, Session } from "../../src/services/index.ts"
import { type Answer, delayed, json, loggedIn, script, text } from "../rigs/ScriptedServer.ts"

const message = (msg_id: number, words: string) => ({
  poll_type: "message",
  value: { msg_id, from_uin: 1, to_uin: 2, time: 1, content: [["font", {}], words] }
})
const idle = json({ retcode: 102 })
const events = (...frames: ReadonlyArray<unknown>) => json({ retcode: 0, result: frames })
const refused: Answer = () => Effect.fail({ _tag: "RequestError", cause: { code: "ECONNREFUSED" } })

/** Runs the stream over scripted answers, in a fiber, and shows what it delivered. */
const start = (options: Poll.Options | undefined, ...answers: ReadonlyArray<Answer>) =>
  Effect.gen(function* () {
    const { asked, layer } = script(...answers)
    const seen: Array<string> = []
    const fiber = yield* Poll.events(options).pipe(
      Stream.runForEach((event) =>
        Effect.sync(() => seen.push(event._tag === "BuddyMessage" ? Content.toText(event.content) : event._tag))
      ),
      Effect.flip,
      Effect.provide(Layer.merge(layer, loggedIn)),
      Effect.fork
    )
    return { asked, seen, fiber }
  })

describe("Poll.events", () => {
  it.effect("an idle answer after 55 seconds and one without a list go on", () =>
    Effect.gen(function* () {
      const { fiber, seen } = yield* start(
        undefined,
        delayed("55 seconds", idle),
        delayed("55 seconds", json({ retcode: 0, errmsg: "error" })),
        events(message(1, "late")),
        json({ retcode: 103 })
      )
      yield* TestClock.adjust("2 minutes")
      assert.deepInclude(yield* Fiber.join(fiber), { _tag: "SessionLost", endpoint: "poll2", retcode: 103 })
      assert.deepStrictEqual(seen, ["late"])
    })
  )

  it.effect("answers that come at once without events do not make it spin", () =>
    Effect.gen(function* () {
      const { asked, fiber } = yield* start(undefined, ...Array.from({ length: 9 }, () => idle))
      yield* TestClock.adjust("3 seconds")
      // The fourth comes with the question whether the session holds.
      assert.strictEqual(asked.filter(({ url }) => url.endsWith("/poll2")).length, 4)
      assert.strictEqual(asked.length, 5)
      yield* Fiber.interrupt(fiber)
    })
  )

  it.effect("116 stores the new ptwebqq at once, as token and as cookie", () =>
    Effect.gen(function* () {
      const { asked, layer } = script(json({ retcode: 116, p: "renewed" }), idle)
      yield* Effect.gen(function* () {
        assert.deepStrictEqual(yield* Channel.poll2, [])
        const { ptwebqq } = yield* (yield* Session.Session).get
        assert.strictEqual(Redacted.value(ptwebqq), "renewed")
        yield* Channel.poll2
        assert.strictEqual(asked[1]?.headers.cookie, "ptwebqq=renewed")
        assert.strictEqual((yield* (yield* CookieStore.CookieStore).jar).length, 1)
      }).pipe(Effect.provide(Layer.merge(layer, loggedIn)))
    })
  )

  it.effect("116 without a new value says nothing, and is asked about again", () =>
    Effect.gen(function* () {
      const { asked, fiber } = yield* start(undefined, ...Array.from({ length: 9 }, () => json({ retcode: 116 })))
      yield* TestClock.adjust("80 seconds")
      assert.deepInclude(yield* Fiber.join(fiber), { _tag: "SessionLost", retcode: 116 })
      assert.strictEqual(asked.length, 9)
    })
  )

  it.effect("a lost connection is asked again, later each time, and nothing is lost", () =>
    Effect.gen(function* () {
      const { asked, fiber, seen } = yield* start(
        { retry: Schedule.exponential("1 second") },
        events(message(1, "a")),
        refused,
        text("", { status: 502 }),
        events(message(2, "b")),
        refused,
        json({ retcode: 121 })
      )
      yield* TestClock.adjust("999 millis")
      assert.strictEqual(asked.length, 2)
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(asked.length, 3)
      yield* TestClock.adjust("2 seconds")
      // The schedule began anew after the poll that succeeded.
      assert.strictEqual(asked.length, 5)
      yield* TestClock.adjust("1 second")
      assert.deepInclude(yield* Fiber.join(fiber), { _tag: "SessionLost", retcode: 121 })
      assert.deepStrictEqual(seen, ["a", "b"])
    })
  )

  it.effect("the default back-off never waits longer than half a minute and a bit", () =>
    Effect.gen(function* () {
      const { asked, fiber } = yield* start(undefined, ...Array.from({ length: 100 }, () => refused))
      yield* TestClock.adjust("1 hour")
      assert.isAtLeast(asked.length, 100)
      yield* Fiber.interrupt(fiber)
    })
  )

  it.effect("when the retries are used up, the failure is the stream's", () =>
    Effect.gen(function* () {
      const { asked, fiber } = yield* start({ retry: Schedule.recurs(2) }, refused, refused, refused)
      const error = yield* Fiber.join(fiber)
      assert.deepInclude(error, { _tag: "TransportError", reason: "Connection", detail: "ECONNREFUSED" })
      assert.strictEqual(asked.length, 3)
    })
  )

  it.effect("a poll that nobody answers is given up after two minutes, and made again", () =>
    Effect.gen(function* () {
      const silence: Answer = () => Effect.never
      const { asked, fiber } = yield* start({ retry: Schedule.stop }, silence, silence)
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual(asked.length, 2)
      yield* Fiber.interrupt(fiber)
    })
  )

  for (const [name, body] of [
    ["an empty body", ""],
    ["half a document", '{"retcode":0,"resu'],
    ["a page", "<html><body>502 Bad Gateway</body></html>"],
    ["no envelope", "[]"]
  ] as const) {
    it.effect(`${name} is tried again, and is the end when the retries are used up`, () =>
      Effect.gen(function* () {
        const { fiber, seen } = yield* start(
          { retry: Schedule.recurs(1) },
          text(body),
          events(message(1, "a")),
          text(body),
          text(body)
        )
        const error = yield* Fiber.join(fiber)
        assert.deepStrictEqual(seen, ["a"])
        assert.deepInclude(error, { _tag: "UnexpectedResponse", endpoint: "poll2" })
        assert.include(error.message, body === "" ? "(nothing)" : body.slice(0, 10))
      })
    )
  }

  it.effect("a broken frame is an event, and the others are delivered", () =>
    Effect.gen(function* () {
      const { fiber, seen } = yield* start(
        undefined,
        events(
          message(3, "c"),
          { poll_type: "message", value: { msg_id: "x" } },
          { poll_type: "nick_change", value: 1 }
        ),
        json({ retcode: 100 })
      )
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(seen, ["UnknownPush", "MalformedPush", "c"])
    })
  )

  it.effect("interrupting the stream interrupts the request in flight", () =>
    Effect.gen(function* () {
      let aborted = false
      const { asked, fiber } = yield* start(undefined, () =>
        Effect.onInterrupt(Effect.never, () => Effect.sync(() => (aborted = true)))
      )
      yield* TestClock.adjust(0)
      assert.strictEqual(asked.length, 1)
      yield* Fiber.interrupt(fiber)
      assert.isTrue(aborted)
    })
  )
})
