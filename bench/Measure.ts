/** Measuring: what a process works, and things in turns. */
import type { Samples } from "./Table.ts"

/** What this process has worked so far, user and system, in µs. */
export const worked = (): number => {
  const { system, user } = process.cpuUsage()
  return user + system
}

/** What this process works for `f`, in µs. */
export const cpu = async (f: () => unknown): Promise<number> => {
  const before = worked()
  await f()
  return worked() - before
}

/** How long `f` takes, in ms. */
export const wall = async (f: () => Promise<unknown>): Promise<number> => {
  const began = performance.now()
  await f()
  return performance.now() - began
}

/** How long a benchmark goes on: `rounds` turns, and work in each in proportion to `scale`. */
export interface Effort {
  readonly rounds: number
  readonly scale: number
}

/**
 * Lets everybody have a turn, and again, so that what changes in the machine changes for all; every second time the
 * other way round. The first turn of each is to warm up, and does not count.
 */
export const inTurns = async <Name extends string>(
  { rounds }: Effort,
  contenders: Readonly<Record<Name, () => Promise<number>>>
): Promise<Record<Name, Samples>> => {
  // Object.keys forgets that these are all the names there are.
  const names = Object.keys(contenders) as Array<Name>
  const samples = Object.fromEntries(names.map((name) => [name, [] as Array<number>])) as Record<Name, Array<number>>
  for (const name of names) await contenders[name]()
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) samples[name].push(await contenders[name]())
  }
  return samples
}
