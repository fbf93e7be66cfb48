/** A bot that keeps its session is killed ten times, just after it got messages and with more of them waiting. */
import { Effect, Fiber, Stream } from "effect"
import { assert, describe, it } from "vitest"
import { Friends } from "../../src/programs/index.ts"
import { Messages, Poll } from "../../src/protocol/index.ts"
import { Content, PollEvent } from "../../src/schema/index.ts"
import { login } from "../rigs/Client.ts"
import { file, start } from "../rigs/Command.ts"

const world = file(
  "killed-bot.json",
  JSON.stringify({
    accounts: [
      { number: 10001, password: "webqq-10001", nick: "小黄鸡", friends: [{ number: 10002 }] },
      { number: 10002, password: "webqq-10002", nick: "明明" }
    ]
  })
)

const kills = 10
/** Messages in a row; the bot answers two of them in a second. */
const burst = 5

describe("a bot that keeps its session", () => {
  it("has answered every acknowledged message after ten kills", { timeout: 600_000 }, async () => {
    const server = start(["serve", "--port", "0", "--no-admin", "--world", world])
    const [url] = await server.until(/http:\/\/127\.0\.0\.1:\d+/)
    const bot = () =>
      start(["echo", "--resume"], { WEBQQ_UIN: "10001", WEBQQ_PASSWORD: "webqq-10001", WEBQQ_SERVER: url })

    const story = Effect.gen(function* () {
      const acknowledged: Array<string> = []
      const answered = new Map<string, number>()
      const [friend] = yield* Friends.called("小黄鸡")
      if (friend === undefined) return assert.fail("there is no bot")
      const say = (text: string) =>
        Effect.tap(Messages.sendBuddyMsg2({ to: friend.uin, content: Content.make([text]) }), () =>
          Effect.sync(() => acknowledged.push(text))
        )
      const untilMark = yield* Poll.events().pipe(
        Stream.filter(PollEvent.isMessage),
        Stream.map(({ content }) => Content.toText(content)),
        Stream.tap((text) => Effect.sync(() => answered.set(text, (answered.get(text) ?? 0) + 1))),
        Stream.takeUntil((text) => text === "mark"),
        Stream.runDrain,
        Effect.fork
      )
      for (let kill = 0; kill < kills; kill++) {
        const process = bot()
        yield* Effect.promise(() => process.until(/waiting for messages/))
        for (let i = 0; i < burst; i++) yield* say(`${kill}/${i}`)
        // So many have been received, and the last of them not yet answered.
        yield* Effect.promise(() => process.until(new RegExp(`(← [^\\n]*\\n[^←]*){${1 + (kill % 4)}}`)))
        process.kill()
        yield* Effect.promise(() => process.done)
      }
      const last = bot()
      yield* say("mark")
      yield* Fiber.join(untilMark)
      last.kill()
      yield* Effect.promise(() => last.done)
      return { acknowledged, answered }
    })
    try {
      const { acknowledged, answered } = await Effect.runPromise(
        story.pipe(Effect.provide(login(new URL(url), 10002)), Effect.scoped)
      )
      const twice = [...answered.values()].filter((times) => times > 1).length
      console.log(`${kills} kills: ${acknowledged.length} messages acknowledged, ${twice} answered more than once`)
      assert.deepStrictEqual(
        acknowledged.filter((text) => !answered.has(text)),
        []
      )
    } finally {
      server.kill()
      await server.done
    }
  })
})
