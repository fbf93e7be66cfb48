/**
 * The smallest bot: answers every message with itself.
 */
import type * as Effect from "effect/Effect"
import type * as Errors from "../protocol/Errors.ts"
import type * as Poll from "../protocol/Poll.ts"
import type * as PollEvent from "../schema/PollEvent.ts"
import * as Bot from "./Bot.ts"

/** Answers until the session ends; the failure says how it ended. Takes what `Bot.run` takes, but for the handlers. */
export const run = <E = never, R = never, PE = never, PR = never>(
  options: Omit<Bot.Options<E, R, PE, PR>, `on${string}Message`> = {}
): Effect.Effect<void, Poll.End | Errors.RecoveryFailed<PE>, Bot.Services | R | PR> => {
  const echo = (message: PollEvent.Message, reply: Bot.Reply) => reply(message.content)
  return Bot.run<E | Bot.ReplyError, R | Bot.Services, PE, PR>({
    ...options,
    onFriendMessage: echo,
    onGroupMessage: echo,
    onDiscussionMessage: echo,
    onSessionMessage: echo
  })
}
