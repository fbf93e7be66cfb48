/**
 * Descriptions of the contact host's endpoints (protocol notes, sections 2.7, 4.1 and 4.2; seed 1, "更新好友列表" to
 * "获取群中的成员", "设置QQ签名", "确认添加好友请求"; seed 2, "ID及昵称获取").
 */
import * as Schema from "effect/Schema"
import * as Contacts from "../../schema/Contacts.ts"
import * as Envelope from "../../schema/Envelope.ts"
import * as Groups from "../../schema/Groups.ts"
import * as Ids from "../../schema/Ids.ts"
import { blank, maybe, or, zero } from "../../schema/Lenient.ts"
import * as Endpoint from "./Endpoint.ts"
import * as Retcodes from "./Retcodes.ts"

/** Unix time in milliseconds, only against caches; servers accepted anything. */
const t = Schema.optionalWith(Schema.String, { default: () => "" })
const hash = Schema.Redacted(Schema.String)
/** Tokens of the channel that travel here too; the contact host needs neither. */
const channelTokens = {
  clientid: or(Ids.ClientIdText, Ids.ClientId.make(0)),
  psessionid: Schema.optionalWith(Ids.Psessionid, { default: () => Schema.decodeSync(Ids.Psessionid)("") })
}

/** The own profile. */
export const getSelfInfo2 = Endpoint.json({
  name: "get_self_info2",
  method: "GET",
  host: "api",
  path: "/api/get_self_info2",
  request: Schema.Struct({ t }),
  reply: Envelope.reply(Contacts.SelfInfo),
  retcodes: Retcodes.contacts
})

/** The token of the contact endpoints, where login2's own is not good for them (since 2015). */
export const getvfwebqq = Endpoint.json({
  name: "getvfwebqq",
  method: "GET",
  host: "api",
  path: "/api/getvfwebqq",
  request: Schema.Struct({
    ptwebqq: Ids.Ptwebqq,
    ...channelTokens,
    t
  }),
  reply: Envelope.reply(Contacts.Getvfwebqq),
  retcodes: Retcodes.contacts
})

/** The friend list. `h` is the word "hello" until 2014 and absent later; `hash` is the contact-list hash. */
export const getUserFriends2 = Endpoint.json({
  name: "get_user_friends2",
  method: "POST",
  host: "api",
  path: "/api/get_user_friends2",
  request: Schema.Struct({
    r: Schema.parseJson(Schema.Struct({ h: maybe(Schema.String), hash, vfwebqq: Ids.Vfwebqq }))
  }),
  reply: Envelope.reply(Contacts.UserFriends),
  retcodes: Retcodes.contacts
})

/** The group list. The hash was not asked for before 2014-06-13. */
export const getGroupNameListMask2 = Endpoint.json({
  name: "get_group_name_list_mask2",
  method: "POST",
  host: "api",
  path: "/api/get_group_name_list_mask2",
  request: Schema.Struct({
    r: Schema.parseJson(Schema.Struct({ vfwebqq: Ids.Vfwebqq, hash: Schema.optional(hash) }))
  }),
  reply: Envelope.reply(Groups.GroupList),
  retcodes: Retcodes.contacts
})

/** A group with its members. `gcode` is the code, not the gid. */
export const getGroupInfoExt2 = Endpoint.json({
  name: "get_group_info_ext2",
  method: "GET",
  host: "api",
  path: "/api/get_group_info_ext2",
  request: Schema.Struct({ gcode: Ids.text(Ids.GroupCode), vfwebqq: Ids.Vfwebqq, t }),
  reply: Envelope.reply(Groups.GroupInfo),
  retcodes: Retcodes.contacts
})

/** The list of discussion groups. */
export const getDiscusList = Endpoint.json({
  name: "get_discus_list",
  method: "GET",
  host: "api",
  path: "/api/get_discus_list",
  request: Schema.Struct({
    ...channelTokens,
    vfwebqq: Ids.Vfwebqq,
    t
  }),
  reply: Envelope.reply(Groups.DiscusList),
  retcodes: Retcodes.contacts
})

/** The real number behind a uin: `type` 1 for a person. */
export const getFriendUin2 = Endpoint.json({
  name: "get_friend_uin2",
  method: "GET",
  host: "api",
  path: "/api/get_friend_uin2",
  request: Schema.Struct({
    tuin: Ids.text(Ids.Uin),
    type: Schema.optionalWith(Schema.String, { default: () => "1" }),
    vfwebqq: Ids.Vfwebqq,
    t
  }),
  reply: Envelope.reply(Contacts.FriendUin),
  retcodes: Retcodes.contacts
})

/** Sets the own signature. */
export const setLongNick2 = Endpoint.json({
  name: "set_long_nick2",
  method: "POST",
  host: "api",
  path: "/api/set_long_nick2",
  request: Schema.Struct({ r: Schema.parseJson(Schema.Struct({ nlk: Schema.String, vfwebqq: Ids.Vfwebqq })) }),
  reply: Envelope.done,
  retcodes: Retcodes.change
})

/** Accepts a friend request and adds its sender as a friend. `gid` is the index of a category. */
export const allowAndAdd2 = Endpoint.json({
  name: "allow_and_add2",
  method: "POST",
  host: "api",
  path: "/api/allow_and_add2",
  request: Schema.Struct({
    r: Schema.parseJson(
      Schema.Struct({
        account: Ids.QQ,
        gid: zero,
        mname: blank,
        vfwebqq: Ids.Vfwebqq
      })
    )
  }),
  reply: Envelope.done,
  retcodes: Retcodes.change
})

/** Accepts a friend request without adding its sender. */
export const allowAddedRequest2 = Endpoint.json({
  name: "allow_added_request2",
  method: "POST",
  host: "api",
  path: "/api/allow_added_request2",
  request: Schema.Struct({ r: Schema.parseJson(Schema.Struct({ account: Ids.QQ, vfwebqq: Ids.Vfwebqq })) }),
  reply: Envelope.done,
  retcodes: Retcodes.change
})

/** Refuses a friend request, with words for its sender. */
export const denyAddedRequest2 = Endpoint.json({
  name: "deny_added_request2",
  method: "POST",
  host: "api",
  path: "/api/deny_added_request2",
  request: Schema.Struct({
    r: Schema.parseJson(
      Schema.Struct({
        account: Ids.QQ,
        vfwebqq: Ids.Vfwebqq,
        msg: blank
      })
    )
  }),
  reply: Envelope.done,
  retcodes: Retcodes.change
})
