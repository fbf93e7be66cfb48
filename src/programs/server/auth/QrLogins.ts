/**
 * Logins by QR code that are under way: shown, scanned, confirmed or refused on the phone.
 *
 * A code that nobody scanned yet is not remembered: its ticket says when it was made, and its cookie belongs to the
 * ticket, so that nobody pushes out somebody's code by asking for many.
 */
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Ids from "../../../schema/Ids.ts"
import * as Bounded from "../Bounded.ts"
import * as Steady from "../Steady.ts"
import * as Tokens from "../Tokens.ts"
import type * as World from "../World.ts"
import * as Seal from "./Seal.ts"
import type * as Throttle from "./Throttle.ts"

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

/** What the phone does. */
export type Action = "scan" | "confirm" | "reject"

/** What a code becomes by what a phone of `owner` does; nothing if it was decided before, or is somebody else's. */
export const move = (state: State, owner: Owner, action: Action): Option.Option<State> => {
  const isOpen = state._tag === "Waiting" || (state._tag === "Scanned" && state.account === owner.number)
  if (!isOpen) return Option.none()
  switch (action) {
    case "scan":
      return Option.some(State.Scanned({ account: owner.number }))
    case "confirm":
      return Option.some(State.Confirmed({ owner }))
    case "reject":
      return Option.some(State.Refused())
  }
}

/** What a code becomes when its client has heard of it: a confirmed one is used up by this. */
export const heard = (state: State): State => (state._tag === "Confirmed" ? State.Expired() : state)

/** Whether what was confirmed still holds: not after the account got another password. */
export const stillHolds = (owner: Owner, { number, passwordDigest }: World.Account): boolean => {
  const before = Redacted.value(owner.passwordDigest)
  const now = Redacted.value(passwordDigest)
  return owner.number === number && before.length === now.length && before.every((byte, i) => byte === now[i])
}

type Proof<A> = Either.Either<A, Throttle.Failure>
type Attempt<A, R> = Effect.Effect<Proof<A>, never, R>

/** Wrong proofs after which a ticket is used up. */
export const proofsAtMost = 5

/**
 * - `create`: a new code. `qrsig` is its cookie, `ticket` what the picture says.
 * - `state(qrsig)`: how far it is; a confirmed one is used up by this.
 * - `prove(ticket, attempt)`: runs a phone's attempt to prove whose it is. Nothing if the ticket is not known, too old,
 *   decided, or used up by wrong proofs ({@link proofsAtMost}; also those that wait or were given up count).
 * - `move(ticket, owner, action)`: what the phone does. False if the ticket is not known, too old, or somebody else's.
 */
export class QrLogins extends Context.Tag("effect-webqq/server/QrLogins")<
  QrLogins,
  {
    readonly create: Effect.Effect<{ readonly qrsig: string; readonly ticket: string }>
    readonly state: (qrsig: string) => Effect.Effect<State>
    readonly prove: <A, R>(ticket: string, attempt: Attempt<A, R>) => Effect.Effect<Option.Option<Proof<A>>, never, R>
    readonly move: (ticket: string, owner: Owner, action: Action) => Effect.Effect<boolean>
  }
>() {}

/** How long a code is good, in ms. */
const lifetime = 2 * 60 * 1000
/** Codes of which it is remembered what became of them, and others of which wrong proofs are counted. */
const rememberAtMost = 10_000

/** Bytes of a ticket: when it was made, a number used once, a code. 16 in all, as more would make a larger picture. */
const timeBytes = 5
const nonceBytes = 4
const ticketCode = 7
/** With the ticket before it the cookie has 64 digits, as it had. */
const cookieCode = 16

const timeOf = (payload: Uint8Array): number =>
  payload.subarray(0, timeBytes).reduce((time, byte) => time * 256 + byte, 0)
const bytesOf = (time: number): Uint8Array =>
  hexToBytes(
    time
      .toString(16)
      .padStart(2 * timeBytes, "0")
      .slice(-2 * timeBytes)
  )

/** How old a ticket is. Its time has lost the digits beyond its bytes, which start anew every 34 years. */
const ageOf = (payload: Uint8Array, now: number): number => {
  const round = 2 ** (8 * timeBytes)
  return (((now - timeOf(payload)) % round) + round) % round
}

/** Tickets and the cookies that belong to them. */
const tickets = (key: Seal.Key) => ({
  make: (now: number, nonce: Uint8Array) => {
    const ticket = Seal.seal(key, "ticket", concatBytes(bytesOf(now), nonce), ticketCode)
    return { ticket, qrsig: Seal.seal(key, "qrsig", hexToBytes(ticket), cookieCode) }
  },
  ofCookie: (qrsig: string) => Option.map(Seal.open(key, "qrsig", qrsig, cookieCode), bytesToHex),
  /** Whether it was given out lately. */
  isGood: (ticket: string, now: number) =>
    Option.exists(Seal.open(key, "ticket", ticket, ticketCode), (payload) => ageOf(payload, now) <= lifetime)
})

const make: Effect.Effect<QrLogins["Type"]> = Effect.gen(function* () {
  const { isGood, make, ofCookie } = tickets(yield* Seal.newKey)
  const states = new Map<string, State>()
  const unproven = new Map<string, number>()

  const isUsedUp = (ticket: string): boolean => (unproven.get(ticket) ?? 0) >= proofsAtMost
  const stateOf = (ticket: string, now: number): State =>
    isGood(ticket, now) && !isUsedUp(ticket) ? (states.get(ticket) ?? State.Waiting()) : State.Expired()
  const put = (ticket: string, state: State): void => Bounded.put(states, ticket, state, rememberAtMost)
  const count = (ticket: string, by: number): void => {
    const proofs = (unproven.get(ticket) ?? 0) + by
    if (proofs > 0) Bounded.put(unproven, ticket, proofs, rememberAtMost)
    else unproven.delete(ticket)
  }

  const prove = <A, R>(ticket: string, attempt: Attempt<A, R>) =>
    Effect.gen(function* () {
      const state = stateOf(ticket, yield* Steady.millis)
      if (state._tag !== "Waiting" && state._tag !== "Scanned") return Option.none<Proof<A>>()
      count(ticket, 1)
      const proof = yield* attempt
      if (Either.isRight(proof) || proof.left === "TooMany") count(ticket, -1)
      return Option.some(proof)
    })

  return QrLogins.of({
    prove,
    create: Effect.zipWith(Steady.millis, Effect.map(Tokens.hex(nonceBytes), hexToBytes), make),
    state: (qrsig) =>
      Effect.map(Steady.millis, (now) => {
        const ticket = Option.getOrElse(ofCookie(qrsig), () => "")
        const state = stateOf(ticket, now)
        if (heard(state) !== state) put(ticket, heard(state))
        return state
      }),
    move: (ticket, owner, action) =>
      Effect.map(Steady.millis, (now) => {
        const moved = move(stateOf(ticket, now), owner, action)
        if (Option.isSome(moved)) put(ticket, moved.value)
        return Option.isSome(moved)
      })
  })
})

export const layer: Layer.Layer<QrLogins> = Layer.effect(QrLogins, make)
