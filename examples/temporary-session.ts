/**
 * Talking to somebody who is no friend, through a common group.
 *
 * Run after `npm run build`: `npx tsx examples/temporary-session.ts`.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Layer, Stream } from "effect"
import { Contacts, Content, Messages, Poll, Printable } from "effect-webqq"
import { Groups } from "effect-webqq/schema"
import { TestServer } from "effect-webqq/testing"

/** The next message of somebody who is no friend. */
const nextFromStranger = Poll.events().pipe(
  Stream.filter((event) => event._tag === "SessMessage"),
  Stream.runHead,
  Effect.flatten
)

/** Writes to a member of the first group. The signature that the server wants is fetched and kept. */
const writeTo = (nick: string) =>
  Effect.gen(function* () {
    for (const { gcode, gid } of Groups.groups(yield* Contacts.getGroupNameListMask2)) {
      const members = Groups.members(yield* Contacts.getGroupInfoExt2(gcode))
      const stranger = members.find((member) => member.nick === nick)
      if (stranger === undefined) continue
      const common = { _tag: "Group", gid } as const
      yield* Messages.sendSessMsg2({ to: stranger.uin, common, content: Content.fromText("我们同班[握手]") })
      return yield* Console.log(Printable.oneLine(`The bot writes to ${nick}, whom it knows from a group.`))
    }
  })

/** The event knows through which group or discussion group it came: that is the way back. */
const answer = Effect.gen(function* () {
  const { common, content, fromUin } = yield* nextFromStranger
  yield* Console.log(
    Printable.oneLine(`路人 hears, through a ${common._tag.toLowerCase()}: ${Content.toText(content)}`)
  )
  yield* Messages.sendSessMsg2({ to: fromUin, common, content: Content.fromText("幸会") })
})

const program = Effect.gen(function* () {
  const server = Layer.succeedContext(yield* Layer.build(TestServer.layer()))
  const bot = yield* Layer.build(Layer.provide(TestServer.login(10001), server))
  const passerBy = yield* Layer.build(Layer.provide(TestServer.login(10004), server))
  yield* Effect.provide(writeTo("路人"), bot)
  yield* Effect.provide(answer, passerBy)
  const { content } = yield* Effect.provide(nextFromStranger, bot)
  yield* Console.log(Printable.oneLine(`The bot hears: ${Content.toText(content)}`))
})

NodeRuntime.runMain(Effect.scoped(program))
