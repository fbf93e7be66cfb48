/** A bot that answers every message with itself, against `npx webqq serve`. Run: `npx webqq serve`, then this file. */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect, Layer, Redacted, Stream } from "effect"
import { CookieStore, Dialect, Ids, Login, Messages, Poll, Transport } from "effect-webqq"

const bot = Stream.runForEach(Poll.events(), (event) =>
  Effect.gen(function* () {
    if (event._tag === "BuddyMessage") {
      yield* Messages.sendBuddyMsg2({ to: event.fromUin, content: event.content })
    }
  })
)

const session = Login.layerPassword({
  account: Ids.QQ.make(10001),
  password: Redacted.make("webqq-10001")
}).pipe(
  Layer.provideMerge(Layer.mergeAll(CookieStore.layer, Dialect.webqq2013, Transport.layerHttpClient)),
  Layer.provide([Transport.layer(new URL("http://127.0.0.1:2013")), NodeHttpClient.layer])
)

NodeRuntime.runMain(Effect.provide(bot, session))
