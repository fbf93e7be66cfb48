/**
 * Fields that the documents do not promise: missing or of a wrong type, they take a default and never break decoding.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** A field that falls back to `fallback`. */
export const or = <A, I>(schema: Schema.Schema<A, I>, fallback: A) =>
  Schema.optionalWith(schema.annotations({ decodingFallback: () => Effect.succeed(fallback) }), {
    default: () => fallback
  })

/** A whole number, as number or text. */
export const Integer = Schema.Union(Schema.Int, Schema.compose(Schema.NumberFromString, Schema.Int))

/** A number, as number or text; 0 otherwise. */
export const zero = or(Integer, 0)

/** Text; empty otherwise. */
export const blank = or(Schema.String, "")

/** A list; items that cannot be read cost the list, which is then empty. */
export const list = <A, I>(item: Schema.Schema<A, I>) => or<ReadonlyArray<A>, ReadonlyArray<I>>(Schema.Array(item), [])

/** A value that may be missing or unreadable. */
export const maybe = <A, I>(schema: Schema.Schema<A, I>) =>
  Schema.optional(Schema.UndefinedOr(schema).annotations({ decodingFallback: () => Effect.succeed(undefined) }))
