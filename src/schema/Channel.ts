/**
 * Results of the channel host: `login2`, `poll2`, the sends and `logout2` (protocol notes, sections 2.8, 2.10, 4.5,
 * 4.7).
 */
import * as Either from "effect/Either"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Ids from "./Ids.ts"
import { Entries, or, zero } from "./Lenient.ts"
import * as PollEvent from "./PollEvent.ts"
import * as Reader from "./Reader.ts"

/**
 * The result of `login2`: the own number, the tokens of the session, and numbers that only file upload used (`index`,
 * `port`) or nobody (`cip`, `user_state`, `f`).
 */
export const Login2 = Schema.Struct({
  uin: Ids.QQ,
  cip: zero,
  index: zero,
  port: zero,
  status: or(Schema.String, "online"),
  vfwebqq: Schema.optionalWith(Ids.Vfwebqq, { default: () => Schema.decodeSync(Ids.Vfwebqq)(""), nullable: true }),
  psessionid: Ids.Psessionid,
  user_state: zero,
  f: zero
})
export type Login2 = typeof Login2.Type

/** The result of `get_online_buddies2`: only friends that are online. `status` is a name such as "online" or "away". */
export const OnlineBuddies = Entries(
  Schema.Struct({ uin: Ids.Uin, status: or(Schema.String, "online"), client_type: zero })
)
export type OnlineBuddies = typeof OnlineBuddies.Type

/** The result of `get_recent_list2`: uin, gid or did by `type` 0, 1 or 2. */
export const RecentList = Entries(Schema.Struct({ uin: Ids.Uin, type: zero }))
export type RecentList = typeof RecentList.Type

/** Something in the list that is no frame is kept as a frame of no known type, so that it shows up as an event. */
const frameOf = (item: unknown): PollEvent.Frame =>
  Predicate.isRecord(item) && typeof item.poll_type === "string"
    ? { poll_type: item.poll_type, value: item.value }
    : { poll_type: "", value: item }

/**
 * The frames of a poll reply, newest first. Anything but a list ("ok", missing) means that the poll ended without
 * events.
 */
export const Frames: Schema.Schema<ReadonlyArray<PollEvent.Frame>, unknown> = Reader.schema({
  from: Schema.Unknown,
  type: Schema.Array(Schema.typeSchema(PollEvent.Frame)),
  read: (result) => (Array.isArray(result) ? result.map(frameOf) : []),
  write: Either.right
})
