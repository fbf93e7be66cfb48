/**
 * The smallest bot: answers every message with itself.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type * as Call from "../protocol/Call.ts"
import type * as Errors from "../protocol/Errors.ts"
import * as Messages from "../protocol/Messages.ts"
import * as Poll from "../protocol/Poll.ts"
import type * as PollEvent from "../schema/PollEvent.ts"
import type * as MessageIds from "../services/MessageIds.ts"
import type * as Session from "../services/Session.ts"

/**
 * - `onEvent`: called for every event before it is answered.
 * - `onReply`: called for every answer that was sent.
 */
export interface Options {
  readonly poll?: Poll.Options
  readonly onEvent?: (event: Poll.Event) => Effect.Effect<void>
  readonly onReply?: (message: PollEvent.BuddyMessage) => Effect.Effect<void>
}

const answer = (message: PollEvent.BuddyMessage, options: Options) =>
  Messages.sendBuddyMsg2({ to: message.fromUin, content: message.content }).pipe(
    Effect.zipRight(options.onReply?.(message) ?? Effect.void),
    // One message that cannot be answered is no reason to stop answering others; a lost session shows at the next poll.
    Effect.catchAll((error) => Effect.logWarning("no answer sent:", error.message))
  )

/** Answers until the session ends; the failure says how it ended (`Kicked`, `SessionLost`, …). */
export const run = (
  options: Options = {}
): Effect.Effect<void, Errors.SessionError | Errors.Kicked, Call.Services | Session.Session | MessageIds.MessageIds> =>
  Stream.runForEach(Poll.events(options.poll), (event) =>
    Effect.zipRight(
      options.onEvent?.(event) ?? Effect.void,
      event._tag === "BuddyMessage" ? answer(event, options) : Effect.void
    )
  )
