/**
 * The shell of `Echoes`: it hears what goes out and what comes in.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Exit from "effect/Exit"
import type * as PollEvent from "../../schema/PollEvent.ts"
import type * as SentLog from "../../services/SentLog.ts"
import * as Session from "../../services/Session.ts"
import * as Echoes from "./Echoes.ts"

/**
 * - `log`: for the sends of the bot.
 * - `hear(message)`: takes note of a message when it arrives; the inner effect says, in its turn, whether it is an echo of
 *   what this bot sent.
 */
export interface OwnWords {
  readonly log: SentLog.Service
  readonly hear: (message: PollEvent.Message) => Effect.Effect<Effect.Effect<boolean>>
}

const keyOf = (place: SentLog.Place): string => ("gid" in place ? `group ${place.gid}` : `discussion ${place.did}`)

const notOwn = Effect.succeed(Effect.succeed(false))

export const make: Effect.Effect<OwnWords, never, Session.Session> = Effect.gen(function* () {
  const session = yield* Session.Session
  let state = Echoes.initial
  let of = (yield* session.get).vfwebqq
  const onTheirWay = new Map<number, Deferred.Deferred<void>>()

  /** The uins of another web login are other ones. */
  const forgetOlder = Effect.map(session.get, ({ vfwebqq }) => {
    if (!Equal.equals(vfwebqq, of)) state = Echoes.initial
    of = vfwebqq
  })

  const log: SentLog.Service = {
    around: (place, content, send) =>
      Effect.gen(function* () {
        yield* forgetOlder
        const [began, id] = Echoes.began(state, keyOf(place), content, yield* Clock.currentTimeMillis)
        state = began
        const done = yield* Deferred.make<void>()
        onTheirWay.set(id, done)
        return yield* Effect.onExit(send, (exit) =>
          Effect.gen(function* () {
            // Of one that was interrupted, nobody knows.
            const arrived =
              Exit.isSuccess(exit) ||
              Exit.isInterrupted(exit) ||
              (exit.cause._tag === "Fail" && exit.cause.error._tag === "DeliveryUnknown")
            state = Echoes.ended(state, id, arrived, yield* Clock.currentTimeMillis)
            onTheirWay.delete(id)
            yield* Deferred.succeed(done, undefined)
          })
        )
      })
  }

  const isEcho = (arrived: Echoes.Arrived): Effect.Effect<boolean> =>
    Effect.suspend(() => {
      const [after, verdict] = Echoes.judge(state, arrived)
      state = after
      if (verdict._tag !== "Unknown") return Effect.succeed(verdict._tag === "Own")
      const done = onTheirWay.get(verdict.until)
      return done === undefined ? Effect.succeed(false) : Effect.zipRight(Deferred.await(done), isEcho(arrived))
    })

  return {
    log,
    hear: (message) => {
      if (message._tag !== "GroupMessage" && message._tag !== "DiscuMessage") return notOwn
      return Effect.gen(function* () {
        yield* forgetOlder
        const [after, arrived] = Echoes.arrive(state, {
          place: keyOf(message),
          sender: Number(message.senderUin),
          content: message.content,
          now: yield* Clock.currentTimeMillis
        })
        state = after
        return isEcho(arrived)
      })
    }
  }
})
