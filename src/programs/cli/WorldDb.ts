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
import type { DatabaseError } from "../server/sql/DatabaseError.ts"
import * as WorldSql from "../server/sql/WorldSql.ts"
import type * as World from "../server/World.ts"
import type * as WorldFile from "../server/WorldFile.ts"
import { BadInput } from "./Failure.ts"

const refused = (path: string, { reason }: DatabaseError): BadInput => {
  switch (reason) {
    case "InUse":
      return new BadInput({ message: `the database ${path} is in use. Stop the other server first.` })
    case "Foreign":
      return new BadInput({ message: `${path} is no database of a WebQQ world. Choose another file with --db.` })
    case "Newer":
      return new BadInput({ message: `the database ${path} was written by a newer webqq. Use that version.` })
    case "Failed":
      return unusable(path)
  }
}

const unusable = (path: string): BadInput =>
  new BadInput({ message: `the database ${path} cannot be opened. Check its name, its directory and its rights.` })

/** There are accounts in it: what is new is for its owner alone. SQLite gives the files beside it the same rights. */
const createFile = (path: string) =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    yield* Effect.scoped(files.open(path, { flag: "a", mode: 0o600 }))
  }).pipe(Effect.mapError(() => unusable(path)))

/** The client; the driver throws where a file cannot be opened. */
const connect = (path: string): Effect.Effect<SqlClient.SqlClient, BadInput, Scope.Scope> =>
  Layer.build(LibsqlClient.layer({ url: pathToFileURL(resolve(path)) })).pipe(
    Effect.map(Context.get(SqlClient.SqlClient)),
    Effect.catchAllDefect(() => Effect.fail(unusable(path)))
  )

/** The world of a file for as long as the scope lasts, and whether it was new and has been filled. */
export const open = (
  path: string,
  seed: WorldFile.WorldFile
): Effect.Effect<
  { readonly world: World.World["Type"]; readonly filled: boolean },
  BadInput,
  FileSystem.FileSystem | Scope.Scope
> =>
  Effect.gen(function* () {
    yield* createFile(path)
    const sql = yield* connect(path)
    return yield* WorldSql.seeded(seed).pipe(
      Effect.provideService(SqlClient.SqlClient, sql),
      Effect.mapError((error) => refused(path, error))
    )
  })
