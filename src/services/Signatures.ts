/**
 * The signatures of temporary sessions, fetched once per recipient and kept for a while.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Signature from "../schema/Signature.ts"

/**
 * - `get(recipient, fetch)`: the signature for a recipient, from memory or by `fetch`. Callers who ask for the same
 *   recipient at once share one request.
 * - `forget(recipient)`: the next `get` fetches anew.
 */
export class Signatures extends Context.Tag("effect-webqq/Signatures")<
  Signatures,
  {
    readonly get: <E, R>(
      recipient: string,
      fetch: Effect.Effect<Signature.GroupSig, E, R>
    ) => Effect.Effect<Signature.GroupSig, E, R>
    readonly forget: (recipient: string) => Effect.Effect<void>
  }
>() {}

interface Entry {
  readonly signature: Signature.GroupSig
  readonly until: number
}

/** Recipients that are remembered; the oldest are dropped beyond it. */
const rememberAtMost = 1000

/** `lifetime` is how long a signature is kept. */
export const make = (lifetime: Duration.DurationInput): Effect.Effect<Signatures["Type"]> =>
  Effect.sync(() => {
    const entries = new Map<string, Entry>()
    const locks = new Map<string, Effect.Semaphore>()

    const remember = (recipient: string, entry: Entry) => {
      entries.set(recipient, entry)
      const [oldest] = entries.keys()
      if (entries.size > rememberAtMost && oldest !== undefined) entries.delete(oldest)
    }

    const lockOf = (recipient: string): Effect.Semaphore => {
      const lock = locks.get(recipient) ?? Effect.unsafeMakeSemaphore(1)
      locks.set(recipient, lock)
      return lock
    }

    return Signatures.of({
      get: (recipient, fetch) =>
        Effect.gen(function* () {
          const now = yield* Clock.currentTimeMillis
          const known = entries.get(recipient)
          if (known !== undefined && known.until > now) return known.signature
          const signature = yield* fetch
          remember(recipient, { signature, until: now + Duration.toMillis(lifetime) })
          return signature
        }).pipe(lockOf(recipient).withPermits(1), Effect.ensuring(Effect.sync(() => locks.delete(recipient)))),
      forget: (recipient) => Effect.sync(() => void entries.delete(recipient))
    })
  })

/** Signatures that are kept for five minutes, as one careful client did (protocol notes, section 4.5). */
export const layer: Layer.Layer<Signatures> = Layer.effect(Signatures, make("5 minutes"))
