/**
 * Groups and discussion groups (protocol notes, section 4.1; seed 1, "获取群列表" and "获取群中的成员"; seed 2,
 * "获取好友，群，讨论组信息").
 */
import * as Arr from "effect/Array"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Ids from "./Ids.ts"
import { blank, Entries, entries, list, lists, maybe, or, someUin, zero } from "./Lenient.ts"

/**
 * The result of `get_group_name_list_mask2`. `gmasklist` says how messages of a group are to be shown (0 notify, 1
 * silently, 2 block); `gmarklist` holds the owner's own names for groups.
 */
export const GroupList = lists(
  Schema.Struct({
    gnamelist: entries(Schema.Struct({ gid: Ids.GroupId, code: Ids.GroupCode, name: blank, flag: zero })),
    gmasklist: list(Schema.Struct({ gid: Ids.GroupId, mask: zero })),
    gmarklist: list(Schema.Struct({ uin: Ids.GroupId, markname: Schema.String }))
  })
)
export type GroupList = typeof GroupList.Type

/** A group of the own list. */
export interface Group {
  readonly gid: Ids.GroupId
  readonly gcode: Ids.GroupCode
  readonly name: string
  /** The name that the owner of the list gave to it. */
  readonly markname: Option.Option<string>
}

/** Joins the lists of a reply into groups, in the order of the reply. */
export const groups = (reply: GroupList): ReadonlyArray<Group> => {
  const marknames = new Map(reply.gmarklist.map(({ markname, uin }) => [uin, markname]))
  return Arr.map(reply.gnamelist, ({ code, gid, name }) => ({
    gid,
    gcode: code,
    name,
    markname: Option.fromNullable(marknames.get(gid))
  }))
}

/**
 * The result of `get_group_info_ext2`. Promised by the documents: `minfo` with uin and nick; servers left out both, and
 * {@link members} makes up for it. `stats` lists only members that are online; `cards` is absent when nobody has one.
 * `mflag` bit 0 marks an administrator.
 */
export const GroupInfo = lists(
  Schema.Struct({
    ginfo: maybe(
      Schema.Struct({
        gid: or(Ids.GroupId, Ids.GroupId.make(0)),
        code: or(Ids.GroupCode, Ids.GroupCode.make(0)),
        name: blank,
        owner: someUin,
        createtime: zero,
        level: zero,
        class: zero,
        flag: zero,
        option: zero,
        face: zero,
        memo: blank,
        fingermemo: blank,
        members: list(Schema.Struct({ muin: Ids.Uin, mflag: zero }))
      })
    ),
    minfo: entries(
      Schema.Struct({
        uin: Ids.Uin,
        nick: blank,
        province: blank,
        gender: or(Schema.String, "unknown"),
        country: blank,
        city: blank
      })
    ),
    stats: list(Schema.Struct({ uin: Ids.Uin, stat: zero, client_type: zero })),
    cards: maybe(Entries(Schema.Struct({ muin: Ids.Uin, card: Schema.String }))),
    vipinfo: list(Schema.Struct({ u: Ids.Uin, is_vip: zero, vip_level: zero }))
  })
)
export type GroupInfo = typeof GroupInfo.Type

/** A member of a group, put together from the lists of the reply. */
export interface Member {
  readonly uin: Ids.Uin
  readonly nick: string
  /** The name that the member carries in this group. */
  readonly card: Option.Option<string>
  readonly role: "owner" | "admin" | "member"
  readonly online: boolean
}

/** The name under which a member is shown: the card, else the nick. */
export const memberName = (member: Member): string => Option.getOrElse(member.card, () => member.nick)

/** Joins the lists of a reply into members, in the order of the reply; last those that only `ginfo` knows. */
export const members = (reply: GroupInfo): ReadonlyArray<Member> => {
  const nicks = new Map(reply.minfo.map(({ nick, uin }) => [uin, nick]))
  const cards = new Map(reply.cards?.map(({ card, muin }) => [muin, card]))
  const online = new Set(reply.stats.map(({ uin }) => uin))
  const flags = new Map(reply.ginfo?.members.map(({ mflag, muin }) => [muin, mflag]))
  const role = (uin: Ids.Uin): Member["role"] =>
    uin === reply.ginfo?.owner ? "owner" : ((flags.get(uin) ?? 0) & 1) === 1 ? "admin" : "member"
  const uins = new Set([...nicks.keys(), ...flags.keys()])
  return Arr.map(Array.from(uins), (uin) => ({
    uin,
    nick: nicks.get(uin) ?? "",
    card: Option.filter(Option.fromNullable(cards.get(uin)), (card) => card !== ""),
    role: role(uin),
    online: online.has(uin)
  }))
}

/** The result of `get_discus_list`. */
export const DiscusList = lists(
  Schema.Struct({
    dnamelist: entries(Schema.Struct({ did: Ids.DiscussionId, name: blank })),
    dmasklist: list(Schema.Struct({ did: Ids.DiscussionId, mask: zero }))
  })
)
export type DiscusList = typeof DiscusList.Type

/**
 * The result of `get_discu_info`. `mem_list[i]` and `mem_info[i]` describe the same person; `ruin` is the real QQ
 * number. `mem_status` lists only members that are online.
 */
export const DiscuInfo = Schema.Struct({
  info: Schema.Struct({
    did: Ids.DiscussionId,
    discu_name: blank,
    discu_owner: maybe(Ids.Uin),
    info_seq: zero,
    mem_list: list(Schema.Struct({ mem_uin: Ids.Uin, ruin: maybe(Ids.QQ) }))
  }),
  mem_status: list(Schema.Struct({ uin: Ids.Uin, status: or(Schema.String, "online"), client_type: zero })),
  mem_info: entries(Schema.Struct({ uin: Ids.Uin, nick: blank }))
})
export type DiscuInfo = typeof DiscuInfo.Type

/** A member of a discussion group. */
export interface DiscussionMember {
  readonly uin: Ids.Uin
  readonly nick: string
  readonly account: Option.Option<Ids.QQ>
  /** The name of the status, such as "online"; none for a member who is not there. */
  readonly status: Option.Option<string>
}

/** Joins the lists of a reply into members, in the order of the reply; last those that only `info` knows. */
export const discussionMembers = (reply: DiscuInfo): ReadonlyArray<DiscussionMember> => {
  const nicks = new Map(reply.mem_info.map(({ nick, uin }) => [uin, nick]))
  const accounts = new Map(reply.info.mem_list.map(({ mem_uin, ruin }) => [mem_uin, ruin]))
  const statuses = new Map(reply.mem_status.map(({ status, uin }) => [uin, status]))
  const uins = new Set([...nicks.keys(), ...accounts.keys()])
  return Arr.map(Array.from(uins), (uin) => ({
    uin,
    nick: nicks.get(uin) ?? "",
    account: Option.fromNullable(accounts.get(uin)),
    status: Option.fromNullable(statuses.get(uin))
  }))
}
