/** How long the command takes that does next to nothing, against Node that does nothing. */
import { spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Effort, inTurns, wall } from "../Measure.ts"
import type { Row } from "../Table.ts"

const command = "dist/programs/cli/main.js"

export const measure = async (effort: Effort): Promise<ReadonlyArray<Row>> => {
  const home = mkdtempSync(join(tmpdir(), "webqq-bench-"))
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    WEBQQ_UIN: "10001",
    WEBQQ_PASSWORD: "webqq-10001",
    // Nobody may listen there: the port belongs to the system.
    WEBQQ_SERVER: "http://127.0.0.1:9"
  }
  const run =
    (...args: ReadonlyArray<string>) =>
    () =>
      wall(
        () =>
          new Promise<void>((resolve, reject) => {
            spawn(process.execPath, args, { env, stdio: "ignore" })
              .on("error", reject)
              .on("close", () => resolve())
          })
      )
  const measured = await inTurns(effort, {
    node: run("-e", "0"),
    version: run(command, "--version"),
    help: run(command, "send", "--help"),
    send: run(command, "send", "小明", "你好")
  })
  rmSync(home, { recursive: true, force: true })
  const row = (name: keyof typeof measured, shown: string, target: number): Row => ({
    name: `webqq ${shown}, wall`,
    unit: "ms",
    ours: measured[name],
    baseline: { name: "node -e 0", samples: measured.node },
    compare: "cost",
    target: { ratio: target }
  })
  return [row("version", "--version", 2.5), row("help", "send --help", 3), row("send", "send to a closed port", 5)]
}
