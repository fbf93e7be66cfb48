/** What a program prints, instead of printing it. */
import { Console, Effect } from "effect"

export interface Captured {
  readonly out: Array<string>
  readonly error: Array<string>
}

/** Runs a program whose console is a pair of lists; gives them. */
export const captured = <E, R>(program: Effect.Effect<unknown, E, R>): Effect.Effect<Captured, E, R> =>
  Effect.gen(function* () {
    const into: Captured = { out: [], error: [] }
    const real = yield* Console.consoleWith(Effect.succeed)
    const to =
      (list: Array<string>) =>
      (...words: ReadonlyArray<unknown>) =>
        Effect.sync(() => void list.push(words.join(" ")))
    yield* Effect.withConsole(program, { ...real, log: to(into.out), error: to(into.error) })
    return into
  })
