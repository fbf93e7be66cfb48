/**
 * Which world a server has: one in memory, or one of a database.
 */
import * as Options from "@effect/cli/Options"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type * as Backup from "../server/admin/Backup.ts"
import * as Seed from "../server/Seed.ts"
import type * as World from "../server/World.ts"
import * as WorldFile from "../server/WorldFile.ts"
import * as WorldMemory from "../server/WorldMemory.ts"
import { BadInput } from "./Failure.ts"
import * as Print from "./Print.ts"

/** The flags that choose. */
export const options = {
  world: Options.text("world").pipe(
    Options.withDescription("A world file (JSON); the built-in sample world if not given"),
    Options.optional
  ),
  db: Options.text("db").pipe(
    Options.withDescription("Keep the world in this SQLite file; a new one is filled from the world file"),
    Options.optional
  )
}

/** What the flags say. */
export interface Choice {
  readonly world: Option.Option<string>
  readonly db: Option.Option<string>
}

/** The world, and what a person should be told about it, line by line. */
export interface Served {
  readonly world: World.World["Type"]
  /** How it is copied, if that is possible. */
  readonly backup: Option.Option<Backup.Copy>
  readonly notes: ReadonlyArray<string>
}

/** Accounts that are shown one by one. */
const shownAtMost = 50

/** Reads a file of settings; `kind` is its name for a person. */
export const readText = (kind: string, path: string): Effect.Effect<string, BadInput, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    return yield* Effect.mapError(
      files.readFileString(path),
      () => new BadInput({ message: `the ${kind} file ${path} cannot be read. Check its name and its rights.` })
    )
  })

const readWorld = Option.match({
  onNone: () => Effect.succeed(WorldFile.sample),
  onSome: (path: string) => Effect.flatMap(readText("world", path), (text) => WorldFile.fromJson(text, path))
})

/** The driver is native code, with a build for the usual platforms only. */
const loadWorldDb = Effect.tryPromise({
  try: () => import("./WorldDb.ts"),
  catch: () =>
    new BadInput({ message: `--db does not work on ${process.platform} ${process.arch}: libsql has no build for it.` })
})

const sampleNote = "sample world: the password of each account is webqq- and its number"

const inMemory = (choice: Choice) =>
  Effect.gen(function* () {
    const file = yield* readWorld(choice.world)
    const world = yield* Effect.tap(WorldMemory.make, Seed.into(file))
    return { world, backup: Option.none(), notes: Option.isNone(choice.world) ? [sampleNote] : [] }
  })

const inDatabase = (path: string, choice: Choice) =>
  Effect.gen(function* () {
    const file = yield* readWorld(choice.world)
    const { open } = yield* loadWorldDb
    const { backup, filled, world } = yield* open(path, file)
    const source = Option.match(choice.world, { onNone: () => "the sample world", onSome: (from) => from })
    const notes = [
      ...(filled ? [`database ${path}: new, filled from ${source}`] : [`database ${path}`]),
      ...(filled && Option.isNone(choice.world) ? [sampleNote] : []),
      ...(!filled && Option.isSome(choice.world) ? [`${source} is ignored: the database has accounts already`] : [])
    ]
    return { world, backup: Option.some(backup), notes }
  })

const accountNotes = (world: World.World["Type"]) =>
  Effect.map(world.accounts, (accounts) => [
    ...accounts.slice(0, shownAtMost).map(({ nick, number }) => `account ${number} ${Print.oneLine(nick)}`),
    ...(accounts.length > shownAtMost ? [`and ${accounts.length - shownAtMost} more accounts`] : [])
  ])

/** The world that was chosen, for as long as the scope lasts. */
export const make = (
  choice: Choice
): Effect.Effect<Served, BadInput | WorldFile.WorldFileError, FileSystem.FileSystem | Scope.Scope> =>
  Effect.gen(function* () {
    const { notes, ...served } = yield* Option.match(choice.db, {
      onNone: () => inMemory(choice),
      onSome: (path) => inDatabase(path, choice)
    })
    return { ...served, notes: [...(yield* accountNotes(served.world)), ...notes] }
  })
