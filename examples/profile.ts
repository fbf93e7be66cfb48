/**
 * The own signature, and somebody who asks to become a friend.
 *
 * Run after `npm run build`: `npx tsx examples/profile.ts`.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Layer, Stream } from "effect"
import { Contacts, Poll, Printable } from "effect-webqq"
import { Contacts as Lists } from "effect-webqq/schema"
import { TestServer } from "effect-webqq/testing"

const program = Effect.gen(function* () {
  yield* Contacts.setLongNick2("在爬山")
  const { lnick, nick } = yield* Contacts.getSelfInfo2
  yield* Console.log(Printable.oneLine(`${nick}: ${lnick}`))

  // Requests that wait are told after the login.
  const request = yield* Poll.events().pipe(
    Stream.filter((event) => event._tag === "SystemMessage"),
    Stream.filter(({ type }) => type === "verify_required"),
    Stream.runHead,
    Effect.flatten
  )
  yield* Console.log(Printable.oneLine(`${request.account} asks: ${request.msg}`))
  // Or `allowAddedRequest2(account)`, or `denyAddedRequest2({ account, reason })`.
  yield* Contacts.allowAndAdd2({ account: request.account, markname: "路人甲" })

  const friends = Lists.friends(yield* Contacts.getUserFriends2)
  yield* Console.log(Printable.oneLine(`Friends now: ${friends.map(Lists.displayName).join(", ")}`))
})

const me = Layer.provide(TestServer.login(10002), TestServer.layer())

NodeRuntime.runMain(Effect.provide(program, me))
