/**
 * The contact lists and the own profile (protocol notes, sections 4.1 and 4.2; seed 2, "ID及昵称获取").
 */
import * as Arr from "effect/Array"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Ids from "./Ids.ts"
import { blank, entries, Integer, list, lists, maybe, or, someUin, zero } from "./Lenient.ts"

/**
 * The result of `get_user_friends2` as it travels. `friends[i]` and `info[i]` describe the same person. Category 0
 * ("我的好友") is normally not listed.
 */
export const UserFriends = lists(
  Schema.Struct({
    friends: entries(Schema.Struct({ uin: Ids.Uin, flag: zero, categories: zero })),
    marknames: list(Schema.Struct({ uin: Ids.Uin, markname: Schema.String, type: zero })),
    categories: list(Schema.Struct({ index: Integer, sort: zero, name: Schema.String })),
    vipinfo: list(Schema.Struct({ u: Ids.Uin, is_vip: zero, vip_level: zero })),
    info: list(Schema.Struct({ uin: Ids.Uin, nick: blank, face: zero, flag: zero }))
  })
)
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

/** Joins the lists of a reply into friends, in the order of the reply; last those that only `info` knows. */
export const friends = (reply: UserFriends): ReadonlyArray<Friend> => {
  const indices = new Map(reply.friends.map(({ categories, uin }) => [uin, categories]))
  const nicks = new Map(reply.info.map((info) => [info.uin, info.nick]))
  const marknames = new Map(reply.marknames.map((mark) => [mark.uin, mark.markname]))
  const categories = new Map(reply.categories.map((category) => [category.index, category.name]))
  const uins = new Set([...indices.keys(), ...nicks.keys()])
  return Arr.map(Array.from(uins), (uin) => ({
    uin,
    nick: nicks.get(uin) ?? "",
    markname: Option.filter(Option.fromNullable(marknames.get(uin)), (markname) => markname !== ""),
    category: categories.get(indices.get(uin) ?? 0) ?? defaultCategory
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
  account: maybe(Ids.QQ),
  nick: Schema.String,
  lnick: blank,
  face: zero,
  birthday: or(Schema.Struct({ year: zero, month: zero, day: zero }), { year: 0, month: 0, day: 0 }),
  gender: or(Schema.String, "unknown"),
  country: blank,
  province: blank,
  city: blank,
  phone: blank,
  mobile: blank,
  email: blank,
  homepage: blank,
  occupation: blank,
  college: blank,
  personal: blank,
  allow: zero,
  blood: zero,
  constel: zero,
  shengxiao: zero,
  vip_info: zero
})
export type SelfInfo = typeof SelfInfo.Type

/**
 * The result of `get_friend_uin2`: the real number behind a uin (or behind a group code, type 4). Only `account` is
 * promised; `uin` is what was asked for, or 0.
 */
export const FriendUin = Schema.Struct({ account: Ids.QQ, uin: someUin, uiuin: blank })
export type FriendUin = typeof FriendUin.Type

/** The result of `getvfwebqq`. */
export const Getvfwebqq = Schema.Struct({ vfwebqq: Ids.Vfwebqq })
export type Getvfwebqq = typeof Getvfwebqq.Type
