/**
 * The smallest bot: answers every message with itself.
 */
import type * as Effect from "effect/Effect"
import type * as Poll from "../protocol/Poll.ts"
import type * as PollEvent from "../schema/PollEvent.ts"
import * as Bot from "./Bot.ts"

/** What `Bot.run` takes, but for the handlers. */
type Without<Options> = Omit<Options, `on${string}Message`>

const echo = (message: PollEvent.Message, reply: Bot.Reply) => reply(message.content)
const handlers = {
  onFriendMessage: echo,
  onGroupMessage: echo,
  onDiscussionMessage: echo,
  onSessionMessage: echo
}

/** Answers until the session ends; the failure says how it ended. Takes what `Bot.run` takes, but for the handlers. */
export function run<E = never, R = never>(
  options?: Without<Bot.Options<E, R>>
): Effect.Effect<void, Poll.End, Bot.Services | R>
export function run<E, R, PE, PR>(
  options: Without<Bot.Recovering<E, R, PE, PR>>
): Effect.Effect<void, Poll.RecoveringEnd<PE>, Bot.Services | R | PR>
export function run<E, R, PE, PR>(
  options: Without<Bot.Options<E, R>> | Without<Bot.Recovering<E, R, PE, PR>> = {}
): Effect.Effect<void, Poll.RecoveringEnd<PE>, Bot.Services | R | PR> {
  return Bot.run<E | Bot.ReplyError, R | Bot.Services, PE, PR>({ ...options, ...handlers })
}
