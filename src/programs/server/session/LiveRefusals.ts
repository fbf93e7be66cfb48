/**
 * Lets refused polls wait that are repeated at once; see `RefusedPolls`.
 */
import { md5 } from "@noble/hashes/legacy.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import * as Options from "../Options.ts"
import * as Steady from "../Steady.ts"
import * as Wire from "../Wire.ts"
import * as State from "./RefusedPolls.ts"

/** `refused(request)`: before a poll is refused; waits if it was refused just now. */
export class RefusedPolls extends Context.Tag("effect-webqq/server/RefusedPolls")<
  RefusedPolls,
  { readonly refused: (request: Wire.Request) => Effect.Effect<void> }
>() {}

/**
 * Whose poll it is: by the psessionid if there is one, else by the address. Hashed, because anything may stand there, and
 * as long as it likes. Nothing if neither is known.
 */
const whose = (request: Wire.Request): string | undefined => {
  const psessionid = Wire.psessionidOf(request)
  const name = psessionid === "" ? request.address : `psessionid ${psessionid}`
  return name === undefined ? undefined : bytesToHex(md5(utf8ToBytes(name)))
}

export const make: Effect.Effect<RefusedPolls["Type"], never, Options.Options> = Effect.gen(function* () {
  const { holdPoll } = yield* Options.Options
  const hold = Duration.min(holdPoll, Duration.millis(State.hold))
  const ref = yield* Ref.make(State.empty)
  const refuse = (who: string) =>
    Effect.flatMap(Steady.millis, (now) =>
      Ref.modify(ref, (state) => {
        const [next, waits] = State.refuse(state, who, now)
        return [waits, next]
      })
    )
  const answered = (who: string) =>
    Effect.flatMap(Steady.millis, (now) => Ref.update(ref, (state) => State.answered(state, who, now)))
  return {
    refused: (request) => {
      const who = whose(request)
      if (who === undefined) return Effect.void
      return Effect.uninterruptibleMask((restore) =>
        Effect.flatMap(refuse(who), (waits) =>
          waits ? Effect.ensuring(restore(Effect.sleep(hold)), answered(who)) : Effect.void
        )
      )
    }
  }
})

export const layer: Layer.Layer<RefusedPolls, never, Options.Options> = Layer.effect(RefusedPolls, make)
