/**
 * The embedded server's world in an SQLite database. Apart from `effect-webqq/server`, so that only those who want it
 * load `@effect/sql`.
 */
export { DatabaseError } from "./DatabaseError.ts"
export * as WorldSql from "./WorldSql.ts"
