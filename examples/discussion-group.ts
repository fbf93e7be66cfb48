/**
 * A discussion group: who is in it, and a message to all of them.
 *
 * Run after `npm run build`: `npx tsx examples/discussion-group.ts`.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Layer, Option, Stream } from "effect"
import { Channel, Contacts, Content, Messages, Poll, Printable } from "effect-webqq"
import { Groups } from "effect-webqq/schema"
import { TestServer } from "effect-webqq/testing"

const invite = Effect.gen(function* () {
  const { dnamelist } = yield* Contacts.getDiscusList
  for (const { did, name } of dnamelist) {
    yield* Console.log(Printable.oneLine(`${name}:`))
    for (const member of Groups.discussionMembers(yield* Channel.getDiscuInfo(did))) {
      yield* Console.log(Printable.oneLine(`  ${member.nick}, ${Option.getOrElse(member.status, () => "offline")}`))
    }
    yield* Messages.sendDiscuMsg2({ did, content: Content.fromText("周六去爬山吧[太阳]") })
  }
})

const listen = Poll.events().pipe(
  Stream.filter((event) => event._tag === "DiscuMessage"),
  Stream.take(1),
  Stream.runForEach((message) =>
    Effect.gen(function* () {
      const members = Groups.discussionMembers(yield* Channel.getDiscuInfo(message.did))
      const sender = members.find(({ uin }) => uin === message.senderUin)?.nick ?? "Somebody"
      yield* Console.log(Printable.oneLine(`${sender} says: ${Content.toText(message.content)}`))
    })
  )
)

const program = Effect.gen(function* () {
  const server = Layer.succeedContext(yield* Layer.build(TestServer.layer()))
  const bot = yield* Layer.build(Layer.provide(TestServer.login(10001), server))
  const owner = yield* Layer.build(Layer.provide(TestServer.login(10002), server))
  yield* Effect.provide(invite, owner)
  yield* Effect.provide(listen, bot)
})

NodeRuntime.runMain(Effect.scoped(program))
