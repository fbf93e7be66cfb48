/**
 * The events that wait for one session, and the poll that waits for them.
 */
import * as Arr from "effect/Array"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as PollEvent from "../../schema/PollEvent.ts"

/** How a poll ends: with frames (newest first, as on the wire), without, or because the session is over. */
export type Outcome = Data.TaggedEnum<{
  Frames: { readonly frames: ReadonlyArray<PollEvent.Frame> }
  Idle: {}
  Closed: {}
}>
const Outcome = Data.taggedEnum<Outcome>()

/** An event on its way. With a key it is a letter that the world keeps; without, it may be lost with the session. */
interface Item {
  readonly frame: PollEvent.Frame
  readonly key: number | undefined
}

/**
 * - `offer(frame, key)`: adds an event and wakes the waiting poll. A letter (`key`) that is here already is not added
 *   again, and takes its place by its key. Of other events only the latest {@link noticesAtMost} wait.
 * - `poll(hold, most)`: waits at most `hold` for events and takes at most `most`, the oldest ones. A later poll takes
 *   the place of one that still waits.
 * - `arrived`: the client shows (by its next request) that the last answer arrived: the keys of the letters in it.
 * - `lost`: the answer with the last frames did not reach the client; they come again with the next poll. Without it, the
 *   next poll shows that they arrived.
 * - `notices`: the events without a key that wait, oldest first. `isEmpty()`: nothing waits, nor is unconfirmed.
 * - `waits()`: whether a poll is held at this moment.
 * - `close(last)`: no more events; letters that wait are left to the world. Polls get what else is left, then the last
 *   frame if there is one, then `Closed`.
 * - `release`: ends the waiting poll as idle.
 */
export interface Outbox {
  readonly offer: (frame: PollEvent.Frame, key?: number) => Effect.Effect<void>
  readonly poll: (hold: Duration.DurationInput, most: number) => Effect.Effect<Outcome>
  readonly arrived: Effect.Effect<ReadonlyArray<number>>
  readonly lost: Effect.Effect<void>
  readonly notices: Effect.Effect<ReadonlyArray<PollEvent.Frame>>
  readonly isEmpty: () => boolean
  readonly waits: () => boolean
  readonly close: (last?: PollEvent.Frame) => Effect.Effect<void>
  readonly release: Effect.Effect<void>
}

/** Events without a key that wait at the same time. */
const noticesAtMost = 1000

const isNotice = ({ key }: Item): boolean => key === undefined
const keysOf = (items: ReadonlyArray<Item>): ReadonlyArray<number> =>
  Arr.filterMap(items, ({ key }) => Arr.head(key === undefined ? [] : [key]))

/** Where a letter belongs: behind the last one that is older. */
const placeFor = (items: ReadonlyArray<Item>, key: number | undefined): number => {
  let place = items.length
  // From the end: what comes last is nearly always the newest.
  for (let i = items.length - 1; key !== undefined && i >= 0; i--) {
    const other = items[i]?.key
    if (other !== undefined && other < key) break
    if (other !== undefined) place = i
  }
  return place
}

export const make: Effect.Effect<Outbox> = Effect.sync(() => {
  let pending: Array<Item> = []
  /** What the last answer took along, oldest first, until a request shows that it arrived. */
  let unconfirmed: ReadonlyArray<Item> = []
  /** The keys of both. */
  const known = new Set<number>()
  let notices = 0
  let waiting: Deferred.Deferred<void> | undefined
  let closed = false
  let polls = 0
  let held = 0

  const wake = Effect.suspend(() => {
    const waiter = waiting
    waiting = undefined
    return waiter === undefined ? Effect.void : Deferred.succeed(waiter, undefined)
  })

  const setPending = (items: Array<Item>): void => {
    pending = items
    notices = items.filter(isNotice).length
  }

  const add = (item: Item): void => {
    if (item.key === undefined) {
      if (notices === noticesAtMost) pending.splice(pending.findIndex(isNotice), 1)
      else notices++
    } else {
      if (known.has(item.key)) return
      known.add(item.key)
    }
    pending.splice(placeFor(pending, item.key), 0, item)
  }

  const confirm = (): ReadonlyArray<number> => {
    const keys = keysOf(unconfirmed)
    for (const key of keys) known.delete(key)
    unconfirmed = []
    return keys
  }

  const take = (most: number): Outcome => {
    unconfirmed = pending.slice(0, most)
    setPending(pending.slice(most))
    if (unconfirmed.length > 0) return Outcome.Frames({ frames: unconfirmed.map(({ frame }) => frame).toReversed() })
    return closed ? Outcome.Closed() : Outcome.Idle()
  }

  return {
    offer: (frame, key) =>
      Effect.suspend(() => {
        if (!closed) add({ frame, key })
        return wake
      }),
    poll: (hold, most) =>
      Effect.gen(function* () {
        const nth = ++polls
        yield* wake
        confirm()
        if (pending.length > 0 || closed) return take(most)
        const mine = yield* Deferred.make<void>()
        waiting = mine
        held++
        yield* Effect.timeoutOption(Deferred.await(mine), hold).pipe(Effect.ensuring(Effect.sync(() => held--)))
        // A later poll may have come meanwhile: the events are for it.
        if (nth !== polls) return Outcome.Idle()
        waiting = undefined
        return take(most)
      }),
    arrived: Effect.sync(confirm),
    lost: Effect.suspend(() => {
      setPending([...(closed ? unconfirmed.filter(isNotice) : unconfirmed), ...pending])
      unconfirmed = []
      return pending.length > 0 ? wake : Effect.void
    }),
    notices: Effect.sync(() => pending.filter(isNotice).map(({ frame }) => frame)),
    isEmpty: () => pending.length === 0 && unconfirmed.length === 0,
    waits: () => held > 0,
    close: (last) =>
      Effect.suspend(() => {
        closed = true
        setPending([...pending.filter(isNotice), ...(last === undefined ? [] : [{ frame: last, key: undefined }])])
        return wake
      }),
    release: wake
  }
})
