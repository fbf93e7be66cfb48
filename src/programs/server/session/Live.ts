/**
 * A session that lives on the server: its value, and the fibers that wait for it.
 */
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as MutableRef from "effect/MutableRef"
import type * as PollEvent from "../../../schema/PollEvent.ts"
import * as ChannelSession from "./ChannelSession.ts"
import * as Mailbox from "./Mailbox.ts"
import type * as WebLogins from "./WebLogins.ts"

type Waiter = Deferred.Deferred<Mailbox.Outcome>
export type State = ChannelSession.ChannelSession<Waiter>

/** How a poll ended; `lost` says that its answer did not reach the client. */
export interface Answer {
  readonly outcome: Mailbox.Outcome
  readonly lost: Effect.Effect<void>
}

/** Who polls (the psessionid), how long the poll may be held, and how many events an answer may have. */
export interface Polling {
  readonly reader: string
  readonly hold: Duration.DurationInput
  readonly most: number
}

/**
 * - `id`: its number in the registry.
 * - `login`: as it was when the session began; its account and aliases stay.
 * - `get()`: what it is at this moment. `set(change)`: changes it.
 * - `step(change)`: a change by which polls may end.
 * - `offer(frame, key)`, `reading`, `page(…)`, `confirm(reader)`, `poll(…)`, `release`: see `Mailbox`.
 */
export interface Live {
  readonly id: number
  readonly login: WebLogins.WebLogin
  readonly get: () => State
  readonly set: (change: (state: State) => State) => Effect.Effect<void>
  readonly step: (change: (state: State) => readonly [State, Mailbox.Replies<Waiter>]) => Effect.Effect<void>
  readonly offer: (frame: PollEvent.Frame, key?: number) => Effect.Effect<void>
  readonly reading: Effect.Effect<void>
  readonly page: (
    letters: ReadonlyArray<Mailbox.Item>,
    end: { readonly last: number; readonly more: boolean }
  ) => Effect.Effect<void>
  readonly confirm: (reader: string) => Effect.Effect<ReadonlyArray<number>>
  readonly poll: (polling: Polling) => Effect.Effect<Answer>
  readonly release: Effect.Effect<void>
}

export const make = (id: number, login: WebLogins.WebLogin, first: State): Live => {
  const state = MutableRef.make(first)

  const step: Live["step"] = (change) =>
    Effect.suspend(() => {
      const [next, replies] = change(MutableRef.get(state))
      MutableRef.set(state, next)
      return Effect.forEach(replies, ({ outcome, to }) => Deferred.succeed(to, outcome), { discard: true })
    })

  const inMailbox = (change: (box: State["mailbox"]) => readonly [State["mailbox"], Mailbox.Replies<Waiter>]) =>
    step((before) => {
      const [mailbox, replies] = change(before.mailbox)
      return [{ ...before, mailbox }, replies]
    })

  const poll: Live["poll"] = ({ hold, most, reader }) =>
    Effect.gen(function* () {
      const to = yield* Deferred.make<Mailbox.Outcome>()
      const lost = inMailbox((box) => Mailbox.lost(box, to))
      const held = Effect.gen(function* () {
        yield* inMailbox((box) => Mailbox.poll(box, { reader, most, to }))
        if (!(yield* Deferred.isDone(to))) {
          yield* Effect.timeoutOption(Deferred.await(to), hold)
          yield* inMailbox((box) => Mailbox.expire(box, to))
        }
        return yield* Deferred.await(to)
      })
      // A client that hangs up before it is answered has not got its events.
      return { lost, outcome: yield* Effect.onInterrupt(held, () => lost) }
    })

  return {
    id,
    login,
    get: () => MutableRef.get(state),
    set: (change) => step((before) => [change(before), []]),
    step,
    offer: (frame, key) => inMailbox((box) => Mailbox.offer(box, Mailbox.item(frame, key))),
    reading: inMailbox((box) => [Mailbox.reading(box), []]),
    page: (letters, end) => inMailbox((box) => Mailbox.page(box, letters, end)),
    confirm: (reader) =>
      Effect.sync(() => {
        const [mailbox, keys] = Mailbox.confirm(MutableRef.get(state).mailbox, reader)
        MutableRef.update(state, (before) => ({ ...before, mailbox }))
        return keys
      }),
    poll,
    release: inMailbox(Mailbox.release)
  }
}

export const hasEnded = (live: Live): boolean => ChannelSession.hasEnded(live.get())
