/** A bot that answers its friends with their own words, against `npx webqq serve`. Run: `npx webqq serve`, then this file. */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect, Layer, Redacted } from "effect"
import { Bot, CookieStore, Dialect, Ids, Login, Transport } from "effect-webqq"

const login = Login.withPassword({
  account: Ids.QQ.make(10001),
  password: Redacted.make("webqq-10001")
})

const bot = Bot.run({
  onFriendMessage: (message, reply) => reply(message.content),
  poll: { recover: Login.recover(login) }
})

const session = Login.layer(Login.patiently(login)).pipe(
  Layer.provideMerge(Layer.mergeAll(CookieStore.layer, Dialect.webqq2013, Transport.layerHttpClient)),
  Layer.provide([Transport.layer(new URL("http://127.0.0.1:2013")), NodeHttpClient.layer])
)

NodeRuntime.runMain(Effect.provide(bot, session))
