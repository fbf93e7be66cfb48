/**
 * Who wants to know what goes out to groups. Some servers send the own messages back, under a uin that nobody has told:
 * only what was sent shows whose they are.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Content from "../schema/Content.ts"
import type * as Ids from "../schema/Ids.ts"

/** A group, or a discussion group. */
export type Place = { readonly gid: Ids.GroupId } | { readonly did: Ids.DiscussionId }

/** `around(place, content, send)`: the send; called each time that one goes out. */
export interface Service {
  readonly around: <A, E extends { readonly _tag: string }, R>(
    place: Place,
    content: Content.Content,
    send: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E, R>
}

/** The log in use; nobody looks unless a bot does. */
export class SentLog extends Context.Reference<SentLog>()("effect-webqq/SentLog", {
  defaultValue: (): Service => ({ around: (_place, _content, send) => send })
}) {}
