/** What happens to a send whose delivery nobody knows about: nothing, unless the caller asks for more. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, FastCheck as fc, Layer, Schedule, TestClock } from "effect"
import { type Errors, Messages } from "../../src/protocol/index.ts"
import { Content, Ids } from "../../src/schema/index.ts"
import { SendLimiter } from "../../src/services/index.ts"
import { type Answer, type Asked, delayed, json, loggedIn, script, text } from "../rigs/ScriptedServer.ts"

const content = Content.make(["hi"])
const to = Ids.Uin.make(10002)
const common = { _tag: "Group", gid: Ids.GroupId.make(3) } as const

/** Every kind of send. */
const sends = {
  send_buddy_msg2: (options: Messages.Options) => Messages.sendBuddyMsg2({ to, content, ...options }),
  send_qun_msg2: (options: Messages.Options) => Messages.sendQunMsg2({ gid: common.gid, content, ...options }),
  send_discu_msg2: (options: Messages.Options) =>
    Messages.sendDiscuMsg2({ did: Ids.DiscussionId.make(4), content, ...options }),
  send_sess_msg2: (options: Messages.Options) => Messages.sendSessMsg2({ to, common, content, ...options })
}

const lost: Answer = () => Effect.fail({ _tag: "RequestError", cause: { code: "ECONNRESET" } })
const ok = json({ retcode: 0, result: "ok" })
const uncertain = json({ retcode: 1202 })
const unknowns = { "1202": uncertain, "a lost answer": lost, "HTTP 504": text("", { status: 504 }), half: text('{"re') }

const idOf = ({ form }: Asked): number => JSON.parse(Object.fromEntries(form).r ?? "{}").msg_id
const signed: Answer = json({ retcode: 0, result: { type: 0, value: "0a1b" } })

/** Answers to sends only: signatures are always given. */
const server = (...answers: ReadonlyArray<Answer>) => {
  const left = [...answers]
  const any: Answer = (asked, request) =>
    asked.url.endsWith("/get_c2cmsg_sig2")
      ? signed(asked, request)
      : (left.shift() ?? (() => Effect.dieMessage("sent once too often")))(asked, request)
  const { asked, layer } = script(...Array.from({ length: 1000 }, () => any))
  return {
    ids: () => asked.filter(({ url }) => url.includes("/send_")).map(idOf),
    services: Layer.merge(layer, loggedIn)
  }
}

for (const [endpoint, send] of Object.entries(sends)) {
  describe(endpoint, () => {
    for (const [what, answer] of Object.entries(unknowns)) {
      it.effect(`is sent once when nobody asks for more: ${what}`, () =>
        Effect.gen(function* () {
          const { ids, services } = server(answer)
          const error = yield* Effect.flip(Effect.provide(send({}), services))
          assert.deepInclude(error, { _tag: "DeliveryUnknown", endpoint })
          assert.deepStrictEqual(ids(), [101])
        })
      )

      it.effect(`is sent again under the same number when asked to: ${what}`, () =>
        Effect.gen(function* () {
          const { ids, services } = server(answer, answer, ok, ok)
          const both = Effect.all([send({ resend: Schedule.recurs(2) }), send({})])
          assert.deepStrictEqual(yield* Effect.provide(both, services), [Ids.MsgId.make(101), Ids.MsgId.make(102)])
          assert.deepStrictEqual(ids(), [101, 101, 101, 102])
        })
      )
    }

    it.effect("stays unknown when the schedule is over", () =>
      Effect.gen(function* () {
        const { ids, services } = server(uncertain, lost, uncertain)
        const error = yield* Effect.flip(Effect.provide(send({ resend: Schedule.recurs(2) }), services))
        assert.deepInclude(error, { _tag: "DeliveryUnknown", retcode: 1202 })
        assert.deepStrictEqual(ids(), [101, 101, 101])
      })
    )

    it.effect("is never sent again after Rejected, SessionLost or ServerBusy, at first or after an unknown", () =>
      Effect.gen(function* () {
        for (const [retcode, _tag] of [
          [1, "Rejected"],
          [121, "SessionLost"],
          [112, "ServerBusy"]
        ] as const) {
          for (const before of [[], [uncertain]]) {
            const { ids, services } = server(...before, json({ retcode }))
            const error = yield* Effect.flip(Effect.provide(send({ resend: Schedule.recurs(5) }), services))
            assert.deepInclude(error, { _tag, retcode })
            assert.lengthOf(ids(), before.length + 1)
          }
        }
      })
    )
  })
}

describe("sending again", () => {
  it.effect("follows the schedule, which sees why", () =>
    Effect.gen(function* () {
      const seen: Array<number | undefined> = []
      const resend = Schedule.spaced("10 seconds").pipe(
        Schedule.tapInput(({ retcode }: Errors.DeliveryUnknown) => Effect.sync(() => seen.push(retcode)))
      )
      const { ids, services } = server(uncertain, lost, ok)
      const fiber = yield* Effect.fork(Effect.provide(sends.send_buddy_msg2({ resend }), services))
      yield* TestClock.adjust("19 seconds")
      assert.deepStrictEqual(ids(), [101, 101])
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(seen, [1202, undefined])
    })
  )

  it.effect("takes its turn among the other sends", () =>
    Effect.gen(function* () {
      const { ids, services } = server(uncertain, ok, ok)
      const fiber = yield* Effect.all(
        [sends.send_buddy_msg2({ resend: Schedule.recurs(1) }), sends.send_qun_msg2({})],
        { concurrency: "unbounded" }
      ).pipe(Effect.provide([services, SendLimiter.layer("1 second")]), Effect.fork)
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(ids(), [101, 102])
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(ids(), [101, 102, 101])
    })
  )
})

describe("message numbers", () => {
  it.effect.prop(
    "rise without gaps or repeats under concurrent senders, whatever the answers, and leave in that order",
    [
      fc.array(fc.constantFrom("ok" as const, "refused" as const, "1202" as const, "lost" as const), {
        minLength: 1,
        maxLength: 30
      }),
      fc.boolean()
    ],
    ([outcomes, slowly]) =>
      Effect.gen(function* () {
        const answers = { ok, refused: json({ retcode: 1 }), "1202": uncertain, lost }
        const { ids, services } = server(
          ...outcomes.map((outcome, i) =>
            slowly ? delayed(`${10 + ((i * 7) % 5)} millis`, answers[outcome]) : answers[outcome]
          )
        )
        const fiber = yield* Effect.all(
          outcomes.map((_, i) => Effect.exit(i % 2 === 0 ? sends.send_buddy_msg2({}) : sends.send_qun_msg2({}))),
          { concurrency: "unbounded" }
        ).pipe(Effect.provide([services, SendLimiter.layer(1)]), Effect.fork)
        yield* TestClock.adjust("1 minute")
        yield* Fiber.join(fiber)
        assert.deepStrictEqual(
          ids(),
          outcomes.map((_, i) => 101 + i)
        )
      }),
    { fastCheck: { numRuns: 20 } }
  )
})
