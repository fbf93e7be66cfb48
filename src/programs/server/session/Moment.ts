/**
 * The time by two clocks.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Steady from "../Steady.ts"

/**
 * - `unix`: unix time in ms, to be shown and kept.
 * - `steady`: ms since some beginning, to measure how long something took: it does not jump when the clock is set.
 */
export interface Moment {
  readonly unix: number
  readonly steady: number
}

export const now: Effect.Effect<Moment> = Effect.all({ unix: Clock.currentTimeMillis, steady: Steady.millis })
