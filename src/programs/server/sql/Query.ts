/**
 * Running a statement of the world. Once the world is open, a database that fails is a defect: nobody who sends a
 * message can do anything about it.
 */
import type * as Statement from "@effect/sql/Statement"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"

/** Names the place, never the value: it may be a password's digest. */
const unreadable = ({ issue }: ParseResult.ParseError): Error => {
  const [first] = ParseResult.ArrayFormatter.formatIssueSync(issue)
  return new Error(`a row of the database cannot be read at ${first?.path.map(String).join(".") ?? "its top"}`)
}

/** All rows of a statement, by their schema. */
export const all = <A, I>(schema: Schema.Schema<A, I>) => {
  const decode = Schema.decodeUnknown(Schema.Array(schema))
  return (statement: Statement.Statement<object>): Effect.Effect<ReadonlyArray<A>> =>
    Effect.flatMap(Effect.orDie(statement), (rows) => Effect.orDieWith(decode(rows), unreadable))
}

/** The first row, if there is one. */
export const first = <A, I>(schema: Schema.Schema<A, I>) => {
  const query = all(schema)
  return (statement: Statement.Statement<object>): Effect.Effect<Option.Option<A>> =>
    Effect.map(query(statement), Arr.head)
}

/** Whether a statement gives back any row: for changes, `RETURNING` one per change. */
export const any = (statement: Statement.Statement<object>): Effect.Effect<boolean> =>
  Effect.map(Effect.orDie(statement), (rows) => rows.length > 0)
