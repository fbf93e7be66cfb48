/**
 * From the flags to the listeners.
 */

import { join } from "node:path"
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as HttpServer from "@effect/platform/HttpServer"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Certificates from "../Certificates.ts"
import type { BadInput } from "../Failure.ts"
import * as Listener from "../Listener.ts"
import * as State from "../State.ts"
import * as Ports from "./Ports.ts"

/** https and what its certificate hangs on. */
export interface Secure {
  readonly server: HttpServer.HttpServer
  readonly kept: Certificates.Kept
}

export interface Listening {
  readonly http: HttpServer.HttpServer
  readonly https: Option.Option<Secure>
}

/** All the listeners. */
export const servers = ({ http, https }: Listening): ReadonlyArray<HttpServer.HttpServer> => [
  ...Option.toArray(Option.map(https, ({ server }) => server)),
  http
]

/** Their ports. */
export const ports = (listening: Listening): ReadonlyArray<number> =>
  servers(listening).flatMap(({ address }) => (address._tag === "TcpAddress" ? [address.port] : []))

const secure = (where: Where, port: Ports.Port, oldClients: boolean) =>
  Effect.gen(function* () {
    const kept = yield* Certificates.keep(join(yield* State.directory, "tls"), yield* Clock.currentTimeMillis)
    return { kept, server: yield* Listener.make({ ...port, ...where, tls: { ...kept, oldClients } }) }
  })

/** What all listeners have in common. */
type Where = Required<Pick<Listener.Options, "host" | "limits">>

/** Starts what the flags ask for, all of it or nothing. In strict mode https begins with TLS 1.2. */
export const start = (
  given: Ports.Given & { readonly host: string; readonly connectionsPerAddress: number; readonly strict: boolean }
): Effect.Effect<Listening, BadInput, FileSystem.FileSystem | Scope.Scope> =>
  Effect.gen(function* () {
    const ports = yield* Ports.resolve(given)
    const where: Where = {
      host: given.host,
      limits: { perAddress: yield* Ports.perAddress(given.connectionsPerAddress) }
    }
    const https = yield* Effect.transposeMapOption(ports.https, (port) => secure(where, port, !given.strict))
    return { https, http: yield* Listener.make({ ...ports.http, ...where }) }
    // Or each would take its second to end.
  }).pipe(Effect.parallelFinalizers)
