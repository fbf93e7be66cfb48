/**
 * Logins by QR code that are under way: shown, scanned, confirmed or refused on the phone.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Ids from "../../schema/Ids.ts"
import type * as Brake from "./Brake.ts"
import * as Tokens from "./Tokens.ts"
import type * as World from "./World.ts"

/** Whose phone it is, and the password that proved it. */
export type Owner = Pick<World.Account, "number" | "passwordDigest">

export type State = Data.TaggedEnum<{
  Waiting: {}
  Scanned: { readonly account: Ids.QQ }
  Confirmed: { readonly owner: Owner }
  Refused: {}
  /** Too old, used up, or never given out. */
  Expired: {}
}>
export const State = Data.taggedEnum<State>()

/** Whether what was confirmed still holds: not after the account got another password. */
export const stillHolds = (owner: Owner, { number, passwordDigest }: World.Account): boolean => {
  const before = Redacted.value(owner.passwordDigest)
  const now = Redacted.value(passwordDigest)
  return owner.number === number && before.length === now.length && before.every((byte, i) => byte === now[i])
}

type Proof<A> = Either.Either<A, Brake.Failure>
type Attempt<A, R> = Effect.Effect<Proof<A>, never, R>

/** Wrong proofs after which a ticket is used up. */
export const proofsAtMost = 5

/**
 * - `create`: a new code. `qrsig` is its cookie, `ticket` what the picture says.
 * - `state(qrsig)`: how far it is; a confirmed one is used up by this.
 * - `prove(ticket, attempt)`: runs a phone's attempt to prove whose it is. Nothing if the ticket is not known, too old,
 *   decided, or used up by wrong proofs ({@link proofsAtMost}; also those that wait or were given up count).
 * - `move(ticket, owner, to)`: what the phone does. False if the ticket is not known, too old, or somebody else's.
 */
export class QrLogins extends Context.Tag("effect-webqq/server/QrLogins")<
  QrLogins,
  {
    readonly create: Effect.Effect<{ readonly qrsig: string; readonly ticket: string }>
    readonly state: (qrsig: string) => Effect.Effect<State>
    readonly prove: <A, R>(ticket: string, attempt: Attempt<A, R>) => Effect.Effect<Option.Option<Proof<A>>, never, R>
    readonly move: (ticket: string, owner: Owner, to: "scan" | "confirm" | "reject") => Effect.Effect<boolean>
  }
>() {}

/** How long a code is good, in ms. */
const lifetime = 2 * 60 * 1000
/** Codes that are remembered; the oldest are dropped beyond it. */
const rememberAtMost = 10_000

interface Entry {
  readonly ticket: string
  readonly createdAt: number
  /** Proofs that were wrong, or of which it is not known yet. */
  unproven: number
  state: State
}

export const make: Effect.Effect<QrLogins["Type"]> = Effect.sync(() => {
  const byQrsig = new Map<string, Entry>()
  const byTicket = new Map<string, Entry>()

  const forget = (qrsig: string, { ticket }: Entry) => {
    byQrsig.delete(qrsig)
    byTicket.delete(ticket)
  }

  const open = (ticket: string) =>
    Effect.map(Clock.currentTimeMillis, (now) =>
      Option.filter(
        Option.fromNullable(byTicket.get(ticket)),
        ({ createdAt, state }) => now - createdAt <= lifetime && (state._tag === "Waiting" || state._tag === "Scanned")
      )
    )

  const prove = <A, R>(ticket: string, attempt: Attempt<A, R>) =>
    Effect.gen(function* () {
      const entry = Option.getOrUndefined(yield* open(ticket))
      if (entry === undefined || entry.unproven >= proofsAtMost) return Option.none<Proof<A>>()
      entry.unproven++
      const proof = yield* attempt
      if (Either.isRight(proof) || proof.left === "TooMany") entry.unproven--
      else if (entry.unproven >= proofsAtMost) entry.state = State.Expired()
      return Option.some(proof)
    })

  return QrLogins.of({
    prove,
    create: Effect.gen(function* () {
      const createdAt = yield* Clock.currentTimeMillis
      const qrsig = yield* Tokens.qrsig
      const entry: Entry = { ticket: yield* Tokens.hex(16), createdAt, unproven: 0, state: State.Waiting() }
      byQrsig.set(qrsig, entry)
      byTicket.set(entry.ticket, entry)
      const [oldest] = byQrsig
      if (byQrsig.size > rememberAtMost && oldest !== undefined) forget(...oldest)
      return { qrsig, ticket: entry.ticket }
    }),
    state: (qrsig) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const entry = byQrsig.get(qrsig)
        if (entry === undefined || now - entry.createdAt > lifetime) return State.Expired()
        if (entry.state._tag === "Confirmed") forget(qrsig, entry)
        return entry.state
      }),
    move: (ticket, owner, to) =>
      Effect.map(open(ticket), (found) => {
        const account = owner.number
        const entry = Option.filter(found, ({ state }) => state._tag !== "Scanned" || state.account === account)
        if (Option.isNone(entry)) return false
        const states = {
          scan: State.Scanned({ account }),
          confirm: State.Confirmed({ owner }),
          reject: State.Refused()
        }
        entry.value.state = states[to]
        return true
      })
  })
})

export const layer: Layer.Layer<QrLogins> = Layer.effect(QrLogins, make)
