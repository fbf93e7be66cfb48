/**
 * Opening and closing the database: whose it is, its version, and that nobody else has it.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import type * as SqlError from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { DatabaseError, fromSql } from "./DatabaseError.ts"
import * as Migrations from "./Migrations.ts"

/** How long to wait for another process to close the file (ms). SQLite waits without yielding, so it is short. */
const patience = 500

const run = (sql: SqlClient.SqlClient, statement: string): Effect.Effect<void, SqlError.SqlError> =>
  Effect.asVoid(sql.unsafe(statement))

const number = (sql: SqlClient.SqlClient, select: string): Effect.Effect<number, SqlError.SqlError> =>
  Effect.map(sql.unsafe<Record<string, unknown>>(select), ([row]) => Number(Object.values(row ?? {})[0] ?? 0))

/**
 * Runs `effect` between BEGIN and COMMIT, on a client that nobody else uses meanwhile.
 *
 * Not `sql.withTransaction`: on libsql it gives the connection away, settings and lock included, and opens another one
 * for what comes next.
 */
export const atomically = <A, E, R>(
  sql: SqlClient.SqlClient,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E | SqlError.SqlError, R> =>
  Effect.uninterruptibleMask((restore) =>
    run(sql, "BEGIN EXCLUSIVE").pipe(
      Effect.zipRight(Effect.onError(restore(effect), () => Effect.ignore(run(sql, "ROLLBACK")))),
      Effect.zipLeft(run(sql, "COMMIT"))
    )
  )

const check = (sql: SqlClient.SqlClient): Effect.Effect<number, SqlError.SqlError | DatabaseError> =>
  Effect.gen(function* () {
    const application = yield* number(sql, "PRAGMA application_id")
    const version = yield* number(sql, "PRAGMA user_version")
    const things = yield* number(sql, "SELECT count(*) FROM sqlite_schema")
    const untouched = application === 0 && version === 0 && things === 0
    if (!untouched && application !== Migrations.applicationId) return yield* new DatabaseError({ reason: "Foreign" })
    if (version > Migrations.migrations.length) return yield* new DatabaseError({ reason: "Newer" })
    return version
  })

const migrate = (sql: SqlClient.SqlClient, from: number) =>
  Effect.gen(function* () {
    yield* run(sql, `PRAGMA application_id = ${Migrations.applicationId}`)
    for (const statement of Migrations.migrations.slice(from).flat()) yield* run(sql, statement)
    yield* run(sql, `PRAGMA user_version = ${Migrations.migrations.length}`)
  })

const start = (sql: SqlClient.SqlClient, version: number) =>
  Effect.gen(function* () {
    yield* run(sql, "PRAGMA locking_mode = EXCLUSIVE")
    yield* run(sql, "PRAGMA foreign_keys = ON")
    yield* run(sql, "PRAGMA journal_mode = WAL")
    // What is committed survives the end of the process; of a loss of power the last moments may be missing.
    yield* run(sql, "PRAGMA synchronous = NORMAL")
    // Even where there is nothing to migrate, this takes the lock.
    yield* atomically(sql, migrate(sql, version))
  })

/**
 * Gives the lock back. A driver keeps the file open until its statements are collected, and WAL keeps a lock as long. So
 * a file that is closed well is a plain one, with nothing beside it.
 */
const stop = (sql: SqlClient.SqlClient) =>
  Effect.gen(function* () {
    yield* run(sql, "PRAGMA journal_mode = DELETE")
    yield* run(sql, "PRAGMA locking_mode = NORMAL")
    yield* number(sql, "SELECT count(*) FROM sqlite_schema")
  }).pipe(Effect.ignore)

/** Makes the database ready, for as long as the scope lasts. What is not ours is only read. */
export const open = (sql: SqlClient.SqlClient): Effect.Effect<void, DatabaseError, Scope.Scope> =>
  Effect.gen(function* () {
    yield* run(sql, `PRAGMA busy_timeout = ${patience}`)
    const version = yield* check(sql)
    yield* Effect.addFinalizer(() => stop(sql))
    yield* start(sql, version)
  }).pipe(
    Effect.catchTag("SqlError", (error) => Effect.fail(fromSql(error))),
    Effect.uninterruptible
  )
