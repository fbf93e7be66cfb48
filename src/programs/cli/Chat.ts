/**
 * `webqq echo` and `webqq send`.
 */
import * as Args from "@effect/cli/Args"
import * as Command from "@effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Calls from "../../protocol/Contacts.ts"
import type * as Errors from "../../protocol/Errors.ts"
import * as Messages from "../../protocol/Messages.ts"
import type * as Poll from "../../protocol/Poll.ts"
import * as Contacts from "../../schema/Contacts.ts"
import * as Content from "../../schema/Content.ts"
import type * as PollEvent from "../../schema/PollEvent.ts"
import * as Bot from "../Bot.ts"
import * as CommandBot from "../CommandBot.ts"
import * as Friends from "../Friends.ts"
import * as Login from "../Login.ts"
import * as Account from "./Account.ts"
import { BadInput } from "./Failure.ts"
import * as Names from "./Names.ts"
import * as Print from "./Print.ts"
import * as Terminal from "./Terminal.ts"

const session = (flags: Account.Flags, voice: Print.Voice) =>
  Effect.map(Account.fromFlags(flags), ({ server, ...login }) =>
    Account.layerSession(server, { ...login, onStep: (step) => voice.say(Print.step(step)) }).pipe(
      Layer.provide(Terminal.layerCaptcha)
    )
  )

/** An event in words. */
export const describe = (event: Poll.Event, names: Names.Names): string => {
  switch (event._tag) {
    case "BuddyMessage":
      return `← ${names.person(event.fromUin)}: ${Print.content(event.content)}`
    case "GroupMessage":
      return `← ${names.person(event.senderUin)} in group ${names.group(event.gid)}: ${Print.content(event.content)}`
    case "DiscuMessage":
      return `← ${names.person(event.senderUin)} in discussion ${names.discussion(event.did)}: ${Print.content(event.content)}`
    case "SessMessage":
      return `← ${names.person(event.fromUin)}, who is no friend: ${Print.content(event.content)}`
    case "MalformedPush":
      return `← a ${Print.oneLine(event.pollType)} that cannot be read`
    case "UnknownPush":
      return `← a ${Print.oneLine(event.pollType)}, which this version does not know`
    default:
      return `← ${event._tag}`
  }
}

/** Shows what a bot hears; a lost session is brought back on its cookies. */
const watching = (voice: Print.Voice) =>
  Effect.map(Names.load, (names) => ({
    onEvent: (event: Poll.Event) => voice.say(describe(event, names)),
    poll: { recover: Login.relogin }
  }))

const botCommand = <E extends Errors.WebQQError | Errors.RecoveryFailed<unknown>>(
  name: string,
  run: (voice: Print.Voice) => Effect.Effect<void, E, Bot.Services>
) =>
  Command.make(name, Account.options, (flags) =>
    Effect.gen(function* () {
      const voice = Print.voice(name, "green")
      const announced = Effect.zipRight(voice.say("waiting for messages; Ctrl-C logs out"), run(voice))
      yield* Effect.provide(announced, yield* session(flags, voice))
    })
  )

export const echo = botCommand("echo", (voice) => {
  const answer = (message: PollEvent.Message, reply: Bot.Reply) =>
    Effect.zipRight(reply(message.content), voice.say(`→ ${Print.content(message.content)}`))
  return Effect.flatMap(watching(voice), (watched) =>
    Bot.run({
      ...watched,
      onFriendMessage: answer,
      onGroupMessage: answer,
      onDiscussionMessage: answer,
      onSessionMessage: answer
    })
  )
}).pipe(Command.withDescription("Log in and answer every message with itself"))

export const bot = botCommand("bot", (voice) =>
  Effect.flatMap(watching(voice), (watched) => CommandBot.run(watched))
).pipe(Command.withDescription("Log in and obey friends: #time, #face, exit"))

/** The one friend of a name. */
const findFriend = (wanted: string) =>
  Effect.gen(function* () {
    const found = yield* Friends.called(wanted)
    const [only] = found
    if (only !== undefined && found.length === 1) return only
    if (only !== undefined) {
      return yield* new BadInput({
        message: `${found.length} friends are called ${wanted}. Give the QQ number of the one you mean.`
      })
    }
    const names = Contacts.friends(yield* Calls.getUserFriends2).map(Contacts.displayName)
    return yield* new BadInput({
      message: `no friend is called ${wanted}. The friends are: ${names.slice(0, 20).join(", ") || "none"}.`
    })
  })

const sendArgs = {
  ...Account.options,
  to: Args.text({ name: "to" }).pipe(Args.withDescription("A friend: remark name, nick or number")),
  text: Args.text({ name: "text" }).pipe(
    Args.withDescription("What to say; [微笑] becomes a face, [[OK] the text [OK]")
  )
}

export const send = Command.make("send", sendArgs, ({ text, to, ...flags }) =>
  Effect.gen(function* () {
    if (text === "") return yield* new BadInput({ message: "there is nothing to send. Give a text." })
    const voice = Print.voice("send", "green")
    const sending = Effect.gen(function* () {
      const friend = yield* findFriend(to)
      const content = Content.fromText(text)
      const id = yield* Messages.sendBuddyMsg2({ to: friend.uin, content })
      yield* voice.say(`→ ${Print.oneLine(Contacts.displayName(friend))}: ${Print.content(content)} (message ${id})`)
    })
    yield* Effect.provide(sending, yield* session(flags, voice))
  })
).pipe(Command.withDescription("Log in, send one message to a friend, and log out"))
