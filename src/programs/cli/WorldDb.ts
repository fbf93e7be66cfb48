/**
 * The world of a database file. Loads `@effect/sql` and libsql, so it is itself loaded only where a file is named.
 */
import { resolve } from "node:path"
import { pathToFileURL } from "node:url"
import * as FileSystem from "@effect/platform/FileSystem"
import * as SqlClient from "@effect/sql/SqlClient"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type * as Backup from "../server/admin/Backup.ts"
import { Impossible } from "../server/admin/Problems.ts"
import { codeOf, type DatabaseError, fromSql } from "../server/sql/DatabaseError.ts"
import * as WorldSql from "../server/sql/WorldSql.ts"
import type * as World from "../server/World.ts"
import type * as WorldFile from "../server/WorldFile.ts"
import * as AtomicFile from "./AtomicFile.ts"
import { BadInput } from "./Failure.ts"

const refused = (path: string, { cause, reason }: DatabaseError): BadInput => {
  switch (reason) {
    case "InUse":
      return new BadInput({ message: `the database ${path} is in use. Stop the other server first.` })
    case "Foreign":
      return new BadInput({ message: `${path} is no database of a WebQQ world. Choose another file with --db.` })
    case "Newer":
      return new BadInput({ message: `the database ${path} was written by a newer webqq. Use that version.` })
    case "Full":
      return new BadInput({ message: `the database ${path} cannot be written: the disk is full. Make room first.` })
    case "ReadOnly":
      return new BadInput({
        message: `the database ${path} cannot be written. Check its rights and those of its directory.`
      })
    case "Broken":
      return new BadInput({
        message: `the database ${path} is damaged. Put a copy in its place, or choose another file.`
      })
    case "Unreachable":
      return unusable(path, "it is no plain file, or its directory cannot be used")
    case "Failed":
      return unusable(path, `the driver says ${codeOf(cause) || "nothing"}`)
  }
}

const unusable = (path: string, why: string): BadInput =>
  new BadInput({
    message: `the database ${path} cannot be opened: ${why}. Check its name, its directory and its rights.`
  })

/** There are accounts in it: what is new is for its owner alone. SQLite gives the files beside it the same rights. */
const createFile = (path: string) =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    yield* Effect.scoped(files.open(path, { flag: "a", mode: AtomicFile.ownerOnly }))
  }).pipe(Effect.mapError((error) => unusable(path, AtomicFile.why(error))))

/** The client; the driver throws where a file cannot be opened. */
const connect = (path: string): Effect.Effect<SqlClient.SqlClient, BadInput, Scope.Scope> =>
  Layer.build(LibsqlClient.layer({ url: pathToFileURL(resolve(path)) })).pipe(
    Effect.map(Context.get(SqlClient.SqlClient)),
    Effect.catchAllDefect((defect) => Effect.fail(refused(path, fromSql({ cause: defect }))))
  )

/** Copies the database of a running server into a new file, for its owner alone. Nothing is overwritten. */
const copyTo =
  (sql: SqlClient.SqlClient, files: FileSystem.FileSystem): Backup.Copy =>
  (file) =>
    Effect.gen(function* () {
      yield* Effect.mapError(
        Effect.scoped(files.open(file, { flag: "wx", mode: AtomicFile.ownerOnly })),
        AtomicFile.why
      )
      yield* WorldSql.copy(sql, file).pipe(
        Effect.mapError(({ message }) => message),
        Effect.onError(() => Effect.ignore(files.remove(file)))
      )
    }).pipe(
      // Half a copy must not stay because somebody did not wait.
      Effect.uninterruptible,
      Effect.mapError((why) => new Impossible({ why: `${file} was not written: ${why.replace(/\.$/, "")}.` }))
    )

/** What is served: the world, whether it was new and has been filled, and how it is copied. */
export interface Opened {
  readonly world: World.World["Type"]
  readonly filled: boolean
  readonly backup: Backup.Copy
}

/** The world of a file for as long as the scope lasts. */
export const open = (
  path: string,
  seed: WorldFile.WorldFile
): Effect.Effect<Opened, BadInput, FileSystem.FileSystem | Scope.Scope> =>
  Effect.gen(function* () {
    yield* createFile(path)
    const sql = yield* connect(path)
    const seeded = yield* WorldSql.seeded(seed).pipe(
      Effect.provideService(SqlClient.SqlClient, sql),
      Effect.mapError((error) => refused(path, error))
    )
    return { ...seeded, backup: copyTo(sql, yield* FileSystem.FileSystem) }
  })
