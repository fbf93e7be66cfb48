/**
 * Fields that the documents do not promise: missing or of a wrong type, they take a default and never break decoding.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { Decimal } from "./Decimal.ts"

/** A field that falls back to `fallback`. */
export const or = <A, I>(schema: Schema.Schema<A, I>, fallback: A) =>
  Schema.optionalWith(schema.annotations({ decodingFallback: () => Effect.succeed(fallback) }), {
    default: () => fallback
  })

/** A whole number, as number or text. */
export const Integer = Schema.Union(Schema.Int, Schema.compose(Decimal, Schema.Int))

/** A number, as number or text; 0 otherwise. */
export const zero = or(Integer, 0)

/** Text; empty otherwise. */
export const blank = or(Schema.String, "")

/** A list of what can be read; the rest is left out, and no list is an empty one. */
export const list = <A, I>(item: Schema.Schema<A, I>) => {
  const decode = ParseResult.decodeUnknownOption(item)
  const encode = ParseResult.encodeSync(item)
  const readable: Schema.Schema<ReadonlyArray<A>, ReadonlyArray<unknown>> = Schema.transform(
    Schema.Array(Schema.Unknown),
    Schema.Array(Schema.typeSchema(item)),
    {
      strict: true,
      decode: (items) => Arr.filterMap(items, (one) => decode(one)),
      encode: (items) => items.map((one) => encode(one))
    }
  )
  return or(readable, [])
}

/** A value that may be missing or unreadable. */
export const maybe = <A, I>(schema: Schema.Schema<A, I>) =>
  Schema.optional(Schema.UndefinedOr(schema).annotations({ decodingFallback: () => Effect.succeed(undefined) }))
