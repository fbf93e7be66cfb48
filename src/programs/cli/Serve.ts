/**
 * `webqq serve`: the embedded server in a terminal.
 */
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as HttpServer from "@effect/platform/HttpServer"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Option from "effect/Option"
import * as Backup from "../server/admin/Backup.ts"
import * as Faults from "../server/Faults.ts"
import * as Handler from "../server/Handler.ts"
import * as HttpFront from "../server/HttpFront.ts"
import * as World from "../server/World.ts"
import * as AdminListener from "./admin/AdminListener.ts"
import { BadInput } from "./Failure.ts"
import * as SecureRandom from "./SecureRandom.ts"
import * as ServedWorld from "./ServedWorld.ts"
import * as Announce from "./serve/Announce.ts"
import * as Listening from "./serve/Listening.ts"
import * as Ports from "./serve/Ports.ts"

const options = {
  ...Ports.flags,
  ...AdminListener.options,
  hostsFile: Options.text("hosts-file").pipe(
    Options.withDescription("Write into this hosts file that the documented hosts are here; its other lines stay"),
    Options.optional
  ),
  ...ServedWorld.options,
  faults: Options.text("faults").pipe(
    Options.withDescription("A faults file (JSON): what shall go wrong, and how often"),
    Options.optional
  ),
  strict: Options.boolean("strict").pipe(
    Options.withDescription("Refuse what the documents forbid instead of tolerating old clients")
  ),
  allEvents: Options.boolean("all-events").pipe(
    Options.withDescription("Send SmartQQ clients all kinds of events, not messages alone; some do not survive them")
  ),
  loginDays: Options.integer("login-days").pipe(
    Options.withDescription("How many days the cookies of a login are good after they were used last; 30 if not given"),
    Options.withDefault(30)
  ),
  plainText: Options.boolean("plain-text").pipe(
    Options.withDescription(
      "Send SmartQQ clients the texts of messages as they are, not HTML-escaped as the service did"
    )
  )
}

const readFaults = (path: string) =>
  Effect.flatMap(ServedWorld.readText("faults", path), (text) => Faults.fromJson(text, path))

/** Who answers on the listeners: one handler for all, so that who logs in over https is logged in over http. */
const answering = (listening: Listening.Listening) =>
  Layer.scopedDiscard(
    Effect.forEach(
      Listening.servers(listening),
      (server) => Effect.provideService(HttpFront.serve, HttpServer.HttpServer, server),
      { discard: true }
    )
  )

export const serve = Command.make(
  "serve",
  options,
  ({ adminPort, allEvents, db, faults, hostsFile, loginDays, noAdmin, plainText, strict, world, ...given }) =>
    Effect.gen(function* () {
      if (loginDays < 1) yield* new BadInput({ message: `--login-days ${loginDays} is too short: give 1 at least.` })
      const served = yield* ServedWorld.make({ world, db })
      const plan = yield* Option.match(faults, { onNone: () => Effect.succeed(Faults.none), onSome: readFaults })
      const listening = yield* Listening.start({ ...given, strict })
      const ports = Listening.ports(listening)
      const behaviour = {
        strict,
        allEvents: strict || allEvents,
        escapeText: !plainText,
        loginLifetime: Duration.days(loginDays)
      }
      const backup = Layer.succeedContext(
        Option.match(served.backup, { onNone: Context.empty, onSome: (copy) => Context.make(Backup.Backup, copy) })
      )
      const admin = noAdmin ? Layer.empty : Layer.provide(AdminListener.layer({ adminPort, ports }), backup)
      yield* Layer.build(
        Layer.merge(answering(listening), admin).pipe(
          Layer.provide(Handler.layer(behaviour)),
          Layer.provide([Layer.succeed(World.World, served.world), SecureRandom.layer, Faults.layer(plan)])
        )
      )
      const invitation = noAdmin ? [] : [AdminListener.invitation(ports)]
      yield* Announce.world(listening, [...served.notes, ...invitation], strict)
      yield* Announce.reaching(listening, hostsFile)
      return yield* Effect.never
    }).pipe(Effect.scoped, Logger.withMinimumLogLevel(LogLevel.Info))
).pipe(Command.withDescription("Run a WebQQ server"))
