/**
 * A bot that obeys friends: `#time`, `#face`, `exit` (seed 2, "消息获取", whose sample does the like).
 */
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type * as Poll from "../protocol/Poll.ts"
import * as Content from "../schema/Content.ts"
import * as Face from "../schema/Face.ts"
import type * as PollEvent from "../schema/PollEvent.ts"
import * as Bot from "./Bot.ts"

const face = Effect.map(Random.nextIntBetween(0, Face.all.length), (i) => {
  const { id, name } = Face.all[i] ?? { id: 14, name: "微笑" }
  return Content.make([Content.face(id), ` ${name}`])
})

const time = Effect.map(DateTime.now, DateTime.formatIso)

const help = "#time 现在几点；#face 一个表情；exit 再见"

/** What `Bot.run` takes, but for the handlers. */
type Without<Options> = Omit<Options, `on${string}Message`>

/** Obeys until somebody says `exit`, or the session ends; the failure says how it ended. */
export function run<E = never, R = never>(
  options?: Without<Bot.Options<E, R>>
): Effect.Effect<void, Poll.End, Bot.Services | R>
export function run<E, R, PE, PR>(
  options: Without<Bot.Recovering<E, R, PE, PR>>
): Effect.Effect<void, Poll.RecoveringEnd<PE>, Bot.Services | R | PR>
export function run<E, R, PE, PR>(
  options: Without<Bot.Options<E, R>> | Without<Bot.Recovering<E, R, PE, PR>> = {}
): Effect.Effect<void, Poll.RecoveringEnd<PE>, Bot.Services | R | PR> {
  return Effect.gen(function* () {
    const exit = yield* Deferred.make<void>()
    const obey: Bot.Handler<PollEvent.BuddyMessage, Bot.ReplyError, Bot.Services> = ({ content }, reply) => {
      const said = Content.toText(content).trim()
      if (said === "#time") return Effect.flatMap(time, reply)
      if (said === "#face") return Effect.flatMap(face, reply)
      if (said === "exit") return Effect.ensuring(reply("再见[再见]"), Deferred.succeed(exit, undefined))
      return said.startsWith("#") ? reply(help) : Effect.void
    }
    const bot = Bot.run<E | Bot.ReplyError, R | Bot.Services, PE, PR>({ ...options, onFriendMessage: obey })
    yield* Effect.raceFirst(bot, Deferred.await(exit))
  })
}
