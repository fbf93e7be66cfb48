/**
 * A friend writes, and the bot answers.
 *
 * Run after `npm run build`: `npx tsx examples/friend-message.ts`.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Layer, Stream } from "effect"
import { Content, Friends, Messages, Poll, Printable } from "effect-webqq"
import { TestServer } from "effect-webqq/testing"

/** Answers the first message of a friend, and is done. */
const answerOnce = Poll.events().pipe(
  Stream.filter((event) => event._tag === "BuddyMessage"),
  Stream.take(1),
  Stream.runForEach((message) =>
    Effect.gen(function* () {
      yield* Console.log(Printable.oneLine(`The bot hears: ${Content.toText(message.content)}`))
      yield* Messages.sendBuddyMsg2({ to: message.fromUin, content: Content.fromText("你好[呲牙]") })
    })
  )
)

/** Says something, and waits for the answer. */
const talk = Effect.gen(function* () {
  // Uins are new in every session; remarks, nicks and QQ numbers stay.
  const [to] = yield* Friends.called("10001")
  if (to === undefined) return yield* Console.log("There is no such friend.")
  // A [face] in brackets becomes one; quotes, newlines and emoji need no care.
  yield* Messages.sendBuddyMsg2({ to: to.uin, content: Content.fromText('说 "你好" 😀[微笑]') })
  yield* Console.log("The friend has written.")
  yield* Poll.events().pipe(
    Stream.filter((event) => event._tag === "BuddyMessage"),
    Stream.take(1),
    Stream.runForEach(({ content }) => Console.log(Printable.oneLine(`The friend hears: ${Content.toText(content)}`)))
  )
})

const program = Effect.gen(function* () {
  const server = Layer.succeedContext(yield* Layer.build(TestServer.layer()))
  const bot = Layer.provide(TestServer.login(10001), server)
  const friend = Layer.provide(TestServer.login(10002), server)
  yield* Effect.all([Effect.provide(answerOnce, bot), Effect.provide(talk, friend)], { concurrency: "unbounded" })
})

NodeRuntime.runMain(Effect.scoped(program))
