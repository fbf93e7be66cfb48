/**
 * The description of an endpoint as data: from it the client derives the call, and on it the server mounts a handler,
 * so a field is written once.
 */
import * as Schema from "effect/Schema"
import type * as Envelope from "../../schema/Envelope.ts"
import * as Reader from "../../schema/Reader.ts"
import type * as Retcodes from "./Retcodes.ts"

/** Tencent's own names: the last part of the path, so that old protocol notes stay searchable. */
export type Name =
  | "allow_added_request2"
  | "allow_and_add2"
  | "check"
  | "check_sig"
  | "deny_added_request2"
  | "get_c2cmsg_sig2"
  | "get_discu_info"
  | "get_discus_list"
  | "get_friend_uin2"
  | "get_group_info_ext2"
  | "get_group_name_list_mask2"
  | "get_msg_tip"
  | "get_online_buddies2"
  | "get_recent_list2"
  | "get_self_info2"
  | "get_user_friends2"
  | "getimage"
  | "getvfwebqq"
  | "login"
  | "login2"
  | "loginproxy"
  | "logout2"
  | "poll2"
  | "ptqrlogin"
  | "ptqrshow"
  | "proxy"
  | "send_buddy_msg2"
  | "send_discu_msg2"
  | "send_qun_msg2"
  | "send_sess_msg2"
  | "set_long_nick2"
  | "uilogin"

/** What a host is for; a dialect says what it is called. */
export type Role = "ui" | "check" | "login" | "captcha" | "checkSig" | "page" | "channel" | "api" | "heartbeat"

/** Query parameters (GET) or form fields (POST), in the order in which they are written. */
export type Params = Readonly<Record<string, string>>

/**
 * - `request`: the parameters. Encoding writes every parameter in Tencent's order; decoding asks only for those that
 *   the server cannot do without, because old clients leave out the rest.
 * - `reply`: the whole body of the answer.
 */
export interface Endpoint<in out Req, in out Res> {
  readonly name: Name
  readonly method: "GET" | "POST"
  readonly host: Role
  readonly path: string
  readonly request: Schema.Schema<Req, Params>
  readonly reply: Schema.Schema<Res, string>
  /** The reader of `reply`, which the client uses. */
  readonly read: Reader.Reader<Res>
  readonly contentType: string
  /** The body is no text: `reply` sees each byte as one character (use {@link Bytes}). */
  readonly binary?: boolean
  /** How many bytes of the answer a client reads; `Body.bytesAtMost` if not given. */
  readonly bytesAtMost?: number
}

/** More than any captcha or QR code. */
export const pictureBytesAtMost = 1024 * 1024

/** The codec of a binary body, such as a picture. */
export const Bytes: Schema.Schema<Uint8Array, string> = Schema.transform(Schema.String, Schema.Uint8ArrayFromSelf, {
  strict: true,
  decode: (text) => Uint8Array.from(text, (character) => character.charCodeAt(0)),
  encode: (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")
})

/** An endpoint of any shape. */
// biome-ignore lint/suspicious/noExplicitAny: the only type that every endpoint is assignable to
export type Any = Endpoint<any, any>

export const make = <Req, I extends { readonly [K in keyof I]: string | undefined }, Res>(
  description: Omit<Endpoint<Req, Res>, "request" | "read"> & { readonly request: Schema.Schema<Req, I> }
): Endpoint<Req, Res> => ({
  ...description,
  read: Reader.of(description.reply),
  // An encoded struct of text fields is a `Params`; `Schema` is invariant, so the type system cannot see it.
  request: description.request as unknown as Schema.Schema<Req, Params>
})

/** An endpoint that answers with a JSON envelope, and what the retcodes in it mean. */
export interface Json<in out Req, in out A> extends Endpoint<Req, Envelope.Envelope<A>> {
  readonly retcodes: Retcodes.Retcodes
}

/** The description of an endpoint that answers with a JSON envelope. */
export const json = <Req, I extends { readonly [K in keyof I]: string | undefined }, A>(
  description: Omit<Json<Req, A>, "request" | "read" | "contentType"> & { readonly request: Schema.Schema<Req, I> }
): Json<Req, A> => ({
  ...make({ ...description, contentType: "application/json" }),
  retcodes: description.retcodes
})

/** A parameter that is always written, with this value unless the caller has another, and that old clients may omit. */
export const constant = (value: string) =>
  Schema.optionalWith(Schema.String, { default: () => value }).pipe(Schema.withConstructorDefault(() => value))
