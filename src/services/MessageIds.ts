/**
 * The numbers of sent messages (`msg_id`).
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import * as Ids from "../schema/Ids.ts"
import * as Dialect from "./Dialect.ts"

/**
 * - `next`: a number that was not given before; rises by one with every call, also under concurrent callers.
 * - `last`: the number that was given last, for those who keep a session.
 */
export class MessageIds extends Context.Tag("effect-webqq/MessageIds")<
  MessageIds,
  { readonly next: Effect.Effect<Ids.MsgId>; readonly last: Effect.Effect<Ids.MsgId> }
>() {}

/** Numbers after `after`. */
export const make = (after: number): Effect.Effect<MessageIds["Type"]> =>
  Effect.map(Ref.make(Ids.MsgId.make(after)), (ref) =>
    MessageIds.of({ next: Ref.updateAndGet(ref, (n) => Ids.MsgId.make(n + 1)), last: Ref.get(ref) })
  )

/** Numbers that begin where the dialect's clients began. */
export const layer: Layer.Layer<MessageIds, never, Dialect.Dialect> = Layer.effect(
  MessageIds,
  Effect.flatMap(Effect.all([Dialect.Dialect, Clock.currentTimeMillis]), ([dialect, now]) =>
    make(dialect.firstMsgId(now))
  )
)
