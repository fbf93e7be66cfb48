/** The sends: what they answer to which reply (reference, section 4.5), their numbers, and their signatures. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, TestClock } from "effect"
import { Messages } from "../../src/protocol/index.ts"
import { Content, Ids, type PollEvent } from "../../src/schema/index.ts"
import { type Answer, type Asked, json, loggedIn, script, text } from "../rigs/ScriptedServer.ts"

const to = Ids.Uin.make(2440652742)
const gid = Ids.GroupId.make(833193360)
const did = Ids.DiscussionId.make(1664044173)
const content = Content.make(["hi"])
const inGroup = { _tag: "Group", gid } as const
const inDiscussion = { _tag: "Discussion", did } as const

/** What a request carried in `r`. */
const rOf = ({ form }: Asked) => JSON.parse(Object.fromEntries(form).r ?? "{}") as Record<string, unknown>

const signature = json({ retcode: 0, result: { type: 0, value: "0a1b" } })
const isSend = ({ url }: Asked) => url.includes("/send_")

/** Every kind of send, with the endpoint that it asks last. */
const sends = [
  ["send_buddy_msg2", Messages.sendBuddyMsg2({ to, content }), []],
  ["send_qun_msg2", Messages.sendQunMsg2({ gid, content }), []],
  ["send_discu_msg2", Messages.sendDiscuMsg2({ did, content }), []],
  ["send_sess_msg2", Messages.sendSessMsg2({ to, common: inGroup, content }), [signature]]
] as const

for (const [endpoint, message, before] of sends) {
  const send = (answer: Answer) => {
    const { asked, layer } = script(...before, answer)
    return message.pipe(
      Effect.provide(Layer.merge(layer, loggedIn)),
      Effect.ensuring(Effect.sync(() => assert.strictEqual(asked.filter(isSend).length, 1, "a send is never repeated")))
    )
  }

  describe(endpoint, () => {
    it.effect("is done in every form that servers answered in", () =>
      Effect.gen(function* () {
        for (const body of [
          { retcode: 0, result: "ok" },
          { retcode: 100100, result: "ok" },
          { errCode: 0, msg: "send ok" },
          { retcode: 0 },
          { errCode: 0, msg: "send ok", retcode: 0, result: "ok" }
        ]) {
          assert.strictEqual(yield* send(json(body)), Ids.MsgId.make(101))
        }
      })
    )

    it.effect("is a DeliveryUnknown after 1202, a lost answer, an HTTP error and an unreadable answer", () =>
      Effect.gen(function* () {
        const lost: Answer = () => Effect.fail({ _tag: "RequestError", cause: { code: "ECONNRESET" } })
        for (const answer of [json({ retcode: 1202 }), lost, text("", { status: 504 }), text("<html>"), json({})]) {
          const error = yield* Effect.flip(send(answer))
          assert.deepInclude(error, { _tag: "DeliveryUnknown", endpoint })
          assert.include(error.message, "may or may not have been delivered")
        }
      })
    )

    it.effect("is Rejected or SessionLost when the server says so", () =>
      Effect.gen(function* () {
        for (const body of [
          { retcode: 1, errmsg: "no" },
          { errCode: 1, errmsg: "no" }
        ]) {
          const error = yield* Effect.flip(send(json(body)))
          assert.deepInclude(error, { _tag: "Rejected", endpoint, retcode: 1, says: "no" })
        }
        for (const retcode of [8, 103, 108, 121, 100012]) {
          const error = yield* Effect.flip(send(json({ retcode })))
          assert.deepInclude(error, { _tag: "SessionLost", endpoint, retcode })
        }
      })
    )
  })
}

describe("message ids", () => {
  it.effect("rise by one, without gap or repeat, under a hundred concurrent sends of every kind", () =>
    Effect.gen(function* () {
      const answer: Answer = (asked, request) =>
        isSend(asked)
          ? Effect.zipRight(Effect.yieldNow(), json({ retcode: 0 })(asked, request))
          : signature(asked, request)
      const { asked, layer } = script(...Array.from({ length: 101 }, () => answer))
      const given = yield* Effect.all(Array.from({ length: 25 }, () => sends.map(([, message]) => message)).flat(), {
        concurrency: "unbounded"
      }).pipe(Effect.provide(Layer.merge(layer, loggedIn)))
      const expected = Array.from({ length: 100 }, (_, i) => 101 + i)
      assert.deepStrictEqual(
        [...given].map(Number).sort((a, b) => a - b),
        expected
      )
      const sent = asked.filter(isSend).map((each) => Number(rOf(each).msg_id))
      assert.deepStrictEqual(
        sent.sort((a, b) => a - b),
        expected
      )
    })
  )

  it.effect("a send that was refused does not give its number to the next", () =>
    Effect.gen(function* () {
      const { layer } = script(json({ retcode: 1 }), json({ retcode: 0 }))
      const second = Effect.zipRight(Effect.ignore(sends[0][1]), sends[1][1])
      assert.strictEqual(yield* Effect.provide(second, Layer.merge(layer, loggedIn)), Ids.MsgId.make(102))
    })
  )
})

