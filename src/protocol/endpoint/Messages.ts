/**
 * Descriptions of the sends (protocol notes, section 4.5; seed 1, "获取临时消息群签名" to "发送群消息"; seed 2, "消息回复").
 */
import * as Schema from "effect/Schema"
import * as Content from "../../schema/Content.ts"
import { Decimal } from "../../schema/Decimal.ts"
import * as Envelope from "../../schema/Envelope.ts"
import * as Ids from "../../schema/Ids.ts"
import { or, zero } from "../../schema/Lenient.ts"
import * as Signature from "../../schema/Signature.ts"
import { form, psessionid } from "./Channel.ts"
import * as Endpoint from "./Endpoint.ts"
import * as Retcodes from "./Retcodes.ts"

/** What every send has beside its target. `face` is the sender's avatar number; cosmetic. */
const common = {
  face: zero,
  content: Content.Sent,
  msg_id: Ids.MsgId,
  clientid: Ids.ClientId,
  psessionid
}

const request = <Fields extends Schema.Struct.Fields>(fields: Fields) => Schema.parseJson(Schema.Struct(fields))

/** Sends a message to a friend. */
export const sendBuddyMsg2 = Endpoint.json({
  name: "send_buddy_msg2",
  method: "POST",
  host: "channel",
  path: "/channel/send_buddy_msg2",
  request: Schema.Struct({ r: request({ to: Ids.Uin, ...common }), ...form }),
  reply: Envelope.sendReply,
  retcodes: Retcodes.send
})

/** Sends a message to a group; `group_uin` is its gid. */
export const sendQunMsg2 = Endpoint.json({
  name: "send_qun_msg2",
  method: "POST",
  host: "channel",
  path: "/channel/send_qun_msg2",
  request: Schema.Struct({ r: request({ group_uin: Ids.GroupId, ...common }), ...form }),
  reply: Envelope.sendReply,
  retcodes: Retcodes.send
})

/** Sends a message to a discussion group. */
export const sendDiscuMsg2 = Endpoint.json({
  name: "send_discu_msg2",
  method: "POST",
  host: "channel",
  path: "/channel/send_discu_msg2",
  request: Schema.Struct({ r: request({ did: Ids.DiscussionId, ...common }), ...form }),
  reply: Envelope.sendReply,
  retcodes: Retcodes.send
})

/** Sends a message to a stranger with whom a group is shared; `service_type` is 0 for a group, 1 for a discussion. */
export const sendSessMsg2 = Endpoint.json({
  name: "send_sess_msg2",
  method: "POST",
  host: "channel",
  path: "/channel/send_sess_msg2",
  request: Schema.Struct({
    r: request({
      to: Ids.Uin,
      group_sig: Signature.GroupSig,
      ...common,
      service_type: zero
    }),
    ...form
  }),
  reply: Envelope.sendReply,
  retcodes: Retcodes.send
})

/** The signature that {@link sendSessMsg2} needs. `id` is the gid or did of the common group. */
export const getC2cmsgSig2 = Endpoint.json({
  name: "get_c2cmsg_sig2",
  method: "GET",
  host: "channel",
  path: "/channel/get_c2cmsg_sig2",
  request: Schema.Struct({
    id: Schema.compose(Decimal, Schema.NonNegativeInt),
    to_uin: Ids.text(Ids.Uin),
    service_type: or(Schema.compose(Decimal, Schema.Int), 0),
    clientid: Ids.text(Ids.ClientId),
    psessionid: Ids.Psessionid,
    t: Schema.optionalWith(Schema.String, { default: () => "" })
  }),
  reply: Envelope.reply(Signature.C2cmsgSig),
  retcodes: Retcodes.lookup
})
