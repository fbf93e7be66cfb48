/**
 * `webqq serve`: the embedded server in a terminal.
 */
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as FileSystem from "@effect/platform/FileSystem"
import * as HttpServer from "@effect/platform/HttpServer"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Option from "effect/Option"
import * as Faults from "../server/Faults.ts"
import * as HttpFront from "../server/HttpFront.ts"
import * as WorldFile from "../server/WorldFile.ts"
import * as WorldMemory from "../server/WorldMemory.ts"
import { defaultPort } from "./Account.ts"
import { BadInput } from "./Failure.ts"
import * as Listener from "./Listener.ts"
import * as Print from "./Print.ts"
import * as SecureRandom from "./SecureRandom.ts"

const options = {
  port: Options.integer("port").pipe(
    Options.withDescription("The port on 127.0.0.1; 0 lets the system choose"),
    Options.withDefault(defaultPort)
  ),
  world: Options.text("world").pipe(
    Options.withDescription("A world file (JSON); the built-in sample world if not given"),
    Options.optional
  ),
  faults: Options.text("faults").pipe(
    Options.withDescription("A faults file (JSON): what shall go wrong, and how often"),
    Options.optional
  ),
  strict: Options.boolean("strict").pipe(
    Options.withDescription("Refuse what the documents forbid instead of tolerating old clients")
  )
}

const read = (kind: string, path: string) =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    return yield* Effect.mapError(
      files.readFileString(path),
      () => new BadInput({ message: `the ${kind} file ${path} cannot be read. Check its name and its rights.` })
    )
  })

const readWorld = (path: string) => Effect.flatMap(read("world", path), (text) => WorldFile.fromJson(text, path))
const readFaults = (path: string) => Effect.flatMap(read("faults", path), (text) => Faults.fromJson(text, path))

const validPort = (port: number) =>
  port >= 0 && port <= 65535
    ? Effect.succeed(port)
    : Effect.fail(new BadInput({ message: `--port ${port} is no port. Give a number from 0 to 65535.` }))

/** Where a listener can be reached. */
export const urlOf = (server: HttpServer.HttpServer): string =>
  server.address._tag === "TcpAddress"
    ? `http://${server.address.hostname}:${server.address.port}`
    : server.address.path

const announce = (file: WorldFile.WorldFile, sample: boolean, strict: boolean) =>
  Effect.gen(function* () {
    const voice = Print.voice("server", "cyan")
    yield* voice.say(
      `WebQQ on ${urlOf(yield* HttpServer.HttpServer)} (${strict ? "strict" : "tolerant"}); Ctrl-C stops it`
    )
    yield* Effect.forEach(file.accounts, ({ nick, number }) => voice.say(`account ${number} ${Print.oneLine(nick)}`), {
      discard: true
    })
    if (sample) yield* voice.say("sample world: the password of each account is webqq- and its number")
  })

export const serve = Command.make("serve", options, ({ faults, port, strict, world }) =>
  Effect.gen(function* () {
    const listener = Listener.layer(yield* validPort(port))
    const file = yield* Option.match(world, { onNone: () => Effect.succeed(WorldFile.sample), onSome: readWorld })
    const plan = yield* Option.match(faults, { onNone: () => Effect.succeed(Faults.none), onSome: readFaults })
    const running = HttpFront.layer({ strict }).pipe(
      Layer.merge(Layer.effectDiscard(announce(file, Option.isNone(world), strict))),
      Layer.provide([WorldMemory.layer(file), listener, SecureRandom.layer, Faults.layer(plan)])
    )
    return yield* Effect.scoped(Effect.zipRight(Layer.build(running), Effect.never))
  }).pipe(Logger.withMinimumLogLevel(LogLevel.Info))
).pipe(Command.withDescription("Run a WebQQ server"))
