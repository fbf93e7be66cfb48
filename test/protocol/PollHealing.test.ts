import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, FastCheck as fc, Layer, Option, Schedule, Stream, TestClock } from "effect"
import { Poll, Recovery } from "../../src/protocol/index.ts"
import * as RecentKeys from "../../src/protocol/RecentKeys.ts"
import { Content, Ids } from "../../src/schema/index.ts"
import { Session } from "../../src/services/index.ts"
import { type Answer, credentials, delayed, json, loggedIn, script, text, token } from "../rigs/ScriptedServer.ts"

const frame = (msg_id: number, words: string, from_uin = 1) => ({
  poll_type: "message",
  value: { msg_id, from_uin, to_uin: 2, time: 1, content: [["font", {}], words] }
})
const events = (...frames: ReadonlyArray<unknown>) => json({ retcode: 0, result: frames })
const lost = json({ retcode: 121 })

const start = <E = never>(
  options: Poll.Options | Poll.Recovering<E, Session.Session>,
  ...answers: ReadonlyArray<Answer>
) =>
  Effect.gen(function* () {
    const { asked, layer } = script(...answers)
    const everything = yield* Layer.build(Layer.merge(layer, loggedIn))
    const poll = yield* Poll.make(options)
    const statuses: Array<string> = []
    yield* poll.status.pipe(
      Stream.runForEach((status) => Effect.sync(() => statuses.push(status._tag))),
      Effect.forkScoped
    )
    const seen: Array<string> = []
    const fiber = yield* poll.events.pipe(
      Stream.runForEach((event) =>
        Effect.sync(() => seen.push(event._tag === "BuddyMessage" ? Content.toText(event.content) : event._tag))
      ),
      Effect.flip,
      Effect.provide(everything),
      Effect.fork
    )
    return { asked, everything, fiber, seen, statuses }
  })

/** A recovery that counts, takes a second, and has a new psessionid put into the session when it is done. */
const counting = () => {
  let count = 0
  const recover = Effect.gen(function* () {
    count++
    yield* Effect.sleep("1 second")
    const session = yield* Session.Session
    yield* session.update({ psessionid: token.psessionid(`healed-${count}`) })
    return yield* session.get
  })
  return { recover, count: () => count }
}

describe("self-healing", () => {
  it.scoped("a lost session is recovered once, and polling goes on", () =>
    Effect.gen(function* () {
      const { count, recover } = counting()
      const { asked, fiber, seen } = yield* start(
        { recover },
        events(frame(1, "a")),
        lost,
        events(frame(2, "b")),
        events({ poll_type: "kick_message", value: { reason: "bye" } })
      )
      yield* TestClock.adjust("1 second")
      assert.deepInclude(yield* Fiber.join(fiber), { _tag: "Kicked", reason: "bye" })
      assert.deepStrictEqual(seen, ["a", "b"])
      assert.strictEqual(count(), 1)
      assert.include(JSON.stringify(asked[2]?.form), "healed-1")
    })
  )

  it.scoped("all users of a session share one recovery", () =>
    Effect.gen(function* () {
      const { count, recover } = counting()
      const { everything, fiber } = yield* start({ recover }, lost, delayed("1 day", lost))
      yield* Effect.gen(function* () {
        const session = yield* Session.Session
        const seen = yield* session.get
        const others = yield* Effect.fork(
          Effect.all(
            Array.from({ length: 10 }, () => Recovery.heal(seen, recover)),
            { concurrency: "unbounded" }
          )
        )
        yield* TestClock.adjust("1 minute")
        yield* Fiber.join(others)
      }).pipe(Effect.provide(everything))
      assert.strictEqual(count(), 1)
      yield* Fiber.interrupt(fiber)
    })
  )

  it.scoped("and so they do where the server gives the same psessionid again", () =>
    Effect.gen(function* () {
      const session = yield* Session.make(credentials)
      let logins = 0
      const recover = Effect.gen(function* () {
        logins++
        yield* session.update({ ptwebqq: token.ptwebqq("another") })
        return yield* session.get
      })
      const seen = yield* session.get
      const heal = Effect.asVoid(session.heal(seen, Effect.asVoid(recover)))
      yield* Effect.all([heal, heal, heal], { concurrency: "unbounded" })
      assert.strictEqual(logins, 1)
      // Lost once more.
      yield* session.heal(yield* session.get, Effect.asVoid(recover))
      assert.strictEqual(logins, 2)
    })
  )

  it.scoped("a recovery that fails ends the stream with both causes", () =>
    Effect.gen(function* () {
      const { fiber, statuses } = yield* start({ recover: Effect.fail("no password") }, lost)
      const end = yield* Fiber.join(fiber)
      assert.strictEqual(end._tag, "RecoveryFailed")
      if (end._tag === "RecoveryFailed") {
        assert.strictEqual(end.failure, "no password")
        assert.deepInclude(end.lost, { _tag: "SessionLost", retcode: 121 })
        assert.include(end.message, "no password")
      }
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(statuses, ["Connecting", "Relogging", "Ended"])
    })
  )

  it.scoped("a session that is lost again and again ends the stream: logins do not loop", () =>
    Effect.gen(function* () {
      const { count, recover } = counting()
      const { asked, fiber } = yield* start({ recover }, lost, lost, lost, lost, lost)
      yield* TestClock.adjust("1 minute")
      assert.deepInclude(yield* Fiber.join(fiber), { _tag: "SessionLost", retcode: 121 })
      assert.deepStrictEqual([count(), asked.length], [3, 4])
    })
  )

  it.scoped("a kick is not healed", () =>
    Effect.gen(function* () {
      const { count, recover } = counting()
      const { fiber } = yield* start({ recover }, events({ poll_type: "kick_message", value: { reason: "bye" } }))
      assert.deepInclude(yield* Fiber.join(fiber), { _tag: "Kicked", reason: "bye" })
      assert.strictEqual(count(), 0)
    })
  )
})

