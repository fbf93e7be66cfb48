/**
 * Plain readers of what comes from outside, derived from Schemas once, when a module loads. A Schema says what travels;
 * its reader takes a value apart without Either, Effect or a closure for each value, and never throws.
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import { Unreadable, unreadable } from "./Unreadable.ts"

export { Unreadable, unreadable }

/** Gives what a value means, or why it cannot be read. A member that is missing is read as `undefined`. */
export type Reader<out A> = (value: unknown) => A | Unreadable

const ReaderId: unique symbol = Symbol.for("effect-webqq/Reader")

/** The annotation of a Schema that brings its own reader, because nobody could derive it: what a transformation does. */
export const annotation = <A>(reader: Reader<A>): { readonly [ReaderId]: Reader<A> } => ({ [ReaderId]: reader })

/** The reader of a Schema. To be called when a module loads; it takes a while. */
export const of = <A, I>(schema: Schema.Schema<A, I>): Reader<A> =>
  // The AST is that of the Schema, so what is read is an A.
  derive(schema.ast) as Reader<A>

/** The Schema of a reader: `from` is what travels, `type` what is read, `write` the way back. */
export const schema = <A, I>(options: {
  readonly from: Schema.Schema<I>
  readonly type: Schema.Schema<A>
  readonly read: Reader<A>
  readonly write: (value: A) => Either.Either<I, ParseResult.ParseIssue>
}): Schema.Schema<A, I> =>
  Schema.transformOrFail(options.from, options.type, {
    strict: true,
    decode: (value, _, ast) => {
      const read = options.read(value)
      return read instanceof Unreadable ? Either.left(issueOf(read, value, ast)) : Either.right(read)
    },
    encode: options.write
  }).annotations(annotation(options.read))

const issueOf = (failure: Unreadable, value: unknown, ast: AST.Transformation): ParseResult.ParseIssue => {
  const issue = new ParseResult.Type(ast, value, failure.why)
  const [first, ...rest] = failure.path
  return first === undefined ? issue : new ParseResult.Pointer([first, ...rest], value, issue)
}

const derive = (ast: AST.AST): Reader<unknown> => {
  const own = ast.annotations[ReaderId]
  // Only `annotation` puts anything there.
  return withFallback(ast, own === undefined ? structural(ast) : (own as Reader<unknown>))
}

/** A Schema's `decodingFallback` is asked once: those of the wire are constant. */
const withFallback = (ast: AST.AST, read: Reader<unknown>): Reader<unknown> =>
  Option.match(AST.getDecodingFallbackAnnotation(ast), {
    onNone: () => read,
    onSome: (fallback) => {
      const instead = Effect.runSync(fallback(new ParseResult.Type(ast, undefined)))
      return (value) => {
        const result = read(value)
        return result instanceof Unreadable ? instead : result
      }
    }
  })

const structural = (ast: AST.AST): Reader<unknown> => {
  switch (ast._tag) {
    case "UnknownKeyword":
    case "AnyKeyword":
      return (value) => value
    case "StringKeyword":
      return (value) => (typeof value === "string" ? value : unreadable(ast, value))
    case "NumberKeyword":
      return (value) => (typeof value === "number" ? value : unreadable(ast, value))
    case "BooleanKeyword":
      return (value) => (typeof value === "boolean" ? value : unreadable(ast, value))
    case "UndefinedKeyword":
      return (value) => (value === undefined ? value : unreadable(ast, value))
    case "Literal":
      return (value) => (value === ast.literal ? value : unreadable(ast, value))
    case "Refinement":
      return refined(ast)
    case "Union":
      return oneOf(ast)
    case "TypeLiteral":
      if (isAnyRecord(ast)) return record(ast)
      return isStruct(ast) ? struct(ast, []) : bySchema(ast)
    case "TupleType":
      return ast.elements.length === 0 && ast.rest.length === 1 && ast.rest[0] !== undefined
        ? items(ast, derive(ast.rest[0].type))
        : bySchema(ast)
    case "Transformation":
      return transformed(ast)
    default:
      return bySchema(ast)
  }
}

/** What no reply needs, or only in a place that hardly ever occurs, such as the inside of a token. */
const bySchema = (ast: AST.AST): Reader<unknown> => {
  const decode = ParseResult.decodeUnknownOption(Schema.make<unknown, unknown>(ast))
  return (value) => Option.getOrElse(decode(value), () => unreadable(ast, value))
}

const refined = (ast: AST.Refinement): Reader<unknown> => {
  const read = derive(ast.from)
  return (value) => {
    const result = read(value)
    if (result instanceof Unreadable) return result.path.length > 0 ? result : unreadable(ast, value)
    return Option.isNone(ast.filter(result, AST.defaultParseOption, ast)) ? result : unreadable(ast, value)
  }
}

const isNull = (ast: AST.AST): boolean => AST.isLiteral(ast) && ast.literal === null

