/**
 * `webqq admin`: commands to a running server.
 */
import { resolve } from "node:path"
import * as Args from "@effect/cli/Args"
import * as Command from "@effect/cli/Command"
import * as CliOptions from "@effect/cli/Options"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Api from "../../server/admin/Api.ts"
import * as Faults from "../../server/Faults.ts"
import { BadInput } from "../Failure.ts"
import * as Print from "../Print.ts"
import * as Client from "./Client.ts"
import * as Input from "./Input.ts"
import * as People from "./People.ts"
import * as Table from "./Table.ts"

const { server } = Client

const reached = ({ missed, recipients }: Api.Said): string =>
  missed === 0 ? `${recipients}` : `${recipients - missed} of ${recipients} (for the others too many wait already)`

const say = Command.make(
  "say",
  {
    server,
    as: CliOptions.text("as").pipe(CliOptions.withDescription("Who says it")),
    to: CliOptions.text("to").pipe(CliOptions.withDescription("A QQ number, group:NUMBER or discussion:DID")),
    text: Args.text({ name: "text" })
  },
  (given) =>
    Effect.gen(function* () {
      const from = yield* Input.qq("--as", given.as)
      const to = yield* Input.target(given.to)
      const text = yield* Input.name("TEXT", given.text, 10_000)
      const said = yield* Client.tell(given.server, ({ messages }) => messages.say({ payload: { from, to, text } }))
      yield* Print.line(
        to._tag === "Friend" ? `said to ${to.number}` : `said to ${given.to}, members: ${reached(said)}`
      )
    })
).pipe(Command.withDescription("Say something in the name of an account, which need not be online"))

const kick = Command.make("kick", { server, account: Args.text({ name: "account" }) }, (given) =>
  Effect.gen(function* () {
    const account = yield* Input.qq("ACCOUNT", given.account)
    yield* Client.tell(given.server, ({ sessions }) => sessions.kick({ payload: { account } }))
    yield* Print.line(`${account} is kicked`)
  })
).pipe(Command.withDescription("End the session of an account"))

const sessions = Command.make("sessions", { server, json: Input.json }, ({ json, server }) =>
  Effect.gen(function* () {
    const found = yield* Client.tell(server, (client) => client.sessions.list())
    if (json) return yield* Print.drawn([Table.json(found)])
    if (found.length === 0) return yield* Print.line("nobody is logged in")
    const now = yield* Clock.currentTimeMillis
    const rows = found.map(({ account, away, nick, seen, since, status, waiting }) => [
      account,
      nick,
      away ? `${status}, silent` : status,
      Table.ago(since, now),
      Table.ago(seen, now),
      waiting
    ])
    yield* Print.drawn(Table.lines(["ACCOUNT", "NICK", "STATUS", "LOGIN", "SEEN", "WAITING"], rows))
  })
).pipe(Command.withDescription("List who is logged in"))

const backup = Command.make("backup", { server, file: Args.text({ name: "file" }) }, (given) =>
  Effect.gen(function* () {
    // The server may run in another directory.
    const file = resolve(yield* Input.name("FILE", given.file, 4000))
    yield* Client.tell(given.server, ({ world }) => world.backup({ payload: { file } }))
    yield* Print.line(`the world is copied into ${file}; serve it with --db`)
  })
).pipe(Command.withDescription("Copy the database of a running server into a new file"))

const percent = (rate: number): string => `${Number((rate * 100).toPrecision(3))} %`

/** A plan in a few lines: rates hold for the endpoints that the plan names. */
const planLines = ({ delayMs, endpoints, rates, retcode, script }: Faults.Plan): ReadonlyArray<string> => {
  const often = Faults.Kind.literals.flatMap((kind) => {
    const rate = rates[kind] ?? 0
    return rate > 0 && endpoints.length > 0 ? [[kind, endpoints.join(" "), percent(rate)]] : []
  })
  const once = script.map(({ endpoint, fault, nth }) => [fault, endpoint, `request ${nth}`])
  if (often.length + once.length === 0) return ["no faults"]
  return [
    ...Table.lines(["FAULT", "ENDPOINTS", "WHEN"], [...often, ...once]),
    `delays last ${delayMs} ms; the retcode is ${retcode}`
  ]
}

const readPlan = (path: string) =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const text = yield* Effect.mapError(
      files.readFileString(path),
      () => new BadInput({ message: `the faults file ${path} cannot be read. Check its name and its rights.` })
    )
    return yield* Faults.fromJson(text, path)
  })

const faults = Command.make(
  "faults",
  {
    server,
    json: Input.json,
    set: CliOptions.text("set").pipe(
      CliOptions.withDescription("A faults file (JSON): what shall go wrong from now on, and how often"),
      CliOptions.optional
    ),
    clear: CliOptions.boolean("clear").pipe(CliOptions.withDescription("Nothing shall go wrong any more"))
  },
  ({ clear, json, server, set }) =>
    Effect.gen(function* () {
      if (clear && Option.isSome(set)) return yield* new BadInput({ message: "give either --set or --clear." })
      const plan = yield* Option.match(set, { onNone: () => Effect.succeed(undefined), onSome: readPlan })
      const inUse = yield* Client.tell(server, ({ faults }) =>
        Effect.gen(function* () {
          if (plan !== undefined) yield* faults.set({ payload: plan })
          if (clear) yield* faults.clear()
          return yield* faults.show()
        })
      )
      yield* json ? Print.drawn([Table.json(inUse)]) : Print.drawn(planLines(inUse))
    })
).pipe(Command.withDescription("Show what goes wrong on purpose, or change it"))

/** `webqq admin` */
export const admin = Command.make("admin").pipe(
  Command.withDescription("Give commands to a server of yours that runs on this machine"),
  Command.withSubcommands([
    People.accountCommand,
    People.friendCommand,
    People.groupCommand,
    say,
    kick,
    sessions,
    backup,
    faults
  ])
)
