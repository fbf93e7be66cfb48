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
    const locks = new Map<string, { readonly semaphore: Effect.Semaphore; users: number }>()

    const remember = (recipient: string, entry: Entry) => {
      entries.set(recipient, entry)
      const [oldest] = entries.keys()
      if (entries.size > rememberAtMost && oldest !== undefined) entries.delete(oldest)
    }

    /** One caller for a recipient at a time; a lock lives as long as anybody holds it or waits for it. */
    const alone =
      (recipient: string) =>
      <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
        Effect.acquireUseRelease(
          Effect.sync(() => {
            const lock = locks.get(recipient) ?? { semaphore: Effect.unsafeMakeSemaphore(1), users: 0 }
            locks.set(recipient, lock)
            lock.users++
            return lock
          }),
          ({ semaphore }) => semaphore.withPermits(1)(effect),
          (lock) =>
            Effect.sync(() => {
              lock.users--
              if (lock.users === 0) locks.delete(recipient)
            })
        )

    return Signatures.of({
      get: (recipient, fetch) =>
        Effect.gen(function* () {
          const now = yield* Clock.currentTimeMillis
          const known = entries.get(recipient)
          if (known !== undefined && known.until > now) return known.signature
          const signature = yield* fetch
          remember(recipient, { signature, until: now + Duration.toMillis(lifetime) })
          return signature
        }).pipe(alone(recipient)),
      forget: (recipient) => Effect.sync(() => void entries.delete(recipient))
    })
  })

/** Signatures that are kept for five minutes, as one careful client did (protocol notes, section 4.5). */
export const layer: Layer.Layer<Signatures> = Layer.effect(Signatures, make("5 minutes"))
