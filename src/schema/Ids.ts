/**
 * The numbers and tokens of the protocol, each its own type, so that they cannot be mixed up.
 *
 * Peers disagree whether an id is a JSON number or a string (protocol notes, section 0.2), and some took an unsigned number
 * for a signed one: decoding accepts all of them and yields a number from 0 on, encoding writes a number.
 */
import type * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Decimal } from "./Decimal.ts"

const wireInteger = Schema.Union(Schema.NonNegativeInt, Schema.compose(Decimal, Schema.NonNegativeInt))

/** Ids are unsigned numbers of 32 bits; servers that took them for signed ones wrote the upper half as negative. */
const Negative = Schema.transform(
  Schema.Int.pipe(Schema.between(-(2 ** 31), -1)),
  Schema.Int.pipe(Schema.between(2 ** 31, 2 ** 32 - 1)),
  { strict: true, decode: (signed) => signed + 2 ** 32, encode: (unsigned) => unsigned - 2 ** 32 }
)

/** An id that a server gives. What is written is never negative: of a union, the first that fits. */
const wireId = Schema.Union(...wireInteger.members, Negative, Schema.compose(Decimal, Negative)).annotations({
  title: "a whole number"
})

/** Text that may have blanks in it, which are no part of the number: lwqq pads its clientid with them (protocol notes, 1.4). */
const Padded = Schema.compose(
  Schema.transform(Schema.String, Schema.String, {
    strict: true,
    decode: (text) => text.replaceAll(" ", ""),
    encode: (text) => text
  }),
  Decimal
)

/**
 * A QQ number: the real, permanent, public account number that people type. Up to ten digits.
 */
export const QQ = wireId.pipe(Schema.brand("effect-webqq/QQ"))
export type QQ = typeof QQ.Type

/** A QQ number where people write it, in a file or a form: as {@link QQ}, but never negative. */
export const WrittenQQ: Schema.Schema<QQ, string | number> = Schema.compose(wireInteger, Schema.typeSchema(QQ), {
  strict: false
})

/**
 * The session-scoped number of a person in contact lists and messages. **Not** the QQ number: two sessions may see
 * different uins for one person.
 */
export const Uin = wireId.pipe(Schema.brand("effect-webqq/Uin"))
export type Uin = typeof Uin.Type

/**
 * The session-scoped number of a group: the address for sending to it, and `from_uin` of its messages.
 */
export const GroupId = wireId.pipe(Schema.brand("effect-webqq/GroupId"))
export type GroupId = typeof GroupId.Type

/**
 * The code of a group: the key of `get_group_info_ext2`. **Neither** the gid **nor** the group number that people type.
 */
export const GroupCode = wireId.pipe(Schema.brand("effect-webqq/GroupCode"))
export type GroupCode = typeof GroupCode.Type

/**
 * The number of a discussion group, for asking and for sending.
 */
export const DiscussionId = wireId.pipe(Schema.brand("effect-webqq/DiscussionId"))
export type DiscussionId = typeof DiscussionId.Type

/**
 * The number a client gives itself at login; constant for the session, sent with every channel call.
 */
export const ClientId = Schema.Union(Schema.NonNegativeInt, Schema.compose(Padded, Schema.NonNegativeInt)).pipe(
  Schema.brand("effect-webqq/ClientId")
)
export type ClientId = typeof ClientId.Type

/**
 * The number of one message, chosen by its sender and rising within a session; the service used it to drop repeats.
 */
export const MsgId = wireInteger.pipe(Schema.brand("effect-webqq/MsgId"))
export type MsgId = typeof MsgId.Type

/**
 * An id as it travels in a query string or a form field: decimal text.
 */
export const text = <A extends number, I>(id: Schema.Schema<A, I>): Schema.Schema<A, string> =>
  Schema.compose(Decimal, Schema.typeSchema(id), { strict: false })

/** {@link ClientId} in a query string or a form field. */
export const ClientIdText: Schema.Schema<ClientId, string> = Schema.compose(Padded, Schema.typeSchema(ClientId), {
  strict: false
})

/**
 * Text of which tokens are made: what may stand in a cookie, a header or a URL without being quoted (RFC 6265, section
 * 4.1.1, `cookie-octet`). Whatever servers sent is of this kind, mostly hexadecimal.
 */
const tokenText = /^[\u0021\u0023-\u002b\u002d-\u003a\u003c-\u005b\u005d-\u007e]*$/

/** The longest token; those of the real servers had 226 characters at most. */
export const tokenAtMost = 4096

/** Whether a text can be a token of at most so many characters; an empty one can. */
export const isToken = (text: string, atMost: number = tokenAtMost): boolean =>
  text.length <= atMost && tokenText.test(text)

const token = <const Brand extends string>(brand: Brand, atMost: number) =>
  Schema.Redacted(
    Schema.String.pipe(
      Schema.filter((text) => isToken(text, atMost), {
        title: `a token of at most ${atMost} characters`,
        // The usual message repeats the text, which may be a secret.
        message: () => `Expected a token of at most ${atMost} characters`,
        arbitrary: () => (fc) => fc.stringMatching(/^[0-9a-f]{0,64}$/)
      }),
      Schema.brand(brand)
    )
  )

/**
 * The cookie `ptwebqq` (64 hex characters): proof of the web login, input of the contact-list hash. Replaced by the
 * server through poll retcode 116.
 */
export const Ptwebqq = token("effect-webqq/Ptwebqq", 512)
export type Ptwebqq = typeof Ptwebqq.Type

/** A ptwebqq from a cookie or a reply; none if it cannot be one. */
export const ptwebqqOf: (text: string) => Option.Option<Ptwebqq> = Schema.decodeOption(Ptwebqq)

/**
 * The token of the contact and profile endpoints (80 hex characters).
 */
export const Vfwebqq = token("effect-webqq/Vfwebqq", 512)
export type Vfwebqq = typeof Vfwebqq.Type

/**
 * The token of the channel (polling and sending). Contains the login cookie in clear, so it is a secret like it.
 */
export const Psessionid = token("effect-webqq/Psessionid", tokenAtMost)
export type Psessionid = typeof Psessionid.Type
