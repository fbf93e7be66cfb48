/** Around all tests: a home and a place for temporary files of their own, and a look at what they leave behind. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** The processes that were started for tests and still run: they have the tests' directory in their environment. Linux only. */
const stillRunning = (directory: string): ReadonlyArray<{ readonly pid: number; readonly command: string }> => {
  try {
    return readdirSync("/proc").flatMap((name) => {
      try {
        if (!readFileSync(`/proc/${name}/environ`, "utf8").includes(directory)) return []
        // Vitest ends its own children itself.
        if (readFileSync(`/proc/${name}/status`, "utf8").includes(`\nPPid:\t${process.pid}\n`)) return []
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ")
        return [{ pid: Number(name), command }]
      } catch {
        // None of ours, no process, or gone meanwhile.
        return []
      }
    })
  } catch {
    return []
  }
}

export default function setup() {
  // Each project calls this, and one time is enough.
  if (process.env.WEBQQ_TESTS !== undefined) return
  const directory = mkdtempSync(join(tmpdir(), "webqq-tests-"))
  const home = join(directory, "home")
  const temporary = join(directory, "tmp")
  for (const path of [home, temporary]) mkdirSync(path)
  // Settings of the person who runs the tests are nothing that these should see.
  for (const name of Object.keys(process.env)) if (/^(WEBQQ|XDG)_/.test(name)) delete process.env[name]
  process.env.HOME = home
  process.env.TMPDIR = temporary
  process.env.WEBQQ_TESTS = directory

  return () => {
    const running = stillRunning(directory)
    for (const { pid } of running) process.kill(pid, "SIGKILL")
    const written = readdirSync(home)
    rmSync(directory, { recursive: true, force: true })
    const left = [
      ...running.map(({ command }) => `still running: ${command}`),
      ...written.map((name) => `in the home directory: ${name}`)
    ]
    if (left.length > 0) throw new Error(`the tests left behind\n${left.join("\n")}`)
  }
}
