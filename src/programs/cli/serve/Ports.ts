/**
 * The flags of `webqq serve` that say where it listens.
 */
import * as Cli from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { defaultPort } from "../Account.ts"
import { BadInput } from "../Failure.ts"
import * as Limits from "../listener/Limits.ts"

/** Where browsers and old clients look. */
export const usual = { http: 80, https: 443 } as const

export const flags = {
  tls: Cli.boolean("tls").pipe(
    Cli.withDescription("Listen on https too, with a certificate of a local CA for every documented host")
  ),
  port: Cli.integer("port").pipe(
    Cli.withDescription(
      `The port; with --tls that of https. 0 lets the system choose; ${defaultPort}, or with --tls ${usual.https}, if not given`
    ),
    Cli.optional
  ),
  httpPort: Cli.integer("http-port").pipe(
    Cli.withDescription(`The port of http beside --tls; ${usual.http} if not given`),
    Cli.optional
  ),
  host: Cli.text("host").pipe(
    Cli.withDescription("The address to listen on; 0.0.0.0 stands for all of this machine's"),
    Cli.withDefault("127.0.0.1")
  ),
  connectionsPerAddress: Cli.integer("connections-per-address").pipe(
    Cli.withDescription("How many connections one address may have, apart from this machine's own; 0 for any number"),
    Cli.withDefault(Limits.standard.perAddress)
  )
}

/** The flags as they were given. */
export interface Given {
  readonly tls: boolean
  readonly port: Option.Option<number>
  readonly httpPort: Option.Option<number>
}

/** A port, and the flag that names it. */
export interface Port {
  readonly port: number
  readonly flag: "--port" | "--http-port"
}

export interface Ports {
  readonly http: Port
  readonly https: Option.Option<Port>
}

/** What 0 means, and what cannot be meant. */
export const perAddress = (given: number): Effect.Effect<number, BadInput> =>
  given < 0
    ? bad(`--connections-per-address ${given} is no number of connections. Give 0 for any number, or a positive one.`)
    : Effect.succeed(given === 0 ? Number.POSITIVE_INFINITY : given)

const bad = (message: string) => Effect.fail(new BadInput({ message }))

/** Checks the port of a flag. */
export const valid = <P extends { readonly port: number; readonly flag: string }>(
  given: P
): Effect.Effect<P, BadInput> =>
  given.port >= 0 && given.port <= 65535
    ? Effect.succeed(given)
    : bad(`${given.flag} ${given.port} is no port. Give a number from 0 to 65535.`)

const plain = ({ httpPort, port }: Given): Effect.Effect<Ports, BadInput> => {
  if (Option.isSome(port) && Option.isSome(httpPort)) {
    return bad("--port and --http-port are the same without --tls. Give one of them, or --tls too.")
  }
  const given: Port = Option.isSome(httpPort)
    ? { port: httpPort.value, flag: "--http-port" }
    : { port: Option.getOrElse(port, () => defaultPort), flag: "--port" }
  return Effect.map(valid(given), (http) => ({ http, https: Option.none() }))
}

const both = (given: Given): Effect.Effect<Ports, BadInput> =>
  Effect.gen(function* () {
    const http = yield* valid<Port>({ port: Option.getOrElse(given.httpPort, () => usual.http), flag: "--http-port" })
    const https = yield* valid<Port>({ port: Option.getOrElse(given.port, () => usual.https), flag: "--port" })
    if (http.port === https.port && http.port !== 0) {
      return yield* bad(`http and https cannot share port ${http.port}. Give --port and --http-port different numbers.`)
    }
    return { http, https: Option.some(https) }
  })

/** Which ports are meant. Fails where the flags contradict each other. */
export const resolve = (given: Given): Effect.Effect<Ports, BadInput> => (given.tls ? both(given) : plain(given))
