/**
 * Fields that the documents do not promise: missing or of a wrong type, they take a default and never break decoding.
 * And lists, which keep what can be read.
 */
import * as Effect from "effect/Effect"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { Decimal } from "./Decimal.ts"
import * as Ids from "./Ids.ts"
import * as Reader from "./Reader.ts"

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

/** A uin that the documents do not promise: 0 when the server did not say. */
export const someUin = or(Ids.Uin, Ids.Uin.make(0))

/** A value that may be missing or unreadable. */
export const maybe = <A, I>(schema: Schema.Schema<A, I>) =>
  Schema.optional(Schema.UndefinedOr(schema).annotations({ decodingFallback: () => Effect.succeed(undefined) }))

/** What servers write where nothing is to be told. */
export const isNothing = (value: unknown): boolean => value === undefined || value === null || value === ""

/** The items that can be read. If there are some, and none can, the list is not what it should be: the first says why. */
const kept = <A>(items: ReadonlyArray<unknown>, read: Reader.Reader<A>): ReadonlyArray<A> | Reader.Unreadable => {
  const results: Array<A> = []
  let first: Reader.Unreadable | undefined
  for (let i = 0; i < items.length; i++) {
    const result = read(items[i])
    if (!(result instanceof Reader.Unreadable)) results.push(result)
    else first ??= result.below(i)
  }
  return results.length === 0 && first !== undefined ? first : results
}

/**
 * A promised list, of which what can be read is kept. Nothing (missing, null, empty text) is an empty one; what is no
 * list, and a list of which nothing can be read, is unreadable.
 */
export const Entries = <A, I>(item: Schema.Schema<A, I>): Schema.Schema<ReadonlyArray<A>, unknown> => {
  const read = Reader.of(item)
  const type = Schema.Array(Schema.typeSchema(item))
  const encode = ParseResult.encodeEither(Schema.Array(item))
  return Reader.schema({
    from: Schema.Unknown,
    type,
    read: (value) => {
      if (Array.isArray(value)) return kept(value, read)
      return isNothing(value) ? [] : Reader.unreadable("a list", value)
    },
    write: encode
  })
}

/** A field with a promised list; see {@link Entries}. */
export const entries = <A, I>(item: Schema.Schema<A, I>) =>
  Schema.optionalWith(Entries(item), { default: (): ReadonlyArray<A> => [] })

/** A list of what can be read; no list, and one of which nothing can be read, is an empty one. */
export const list = <A, I>(item: Schema.Schema<A, I>) => or(Entries(item), [])

/** A result of lists only: nothing instead of it is empty lists. */
export const lists = <A, I extends object>(schema: Schema.Schema<A, I>): Schema.Schema<A, unknown> =>
  Schema.compose(
    Schema.transform(Schema.Unknown, Schema.Unknown, {
      strict: true,
      decode: (value) => (isNothing(value) || (Array.isArray(value) && value.length === 0) ? {} : value),
      encode: (value) => value
    }),
    schema,
    { strict: false }
  )
