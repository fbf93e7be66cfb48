/**
 * Descriptions of the channel host's endpoints (protocol notes, sections 2.8, 2.10, 4.1 and 4.7; seed 1, "登录",
 * "获取消息", "心跳"; seed 2, "讨论组成员"). The sends are in `Messages.ts`.
 */
import * as Schema from "effect/Schema"
import * as ChannelSchema from "../../schema/Channel.ts"
import * as Envelope from "../../schema/Envelope.ts"
import * as Groups from "../../schema/Groups.ts"
import * as Ids from "../../schema/Ids.ts"
import { maybe, or } from "../../schema/Lenient.ts"
import * as Endpoint from "./Endpoint.ts"
import * as Retcodes from "./Retcodes.ts"

/** The dialects of 2013 and 2014 repeat two members of `r` as form fields; the later one does not. Nothing reads them. */
export const form = {
  clientid: maybe(Ids.ClientIdText),
  psessionid: maybe(Ids.Psessionid)
}

/** The token in an `r`. Clients that have none send null or a number, and must hear that they are not logged in. */
export const psessionid = Schema.compose(
  Schema.transform(Schema.Union(Schema.String, Schema.Number, Schema.Null), Schema.String, {
    strict: true,
    decode: (value) => String(value),
    encode: (text) => text
  }),
  Ids.Psessionid
)

/** The `events` of a client that wants all kinds of them. */
export const allEvents = "all"

/**
 * Goes online on the channel server. `psessionid` is null at the first login and the old one when coming back. `events` is
 * ours, and asks a server of ours for what it keeps from clients of `d1.web2.qq.com` otherwise: see {@link allEvents}.
 */
export const login2 = Endpoint.json({
  name: "login2",
  method: "POST",
  host: "channel",
  path: "/channel/login2",
  request: Schema.Struct({
    r: Schema.parseJson(
      Schema.Struct({
        status: or(Schema.String, "online"),
        ptwebqq: Ids.Ptwebqq,
        passwd_sig: maybe(Schema.String),
        clientid: Ids.ClientId,
        psessionid: or(Schema.NullOr(Ids.Psessionid), null)
      })
    ),
    ...form,
    events: maybe(Schema.String)
  }),
  reply: Envelope.reply(ChannelSchema.Login2),
  retcodes: Retcodes.login
})

/** The long poll. `key` and `ids` travel in the 2013 and 2014 dialects, `ptwebqq` and an empty `key` in the later one. */
export const poll2 = Endpoint.json({
  name: "poll2",
  method: "POST",
  host: "channel",
  path: "/channel/poll2",
  request: Schema.Struct({
    r: Schema.parseJson(
      Schema.Struct({
        ptwebqq: Schema.optional(Ids.Ptwebqq),
        clientid: Ids.ClientId,
        psessionid,
        key: Schema.optionalWith(Schema.Unknown, { default: () => 0 }),
        ids: maybe(Schema.Array(Schema.Unknown))
      })
    ),
    ...form
  }),
  reply: Envelope.reply(ChannelSchema.Frames),
  retcodes: Retcodes.poll
})

/** Goes offline and ends the session on the channel server. */
export const logout2 = Endpoint.json({
  name: "logout2",
  method: "GET",
  host: "channel",
  path: "/channel/logout2",
  request: Schema.Struct({
    ids: Schema.optionalWith(Schema.String, { default: () => "" }),
    clientid: Ids.ClientIdText,
    psessionid: Ids.Psessionid,
    t: Schema.optionalWith(Schema.String, { default: () => "" })
  }),
  reply: Envelope.done,
  retcodes: Retcodes.session
})

/** The friends that are online. Asked for first after login2: without it, poll2 was answered with 103. */
export const getOnlineBuddies2 = Endpoint.json({
  name: "get_online_buddies2",
  method: "GET",
  host: "channel",
  path: "/channel/get_online_buddies2",
  request: Schema.Struct({
    vfwebqq: Schema.optional(Ids.Vfwebqq),
    clientid: Ids.ClientIdText,
    psessionid: Ids.Psessionid,
    t: Schema.optionalWith(Schema.String, { default: () => "" })
  }),
  reply: Envelope.reply(ChannelSchema.OnlineBuddies),
  retcodes: Retcodes.session
})

/** The latest conversations. */
export const getRecentList2 = Endpoint.json({
  name: "get_recent_list2",
  method: "POST",
  host: "channel",
  path: "/channel/get_recent_list2",
  request: Schema.Struct({
    r: Schema.parseJson(
      Schema.Struct({
        vfwebqq: Ids.Vfwebqq,
        clientid: or(Ids.ClientId, Ids.ClientId.make(0)),
        psessionid: maybe(Ids.Psessionid)
      })
    )
  }),
  reply: Envelope.reply(ChannelSchema.RecentList),
  retcodes: Retcodes.session
})

/** A discussion group with its members. */
export const getDiscuInfo = Endpoint.json({
  name: "get_discu_info",
  method: "GET",
  host: "channel",
  path: "/channel/get_discu_info",
  request: Schema.Struct({
    did: Ids.text(Ids.DiscussionId),
    vfwebqq: Schema.optional(Ids.Vfwebqq),
    clientid: Ids.ClientIdText,
    psessionid: Ids.Psessionid,
    t: Schema.optionalWith(Schema.String, { default: () => "" })
  }),
  reply: Envelope.reply(Groups.DiscuInfo),
  retcodes: Retcodes.lookup
})

/** The parameters of {@link getMsgTip}; the constructor fills in the constants. */
export const MsgTipRequest = Schema.Struct({
  uin: Endpoint.constant(""),
  tp: Endpoint.constant("1"),
  id: Endpoint.constant("0"),
  retype: Endpoint.constant("1"),
  rc: Endpoint.constant("0"),
  lv: Endpoint.constant("3"),
  t: Endpoint.constant("")
})

/** The heartbeat, until 2014. `rc` counts up; any answer will do. */
export const getMsgTip = Endpoint.make({
  name: "get_msg_tip",
  method: "GET",
  host: "heartbeat",
  path: "/web2/get_msg_tip",
  request: MsgTipRequest,
  reply: Schema.String,
  contentType: "application/json"
})
