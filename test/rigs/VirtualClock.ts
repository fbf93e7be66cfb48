/**
 * A clock that leaps from one thing that is due to the next. TestClock does the same, but waits a few milliseconds of
 * real time at each; this one is for tests that are due tens of thousands of times.
 */
import { Clock, Duration, Effect } from "effect"

interface Entry {
  readonly at: number
  readonly wake: () => void
}

/** Lets every fiber run until it waits for something: a turn of the event loop, twice, because bodies arrive by promise. */
const settle = Effect.async<void>((resume) => {
  setImmediate(() => setImmediate(() => resume(Effect.void)))
})

export const make = () => {
  let now = 0
  const entries = new Set<Entry>()

  const clock: Clock.Clock = {
    [Clock.ClockTypeId]: Clock.ClockTypeId,
    unsafeCurrentTimeMillis: () => now,
    unsafeCurrentTimeNanos: () => BigInt(Math.round(now * 1_000_000)),
    currentTimeMillis: Effect.sync(() => now),
    currentTimeNanos: Effect.sync(() => BigInt(Math.round(now * 1_000_000))),
    sleep: (duration) =>
      Effect.async<void>((resume) => {
        const entry = { at: now + Duration.toMillis(duration), wake: () => resume(Effect.void) }
        entries.add(entry)
        return Effect.sync(() => entries.delete(entry))
      })
  }

  const next = (): Entry | undefined => {
    let first: Entry | undefined
    for (const entry of entries) if (first === undefined || entry.at < first.at) first = entry
    return first
  }

  /** Leaps on until `until` holds. Fails the test when nothing is due any more. */
  const run = (until: () => boolean) =>
    Effect.gen(function* () {
      while (true) {
        yield* settle
        if (until()) return now
        const entry = next()
        if (entry === undefined) return yield* Effect.dieMessage("nothing is due, and the end is not reached")
        entries.delete(entry)
        now = Math.max(now, entry.at)
        entry.wake()
      }
    })

  return { clock, run, now: () => now }
}
