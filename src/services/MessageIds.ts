/**
 * The numbers of sent messages (`msg_id`).
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import * as Ids from "../schema/Ids.ts"

/** `next`: a number that was not given before; rises by one with every call, also under concurrent callers. */
export class MessageIds extends Context.Tag("effect-webqq/MessageIds")<
  MessageIds,
  { readonly next: Effect.Effect<Ids.MsgId> }
>() {}

/**
 * Where the numbers begin, as in Tencent's own client: the last four digits of the unix time in seconds, times 10000
 * (protocol notes, section 1.4). `now` is in ms.
 */
export const start = (now: number): number => (Math.floor(now / 1000) % 10000) * 10000

/** Numbers after `after`. */
export const make = (after: number): Effect.Effect<MessageIds["Type"]> =>
  Effect.map(Ref.make(after), (ref) =>
    MessageIds.of({
      next: Effect.map(
        Ref.updateAndGet(ref, (n) => n + 1),
        (n) => Ids.MsgId.make(n)
      )
    })
  )

/** Numbers that begin by the Clock. */
export const layer: Layer.Layer<MessageIds> = Layer.effect(
  MessageIds,
  Effect.flatMap(Clock.currentTimeMillis, (now) => make(start(now)))
)