/** The first that can read it. If none can, the one that came furthest says why; for one alone, that one. */
const oneOf = (ast: AST.Union): Reader<unknown> => {
  const takesUndefined = ast.types.some(AST.isUndefinedKeyword)
  const takesNull = ast.types.some(isNull)
  const [first, ...others] = ast.types.filter((type) => !AST.isUndefinedKeyword(type) && !isNull(type)).map(derive)
  if (first === undefined) return bySchema(ast)
  return (value) => {
    if ((takesUndefined && value === undefined) || (takesNull && value === null)) return value
    const result = first(value)
    if (!(result instanceof Unreadable) || others.length === 0) return result
    let why = result.path.length > 0 ? result : unreadable(ast, value)
    for (const read of others) {
      const other = read(value)
      if (!(other instanceof Unreadable)) return other
      if (other.path.length > why.path.length) why = other
    }
    return why
  }
}

const items = (ast: AST.AST, read: Reader<unknown>): Reader<unknown> => {
  return (value) => {
    if (!Array.isArray(value)) return unreadable(ast, value)
    const results: Array<unknown> = []
    for (let i = 0; i < value.length; i++) {
      const result = read(value[i])
      if (result instanceof Unreadable) return result.below(i)
      results.push(result)
    }
    return results
  }
}

const isAnyRecord = ({ indexSignatures, propertySignatures }: AST.TypeLiteral): boolean =>
  propertySignatures.length === 0 && indexSignatures.length === 1 && indexSignatures[0]?.type._tag === "UnknownKeyword"

const isStruct = ({ indexSignatures, propertySignatures }: AST.TypeLiteral): boolean =>
  propertySignatures.length > 0 && indexSignatures.length === 0

const record =
  (ast: AST.AST): Reader<unknown> =>
  (value) =>
    Predicate.isRecord(value) ? value : unreadable(ast, value)

type Complete = (member: Option.Option<unknown>) => Option.Option<unknown>

/** `complete` makes up for a member that is missing; `keeps` if it gives every other one but null back as it is. */
interface Field {
  readonly from: PropertyKey
  readonly to: PropertyKey
  readonly read: Reader<unknown>
  readonly isOptional: boolean
  readonly complete: Complete
  readonly keeps: boolean
}

const keepsMembers = (complete: Complete): boolean => {
  const probe = {}
  return Option.contains(complete(Option.some(probe)), probe)
}

const fieldOf = (
  { isOptional, name, type }: AST.PropertySignature,
  transformation: AST.PropertySignatureTransformation | undefined
): Field => {
  const complete = transformation?.decode ?? ((member) => member)
  return {
    from: name,
    to: transformation?.to ?? name,
    read: derive(type),
    isOptional,
    complete,
    keeps: keepsMembers(complete)
  }
}

const struct = (
  ast: AST.TypeLiteral,
  transformations: ReadonlyArray<AST.PropertySignatureTransformation>
): Reader<unknown> => {
  const fields = ast.propertySignatures.map((signature) =>
    fieldOf(
      signature,
      transformations.find(({ from }) => from === signature.name)
    )
  )
  return (value) => {
    if (!Predicate.isRecord(value)) return unreadable(ast, value)
    const result: Record<PropertyKey, unknown> = {}
    for (const field of fields) {
      const wrong = readField(field, value[field.from], result)
      if (wrong !== undefined) return wrong.below(field.from)
    }
    return result
  }
}

/** JSON has no `undefined`: that is a member that is missing. */
const readField = (
  { complete, isOptional, keeps, read, to }: Field,
  member: unknown,
  into: Record<PropertyKey, unknown>
): Unreadable | undefined => {
  const isMissing = member === undefined && isOptional
  const result = isMissing ? undefined : read(member)
  if (result instanceof Unreadable) return result
  if (keeps && !isMissing && result !== null) into[to] = result
  else {
    const completed = complete(isMissing ? Option.none() : Option.some(result))
    if (Option.isSome(completed)) into[to] = completed.value
  }
  return undefined
}

const transformed = (ast: AST.Transformation): Reader<unknown> => {
  const { from, transformation } = ast
  if (transformation._tag === "TypeLiteralTransformation") {
    return AST.isTypeLiteral(from) && isStruct(from)
      ? struct(from, transformation.propertySignatureTransformations)
      : bySchema(ast)
  }
  const readFrom = derive(from)
  const readTo = derive(ast.to)
  if (transformation._tag === "ComposeTransformation") {
    return (value) => {
      const between = readFrom(value)
      return between instanceof Unreadable ? between : readTo(between)
    }
  }
  return (value) => {
    const between = readFrom(value)
    if (between instanceof Unreadable) return between
    const result = transformation.decode(between, AST.defaultParseOption, ast, value)
    // An Effect that is no Either would have to be run.
    return Either.isEither(result) && Either.isRight(result) ? readTo(result.right) : unreadable(ast, value)
  }
}
