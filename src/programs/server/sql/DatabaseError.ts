/**
 * Why a database cannot be a world.
 */
import type * as SqlError from "@effect/sql/SqlError"
import * as Schema from "effect/Schema"

/**
 * - `InUse`: another process has it. One server owns the sessions, so one server owns the file.
 * - `Foreign`: no database, or one of something else.
 * - `Newer`: written by a later version of this package.
 * - `Failed`: everything else, such as a disk that is full; `cause` says what.
 */
export class DatabaseError extends Schema.TaggedError<DatabaseError>("effect-webqq/DatabaseError")("DatabaseError", {
  reason: Schema.Literal("InUse", "Foreign", "Newer", "Failed"),
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
      case "Failed":
        return "The database could not be opened."
    }
  }
}

/** SQLite's own name of a failure, such as `SQLITE_BUSY`; the drivers put it into `code`. */
const codeOf = (cause: unknown): string =>
  typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : ""

/** What a failure while opening means. */
export const fromSql = ({ cause }: SqlError.SqlError): DatabaseError => {
  const code = codeOf(cause)
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return new DatabaseError({ reason: "InUse", cause })
  return new DatabaseError({ reason: /^SQLITE_NOTADB/.test(code) ? "Foreign" : "Failed", cause })
}
