/**
 * A message to a group, and an answer that everybody sees.
 *
 * Run after `npm run build`: `npx tsx examples/group-message.ts`.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Layer, Stream } from "effect"
import { Contacts, Content, type Ids, Messages, Poll, Printable } from "effect-webqq"
import { Groups } from "effect-webqq/schema"
import { TestServer } from "effect-webqq/testing"

/** What a member of a group is called there. */
const nameIn = (gcode: Ids.GroupCode, uin: Ids.Uin) =>
  Effect.map(Contacts.getGroupInfoExt2(gcode), (group) => {
    const member = Groups.members(group).find((one) => one.uin === uin)
    return member === undefined ? "Somebody" : Groups.memberName(member)
  })

/** The next message of any group. */
const nextInGroup = Poll.events().pipe(
  Stream.filter((event) => event._tag === "GroupMessage"),
  Stream.runHead,
  Effect.flatten
)

const program = Effect.gen(function* () {
  const server = Layer.succeedContext(yield* Layer.build(TestServer.layer()))
  const bot = yield* Layer.build(Layer.provide(TestServer.login(10001), server))
  const member = yield* Layer.build(Layer.provide(TestServer.login(10002), server))

  yield* Effect.gen(function* () {
    const [group] = Groups.groups(yield* Contacts.getGroupNameListMask2)
    if (group === undefined) return yield* Console.log("There is no group.")
    yield* Messages.sendQunMsg2({ gid: group.gid, content: Content.fromText("大家好[微笑]") })
    yield* Console.log(Printable.oneLine(`A member writes to ${group.name}.`))
  }).pipe(Effect.provide(member))

  yield* Effect.gen(function* () {
    const message = yield* nextInGroup
    const sender = yield* nameIn(message.gcode, message.senderUin)
    yield* Console.log(Printable.oneLine(`The bot hears ${sender}: ${Content.toText(message.content)}`))
    // The event's gid is the address for an answer.
    yield* Messages.sendQunMsg2({ gid: message.gid, content: Content.make(["欢迎 ", Content.face(14)]) })
  }).pipe(Effect.provide(bot))

  yield* Effect.gen(function* () {
    const answer = yield* nextInGroup
    const sender = yield* nameIn(answer.gcode, answer.senderUin)
    yield* Console.log(Printable.oneLine(`The member hears ${sender}: ${Content.toText(answer.content)}`))
  }).pipe(Effect.provide(member))
})

NodeRuntime.runMain(Effect.scoped(program))
