/**
 * Why a database cannot be a world.
 */
import type * as SqlError from "@effect/sql/SqlError"
import * as Schema from "effect/Schema"

/**
 * - `Full`: there is no room left. `ReadOnly`: it must not be written to. `Unreachable`: the file, or its directory, cannot be
 *   opened. `Broken`: it is damaged.
 * - `InUse`: another process has it. One server owns the sessions, so one server owns the file.
 * - `Foreign`: no database, or one of something else.
 * - `Newer`: written by a later version of this package.
 * - `Failed`: everything else, such as a disk that fails; `cause` says what.
 */
export class DatabaseError extends Schema.TaggedError<DatabaseError>("effect-webqq/DatabaseError")("DatabaseError", {
  reason: Schema.Literal("InUse", "Foreign", "Newer", "Full", "ReadOnly", "Unreachable", "Broken", "Failed"),
  cause: Schema.optional(Schema.Defect)
}) {
  override get message(): string {
    switch (this.reason) {
      case "InUse":
        return "The database is in use by another server."
      case "Foreign":
        return "This is no database of a WebQQ world."
      case "Newer":
        return "The database was written by a newer version of effect-webqq."
      case "Full":
        return "There is no room left for the database."
      case "ReadOnly":
        return "The database cannot be written to."
      case "Unreachable":
        return "The file of the database cannot be opened."
      case "Broken":
        return "The database is damaged."
      case "Failed":
        return `The database could not be opened (${codeOf(this.cause) || "for no known reason"}).`
    }
  }
}

/** SQLite's own name of a failure, such as `SQLITE_BUSY`; the drivers put it into `code`. */
export const codeOf = (cause: unknown): string =>
  typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : ""

/** By the first word of SQLite's name; what follows it tells more than anybody can use. */
const reasons: ReadonlyMap<string, DatabaseError["reason"]> = new Map([
  ["BUSY", "InUse"],
  ["LOCKED", "InUse"],
  ["NOTADB", "Foreign"],
  ["FULL", "Full"],
  ["READONLY", "ReadOnly"],
  ["PERM", "ReadOnly"],
  ["CANTOPEN", "Unreachable"],
  ["CORRUPT", "Broken"]
])

/** What a failure means. */
export const fromSql = ({ cause }: Pick<SqlError.SqlError, "cause">): DatabaseError => {
  const [, kind = ""] = /^SQLITE_([A-Z]+)/.exec(codeOf(cause)) ?? []
  return new DatabaseError({ reason: reasons.get(kind) ?? "Failed", cause })
}
