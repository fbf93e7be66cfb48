/**
 * Requests that neither of the two documents has, but that some old client makes: our own never does, so there is no
 * endpoint description for them. A tolerant server answers them, a strict one does not know them.
 */
import * as Effect from "effect/Effect"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as Envelope from "../../../schema/Envelope.ts"
import * as Ids from "../../../schema/Ids.ts"
import * as Hosts from "../Hosts.ts"
import * as Access from "../handlers/Access.ts"
import type * as Options from "../Options.ts"
import type * as Sessions from "../Sessions.ts"
import * as Wire from "../Wire.ts"
import type * as World from "../World.ts"

/**
 * - `name`: for logs and faults, the last part of the path where that is a name.
 * - `hosts`: where clients ask for it; elsewhere the path alone leads here, unless it is `onlyThere`.
 * - `paths`: beginning with a slash, all of them with the same answer.
 */
export interface Extra<out R> {
  readonly name: string
  readonly hosts: ReadonlyArray<string>
  readonly onlyThere?: boolean
  readonly paths: ReadonlyArray<string>
  readonly handle: (wire: Wire.Request) => Effect.Effect<Wire.Response, never, R>
}

/** What every handler of a session's request may need. */
export type Needs = Options.Options | Sessions.Sessions | World.World

export const json = (value: unknown): Wire.Response =>
  Wire.response(200, JSON.stringify(value), { contentType: "application/json" })
export const html = (text: string): Wire.Response =>
  Wire.response(200, text, { contentType: "text/html; charset=utf-8" })
export const script = (text: string): Wire.Response =>
  Wire.response(200, text, { contentType: "text/javascript; charset=utf-8" })
export const png = (picture: Uint8Array): Wire.Response => Wire.response(200, picture, { contentType: "image/png" })

/** Text that may come as a number, and may be missing. */
export const text = Schema.optionalWith(
  Schema.transform(Schema.Union(Schema.String, Schema.Number, Schema.Null), Schema.String, {
    strict: true,
    decode: (value) => (value === null ? "" : String(value)),
    encode: (value) => value
  }),
  { default: () => "" }
)

const parseJson = Schema.decodeUnknownOption(
  Schema.parseJson(Schema.Record({ key: Schema.String, value: Schema.Unknown }))
)

/** Query, form and the members of `r` together: clients do not agree about which of them to use. */
export const paramsOf = ({ params }: Wire.Request): Readonly<Record<string, unknown>> => {
  const r = parseJson(params.r)
  return r._tag === "Some" ? { ...params, ...r.value } : params
}

/** A request with parameters; `malformed` answers those that cannot be read. */
export const make = <A, I, R>(
  place: Omit<Extra<never>, "handle">,
  params: Schema.Schema<A, I>,
  malformed: Wire.Response,
  answer: (params: A, wire: Wire.Request) => Effect.Effect<Wire.Response, never, R>
): Extra<R> => {
  const decode = ParseResult.decodeUnknown(params)
  return {
    ...place,
    handle: (wire) =>
      Effect.matchEffect(decode(paramsOf(wire)), {
        onFailure: () => Effect.succeed(malformed),
        onSuccess: (read) => answer(read, wire)
      })
  }
}

/** The same answer to everybody. */
export const constant = (place: Omit<Extra<never>, "handle">, response: Wire.Response): Extra<never> => ({
  ...place,
  handle: () => Effect.succeed(response)
})

const encode = Schema.encodeSync(Envelope.reply(Schema.Unknown))
export const envelope = (reply: Envelope.Envelope<unknown>): Wire.Response =>
  Wire.response(200, encode(reply), { contentType: "application/json" })

export const malformed = Wire.Refusal.Malformed({ issue: "" })

const answered = ({ reply }: { readonly reply: Envelope.Envelope<unknown> }): Wire.Response => envelope(reply)

/** The token that every call of the contact host carries. */
export const vfwebqq = Ids.Vfwebqq

/** A call of the contact host, for the login of its `vfwebqq`. The path is `/api/` and the name. */
export const contact = <A extends { readonly vfwebqq: Ids.Vfwebqq }, I, R>(
  name: string,
  params: Schema.Schema<A, I>,
  use: (login: Sessions.WebLogin, params: A) => Effect.Effect<Envelope.Envelope<unknown>, never, R>
): Extra<R | Needs> =>
  make(
    { name, hosts: Hosts.api, paths: [`/api/${name}`] },
    params,
    envelope(Access.refusedByApi(malformed)),
    (read, wire) =>
      Effect.map(
        Access.contactSession(read.vfwebqq, wire, (login) => use(login, read)),
        answered
      )
  )

/** The tokens that every call of the channel host carries. */
export const session = { clientid: Ids.ClientId, psessionid: Ids.Psessionid }

/** A call of the channel host, for the session of its `psessionid`. The path is `/channel/` and the name. */
export const channel = <A extends Schema.Struct.Type<typeof session>, I, R>(
  name: string,
  params: Schema.Schema<A, I>,
  use: (session: Sessions.ChannelSession, params: A) => Effect.Effect<Envelope.Envelope<unknown>, never, R>
): Extra<R | Needs> =>
  make(
    { name, hosts: Hosts.channel, paths: [`/channel/${name}`] },
    params,
    envelope(Access.refusedByChannel(malformed)),
    (read, wire) =>
      Effect.map(
        Access.liveChannelSession(read, wire, (session) => use(session, read)),
        answered
      )
  )

/** What cannot be done. No source tells the numbers that the real service had for it. */
export const refused = (errmsg: string): Envelope.Refused => Envelope.refused(1, { errmsg })
/** A number that stands for nobody: the answer that `get_friend_uin2` has for it. */
export const nobody: Envelope.Refused = Envelope.refused(100000)
export const done: Envelope.Envelope<unknown> = Envelope.ok("ok")
