/**
 * The listener of the admin endpoint: beside those of the protocol, and for this machine alone.
 */
import { randomBytes } from "node:crypto"
import { createServer } from "node:http"
import * as CliOptions from "@effect/cli/Options"
import type * as FileSystem from "@effect/platform/FileSystem"
import * as HttpServer from "@effect/platform/HttpServer"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Admin from "../../server/admin/Admin.ts"
import { defaultPort } from "../Account.ts"
import { BadInput } from "../Failure.ts"
import * as Ports from "../serve/Ports.ts"
import * as AdminFile from "./AdminFile.ts"

/** The flags of `webqq serve` about administration. */
export const options = {
  adminPort: CliOptions.integer("admin-port").pipe(
    CliOptions.withDescription("The port of the admin endpoint on 127.0.0.1; the system chooses if not given"),
    CliOptions.withDefault(0)
  ),
  noAdmin: CliOptions.boolean("no-admin").pipe(CliOptions.withDescription("Take no commands of `webqq admin`"))
}

/** Says that the server on these ports takes commands, and how to give them. */
export const invitation = (ports: ReadonlyArray<number>): string => {
  const flag = ports.includes(defaultPort) ? "" : ` (add --server http://127.0.0.1:${ports.at(-1)})`
  return `administer it with \`webqq admin\`${flag}`
}

const remedy = "Choose another one with --admin-port, or leave it out with --no-admin."

const codeOf = (cause: unknown): string =>
  typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : String(cause)

/** Whoever is still connected when the server stops is cut off: commands take no time. */
const listener = (port: number): Layer.Layer<HttpServer.HttpServer, BadInput> =>
  Layer.unwrapEffect(
    Effect.sync(() => {
      const server = createServer()
      const hangUp = Effect.sync(() => server.closeAllConnections())
      return Layer.provideMerge(
        Layer.scopedDiscard(Effect.addFinalizer(() => hangUp)),
        NodeHttpServer.layerServer(() => server, { port, host: "127.0.0.1" })
      )
    })
  ).pipe(
    Layer.mapError(
      ({ cause }) => new BadInput({ message: `the admin port ${port} cannot be used (${codeOf(cause)}). ${remedy}` })
    )
  )

const leaveFiles = (ports: ReadonlyArray<number>, token: Redacted.Redacted) =>
  Effect.gen(function* () {
    const { address } = yield* HttpServer.HttpServer
    const url = address._tag === "TcpAddress" ? `http://127.0.0.1:${address.port}` : ""
    const folder = yield* AdminFile.directory
    yield* Effect.mapError(
      Effect.forEach(ports, (port) => AdminFile.leave(port, { url, token }), { discard: true }),
      () =>
        new BadInput({
          message: `${folder} cannot be written to, where the token for \`webqq admin\` belongs. Set WEBQQ_STATE to another directory, or start with --no-admin.`
        })
    )
  })

/**
 * Takes the commands of `webqq admin` for a server, with a new token. `ports` are those on which the server itself can
 * be reached: the command finds it by any of them.
 */
export const layer = (input: {
  readonly adminPort: number
  readonly ports: ReadonlyArray<number>
}): Layer.Layer<never, BadInput, Admin.Needs | FileSystem.FileSystem> =>
  Layer.unwrapEffect(
    Effect.map(Ports.valid({ port: input.adminPort, flag: "--admin-port" }), () => {
      const token = Redacted.make(randomBytes(32).toString("hex"))
      return Layer.scopedDiscard(leaveFiles(input.ports, token)).pipe(
        // The file comes when the endpoint is there, and goes before it.
        Layer.provide(Admin.serve(token)),
        Layer.provide(listener(input.adminPort))
      )
    })
  )
