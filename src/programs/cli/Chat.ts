/**
 * `webqq send`.
 */
import * as Args from "@effect/cli/Args"
import * as Command from "@effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Calls from "../../protocol/Contacts.ts"
import * as Messages from "../../protocol/Messages.ts"
import * as Contacts from "../../schema/Contacts.ts"
import * as Content from "../../schema/Content.ts"
import * as Friends from "../Friends.ts"
import * as Account from "./Account.ts"
import { BadInput } from "./Failure.ts"
import * as Print from "./Print.ts"
import * as Terminal from "./Terminal.ts"

const session = (flags: Account.Flags, voice: Print.Voice) =>
  Effect.map(Account.fromFlags(flags), ({ server, ...login }) =>
    Account.layerSession(server, { ...login, onStep: (step) => voice.say(Print.step(step)) }).pipe(
      Layer.provide(Terminal.layerCaptcha)
    )
  )

/** Friends that are named in a sentence. */
const namedAtMost = 20

/** A friend by number. Who has none that can be had is told apart by the rest. */
const withNumber = (friend: Contacts.Friend) =>
  Effect.map(Effect.option(Calls.getFriendUin2(friend.uin)), (account) =>
    Option.match(account, {
      onNone: () => `${Contacts.displayName(friend)} in ${friend.category}, whose number cannot be had`,
      onSome: (number) => Print.friend({ ...friend, account: number })
    })
  )

/** The one friend of a name. */
const findFriend = (wanted: string) =>
  Effect.gen(function* () {
    const found = yield* Friends.called(wanted)
    const [only] = found
    if (only !== undefined && found.length === 1) return only
    if (only !== undefined) {
      const candidates = yield* Effect.forEach(found.slice(0, namedAtMost), withNumber, { concurrency: 4 })
      return yield* new BadInput({
        message: `${found.length} friends are called ${wanted}: ${candidates.join("; ")}. Give the QQ number of the one you mean.`
      })
    }
    const names = Contacts.friends(yield* Calls.getUserFriends2).map(Contacts.displayName)
    return yield* new BadInput({
      message: `no friend is called ${wanted}. The friends are: ${names.slice(0, namedAtMost).join(", ") || "none"}.`
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
