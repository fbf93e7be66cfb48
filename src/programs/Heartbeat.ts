/**
 * The heartbeat of the older dialects.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type * as Call from "../protocol/Call.ts"
import * as Channel from "../protocol/Channel.ts"
import * as Dialect from "../services/Dialect.ts"
import type * as Session from "../services/Session.ts"

/**
 * Sends `get_msg_tip` every minute, for ever (seed 1, "心跳"; protocol notes, section 4.7); does nothing in dialects that
 * have no heartbeat. A beat that fails is logged at debug level and ends nothing: whether the session holds shows at the
 * poll.
 */
export const run: Effect.Effect<never, never, Call.Services | Session.Session> = Effect.gen(function* () {
  const { heartbeat } = yield* Dialect.Dialect
  if (!heartbeat) return yield* Effect.never
  // A random number below 100 first, as the first published client did.
  let count = yield* Random.nextIntBetween(0, 100)
  return yield* Effect.forever(
    Effect.suspend(() => Channel.getMsgTip(count++)).pipe(
      Effect.catchAll((error) => Effect.logDebug("a heartbeat failed:", error.message)),
      Effect.zipRight(Effect.sleep("1 minute"))
    )
  )
})
