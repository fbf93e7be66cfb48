/**
 * The JSON envelope around every reply of the contact and channel hosts: `{"retcode":0,"result":…}` or
 * `{"retcode":N,"errmsg":"…","p":"…"}` (protocol notes, section 4).
 */
import * as Data from "effect/Data"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"

/**
 * Retcode 0: the call was done.
 */
export interface Ok<out A> {
  readonly _tag: "Ok"
  readonly result: A
}

/**
 * Any other retcode. `errmsg` is the server's own words (often empty); `p` is the new ptwebqq of retcode 116; `result` is
 * there when one stands beside the retcode, and can be read.
 */
export interface Refused<out A = never> {
  readonly _tag: "Refused"
  readonly retcode: number
  readonly errmsg: string
  readonly p: Option.Option<string>
  readonly result: Option.Option<A>
}

export type Envelope<A> = Ok<A> | Refused<A>

export const ok = <A>(result: A): Envelope<A> => Data.struct({ _tag: "Ok", result })

export const refused = <A = never>(
  retcode: number,
  options?: { readonly errmsg?: string; readonly p?: string | undefined; readonly result?: Option.Option<A> }
): Refused<A> =>
  Data.struct({
    _tag: "Refused",
    retcode,
    errmsg: options?.errmsg ?? "",
    p: Option.fromNullable(options?.p),
    result: options?.result ?? Option.none()
  })

const Code = Schema.Union(Schema.Int, Schema.compose(Schema.NumberFromString, Schema.Int))
const Wire = Schema.parseJson(
  Schema.Struct({
    retcode: Schema.optional(Schema.NullOr(Code)),
    /** What the sends answered in 2016 instead of a retcode. */
    errCode: Schema.optional(Code),
    result: Schema.optional(Schema.Unknown),
    errmsg: Schema.optional(Schema.Unknown),
    /** Other places where servers put their words. */
    errMsg: Schema.optional(Schema.Unknown),
    msg: Schema.optional(Schema.Unknown),
    tips: Schema.optional(Schema.Unknown),
    retmsg: Schema.optional(Schema.Unknown),
    p: Schema.optional(Schema.Unknown)
  })
)

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

/** Words that stand in replies of every kind, and say nothing. */
const silent: ReadonlySet<string> = new Set(["", "ok", "send ok", "success"])

/** The server's own words, from the first place where they say more than that something went wrong. */
const wordsOf = (wire: typeof Wire.Type): string => {
  const places = [wire.errmsg, wire.errMsg, wire.msg, wire.tips, wire.retmsg]
    .filter(Predicate.isString)
    .filter((words) => !silent.has(words.trim().toLowerCase()))
  return places.find((words) => words.trim().toLowerCase() !== "error") ?? places[0] ?? ""
}

/** Whether there is nothing where a result would stand. */
const isNothing = (result: unknown): boolean => result === undefined || result === null || result === ""

const codec = <A, I>(
  result: Schema.Schema<A, I>,
  onOk: { readonly errCode?: number; readonly msg?: string }
): Schema.Schema<Envelope<A>, string> => {
  const decode = ParseResult.decodeUnknownEither(result)
  const decodeOption = ParseResult.decodeUnknownOption(result)
  const encode = ParseResult.encodeEither(result)
  const below = (actual: unknown) =>
    Either.mapLeft((issue: ParseResult.ParseIssue) => new ParseResult.Pointer("result", actual, issue))
  const written = (value: A) =>
    encode(value).pipe(
      below(value),
      Either.map((result): { readonly result: unknown } => ({ result }))
    )
  const isEnvelope = (u: unknown): u is Envelope<A> => typeof u === "object" && u !== null && "_tag" in u
  return Schema.transformOrFail(Wire, Schema.declare(isEnvelope), {
    strict: true,
    // The options of the outer decode are not handed on: they may allow an Effect, which nobody here could run.
    decode: (wire, _, ast) => {
      const code = wire.retcode ?? wire.errCode
      if (code === undefined) return Either.left(new ParseResult.Type(ast, wire, "Expected an object with a retcode"))
      if (code === 0) return decode(wire.result).pipe(below(wire), Either.map(ok))
      return Either.right(
        refused(code, {
          errmsg: wordsOf(wire),
          p: text(wire.p),
          result: isNothing(wire.result) ? Option.none() : decodeOption(wire.result)
        })
      )
    },
    encode: (envelope) => {
      if (envelope._tag === "Ok")
        return Either.map(written(envelope.result), (value) => ({ ...onOk, retcode: 0, ...value }))
      const { errmsg, p, retcode } = envelope
      const head = { retcode, errmsg, ...Option.match(p, { onNone: () => ({}), onSome: (p) => ({ p }) }) }
      return Option.match(envelope.result, {
        onNone: () => Either.right(head),
        onSome: (beside) => Either.map(written(beside), (value) => ({ ...head, ...value }))
      })
    }
  })
}

/**
 * The codec of a whole reply body: JSON text on the wire, `Envelope<A>` inside. A result that the schema refuses is a
 * parse error with the path below `result`.
 */
export const reply = <A, I>(result: Schema.Schema<A, I>): Schema.Schema<Envelope<A>, string> => codec(result, {})

/**
 * The codec of a reply to a send. Written as the union of all forms that clients ever expected, so that each of them
 * finds its own: `{"errCode":0,"msg":"send ok","retcode":0,"result":"ok"}` (protocol notes, section 4.5).
 */
export const sendReply: Schema.Schema<Envelope<unknown>, string> = codec(Schema.Unknown, {
  errCode: 0,
  msg: "send ok"
})
