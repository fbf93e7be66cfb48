/**
 * A bot that obeys friends: `#time`, `#face`, `exit` (seed 2, "消息获取", whose sample does the like).
 */
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type * as Errors from "../protocol/Errors.ts"
import type * as Poll from "../protocol/Poll.ts"
import * as Content from "../schema/Content.ts"
import * as Face from "../schema/Face.ts"
import * as Bot from "./Bot.ts"

const face = Effect.map(Random.nextIntBetween(0, Face.all.length), (i) => {
  const { id, name } = Face.all[i] ?? { id: 14, name: "微笑" }
  return Content.make([Content.face(id), ` ${name}`])
})

const time = Effect.map(DateTime.now, DateTime.formatIso)

const help = "#time 现在几点；#face 一个表情；exit 再见"

/** Obeys until somebody says `exit`, or the session ends; the failure says how it ended. */
export const run = <E = never, R = never, PE = never, PR = never>(
  options: Omit<Bot.Options<E, R, PE, PR>, `on${string}Message`> = {}
): Effect.Effect<void, Poll.End | Errors.RecoveryFailed<PE>, Bot.Services | R | PR> =>
  Effect.gen(function* () {
    const exit = yield* Deferred.make<void>()
    const bot = Bot.run<E | Bot.ReplyError, R | Bot.Services, PE, PR>({
      ...options,
      onFriendMessage: ({ content }, reply) => {
        const said = Content.toText(content).trim()
        if (said === "#time") return Effect.flatMap(time, reply)
        if (said === "#face") return Effect.flatMap(face, reply)
        if (said === "exit") return Effect.ensuring(reply("再见[再见]"), Deferred.succeed(exit, undefined))
        return said.startsWith("#") ? reply(help) : Effect.void
      }
    })
    yield* Effect.raceFirst(bot, Deferred.await(exit))
  })
