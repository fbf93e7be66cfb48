#!/usr/bin/env node
/**
 * The `webqq` command.
 */
import * as Command from "@effect/cli/Command"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import { admin } from "./admin/Admin.ts"
import { bot, echo } from "./Bots.ts"
import { send } from "./Chat.ts"
import { demo } from "./Demo.ts"
import { toExitCode } from "./Failure.ts"
import { login, scan } from "./LogIn.ts"
import * as Print from "./Print.ts"
import { serve } from "./Serve.ts"
import { version } from "./version.ts"

const webqq = Command.make("webqq").pipe(
  Command.withDescription("WebQQ in the terminal: a server, a bot, a message. Start with `webqq demo`."),
  Command.withSubcommands([serve, login, scan, echo, bot, send, demo, admin])
)

const run = Command.run(webqq, { name: "webqq", version })

const logging = Layer.merge(
  Logger.replace(Logger.defaultLogger, Print.logger),
  Logger.minimumLogLevel(LogLevel.Warning)
)

// A reader that went away (`webqq demo | head`) is no failure.
process.stdout.on("error", () => process.exit(0))

toExitCode(run(process.argv)).pipe(
  Effect.provide([NodeContext.layer, logging]),
  NodeRuntime.runMain({
    disableErrorReporting: true,
    disablePrettyLogger: true,
    teardown: (exit, onExit) => onExit(Exit.isSuccess(exit) && typeof exit.value === "number" ? exit.value : 0)
  })
)
