/**
 * `webqq echo` and `webqq bot`: they wait for a server that is not there yet, and come back after one that went.
 */
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Call from "../../protocol/Call.ts"
import type * as Errors from "../../protocol/Errors.ts"
import type * as Poll from "../../protocol/Poll.ts"
import type * as Recovery from "../../protocol/Recovery.ts"
import type * as Ids from "../../schema/Ids.ts"
import type * as PollEvent from "../../schema/PollEvent.ts"
import * as Session from "../../services/Session.ts"
import * as SessionStore from "../../services/SessionStore.ts"
import * as Bot from "../Bot.ts"
import * as CommandBot from "../CommandBot.ts"
import * as Login from "../Login.ts"
import * as Resume from "../Resume.ts"
import * as Account from "./Account.ts"
import * as Names from "./Names.ts"
import * as Print from "./Print.ts"
import * as State from "./State.ts"
import * as Terminal from "./Terminal.ts"

/** An event in words. */
const describe = (event: Poll.Event, names: Names.Names): string => {
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

/** Shows what a bot hears. The names are those of the session, and asked for again when there is a new one. */
const watching = (voice: Print.Voice) =>
  Effect.gen(function* () {
    const session = yield* Session.Session
    let of = yield* session.get
    let names = yield* Names.load
    return (event: Poll.Event) =>
      Effect.gen(function* () {
        const now = yield* session.get
        if (!Equal.equals(now.vfwebqq, of.vfwebqq)) names = yield* Names.load
        of = now
        yield* voice.say(describe(event, names))
      })
  })

const options = {
  ...Account.options,
  resume: State.resume,
  noWait: Options.boolean("no-wait").pipe(Options.withDescription("End at once where the server is not there"))
}

/** Says once that a login waits, however long it takes. */
const patience = (): Login.PatienceOptions => {
  let isSaid = false
  return {
    onFailure: (failure) =>
      Effect.suspend(() => {
        if (isSaid) return Effect.void
        isSaid = true
        return Print.complaint(`${failure.message} Trying again until it works.`)
      })
  }
}

/** A session for a bot: kept where that is wanted, and waited for where that is. */
const layerSession = (
  login: Effect.Effect<Session.Credentials, Errors.LoginError, Call.Services>,
  { noWait, resume }: { readonly noWait: boolean; readonly resume: boolean },
  given: { readonly account: Ids.QQ; readonly onStep: Login.OnStep }
) =>
  resume
    ? Resume.layer({ ...given, login, ...(noWait ? {} : { patience: patience() }) })
    : Login.layer(noWait ? login : Login.patiently(login, patience()), given)

type Recover = Recovery.Recover<Errors.LoginError, Call.Services | Session.Session>

const botCommand = <E extends Errors.WebQQError | Errors.RecoveryFailed<unknown>>(
  name: string,
  run: (voice: Print.Voice, recover: Recover) => Effect.Effect<void, E, Bot.Services>
) =>
  Command.make(name, options, (flags) =>
    Effect.gen(function* () {
      const voice = Print.voice(name, "green")
      const { account, password, server } = yield* Account.fromFlags(flags)
      const onStep: Login.OnStep = (step) => voice.say(Print.step(step))
      const login = Login.withPassword({ account, password, onStep })
      const recover = Effect.suspend(() => Login.recover(login, { ...patience(), onStep }))
      const ctrlC = flags.resume ? "Ctrl-C leaves the session for --resume" : "Ctrl-C logs out"
      yield* Effect.zipRight(voice.say(`waiting for messages; ${ctrlC}`), run(voice, recover)).pipe(
        Effect.provide(
          layerSession(login, flags, { account, onStep }).pipe(
            Layer.provideMerge(Account.layerClient(server)),
            Layer.provide([
              SessionStore.layerFile(yield* State.sessionFile(server, Option.some(account))),
              Terminal.layerCaptcha
            ])
          )
        )
      )
    })
  )

export const echo = botCommand("echo", (voice, recover) => {
  const answer = (message: PollEvent.Message, reply: Bot.Reply) =>
    Effect.zipRight(reply(message.content), voice.say(`→ ${Print.content(message.content)}`))
  return Effect.flatMap(watching(voice), (onEvent) =>
    Bot.run({
      onEvent,
      poll: { recover },
      onFriendMessage: answer,
      onGroupMessage: answer,
      onDiscussionMessage: answer,
      onSessionMessage: answer
    })
  )
}).pipe(Command.withDescription("Log in and answer every message with itself"))

export const bot = botCommand("bot", (voice, recover) =>
  Effect.flatMap(watching(voice), (onEvent) => CommandBot.run({ onEvent, poll: { recover } }))
).pipe(Command.withDescription("Log in and obey friends: #time, #face, exit"))
