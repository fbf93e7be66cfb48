/** The built `webqq` command in processes of its own. */
import { spawn } from "node:child_process"
import { mkdtempSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** The built command. */
export const main = fileURLToPath(new URL("../../dist/programs/cli/main.js", import.meta.url))
/** A home for the commands of one test file. */
export const folder = mkdtempSync(join(tmpdir(), "webqq-"))
/** Writes a file there; gives its path. */
export const file = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** How a command ended. */
export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command that runs. */
export const start = (args: ReadonlyArray<string>, env: Record<string, string> = {}) => {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH ?? "", HOME: folder, ...env },
    stdio: ["ignore", "pipe", "pipe"]
  })
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
  const done = new Promise<Run>((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })))
  /** Resolves when the output matches, fails when the process ends first. */
  const until = (pattern: RegExp, where: "stdout" | "stderr" = "stdout") =>
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
  return {
    done,
    until,
    interrupt: () => child.kill("SIGINT"),
    terminate: () => child.kill("SIGTERM"),
    kill: () => child.kill("SIGKILL")
  }
}

/** Runs a command to its end. */
export const run = (args: ReadonlyArray<string>, env?: Record<string, string>) => start(args, env).done

/** A port at which nobody listens. */
export const free = () =>
  new Promise<number>((resolve) => {
    const server = createServer()
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
