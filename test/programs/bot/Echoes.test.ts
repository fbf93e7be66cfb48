/** A bot never answers itself, whatever uin its own messages come back under, and answers everybody else. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, FastCheck as fc, Layer, TestClock } from "effect"
import * as Echoes from "../../../src/programs/bot/Echoes.ts"
import { Bot, Echo } from "../../../src/programs/index.ts"
import { Dialects } from "../../../src/protocol/index.ts"
import { Content } from "../../../src/schema/index.ts"
import { type Answer, credentials, json, loggedInTo, script } from "../../rigs/ScriptedServer.ts"

const place = "group 1"
const content = (text: string) => Content.fromText(text)

/** Plays a little scene: who says what when, and what the bot sends; gives whose each message was. */
const scene = () => {
  let state = Echoes.initial
  return {
    begin: (text: string, now: number, where = place) => {
      const [next, id] = Echoes.began(state, where, content(text), now)
      state = next
      return id
    },
    end: (id: number, now: number, arrived = true) => {
      state = Echoes.ended(state, id, arrived, now)
    },
    hear: (sender: number, text: string | Content.Content, now: number, where = place) => {
      const [next, arrived] = Echoes.arrive(state, {
        place: where,
        sender,
        content: typeof text === "string" ? content(text) : text,
        now
      })
      state = next
      return () => {
        const [after, verdict] = Echoes.judge(state, arrived)
        state = after
        return verdict._tag
      }
    }
  }
}

describe("the own words", () => {
  it("that come back under a new uin are known, once, and so is the uin from then on", () => {
    const { begin, end, hear } = scene()
    end(begin("hello", 0), 10)
    assert.strictEqual(hear(99, "hello", 20)(), "Own")
    assert.strictEqual(hear(98, "hello", 30)(), "Other", "somebody else says it, too")
    assert.strictEqual(hear(99, "anything", 60_000)(), "Own")
  })

  it("that come back before the answer to the send are known once it is there", () => {
    const { begin, end, hear } = scene()
    const id = begin("hello", 0)
    const echo = hear(99, "hello", 5)
    assert.strictEqual(echo(), "Unknown")
    end(id, 20)
    assert.strictEqual(echo(), "Own")
  })

  it("that were refused are not those of somebody who says them", () => {
    const { begin, end, hear } = scene()
    const id = begin("hello", 0)
    const same = hear(99, "hello", 5)
    end(id, 20, false)
    assert.strictEqual(same(), "Other")
  })

  it("are not those of people who were heard before, of another group, or of a later time", () => {
    const { begin, end, hear } = scene()
    hear(5, "hi", 0)()
    end(begin("hello", 1), 2)
    assert.strictEqual(hear(5, "hello", 3)(), "Other")
    assert.strictEqual(hear(6, "hello", 3, "group 2")(), "Other")
    assert.strictEqual(hear(7, "hello", 10_003)(), "Other")
    assert.strictEqual(hear(8, "hello", 10_002)(), "Own")
  })

  it("are known with the blanks, line ends and escapes that servers put in, and with faces", () => {
    for (const [sent, heard] of [
      [content("你好[微笑]"), Content.make(["你好", Content.face(14), " "])],
      [content("a < b & c"), Content.make(["a &lt; b &amp; c "])],
      [content("one\ntwo"), Content.make(["one\r\ntwo"])],
      [content("[微笑]hi"), Content.make([Content.face(14), " ", "hi"])]
    ] as const) {
      assert.strictEqual(Echoes.wordsOf(sent), Echoes.wordsOf(heard))
    }
    assert.notStrictEqual(Echoes.wordsOf(content("[微笑]")), Echoes.wordsOf(content("[呲牙]")))
    assert.notStrictEqual(Echoes.wordsOf(content("[微笑]")), Echoes.wordsOf(Content.make(["14"])))
  })

  it("need to be some: pictures alone are nobody's", () => {
    const { end, hear } = scene()
    let state = Echoes.initial
    const picture = Content.make([{ _tag: "Other", raw: ["cface"] }])
    ;[state] = Echoes.began(state, place, picture, 0)
    end(1, 0)
    assert.strictEqual(hear(99, picture, 1)(), "Other")
  })

  it("are those of a parrot, too, at the third time; who has said anything else is none", () => {
    const { begin, end, hear } = scene()
    for (const sender of [1, 2]) hear(sender, sender === 1 ? "first" : "hello", 0)()
    const verdicts = ["one", "two", "three"].map((words, i) => {
      end(begin(words, i), i)
      return [hear(1, words, i)(), hear(2, words, i)(), hear(3, words, i)()]
    })
    // 2 has once said "hello", which was nobody's; 3 came with the echo of the first.
    assert.deepStrictEqual(verdicts, [
      ["Other", "Other", "Own"],
      ["Other", "Other", "Own"],
      ["Other", "Other", "Own"]
    ])
    const late = scene()
    late.hear(9, "a", 0)
    assert.deepStrictEqual(
      ["a", "a", "a"].map((words, i) => {
        late.end(late.begin(words, i), i)
        return late.hear(9, words, i)()
      }),
      ["Other", "Other", "Own"]
    )
  })

  it.prop(
    "are never those of somebody who was heard before and says anything else",
    [
      fc.array(
        fc.oneof(
          fc.record({ send: fc.constantFrom("a", "b") }),
          fc.record({ says: fc.constantFrom("a", "b", "c"), who: fc.integer({ min: 1, max: 5 }) })
        ),
        { maxLength: 60 }
      )
    ],
    ([events]) => {
      const { begin, end, hear } = scene()
      for (let who = 1; who <= 5; who++) hear(who, "good morning", 0)()
      for (const [now, event] of events.entries()) {
        if ("send" in event) end(begin(event.send, now), now)
        else assert.strictEqual(hear(event.who, event.says, now)(), "Other")
      }
    }
  )

  it.prop(
    "are found out in any order of sends and echoes, and never answered more than three times",
    [fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.boolean()), { minLength: 1, maxLength: 40 })],
    ([sends]) => {
      const { begin, end, hear } = scene()
      let answered = 0
      for (const [now, [words, early]] of sends.entries()) {
        const id = begin(words, now)
        const echo = early ? hear(99, words, now) : undefined
        end(id, now)
        if ((echo ?? hear(99, words, now))() !== "Own") answered++
        // Others talk in between, as fast as the server.
        hear(now % 7, words, now)()
      }
      assert.isBelow(answered, 3)
    }
  )
})

