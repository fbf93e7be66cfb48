/** The built `webqq` command in processes of its own. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { fileURLToPath } from "node:url"
import * as Process from "./Process.ts"

export { file, folder } from "./Process.ts"

/** The built command. */
export const main = fileURLToPath(new URL("../../dist/programs/cli/main.js", import.meta.url))

/** Starts a command. */
export const start = (args: ReadonlyArray<string>, env?: Readonly<Record<string, string>>): Process.Running =>
  Process.start(process.execPath, [main, ...args], env === undefined ? {} : { env })

/** Runs a command to its end. */
export const run = (args: ReadonlyArray<string>, env?: Readonly<Record<string, string>>): Promise<Process.Run> =>
  start(args, env).done

/** A port at which nobody listens. */
export const free = () =>
  new Promise<number>((resolve) => {
    const server = createServer()
    server.listen(0, "127.0.0.1", () => {
      // An IP socket's address is an object.
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
