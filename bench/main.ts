/**
 * The measuring stick: what the library, its server and its command cost, each against a bare program that does the same.
 * Prints a table and writes it as JSON. docs/performance.md says what the rows mean.
 *
 * Usage: npm run bench -- [--quick | --smoke] [--only GROUP]… [--json FILE]
 */
import { mkdirSync, writeFileSync } from "node:fs"
import { cpus, loadavg } from "node:os"
import { dirname } from "node:path"
import { parse } from "./Arguments.ts"
import type { Effort } from "./Measure.ts"
import * as Hashing from "./rows/Hashing.ts"
import * as Polling from "./rows/Polling.ts"
import * as Server from "./rows/Server.ts"
import * as Sessions from "./rows/Sessions.ts"
import * as Starting from "./rows/Starting.ts"
import * as VirtualTime from "./rows/VirtualTime.ts"
import { type Row, render, toJson } from "./Table.ts"

const groups: Readonly<Record<string, (effort: Effort) => Promise<ReadonlyArray<Row>>>> = {
  polling: Polling.measure,
  sessions: Sessions.measure,
  server: Server.measure,
  starting: Starting.measure,
  hashing: Hashing.measure,
  time: VirtualTime.measure
}

const given = parse(process.argv.slice(2), Object.keys(groups))
if ("problem" in given) {
  console.error(`bench: ${given.problem}`)
  process.exit(2)
}

const efforts: Readonly<Record<typeof given.effort, Effort>> = {
  full: { rounds: 7, scale: 1 },
  quick: { rounds: 3, scale: 0.1 },
  smoke: { rounds: 1, scale: 0.01 }
}
const machine = {
  node: process.version,
  processors: cpus().length,
  model: cpus()[0]?.model,
  effort: given.effort,
  // Figures from a busy machine are worth little.
  load: loadavg()[0]
}

const rows: Array<Row> = []
for (const [name, measure] of Object.entries(groups)) {
  if (given.only.length > 0 && !given.only.includes(name)) continue
  console.error(`measuring: ${name}`)
  rows.push(...(await measure(efforts[given.effort])))
}
console.log(render(rows))
console.log(`\nNode ${machine.node}, ${machine.processors} × ${machine.model}, load ${machine.load} at the start`)

mkdirSync(dirname(given.json), { recursive: true })
writeFileSync(given.json, `${toJson(rows, machine)}\n`)
// What still waits for answers need not be waited for.
process.exit(0)