const me = loggedInTo(Dialects.webqq2014, credentials)

/** A server that sends to the group what was sent to it, under an unknown uin, before anything that `others` say. */
const mirror = (others: ReadonlyArray<readonly [sender: number, text: string]>) => {
  let id = 0
  const frame = (sender: number, content: unknown) => ({
    poll_type: "group_message",
    value: {
      msg_id: ++id,
      from_uin: 7,
      group_code: 8,
      send_uin: sender,
      to_uin: credentials.account,
      time: id,
      content
    }
  })
  const waiting: Array<unknown> = others.map(([sender, text]) => frame(sender, [["font", {}], text]))
  const sent: Array<string> = []
  const answer: Answer = (asked, request) => {
    if (asked.url.endsWith("/send_qun_msg2")) {
      const { content } = JSON.parse(asked.form[0]?.[1] ?? "{}")
      const [text] = JSON.parse(content)
      sent.push(text)
      waiting.unshift(frame(4_000_000_001, [["font", {}], `${text} `]))
      return json({ retcode: 0, result: "ok" })(asked, request)
    }
    if (!asked.url.endsWith("/poll2")) return json({ retcode: 0, result: [] })(asked, request)
    const next = waiting.shift()
    return next === undefined
      ? Effect.delay(json({ retcode: 102 })(asked, request), "50 seconds")
      : json({ retcode: 0, result: [next] })(asked, request)
  }
  return { sent, ...script(...Array.from({ length: 1_000 }, () => answer)) }
}

describe("a bot in a group whose server sends back what it says", () => {
  it.scoped("answers once, and everybody who says the same", () =>
    Effect.gen(function* () {
      const { layer, sent } = mirror([
        [1, "hello"],
        [2, "hello"]
      ])
      const running = yield* Effect.fork(Effect.provide(Echo.run(), Layer.merge(me, layer)))
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(sent, ["hello", "hello"])
      yield* Fiber.interrupt(running)
    })
  )

  it.scoped("handles its own words where that is asked for", () =>
    Effect.gen(function* () {
      const { layer } = mirror([[1, "hello"]])
      const heard: Array<string> = []
      const running = yield* Bot.run({
        ownMessages: true,
        onGroupMessage: (message, reply) =>
          Effect.suspend(() => {
            heard.push(Content.toText(message.content).trim())
            return heard.length === 1 ? reply("hello") : Effect.void
          })
      }).pipe(Effect.provide(Layer.merge(me, layer)), Effect.fork)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(heard, ["hello", "hello"])
      yield* Fiber.interrupt(running)
    })
  )
})

describe("the poll that confirms", () => {
  const message = (id: number) => ({
    poll_type: "message",
    value: { msg_id: id, from_uin: id, to_uin: 2, time: 1, content: [["font", {}], "hi"] }
  })
  /** Polls that went out, by second, while handlers take so long. */
  const pollsAt = (options: Pick<Bot.Options<never, never>, "concurrency" | "confirm">, takes: number) =>
    Effect.gen(function* () {
      const { asked, layer } = script(json({ retcode: 0, result: [message(1), message(2)] }), () => Effect.never)
      const running = yield* Bot.run({ ...options, onFriendMessage: () => Effect.sleep(takes) }).pipe(
        Effect.provide(Layer.merge(me, layer)),
        Effect.fork
      )
      let seconds = 0
      while (asked.length < 2) {
        yield* TestClock.adjust("1 second")
        seconds++
      }
      yield* Fiber.interrupt(running)
      return seconds
    })

  for (const [name, options, takes, expected] of [
    ["does not wait for handlers that are done", {}, 0, 1],
    ["waits for handlers that are soon done", {}, 1_500, 2],
    ["waits two seconds for those that take longer", {}, 600_000, 2],
    ["waits until each has begun", { concurrency: 1 }, 10_000, 12],
    ["waits a minute at most", { concurrency: 1 }, 600_000, 60],
    ["waits as long as it is told to", { confirm: { afterRunning: "5 minutes", atMost: "1 hour" } }, 240_000, 240],
    ["waits no longer than it is told to", { concurrency: 1, confirm: { atMost: "3 seconds" } }, 600_000, 3]
  ] as const) {
    it.scoped(name, () => Effect.map(pollsAt(options, takes), (at) => assert.strictEqual(at, expected)))
  }
})
