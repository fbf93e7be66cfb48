/**
 * `webqq demo`: the whole path in one process, over real HTTP: a server, a bot that echoes, and a friend who talks to it.
 */
import * as Command from "@effect/cli/Command"
import * as HttpServer from "@effect/platform/HttpServer"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as Calls from "../../protocol/Contacts.ts"
import * as Messages from "../../protocol/Messages.ts"
import * as Poll from "../../protocol/Poll.ts"
import * as Content from "../../schema/Content.ts"
import * as Ids from "../../schema/Ids.ts"
import type * as PollEvent from "../../schema/PollEvent.ts"
import * as Echo from "../Echo.ts"
import * as Friends from "../Friends.ts"
import * as HttpFront from "../server/HttpFront.ts"
import * as WorldMemory from "../server/WorldMemory.ts"
import * as Account from "./Account.ts"
import * as Listener from "./Listener.ts"
import * as Print from "./Print.ts"
import * as SecureRandom from "./SecureRandom.ts"

const server = Print.voice("server", "cyan")
const bot = Print.voice("bot", "green")
const friend = Print.voice("friend", "magenta")

/** What the friend says: Chinese, an emoji, faces, and the characters that broke old clients. */
export const lines: ReadonlyArray<string> = [
  "你好，小黄鸡！",
  "今天天气真好 😀👍",
  "给你一个[微笑]，再来一个[呲牙]",
  'quotes " and \\ backslashes \\n are just text',
  "第一行\n第二行",
  "再见[再见]"
]

const person = (url: string, number: number, voice: Print.Voice) =>
  Account.layerSession(new URL(url), {
    account: Ids.QQ.make(number),
    password: Redacted.make(`webqq-${number}`),
    onStep: (step) => voice.say(Print.step(step))
  })

const showFriends = (voice: Print.Voice) =>
  Effect.gen(function* () {
    const self = yield* Calls.getSelfInfo2
    const friends = yield* Friends.known
    yield* voice.say(`I am ${self.nick}, and I have ${friends.length} friends:`)
    yield* Effect.forEach(friends, (one) => voice.say(`  ${Print.friend(one)}`), { discard: true })
    return friends
  })

const runBot = (ready: Deferred.Deferred<void>, finished: Deferred.Deferred<void>) =>
  Effect.gen(function* () {
    yield* showFriends(bot)
    yield* bot.say("poll2      waiting for messages")
    yield* Deferred.succeed(ready, undefined)
    const echo = Echo.run({
      onEvent: (event) =>
        event._tag === "BuddyMessage" ? bot.say(`heard      ${Print.content(event.content)}`) : Effect.void
    })
    yield* Effect.raceFirst(echo, Deferred.await(finished))
  })

const isMessage = (event: Poll.Event): event is PollEvent.BuddyMessage => event._tag === "BuddyMessage"

const talk = Effect.gen(function* () {
  const friends = yield* showFriends(friend)
  const chick = friends.find(({ nick }) => nick === "小黄鸡")
  if (chick === undefined) return yield* Effect.dieMessage("the sample world has no bot")
  const heard = yield* Queue.unbounded<PollEvent.BuddyMessage>()
  yield* Poll.events().pipe(
    Stream.filter(isMessage),
    Stream.runForEach((message) => Queue.offer(heard, message)),
    Effect.forkScoped
  )
  yield* Effect.forEach(
    lines,
    (line) =>
      Effect.gen(function* () {
        const content = Content.fromText(line)
        yield* friend.say(`→          ${Print.content(content)}`)
        yield* Messages.sendBuddyMsg2({ to: chick.uin, content })
        const answer = yield* Queue.take(heard)
        yield* friend.say(`←          ${Print.content(answer.content)}`)
      }),
    { discard: true }
  )
})

/** The whole conversation; ends when both have logged out and the server has stopped. */
export const run = Effect.gen(function* () {
  const listener = yield* Layer.build(Listener.layer({ port: 0 }))
  const url = Listener.urlOf(Context.get(listener, HttpServer.HttpServer))
  yield* Layer.build(
    HttpFront.layer({ strict: true }).pipe(
      Layer.provide([WorldMemory.layer(), Layer.succeedContext(listener), SecureRandom.layer])
    )
  )
  yield* server.say(`WebQQ of 2013 on ${url}, strict, with the sample world`)
  const ready = yield* Deferred.make<void>()
  const finished = yield* Deferred.make<void>()
  const echo = runBot(ready, finished).pipe(Effect.provide(person(url, 10001, bot)))
  const conversation = Effect.scoped(talk).pipe(
    Effect.provide(person(url, 10002, friend)),
    Effect.zipRight(Deferred.succeed(finished, undefined))
  )
  // Not a race of the two: when it is interrupted, a race does not wait until both have logged out.
  yield* Effect.all([echo, Effect.zipRight(Deferred.await(ready), conversation)], {
    concurrency: "unbounded",
    discard: true
  })
  yield* server.say(`${lines.length} messages went out and came back; the server stops`)
}).pipe(Effect.scoped)

export const demo = Command.make("demo", {}, () => run).pipe(
  Command.withDescription("Show a server, a bot and a friend talking to each other")
)
