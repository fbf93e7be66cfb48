/**
 * Programs in processes of their own. None outlives its test, or the file where it was started between tests, and none
 * sees the home of whoever runs the tests. `vitest.config.ts` runs the files that import this one by one.
 */
import { spawn } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { isMainThread } from "node:worker_threads"
import { afterAll, afterEach, beforeEach } from "vitest"

if (!isMainThread) throw new Error("a test that starts processes imports its rig itself, or it is not run apart")

/** A home for the processes of one test file. */
export const folder = mkdtempSync(join(tmpdir(), "webqq-"))
/** Writes a file there; gives its path. */
export const file = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** How a program ended. */
export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A program that runs. */
export interface Running {
  readonly pid: number | undefined
  readonly done: Promise<Run>
  /** Resolves when the output, or that for errors, matches; fails when the program ends first. */
  readonly until: (pattern: RegExp, where?: "stdout" | "stderr") => Promise<RegExpExecArray>
  readonly interrupt: () => void
  readonly terminate: () => void
  readonly kill: () => void
}

export interface Options {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** With the process of the tests themselves, four. */
const atMost = 3
const living = new Set<Running>()

/** The environment of a program: nothing of the one that the tests run in but where programs and temporary files are. */
const environment = (env: Options["env"]) => ({
  PATH: process.env.PATH ?? "",
  TMPDIR: tmpdir(),
  HOME: folder,
  ...env
})

/** Starts a program. */
export const start = (program: string, args: ReadonlyArray<string>, { cwd, env }: Options = {}): Running => {
  if (living.size >= atMost) throw new Error(`${atMost} processes run already: stop one first`)
  const child = spawn(program, args, { cwd, env: environment(env), stdio: ["ignore", "pipe", "pipe"] })
  let stdout = ""
  let stderr = ""
  const waiting = new Set<() => void>()
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk
    for (const check of waiting) check()
  })
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk
    for (const check of waiting) check()
  })
  const done = new Promise<Run>((resolve) => {
    child.on("error", (error) => {
      stderr += String(error)
    })
    child.on("close", (code) => {
      living.delete(running)
      resolve({ code, stdout, stderr })
    })
  })
  const until: Running["until"] = (pattern, where = "stdout") =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const check = () => {
        const match = pattern.exec(where === "stdout" ? stdout : stderr)
        if (match === null) return
        waiting.delete(check)
        resolve(match)
      }
      waiting.add(check)
      void done.then(() => reject(new Error(`ended without ${pattern}:\n${stdout}\n${stderr}`)))
      check()
    })
  const running: Running = {
    pid: child.pid,
    done,
    until,
    interrupt: () => child.kill("SIGINT"),
    terminate: () => child.kill("SIGTERM"),
    kill: () => child.kill("SIGKILL")
  }
  living.add(running)
  return running
}

/** Runs a program to its end. */
export const run = (program: string, args: ReadonlyArray<string>, options?: Options): Promise<Run> =>
  start(program, args, options).done

const end = async (these: Iterable<Running>) => {
  for (const running of these) {
    running.kill()
    await running.done
  }
}

// However a test ends, and whether or not it stopped what it started.
let shared: ReadonlySet<Running> = new Set()
beforeEach(() => {
  shared = new Set(living)
})
afterEach(() => end([...living].filter((running) => !shared.has(running))))
// A run that is broken off runs no hooks.
const atExit = () => {
  for (const { kill } of living) kill()
}
process.once("exit", atExit)
afterAll(async () => {
  await end(living)
  process.off("exit", atExit)
  rmSync(folder, { recursive: true, force: true })
})
