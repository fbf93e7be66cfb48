/**
 * Logins by QR code that are under way: shown, scanned, confirmed or refused on the phone.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Ids from "../../schema/Ids.ts"
import * as Tokens from "./Tokens.ts"

export type State = Data.TaggedEnum<{
  Waiting: {}
  Scanned: { readonly account: Ids.QQ }
  Confirmed: { readonly account: Ids.QQ }
  Refused: {}
  /** Too old, used up, or never given out. */
  Expired: {}
}>
export const State = Data.taggedEnum<State>()

/**
 * - `create`: a new code. `qrsig` is its cookie, `ticket` what the picture says.
 * - `state(qrsig)`: how far it is; a confirmed one is used up by this.
 * - `move(ticket, account, to)`: what the phone does. False if the ticket is not known, too old, or somebody else's.
 */
export class QrLogins extends Context.Tag("effect-webqq/server/QrLogins")<
  QrLogins,
  {
    readonly create: Effect.Effect<{ readonly qrsig: string; readonly ticket: string }>
    readonly state: (qrsig: string) => Effect.Effect<State>
    readonly move: (ticket: string, account: Ids.QQ, to: "scan" | "confirm" | "reject") => Effect.Effect<boolean>
  }
>() {}

/** How long a code is good, in ms. */
const lifetime = 2 * 60 * 1000
/** Codes that are remembered; the oldest are dropped beyond it. */
const rememberAtMost = 10_000

interface Entry {
  readonly ticket: string
  readonly createdAt: number
  state: State
}

export const make: Effect.Effect<QrLogins["Type"]> = Effect.sync(() => {
  const byQrsig = new Map<string, Entry>()
  const byTicket = new Map<string, Entry>()

  const forget = (qrsig: string, { ticket }: Entry) => {
    byQrsig.delete(qrsig)
    byTicket.delete(ticket)
  }

  return QrLogins.of({
    create: Effect.gen(function* () {
      const createdAt = yield* Clock.currentTimeMillis
      const qrsig = yield* Tokens.qrsig
      const entry: Entry = { ticket: yield* Tokens.hex(16), createdAt, state: State.Waiting() }
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
    move: (ticket, account, to) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const entry = Option.filter(
          Option.fromNullable(byTicket.get(ticket)),
          ({ createdAt, state }) =>
            now - createdAt <= lifetime &&
            (state._tag === "Waiting" || (state._tag === "Scanned" && state.account === account))
        )
        if (Option.isNone(entry)) return false
        const states = {
          scan: State.Scanned({ account }),
          confirm: State.Confirmed({ account }),
          reject: State.Refused()
        }
        entry.value.state = states[to]
        return true
      })
  })
})

export const layer: Layer.Layer<QrLogins> = Layer.effect(QrLogins, make)
