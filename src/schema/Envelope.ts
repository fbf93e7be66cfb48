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
import * as JsonText from "./JsonText.ts"
import { Integer, isNothing } from "./Lenient.ts"
import * as Reader from "./Reader.ts"

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

type Wire = Readonly<Record<string, unknown>>

/** Where servers put their words. */
const places = ["errmsg", "errMsg", "msg", "tips", "retmsg"]

/** Words that stand in replies of every kind, and say nothing. */
const silent: ReadonlySet<string> = new Set(["", "ok", "send ok", "success"])

/** The server's own words, from the first place where they say more than that something went wrong. */
const wordsOf = (wire: Wire): string => {
  let found = ""
  for (const place of places) {
    const words = wire[place]
    if (typeof words !== "string") continue
    const plain = words.trim().toLowerCase()
    if (silent.has(plain)) continue
    if (plain !== "error") return words
    if (found === "") found = words
  }
  return found
}

const readCode = Reader.of(Integer)

/** A result that stands beside another retcode than 0, if there is one and it can be read. */
const beside = <A>(read: Reader.Reader<A>, value: unknown): Option.Option<A> => {
  if (isNothing(value)) return Option.none()
  const result = read(value)
  return result instanceof Reader.Unreadable ? Option.none() : Option.some(result)
}

const reader =
  <A>(read: Reader.Reader<A>): Reader.Reader<Envelope<A>> =>
  (text) => {
    const wire = typeof text === "string" ? JsonText.read(text) : Reader.unreadable("a text", text)
    if (wire instanceof Reader.Unreadable) return wire
    if (!Predicate.isRecord(wire)) return Reader.unreadable("an object with a retcode", wire)
    // The sends of 2016 answered with an errCode instead.
    const code = readCode(wire.retcode ?? wire.errCode)
    if (code instanceof Reader.Unreadable) return Reader.unreadable("an object with a retcode", wire)
    if (code === 0) {
      const result = read(wire.result)
      return result instanceof Reader.Unreadable ? result.below("result") : ok(result)
    }
    const p = typeof wire.p === "string" ? wire.p : undefined
    return refused(code, { errmsg: wordsOf(wire), p, result: beside(read, wire.result) })
  }

const isEnvelope = <A>(u: unknown): u is Envelope<A> =>
  Predicate.isRecord(u) && (u._tag === "Ok" || u._tag === "Refused")

const writer = <A, I>(result: Schema.Schema<A, I>, onOk: { readonly errCode?: number; readonly msg?: string }) => {
  const encode = ParseResult.encodeEither(result)
  const written = (value: A): Either.Either<{ readonly result: unknown }, ParseResult.ParseIssue> =>
    Either.mapBoth(encode(value), {
      onLeft: (issue) => new ParseResult.Pointer("result", value, issue),
      onRight: (wire) => ({ result: wire })
    })
  return (envelope: Envelope<A>): Either.Either<string, ParseResult.ParseIssue> => {
    if (envelope._tag === "Ok") {
      return Either.map(written(envelope.result), (value) => JSON.stringify({ ...onOk, retcode: 0, ...value }))
    }
    const { errmsg, p, retcode } = envelope
    const head = { retcode, errmsg, ...Option.match(p, { onNone: () => ({}), onSome: (token) => ({ p: token }) }) }
    const tail = Option.match(envelope.result, { onNone: () => Either.right({}), onSome: written })
    return Either.map(tail, (value) => JSON.stringify({ ...head, ...value }))
  }
}

const codec = <A, I>(
  result: Schema.Schema<A, I>,
  onOk: { readonly errCode?: number; readonly msg?: string }
): Schema.Schema<Envelope<A>, string> =>
  Reader.schema<Envelope<A>, string>({
    from: Schema.String,
    type: Schema.declare(isEnvelope<A>),
    read: reader(Reader.of(result)),
    write: writer(result, onOk)
  })

/**
 * The codec of a whole reply body: JSON text on the wire, `Envelope<A>` inside. A result that the schema refuses is a
 * parse error with the path below `result`.
 */
export const reply = <A, I>(result: Schema.Schema<A, I>): Schema.Schema<Envelope<A>, string> => codec(result, {})

/** A result that means nothing: null if there is none, so that no success is `undefined`. */
const Anything = Schema.Unknown.annotations(Reader.annotation((value) => value ?? null))

/** The codec of a reply that only says whether something was done. */
export const done: Schema.Schema<Envelope<unknown>, string> = reply(Anything)

/**
 * The codec of a reply to a send. Written as the union of all forms that clients ever expected, so that each of them
 * finds its own: `{"errCode":0,"msg":"send ok","retcode":0,"result":"ok"}` (protocol notes, section 4.5).
 */
export const sendReply: Schema.Schema<Envelope<unknown>, string> = codec(Anything, { errCode: 0, msg: "send ok" })
