/**
 * Who am I, and whom do I know? Friends and groups, by names and numbers.
 *
 * Run after `npm run build`: `npx tsx examples/contacts.ts`.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Layer } from "effect"
import { Contacts, Printable } from "effect-webqq"
import { Groups, Contacts as Lists } from "effect-webqq/schema"
import { TestServer } from "effect-webqq/testing"

const program = Effect.gen(function* () {
  const self = yield* Contacts.getSelfInfo2
  yield* Console.log(Printable.oneLine(`I am ${self.nick}, QQ number ${self.account}.`))

  for (const friend of Lists.friends(yield* Contacts.getUserFriends2)) {
    // A uin holds for one session only; the QQ number is for ever.
    const account = yield* Contacts.getFriendUin2(friend.uin)
    yield* Console.log(
      Printable.oneLine(`Friend ${Lists.displayName(friend)} in ${friend.category}, QQ number ${account}`)
    )
  }

  for (const group of Groups.groups(yield* Contacts.getGroupNameListMask2)) {
    yield* Console.log(Printable.oneLine(`Group ${group.name}:`))
    // Members are asked for by the group's code, messages are sent to its gid.
    for (const member of Groups.members(yield* Contacts.getGroupInfoExt2(group.gcode))) {
      yield* Console.log(
        Printable.oneLine(`  ${Groups.memberName(member)} (${member.role})${member.online ? ", online" : ""}`)
      )
    }
  }
})

const bot = Layer.provide(TestServer.login(10001), TestServer.layer())

NodeRuntime.runMain(Effect.provide(program, bot))
