/**
 * The JSON envelope around every reply of the contact and channel hosts: `{"retcode":0,"result":…}` or
 * `{"retcode":N,"errmsg":"…","p":"…"}` (protocol notes, section 4).
 */
import * as Data from "effect/Data"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"

/**
 * Retcode 0: the call was done.
 */
export interface Ok<out A> {
  readonly _tag: "Ok"
  readonly result: A
}

/**
 * Any other retcode. `errmsg` is the server's own words (often empty); `p` is the new ptwebqq of retcode 116.
 */
export interface Refused {
  readonly _tag: "Refused"
  readonly retcode: number
  readonly errmsg: string
  readonly p: Option.Option<string>
}

export type Envelope<A> = Ok<A> | Refused

export const ok = <A>(result: A): Envelope<A> => Data.struct({ _tag: "Ok", result })

export const refused = (retcode: number, options?: { readonly errmsg?: string; readonly p?: string }): Refused =>
  Data.struct({
    _tag: "Refused",
    retcode,
    errmsg: options?.errmsg ?? "",
    p: Option.fromNullable(options?.p)
  })

const Code = Schema.Union(Schema.Int, Schema.compose(Schema.NumberFromString, Schema.Int))
const Wire = Schema.parseJson(
  Schema.Struct({
    retcode: Schema.optional(Code),
    /** What the sends answered in 2016 instead of a retcode. */
    errCode: Schema.optional(Code),
    result: Schema.optional(Schema.Unknown),
    msg: Schema.optional(Schema.Unknown),
    errmsg: Schema.optional(Schema.Unknown),
    /** Another spelling that servers of 2016 had. */
    errMsg: Schema.optional(Schema.Unknown),
    p: Schema.optional(Schema.Unknown)
  })
)

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

const codec = <A, I>(
  result: Schema.Schema<A, I>,
  onOk: { readonly errCode?: number; readonly msg?: string }
): Schema.Schema<Envelope<A>, string> => {
  const decode = ParseResult.decodeUnknownEither(result)
  const encode = ParseResult.encodeEither(result)
  const below = (actual: unknown) =>
    Either.mapLeft((issue: ParseResult.ParseIssue) => new ParseResult.Pointer("result", actual, issue))
  const isEnvelope = (u: unknown): u is Envelope<A> => typeof u === "object" && u !== null && "_tag" in u
  return Schema.transformOrFail(Wire, Schema.declare(isEnvelope), {
    strict: true,
    decode: (wire, options, ast) => {
      const code = wire.retcode ?? wire.errCode
      if (code === undefined) return Either.left(new ParseResult.Type(ast, wire, "Expected an object with a retcode"))
      if (code === 0) return decode(wire.result, options).pipe(below(wire), Either.map(ok))
      const p = text(wire.p)
      return Either.right(
        refused(code, { errmsg: text(wire.errmsg) ?? text(wire.errMsg) ?? "", ...(p === undefined ? {} : { p }) })
      )
    },
    encode: (envelope, options) =>
      envelope._tag === "Ok"
        ? encode(envelope.result, options).pipe(
            below(envelope),
            Either.map((value) => ({ ...onOk, retcode: 0, result: value as unknown }))
          )
        : Either.right({
            retcode: envelope.retcode,
            errmsg: envelope.errmsg,
            ...Option.match(envelope.p, { onNone: () => ({}), onSome: (p) => ({ p }) })
          })
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
