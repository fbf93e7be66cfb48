/**
 * A login, as a capability: endpoints that need one require `Session`, and a login program builds it. The server may
 * replace its tokens at any time; every request reads the latest.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import * as Ids from "../schema/Ids.ts"

/** What a login yields. The tokens are redacted; `account` is the own QQ number. */
export const Credentials = Schema.Struct({
  account: Ids.QQ,
  clientid: Ids.ClientId,
  ptwebqq: Ids.Ptwebqq,
  vfwebqq: Ids.Vfwebqq,
  psessionid: Ids.Psessionid,
  /** The variant of the contact-list hash that the server accepted, once that is known. */
  friendHash: Schema.optional(Schema.Literal("N", "O", "P", "Q"))
})
export type Credentials = typeof Credentials.Type

/**
 * - `get`: the credentials as they are now.
 * - `update`: replaces some of them; the very next request uses the new ones.
 * - `changes`: the current credentials and every later change.
 * - `heal(seen, recover)`: for whoever was told that the session is lost. Runs `recover` once however many ask at once:
 *   those who come while it runs, or with credentials that were replaced meanwhile, find the session healed.
 * - `polling`: one permit, for the one poll loop that a session may have.
 * - `unconfirmed`: whether the last poll gave events, and none was begun after it, which would tell the server that they
 *   have arrived.
 */
export class Session extends Context.Tag("effect-webqq/Session")<
  Session,
  {
    readonly get: Effect.Effect<Credentials>
    readonly update: (change: Partial<Omit<Credentials, "account">>) => Effect.Effect<void>
    readonly changes: Stream.Stream<Credentials>
    readonly heal: <E, R>(seen: Credentials, recover: Effect.Effect<void, E, R>) => Effect.Effect<void, E, R>
    readonly polling: Effect.Semaphore
    readonly unconfirmed: Ref.Ref<boolean>
  }
>() {}

export const make = (initial: Credentials): Effect.Effect<Session["Type"]> =>
  Effect.gen(function* () {
    const ref = yield* SubscriptionRef.make(initial)
    const healing = yield* Effect.makeSemaphore(1)
    const healed = new WeakSet<Credentials>()
    const get = SubscriptionRef.get(ref)
    return Session.of({
      get,
      update: (change) => SubscriptionRef.update(ref, (credentials) => ({ ...credentials, ...change })),
      changes: ref.changes,
      heal: (seen, recover) =>
        healing.withPermits(1)(
          Effect.gen(function* () {
            const before = yield* get
            if (healed.has(seen) || !Equal.equals(before.psessionid, seen.psessionid)) return
            yield* recover
            // A server may give the same psessionid again.
            if ((yield* get) !== seen) healed.add(seen)
          })
        ),
      polling: yield* Effect.makeSemaphore(1),
      unconfirmed: yield* Ref.make(false)
    })
  })

/** A session from credentials that a login gave, such as kept ones. Nothing asks the server whether they still hold. */
export const layer = (initial: Credentials): Layer.Layer<Session> => Layer.effect(Session, make(initial))
