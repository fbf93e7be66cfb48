/**
 * Lines on a terminal that can be taken back.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import * as Table from "./admin/Table.ts"
import * as Print from "./Print.ts"

/** In cells. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

/** None where nothing can be taken back: the output is no terminal, or one that obeys no sequences. */
export const sizeOfTerminal: Effect.Effect<Option.Option<Size>> = Effect.sync(() => {
  const { columns, isTTY, rows } = process.stdout
  return isTTY === true && columns > 0 && rows > 0 && process.env.TERM !== "dumb"
    ? Option.some({ columns, rows })
    : Option.none()
})

const colours = /\u001b\[[\d;]*m/g

/** How many rows a line takes, which goes on below where it is too long. */
const rowsOf = (line: string, columns: number): number =>
  Math.max(1, Math.ceil(Table.width(line.replace(colours, "")) / columns))

/** What erases the last lines; none if some of them have left the screen at the top, where no sequence reaches them. */
export const erasing = (lines: ReadonlyArray<string>, { columns, rows }: Size): Option.Option<string> => {
  const count = lines.reduce((sum, line) => sum + rowsOf(line, columns), 0)
  // The cursor stands in a row of its own, below them.
  return count < rows ? Option.some(`\u001b[${count}F\u001b[J`) : Option.none()
}

/**
 * - `show(lines)`: prints lines that are fit for a terminal.
 * - `instead(line)`: prints a line in the place of all that was shown since the last time; `line` is told whether that
 *   could be erased.
 */
export interface Screen {
  readonly show: (lines: ReadonlyArray<string>) => Effect.Effect<void>
  readonly instead: (line: (erased: boolean) => string) => Effect.Effect<void>
}

export const make = (size: Effect.Effect<Option.Option<Size>>): Effect.Effect<Screen> =>
  Effect.map(Ref.make<ReadonlyArray<string>>([]), (shown) => ({
    show: (lines) =>
      Effect.zipRight(
        Ref.update(shown, (before) => [...before, ...lines]),
        Print.drawn(lines)
      ),
    instead: (line) =>
      Effect.gen(function* () {
        const lines = yield* Ref.getAndSet(shown, [])
        const sequence = Option.flatMap(yield* size, (now) => erasing(lines, now))
        yield* Print.drawn([Option.getOrElse(sequence, () => "") + line(Option.isSome(sequence))])
      })
  }))
