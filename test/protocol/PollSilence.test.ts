/** Sessions that look alive and are none, and silence that looks like a fault and is none, through the whole loop. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Logger, Stream, TestClock } from "effect"
import { Poll } from "../../src/protocol/index.ts"
import { Session } from "../../src/services/index.ts"
import { type Answer, delayed, json, loggedIn, script, text, token } from "../rigs/ScriptedServer.ts"

/** A loop on a server that answers every poll so, and the question whether the session holds so; `minutes` of it. */
const watch = (minutes: number, polls: (nth: number) => Answer, probe: Answer = json({ retcode: 0, result: [] })) =>
  Effect.gen(function* () {
    let nth = 0
    const { asked, layer } = script(
      ...Array.from(
        { length: 5_000 },
        (): Answer => (request, raw) => (request.url.endsWith("/poll2") ? polls(nth++) : probe)(request, raw)
      )
    )
    let recovered = 0
    const recover = Effect.gen(function* () {
      recovered++
      const session = yield* Session.Session
      yield* session.update({ psessionid: token.psessionid(`healed-${recovered}`) })
      return yield* session.get
    })
    const poll = yield* Poll.make({ recover })
    const statuses: Array<string> = []
    const warnings: Array<string> = []
    yield* poll.status.pipe(
      Stream.runForEach((status) => Effect.sync(() => statuses.push(status._tag))),
      Effect.forkScoped
    )
    let delivered = 0
    const fiber = yield* poll.events.pipe(
      Stream.runForEach(() => Effect.sync(() => delivered++)),
      Effect.provide(Layer.merge(layer, loggedIn)),
      Effect.provide(
        Logger.add(
          Logger.make(({ logLevel, message }) => logLevel._tag === "Warning" && warnings.push(String(message)))
        )
      ),
      Effect.fork
    )
    for (let i = 0; i < minutes; i++) yield* TestClock.adjust("1 minute")
    assert.isNull(fiber.unsafePoll(), "the loop ended")
    yield* Fiber.interrupt(fiber)
    const count = (path: string) => asked.filter(({ url }) => url.endsWith(path)).length
    return {
      polls: count("/poll2"),
      probes: count("/get_online_buddies2"),
      recovered,
      statuses,
      warnings,
      delivered
    }
  })

const lost = json({ retcode: 103 })

describe("a session that looks alive and is none", () => {
  for (const body of [
    { errmsg: "error", retcode: 0, retmsg: "ok" },
    { retcode: 102 },
    { retcode: 109 },
    { retcode: 110 },
    { retcode: 100012 },
    { retcode: 1202 },
    { retcode: 100003 },
    { retcode: 0, result: [] }
  ]) {
    const answer = json(body)

    it.scoped(`is found out by the third ${JSON.stringify(body)} at once, and brought back`, () =>
      Effect.gen(function* () {
        const { probes, recovered, statuses } = yield* watch(
          1,
          (nth) => (nth < 3 ? answer : delayed("55 seconds", json({ retcode: 102 }))),
          lost
        )
        assert.deepStrictEqual([probes, recovered], [1, 1])
        assert.deepStrictEqual(statuses, ["Connecting", "Online", "Relogging", "Online"])
      })
    )
  }

  it.scoped("is not believed for ten minutes of idle answers at once: the server is asked each minute", () =>
    Effect.gen(function* () {
      const { polls, probes, recovered, warnings } = yield* watch(10, () => json({ retcode: 102 }))
      assert.strictEqual(recovered, 0)
      assert.isAtLeast(probes, 9)
      assert.isAtMost(probes, 10)
      assert.isAtMost(polls, 601)
      assert.deepStrictEqual(warnings, [])
    })
  )

  for (const retcode of [109, 110, 100012]) {
    it.scoped(`is found out where the server holds its ${retcode} for some seconds`, () =>
      Effect.gen(function* () {
        const { recovered } = yield* watch(
          1,
          (nth) => delayed(nth < 3 ? "8 seconds" : "55 seconds", json({ retcode: nth < 3 ? retcode : 102 })),
          lost
        )
        assert.strictEqual(recovered, 1)
      })
    )
  }

  it.scoped("is not made of one by a server that cannot tell", () =>
    Effect.gen(function* () {
      for (const cannotTell of [text("", { status: 502 }), json({ retcode: 100006 }), json({ retcode: 112 })]) {
        const { recovered } = yield* watch(1, () => json({ retcode: 102 }), cannotTell)
        assert.strictEqual(recovered, 0)
      }
    })
  )
})

describe("a gateway that ends every poll after a minute", () => {
  const gateway = delayed("60 seconds", text("<html>504</html>", { status: 504 }))

  it.scoped("is as good as an idle server: no gaps, no warnings, and Online all the time", () =>
    Effect.gen(function* () {
      const { polls, probes, recovered, statuses, warnings } = yield* watch(60, () => gateway)
      assert.isAtLeast(polls, 60)
      assert.deepStrictEqual([statuses, warnings, recovered], [["Connecting", "Online"], [], 0])
      assert.strictEqual(probes, 12, "after every five")
    })
  )

  it.scoped("hides no session that is lost", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* watch(6, () => gateway, lost)).recovered, 1)
    })
  )
})

describe("one event for ever", () => {
  it.scoped("is delivered once, and asked for once a second", () =>
    Effect.gen(function* () {
      const event = {
        poll_type: "message",
        value: { msg_id: 1, from_uin: 1, to_uin: 2, time: 1, content: [["font", {}], "again"] }
      }
      const { delivered, polls } = yield* watch(1, () => json({ retcode: 0, result: [event] }))
      assert.strictEqual(delivered, 1)
      // The one that follows the news comes at once.
      assert.isAtMost(polls, 62)
    })
  )
})