describe("retcodes", () => {
  for (const retcode of [102, 109, 110, 1202, 100003, 100012, 100100]) {
    it.scoped(`${retcode} is an idle answer (protocol notes, section 7, number 23)`, () =>
      Effect.gen(function* () {
        const { fiber, seen } = yield* start({}, json({ retcode }), events(frame(1, "a")), json({ retcode: 100 }))
        yield* TestClock.adjust("1 second")
        yield* Fiber.join(fiber)
        assert.deepStrictEqual(seen, ["a"])
      })
    )
  }

  for (const retcode of [8, 100, 103, 108, 120, 121, 100000, 100001, 100002, 100101]) {
    it.scoped(`${retcode} is a lost session`, () =>
      Effect.gen(function* () {
        const { fiber } = yield* start({}, json({ retcode }))
        assert.deepInclude(yield* Fiber.join(fiber), { _tag: "SessionLost", retcode })
      })
    )
  }

  it.scoped("112 and 113 are a busy server, and tried again", () =>
    Effect.gen(function* () {
      const { fiber, seen } = yield* start(
        { retry: Schedule.recurs(1) },
        json({ retcode: 112 }),
        events(frame(1, "a")),
        json({ retcode: 113 }),
        json({ retcode: 112 })
      )
      assert.deepInclude(yield* Fiber.join(fiber), { _tag: "ServerBusy", retcode: 112 })
      assert.deepStrictEqual(seen, ["a"])
    })
  )

  for (const retcode of [-1, 6, 15, 122, 9999]) {
    it.scoped(`${retcode} is asked about again, ten seconds apart`, () =>
      Effect.gen(function* () {
        const unknown = json({ retcode, errmsg: "system busy" })
        const { asked, fiber, seen, statuses } = yield* start({}, unknown, unknown, events(frame(1, "a")), lost)
        yield* TestClock.adjust("19 seconds")
        assert.strictEqual(asked.length, 2)
        yield* TestClock.adjust("1 second")
        assert.deepInclude(yield* Fiber.join(fiber), { _tag: "SessionLost", retcode: 121 })
        assert.deepStrictEqual(seen, ["a"])
        assert.deepStrictEqual(statuses, ["Connecting", "Retrying", "Retrying", "Online", "Ended"])
      })
    )
  }

  it.scoped("that nobody knows, eight times more in a row, is a lost session, which is recovered", () =>
    Effect.gen(function* () {
      const { count, recover } = counting()
      const unknown = json({ retcode: 122, errmsg: "wrong web client3" })
      const { asked, fiber, seen } = yield* start(
        { recover },
        ...Array.from({ length: 9 }, () => unknown),
        events(frame(1, "a")),
        events({ poll_type: "kick_message", value: { reason: "bye" } })
      )
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "Kicked")
      assert.deepStrictEqual([count(), asked.length, seen], [1, 11, ["a"]])
    })
  )
})

