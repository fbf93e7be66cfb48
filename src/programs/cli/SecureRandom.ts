/**
 * Effect's `Random` on the platform's cryptographic generator: what a server mints must not be guessed.
 */
import { randomInt } from "node:crypto"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"

/** `randomInt` takes ranges below 2^48. */
const resolution = 2 ** 48 - 1

const fraction = (): number => randomInt(resolution) / resolution
const between = (min: number, max: number): number => (max <= min ? min : randomInt(min, max))

const shuffled = <A>(elements: Iterable<A>): Chunk.Chunk<A> =>
  Chunk.fromIterable(
    Array.from(elements, (element) => [fraction(), element] as const)
      .sort(([a], [b]) => a - b)
      .map(([, element]) => element)
  )

const random: Random.Random = {
  [Random.RandomTypeId]: Random.RandomTypeId,
  next: Effect.sync(fraction),
  nextBoolean: Effect.sync(() => randomInt(2) === 1),
  nextInt: Effect.sync(() => between(Number.MIN_SAFE_INTEGER / 2 ** 6, Number.MAX_SAFE_INTEGER / 2 ** 6 - 1)),
  nextRange: (min, max) => Effect.sync(() => min + fraction() * (max - min)),
  nextIntBetween: (min, max) => Effect.sync(() => between(min, max)),
  shuffle: (elements) => Effect.sync(() => shuffled(elements))
}

export const layer: Layer.Layer<never> = Layer.setRandom(random)
