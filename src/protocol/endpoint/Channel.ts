/**
 * Descriptions of the channel host's endpoints (protocol notes, sections 2.8, 2.10, 4.5 and 4.7; seed 1, "登录" to
 * "发送好友消息").
 */
import * as Schema from "effect/Schema"
import * as ChannelSchema from "../../schema/Channel.ts"
import * as Content from "../../schema/Content.ts"
import * as Envelope from "../../schema/Envelope.ts"
import * as Ids from "../../schema/Ids.ts"
import * as Endpoint from "./Endpoint.ts"

const json = "application/json"

/** The dialects of 2013 and 2014 repeat two members of `r` as form fields; the later one does not. */
const form = {
  clientid: Schema.optional(Ids.text(Ids.ClientId)),
  psessionid: Schema.optional(Ids.Psessionid)
}

/** Goes online on the channel server. `psessionid` is null at the first login and the old one when coming back. */
export const login2 = Endpoint.make({
  name: "login2",
  method: "POST",
  host: "channel",
  path: "/channel/login2",
  request: Schema.Struct({
    r: Schema.parseJson(
      Schema.Struct({
        status: Schema.optionalWith(Schema.String, { default: () => "online" }),
        ptwebqq: Ids.Ptwebqq,
        passwd_sig: Schema.optionalWith(Schema.String, { default: () => "" }),
        clientid: Ids.ClientId,
        psessionid: Schema.optionalWith(Schema.NullOr(Ids.Psessionid), { default: () => null })
      })
    ),
    ...form
  }),
  reply: Envelope.reply(ChannelSchema.Login2),
  contentType: json
})

/** The long poll. `key` and `ids` travel in the 2013 and 2014 dialects, `ptwebqq` and an empty `key` in the later one. */
export const poll2 = Endpoint.make({
  name: "poll2",
  method: "POST",
  host: "channel",
  path: "/channel/poll2",
  request: Schema.Struct({
    r: Schema.parseJson(
      Schema.Struct({
        ptwebqq: Schema.optional(Ids.Ptwebqq),
        clientid: Ids.ClientId,
        psessionid: Ids.Psessionid,
        key: Schema.optionalWith(Schema.Unknown, { default: () => 0 }),
        ids: Schema.optional(Schema.Array(Schema.Unknown))
      })
    ),
    ...form
  }),
  reply: Envelope.reply(ChannelSchema.Frames),
  contentType: json
})

/** Sends a message to a friend. `face` is the sender's avatar number; cosmetic. */
export const sendBuddyMsg2 = Endpoint.make({
  name: "send_buddy_msg2",
  method: "POST",
  host: "channel",
  path: "/channel/send_buddy_msg2",
  request: Schema.Struct({
    r: Schema.parseJson(
      Schema.Struct({
        to: Ids.Uin,
        face: Schema.optionalWith(Schema.Int, { default: () => 0 }),
        content: Content.Sent,
        msg_id: Ids.MsgId,
        clientid: Ids.ClientId,
        psessionid: Ids.Psessionid
      })
    ),
    ...form
  }),
  reply: Envelope.sendReply,
  contentType: json
})

/** Goes offline and ends the session on the channel server. */
export const logout2 = Endpoint.make({
  name: "logout2",
  method: "GET",
  host: "channel",
  path: "/channel/logout2",
  request: Schema.Struct({
    ids: Schema.optionalWith(Schema.String, { default: () => "" }),
    clientid: Ids.text(Ids.ClientId),
    psessionid: Ids.Psessionid,
    t: Schema.optionalWith(Schema.String, { default: () => "" })
  }),
  reply: Envelope.reply(Schema.Unknown),
  contentType: json
})