describe("status", () => {
  it.scoped("shows retries with their count and cause, and being online again, once each", () =>
    Effect.gen(function* () {
      const { fiber, statuses } = yield* start(
        { retry: Schedule.spaced("1 second") },
        delayed("1 second", events(frame(1, "a"))),
        delayed("1 second", events(frame(2, "b"))),
        delayed("1 second", text("")),
        delayed("1 second", text("", { status: 504 })),
        delayed("1 second", events(frame(3, "c"))),
        delayed("1 second", json({ retcode: 103 }))
      )
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(statuses, ["Connecting", "Online", "Retrying", "Retrying", "Online", "Ended"])
    })
  )

  it.scoped("under a dead server there is at most one request per step of the schedule", () =>
    Effect.gen(function* () {
      const { asked, fiber } = yield* start(
        { retry: Schedule.spaced("10 seconds") },
        ...Array.from({ length: 100 }, () => text("", { status: 502 }))
      )
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(asked.length, 7)
      yield* Fiber.interrupt(fiber)
    })
  )
})

describe("nothing doubled", () => {
  it.scoped("a repeated event is delivered once; the same number from somebody else is another event", () =>
    Effect.gen(function* () {
      const { fiber, seen } = yield* start(
        {},
        events(frame(2, "b"), frame(1, "a")),
        events(frame(2, "b"), frame(1, "a")),
        events(frame(3, "c"), frame(2, "other", 7), frame(2, "b")),
        json({ retcode: 103 })
      )
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(seen, ["a", "b", "other", "c"])
    })
  )

  it.prop(
    "the window forgets the oldest and never what came lately",
    [fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }), fc.integer({ min: 1, max: 10 })],
    ([keys, size]) => {
      const recent = RecentKeys.make(size)
      let remembered: ReadonlyArray<number> = []
      for (const key of keys) {
        assert.strictEqual(recent.isNew(String(key)), !remembered.includes(key))
        if (!remembered.includes(key)) remembered = [...remembered, key].slice(-size)
      }
    }
  )
})

describe("one loop per session", () => {
  it.scoped("a second stream waits until the first one ends", () =>
    Effect.gen(function* () {
      const { asked, layer } = script(delayed("10 seconds", events(frame(1, "a"))), events(frame(2, "b")))
      const everything = yield* Layer.build(Layer.merge(layer, loggedIn))
      const one = Poll.events().pipe(Stream.take(1), Stream.runCollect, Effect.provide(everything))
      const first = yield* Effect.fork(one)
      const second = yield* Effect.fork(one)
      yield* TestClock.adjust("9 seconds")
      assert.strictEqual(asked.length, 1)
      yield* TestClock.adjust("1 second")
      const ids = [...(yield* Fiber.join(first)), ...(yield* Fiber.join(second))].map((event) =>
        event._tag === "BuddyMessage" ? Option.getOrNull(event.msgId) : 0
      )
      assert.deepStrictEqual(ids, [Ids.MsgId.make(1), Ids.MsgId.make(2)])
    })
  )

  it.scoped("a slow consumer slows the polls down and loses nothing", () =>
    Effect.gen(function* () {
      const { asked, layer } = script(
        ...Array.from({ length: 5 }, (_, i) => events(frame(2 * i + 1, "y"), frame(2 * i, "x"))),
        json({ retcode: 103 })
      )
      const slow = yield* Poll.events().pipe(
        Stream.tap(() => Effect.sleep("1 minute")),
        Stream.runCollect,
        Effect.flip,
        Effect.provide(Layer.merge(layer, loggedIn)),
        Effect.fork
      )
      yield* TestClock.adjust("1 minute")
      assert.isAtMost(asked.length, 2)
      yield* TestClock.adjust("9 minutes")
      assert.strictEqual((yield* Fiber.join(slow))._tag, "SessionLost")
      assert.strictEqual(asked.length, 6)
    })
  )

  it.scoped("interruption runs logout where it is asked for", () =>
    Effect.gen(function* () {
      const { asked, layer } = script(() => Effect.never, json({ retcode: 0, result: "ok" }))
      const fiber = yield* Poll.events({ logout: true }).pipe(
        Stream.runDrain,
        Effect.provide(Layer.merge(layer, loggedIn)),
        Effect.fork
      )
      yield* TestClock.adjust(0)
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(asked[1]?.url, "http://d.web2.qq.com/channel/logout2")
    })
  )
})