describe("the signature of a temporary session", () => {
  const sess = (common: PollEvent.Common, recipient = to) => Messages.sendSessMsg2({ to: recipient, common, content })

  /** Sends through a server that signs `id-type-to-n`, and the requests for a signature so far. */
  const withServer = <A, E>(
    program: (asked: {
      readonly signatures: () => number
      readonly sends: () => ReadonlyArray<Record<string, unknown>>
    }) => Effect.Effect<
      A,
      E,
      Layer.Layer.Success<typeof loggedIn> | Layer.Layer.Success<ReturnType<typeof script>["layer"]>
    >,
    sendAnswer: Answer = json({ retcode: 0 })
  ) => {
    let signed = 0
    const answer: Answer = (asked, request) => {
      if (isSend(asked)) return sendAnswer(asked, request)
      const { id, service_type, to_uin } = Object.fromEntries(asked.query)
      const value = `${id}-${service_type}-${to_uin}-${++signed}`
      return Effect.delay(json({ retcode: 0, result: { type: 0, value } })(asked, request), "1 second")
    }
    const { asked, layer } = script(...Array.from({ length: 50 }, () => answer))
    return program({ signatures: () => signed, sends: () => asked.filter(isSend).map(rOf) }).pipe(
      Effect.provide(Layer.merge(layer, loggedIn))
    )
  }

  /** A send takes a second of the clock when it has to ask for a signature. */
  const patiently = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.fork(effect)
      yield* TestClock.adjust("1 second")
      return yield* Fiber.join(fiber)
    })

  it.effect("is asked for with service_type 0 for a group, 1 for a discussion group (seed 2, 临时对话)", () =>
    withServer(({ sends }) =>
      Effect.gen(function* () {
        yield* patiently(sess(inGroup))
        yield* patiently(sess(inDiscussion))
        assert.deepStrictEqual(
          sends().map(({ group_sig, service_type, to }) => [group_sig, service_type, to]),
          [
            ["833193360-0-2440652742-1", 0, 2440652742],
            ["1664044173-1-2440652742-2", 1, 2440652742]
          ]
        )
      })
    )
  )

  it.effect("is fetched once per recipient and group, and kept for five minutes", () =>
    withServer(({ signatures }) =>
      Effect.gen(function* () {
        yield* patiently(sess(inGroup))
        yield* TestClock.adjust("298 seconds")
        yield* sess(inGroup)
        assert.strictEqual(signatures(), 1)
        // Five minutes after the request for it.
        yield* TestClock.adjust("1 second")
        yield* patiently(sess(inGroup))
        assert.strictEqual(signatures(), 2)
        yield* patiently(sess(inGroup, Ids.Uin.make(10001)))
        yield* patiently(sess(inDiscussion))
        assert.strictEqual(signatures(), 4)
        yield* sess(inGroup)
        assert.strictEqual(signatures(), 4)
      })
    )
  )

  it.effect("is fetched once for sends at the same time", () =>
    withServer(({ sends, signatures }) =>
      Effect.gen(function* () {
        yield* patiently(
          Effect.all(
            Array.from({ length: 10 }, () => sess(inGroup)),
            { concurrency: "unbounded" }
          )
        )
        assert.strictEqual(signatures(), 1)
        assert.deepStrictEqual(
          new Set(sends().map(({ group_sig }) => group_sig)),
          new Set(["833193360-0-2440652742-1"])
        )
        assert.strictEqual(sends().length, 10)
      })
    )
  )

  it.effect("is forgotten when the send is Rejected", () =>
    withServer(
      ({ sends, signatures }) =>
        Effect.gen(function* () {
          for (const n of [1, 2]) {
            assert.strictEqual((yield* Effect.flip(patiently(sess(inGroup))))._tag, "Rejected")
            assert.strictEqual(signatures(), n)
          }
          assert.strictEqual(sends()[1]?.group_sig, "833193360-0-2440652742-2")
        }),
      json({ retcode: 1 })
    )
  )

  it.effect("is kept when nobody knows whether the message went out", () =>
    withServer(
      ({ signatures }) =>
        Effect.gen(function* () {
          assert.strictEqual((yield* Effect.flip(patiently(sess(inGroup))))._tag, "DeliveryUnknown")
          assert.strictEqual((yield* Effect.flip(sess(inGroup)))._tag, "DeliveryUnknown")
          assert.strictEqual(signatures(), 1)
        }),
      json({ retcode: 1202 })
    )
  )

  it.effect("that is refused, or does not come, sends nothing, and is asked for again", () =>
    Effect.gen(function* () {
      const lost: Answer = () => Effect.fail({ _tag: "RequestError", cause: { code: "ECONNRESET" } })
      const { asked, layer } = script(json({ retcode: 1 }), lost, signature, json({ retcode: 0 }))
      yield* Effect.gen(function* () {
        const refused = yield* Effect.flip(sess(inGroup))
        assert.deepInclude(refused, { _tag: "Rejected", endpoint: "get_c2cmsg_sig2" })
        // Nothing was sent, so this is no DeliveryUnknown: asking again is safe.
        assert.deepInclude(yield* Effect.flip(sess(inGroup)), { _tag: "TransportError", endpoint: "get_c2cmsg_sig2" })
        assert.strictEqual(asked.filter(isSend).length, 0)
        yield* sess(inGroup)
        assert.strictEqual(asked.filter(isSend).length, 1)
      }).pipe(Effect.provide(Layer.merge(layer, loggedIn)))
    })
  )
})
