/**
 * A bot that is worth a test: it reminds people, minutes later.
 */
import { Effect, Option } from "effect"
import { Bot, Content, Login, type Session } from "effect-webqq"

interface Order {
  readonly minutes: number
  readonly what: string
}

const parse = (text: string): Option.Option<Order> => {
  const [, minutes, what] = /^#remind (\d{1,4}) (.+)$/.exec(text) ?? []
  return minutes === undefined || what === undefined ? Option.none() : Option.some({ minutes: Number(minutes), what })
}

/** `#remind 10 tea` says "tea" after ten minutes. Other orders can be given meanwhile. Comes back by `login`. */
export const run = <E, R>(login: Effect.Effect<Session.Credentials, E, R>) =>
  Effect.scopedWith((scope) =>
    Bot.run({
      onFriendMessage: (message, reply) =>
        Option.match(parse(Content.toText(message.content)), {
          onNone: () => reply("Say, for example: #remind 10 tea"),
          onSome: ({ minutes, what }) =>
            Effect.zipRight(
              Effect.forkIn(Effect.delay(reply(what), `${minutes} minutes`), scope),
              reply(`In ${minutes} minutes.`)
            )
        }),
      poll: { recover: Login.recover(login) }
    })
  )
