/** What the benchmark shows: rows of figures, as a table for people and as JSON. */

/** Measurements of one thing, in the order in which they were made. */
export type Samples = ReadonlyArray<number>

/**
 * - `ours`, `baseline`: in `unit`, less is better. Measured in turns, so that the nth of each belong together.
 * - `compare`: `cost` is how many times the baseline's ours is; `speed` is how many times as fast ours is.
 * - `target`: for the ratio at most so much, or at least for a `speed`; or for ours in its unit.
 */
export interface Row {
  readonly name: string
  readonly unit: string
  readonly ours: Samples
  readonly baseline?: { readonly name: string; readonly samples: Samples }
  readonly compare: "cost" | "speed"
  readonly target?: { readonly ratio: number } | { readonly ours: number }
}

/** Median, least and most. */
export interface Summary {
  readonly median: number
  readonly least: number
  readonly most: number
}

/** Of no samples, everything is NaN. */
export const summary = (samples: Samples): Summary => {
  const sorted = samples.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  const at = (i: number): number => sorted[i] ?? Number.NaN
  return {
    median: sorted.length % 2 === 1 ? at(half) : (at(half - 1) + at(half)) / 2,
    least: at(0),
    most: at(sorted.length - 1)
  }
}

/** Turn by turn. Undefined without a baseline. */
export const ratio = ({ baseline, compare, ours }: Row): Summary | undefined =>
  baseline === undefined
    ? undefined
    : summary(
        ours.slice(0, baseline.samples.length).map((own, i) => {
          const other = baseline.samples[i] ?? Number.NaN
          return compare === "cost" ? own / other : other / own
        })
      )

/** Three digits, and no more than a person can take in. */
export const figure = (n: number): string => {
  if (!Number.isFinite(n)) return "?"
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(n) || 1)))
  return n.toFixed(Math.min(digits, 3))
}

const spread = ({ least, median, most }: Summary, unit: string): string =>
  `${figure(median)}${unit} (${figure(least)}–${figure(most)})`

const targetOf = ({ compare, unit }: Row, target: NonNullable<Row["target"]>): string =>
  "ours" in target ? `≤ ${target.ours} ${unit}` : `${compare === "cost" ? "≤" : "≥"} ${target.ratio} ×`

const cells = (row: Row): ReadonlyArray<string> => {
  const compared = ratio(row)
  return [
    row.name,
    spread(summary(row.ours), ` ${row.unit}`),
    row.baseline === undefined
      ? "–"
      : `${figure(summary(row.baseline.samples).median)} ${row.unit}, ${row.baseline.name}`,
    compared === undefined ? "–" : spread(compared, " ×"),
    row.target === undefined ? "–" : targetOf(row, row.target)
  ]
}

const header = ["Work", "Ours: median (least–most)", "Baseline", "Ratio: median (least–most)", "Target"]

/** A Markdown table whose columns are aligned for a terminal, too. */
export const render = (rows: ReadonlyArray<Row>): string => {
  const lines = [header, ...rows.map(cells)]
  const widths = header.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? "").length)))
  const text = (line: ReadonlyArray<string>) => `| ${line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`
  return [text(header), text(widths.map((width) => "-".repeat(width))), ...rows.map((row) => text(cells(row)))].join(
    "\n"
  )
}

/** For programs: what {@link render} shows, with all samples. */
export const toJson = (rows: ReadonlyArray<Row>, machine: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(
    {
      machine,
      rows: rows.map((row) => ({ ...row, median: summary(row.ours).median, ratio: ratio(row) ?? null }))
    },
    undefined,
    2
  )
