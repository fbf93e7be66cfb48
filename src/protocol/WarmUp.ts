/**
 * The requests that Tencent's own client made after a login.
 */
import * as Effect from "effect/Effect"
import type * as Session from "../services/Session.ts"
import type * as Call from "./Call.ts"
import * as Channel from "./Channel.ts"
import * as Contacts from "./Contacts.ts"
import type * as Errors from "./Errors.ts"

/**
 * Without the list of online friends, servers answered poll2 with 103; without the own profile and the latest
 * conversations, sends with 1202. Only a lost session is a failure here.
 */
export const warmUp: Effect.Effect<void, Errors.SessionLost, Call.Services | Session.Session> = Effect.gen(
  function* () {
    const unneeded = (error: Errors.WebQQError) => Effect.logDebug(`not needed after all: ${error.message}`)
    const survive = {
      TransportError: unneeded,
      UnexpectedResponse: unneeded,
      ServerBusy: unneeded,
      Rejected: unneeded
    }
    yield* Effect.catchTags(Channel.getOnlineBuddies2, survive)
    yield* Effect.catchTags(Contacts.getSelfInfo2, survive)
    yield* Effect.catchTags(Channel.getRecentList2, survive)
  }
)
