/**
 * The contact list and the own profile (protocol notes, sections 4.1 and 4.2; seed 2, "获取个人信息" and "好友信息").
 */
import * as Arr from "effect/Array"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Ids from "./Ids.ts"

const orEmpty = <A, I>(item: Schema.Schema<A, I>) => Schema.optionalWith(Schema.Array(item), { default: () => [] })
const orZero = Schema.optionalWith(Schema.Int, { default: () => 0 })
const orBlank = Schema.optionalWith(Schema.String, { default: () => "" })

/**
 * The result of `get_user_friends2` as it travels. `friends[i]` and `info[i]` describe the same person. Category 0
 * ("我的好友") is normally not listed.
 */
export const UserFriends = Schema.Struct({
  friends: Schema.Array(Schema.Struct({ uin: Ids.Uin, flag: orZero, categories: orZero })),
  marknames: orEmpty(Schema.Struct({ uin: Ids.Uin, markname: Schema.String, type: orZero })),
  categories: orEmpty(Schema.Struct({ index: Schema.Int, sort: orZero, name: Schema.String })),
  vipinfo: orEmpty(Schema.Struct({ u: Ids.Uin, is_vip: orZero, vip_level: orZero })),
  info: orEmpty(Schema.Struct({ uin: Ids.Uin, nick: Schema.String, face: orZero, flag: orZero }))
})
export type UserFriends = typeof UserFriends.Type

/** A friend, put together from the lists of the reply. */
export interface Friend {
  readonly uin: Ids.Uin
  readonly nick: string
  /** The remark name that the owner of the list gave to the friend. */
  readonly markname: Option.Option<string>
  /** The name of the category; `我的好友` for the default one. */
  readonly category: string
}

/** What the default category is called; it has index 0 and no entry in the list. */
export const defaultCategory = "我的好友"

/** Joins the lists of a reply into friends, in the order of the reply. */
export const friends = (reply: UserFriends): ReadonlyArray<Friend> => {
  const nicks = new Map(reply.info.map((info) => [info.uin, info.nick]))
  const marknames = new Map(reply.marknames.map((mark) => [mark.uin, mark.markname]))
  const categories = new Map(reply.categories.map((category) => [category.index, category.name]))
  return Arr.map(reply.friends, ({ categories: index, uin }) => ({
    uin,
    nick: nicks.get(uin) ?? "",
    markname: Option.fromNullable(marknames.get(uin)),
    category: categories.get(index) ?? defaultCategory
  }))
}

/** The name under which a friend is shown: the remark name, else the nick, else the uin. */
export const displayName = (friend: Friend): string =>
  Option.getOrElse(friend.markname, () => friend.nick) || String(friend.uin)

/**
 * The result of `get_self_info2` (and of `get_friend_info2`). Only `uin` and `nick` are promised; `birthday` holds
 * numbers, month 1 to 12. `face` is the number of the avatar.
 */
export const SelfInfo = Schema.Struct({
  uin: Ids.QQ,
  account: Schema.optional(Ids.QQ),
  nick: Schema.String,
  lnick: orBlank,
  face: orZero,
  birthday: Schema.optionalWith(Schema.Struct({ year: Schema.Int, month: Schema.Int, day: Schema.Int }), {
    default: () => ({ year: 0, month: 0, day: 0 })
  }),
  gender: Schema.optionalWith(Schema.String, { default: () => "unknown" }),
  country: orBlank,
  province: orBlank,
  city: orBlank,
  phone: orBlank,
  mobile: orBlank,
  email: orBlank,
  homepage: orBlank,
  occupation: orBlank,
  college: orBlank,
  personal: orBlank,
  allow: orZero,
  blood: orZero,
  constel: orZero,
  shengxiao: orZero,
  vip_info: orZero
})
export type SelfInfo = typeof SelfInfo.Type
