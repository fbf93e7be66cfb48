/** Many sessions in one process: what each keeps in memory while its poll is held, and what it costs to wake them all. */
import * as Child from "../Child.ts"
import type { Effort } from "../Measure.ts"
import type { Row, Samples } from "../Table.ts"

/** So many are there before memory is looked at, so that what all share is there, too. */
const early = 10

interface Measured {
  /** KiB for each session. */
  readonly resident: number
  readonly heap: number
  /** µs for each event, wave by wave. */
  readonly waking: Samples
}

const measureOne = (kind: "ours" | "bare", count: number, rounds: number): Promise<Measured> =>
  // Bare requests need nobody to log in to.
  Child.using(
    [kind === "ours" ? Child.start("embedded", early + count) : Child.start("hold-server")],
    async ([hold]) => {
      const ports = [await hold.ask("holdPort"), ...(kind === "ours" ? [await hold.ask("port")] : [])]
      return Child.using([Child.start("sessions", ...ports)], async ([sessions]) => {
        const more = async (n: number) => {
          const all = await sessions.ask("add", n)
          await Child.until(hold, "holding", (holding) => holding === all)
          return sessions.ask<Child.Memory>("memory")
        }
        const before = await more(early)
        const after = await more(count)
        const all = early + count
        const waking: Array<number> = []
        for (let wave = 1; wave <= rounds + 1; wave++) {
          const worked = await sessions.ask("worked")
          await hold.ask("wake")
          // Everybody has heard the message, and polls again.
          await Child.until(sessions, "seen", (seen) => seen === wave * all)
          await Child.until(hold, "holding", (holding) => holding === all)
          waking.push(((await sessions.ask("worked")) - worked) / all)
        }
        const perSession = (what: keyof Child.Memory) => (after[what] - before[what]) / count / 1024
        // The first wave warms up.
        return { resident: perSession("resident"), heap: perSession("heap"), waking: waking.slice(1) }
      })
    }
  )

export const measure = async ({ rounds, scale }: Effort): Promise<ReadonlyArray<Row>> => {
  const count = Math.ceil(1000 * scale)
  const ours: Array<Measured> = []
  const bare: Array<Measured> = []
  // New processes each time, which takes a while: fewer turns than elsewhere show the spread.
  for (let round = 0; round < Math.max(1, rounds >> 1); round++) {
    ours.push(await measureOne("ours", count, rounds))
    bare.push(await measureOne("bare", count, rounds))
  }
  const row = (name: string, unit: string, pick: (measured: Measured) => Samples): Row => ({
    name,
    unit,
    ours: ours.flatMap(pick),
    baseline: { name: "undici.request in a loop", samples: bare.flatMap(pick) },
    compare: "cost"
  })
  return [
    {
      ...row(`a held, logged-in session, resident (${count} in one process)`, "KiB", ({ resident }) => [resident]),
      target: { ours: 40 }
    },
    row("the same, heap", "KiB", ({ heap }) => [heap]),
    { ...row(`waking ${count} held polls, for each event`, "µs", ({ waking }) => waking), target: { ratio: 1.5 } }
  ]
}
