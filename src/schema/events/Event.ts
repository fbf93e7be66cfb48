/**
 * How an event is read from the `value` of its frame.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Ids from "../Ids.ts"
import { maybe, someUin, zero } from "../Lenient.ts"
import * as Reader from "../Reader.ts"

/** Reads the payload of a frame, or says what is wrong with it. */
export type { Reader } from "../Reader.ts"

/** `raw` is the whole payload as it came. Only for wire shapes that are records. */
export const reader = <A extends object, I, E>(
  wire: Schema.Schema<A, I>,
  make: (value: A, raw: typeof Raw.Type) => E
): Reader.Reader<E> => {
  const read = Reader.of(wire)
  return (payload) => {
    const value = read(payload)
    // A struct or record is read from nothing but a record.
    return value instanceof Reader.Unreadable ? value : make(value, payload as typeof Raw.Type)
  }
}

/** The members that nearly every frame has. Only `from_uin` is promised. */
export const common = {
  from_uin: Ids.Uin,
  to_uin: someUin,
  msg_id: maybe(Ids.MsgId),
  msg_type: zero,
  time: zero
}

/** The number of a message, if it has one that can be read; nobody numbers from 0. */
export const msgIdOf = ({ msg_id }: { readonly msg_id?: Ids.MsgId | undefined }): Option.Option<Ids.MsgId> =>
  Option.filter(Option.fromNullable(msg_id), (id) => id > 0)

/** A payload that is kept as it came, for frames that nobody described well. */
export const Raw = Schema.Record({ key: Schema.String, value: Schema.Unknown })
