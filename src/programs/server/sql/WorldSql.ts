/**
 * A world in an SQLite database, on `@effect/sql`: it outlives the process. Whatever a method has answered is in the
 * file, and survives that the process is killed.
 *
 * Every change is one statement, and so atomic by itself; two fibers cannot get between each other's statements.
 */
import * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as Seed from "../Seed.ts"
import * as World from "../World.ts"
import * as WorldFile from "../WorldFile.ts"
import * as Database from "./Database.ts"
import { type DatabaseError, fromSql } from "./DatabaseError.ts"
import * as Discussions from "./Discussions.ts"
import * as Groups from "./Groups.ts"
import * as Letters from "./Letters.ts"
import * as Logins from "./Logins.ts"
import * as Masks from "./Masks.ts"
import * as People from "./People.ts"
import * as Query from "./Query.ts"

/**
 * The world of a database, which is empty if the database is. The client must have one connection, as those for SQLite
 * have, and serve nobody else. Once this is done, a database that fails is a defect.
 */
export const make: Effect.Effect<World.World["Type"], DatabaseError, SqlClient.SqlClient | Scope.Scope> = Effect.gen(
  function* () {
    const sql = yield* SqlClient.SqlClient
    yield* Database.open(sql)
    return World.World.of({
      ...People.make(sql),
      ...Groups.make(sql),
      ...Discussions.make(sql),
      ...Masks.make(sql),
      ...Logins.make(sql),
      ...Letters.make(sql)
    })
  }
)

/** Copies the database, as it is at this moment, into a file that is not there or empty. */
export const copy = (sql: SqlClient.SqlClient, file: string): Effect.Effect<void, DatabaseError> =>
  Effect.mapError(Effect.asVoid(sql`VACUUM INTO ${file}`), fromSql)

/** The world of a database, and whether it was filled just now: it is if there were no accounts; wholly or not at all. */
export const seeded = (
  file: WorldFile.WorldFile
): Effect.Effect<
  { readonly world: World.World["Type"]; readonly filled: boolean },
  DatabaseError,
  SqlClient.SqlClient | Scope.Scope
> =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const world = yield* make
    const filled = !(yield* Query.any(sql`SELECT 1 FROM accounts LIMIT 1`))
    if (filled) yield* Effect.mapError(Database.atomically(sql, Seed.into(file)(world)), fromSql)
    return { world, filled }
  })

/** The world of a database; the world of a file, or the sample world, is put in if there are no accounts yet. */
export const layer = (
  file: WorldFile.WorldFile = WorldFile.sample
): Layer.Layer<World.World, DatabaseError, SqlClient.SqlClient> =>
  Layer.scoped(
    World.World,
    Effect.map(seeded(file), ({ world }) => world)
  )
