/**
 * The events beside the messages: presence, requests, groups, files. The documents name most of them only; every field
 * beyond the promised ones has a default, and `raw` is the whole payload.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Ids from "../Ids.ts"
import { blank, list, or, someUin, zero } from "../Lenient.ts"
import { common, msgIdOf, Raw, reader } from "./Event.ts"

/** The session was closed by the server (`kick_message`): signed in elsewhere, as a rule. */
export class KickMessage extends Schema.TaggedClass<KickMessage>("effect-webqq/KickMessage")("KickMessage", {
  reason: Schema.String
}) {}

/** Whatever its payload, a kick is a kick: it must end the session. */
export const kickMessage = reader(
  Schema.Struct({ reason: blank }).annotations({ decodingFallback: () => Effect.succeed({ reason: "" }) }),
  ({ reason }) => new KickMessage({ reason }, true)
)

/** A friend is typing (`input_notify`). */
export class InputNotify extends Schema.TaggedClass<InputNotify>("effect-webqq/InputNotify")("InputNotify", {
  fromUin: Ids.Uin,
  toUin: Ids.Uin
}) {}

export const inputNotify = reader(
  Schema.Struct({ ...common, from_uin: someUin }),
  (value) => new InputNotify({ fromUin: value.from_uin, toUin: value.to_uin }, true)
)

/**
 * A friend came, went or changed the status (`buddies_status_change`). `status` is a name such as "online", "away" or
 * "offline"; `clientType` says which client (protocol notes, section 4.4).
 */
export class BuddiesStatusChange extends Schema.TaggedClass<BuddiesStatusChange>("effect-webqq/BuddiesStatusChange")(
  "BuddiesStatusChange",
  { uin: Ids.Uin, status: Schema.String, clientType: Schema.Int }
) {}

export const buddiesStatusChange = reader(
  Schema.Struct({ uin: Ids.Uin, status: Schema.String, client_type: zero }),
  (value) => new BuddiesStatusChange({ uin: value.uin, status: value.status, clientType: value.client_type }, true)
)

/** A friend shook the window (`shake_message`). */
export class ShakeMessage extends Schema.TaggedClass<ShakeMessage>("effect-webqq/ShakeMessage")("ShakeMessage", {
  fromUin: Ids.Uin,
  toUin: Ids.Uin,
  msgId: Schema.OptionFromSelf(Ids.MsgId)
}) {}

export const shakeMessage = reader(
  Schema.Struct(common),
  (value) => new ShakeMessage({ fromUin: value.from_uin, toUin: value.to_uin, msgId: msgIdOf(value) }, true)
)

/**
 * Something about a friendship (`system_message`). `type` is `verify_required` when somebody asks to become a friend
 * (answer with `allowAndAdd2`, `allowAddedRequest2` or `denyAddedRequest2` and `account`), `verify_pass`,
 * `verify_pass_add`, `verify_rejected`, `added_buddy_sig`, `added_buddy_nosig`. `account` is the real number of the
 * other side, `msg` what they wrote.
 */
export class SystemMessage extends Schema.TaggedClass<SystemMessage>("effect-webqq/SystemMessage")("SystemMessage", {
  type: Schema.String,
  fromUin: Ids.Uin,
  account: Ids.QQ,
  msg: Schema.String,
  raw: Raw
}) {}

export const systemMessage = reader(
  Schema.Struct({ type: Schema.String, from_uin: someUin, account: or(Ids.QQ, Ids.QQ.make(0)), msg: blank }),
  ({ account, from_uin, msg, type }, raw) => new SystemMessage({ type, fromUin: from_uin, account, msg, raw }, true)
)

/**
 * Something about a group (`sys_g_msg`). `type` is `group_join`, `group_leave`, `group_request_join`,
 * `group_request_join_agree`, `group_request_join_deny`, `group_create` or `group_admin_op`; what else stands there
 * depends on it and is in `raw`.
 */
export class SysGMsg extends Schema.TaggedClass<SysGMsg>("effect-webqq/SysGMsg")("SysGMsg", {
  type: Schema.String,
  gid: Ids.GroupId,
  gcode: Ids.GroupCode,
  groupNumber: Schema.Int,
  raw: Raw
}) {}

export const sysGMsg = reader(
  Schema.Struct({
    type: Schema.String,
    from_uin: Ids.GroupId,
    gcode: or(Ids.GroupCode, Ids.GroupCode.make(0)),
    t_gcode: zero
  }),
  ({ from_uin, gcode, t_gcode, type }, raw) =>
    new SysGMsg({ type, gid: from_uin, gcode, groupNumber: t_gcode, raw }, true)
)

/** The friend list changed (`buddylist_change`): who was added (with the category's index) and who is gone. */
export class BuddyListChange extends Schema.TaggedClass<BuddyListChange>("effect-webqq/BuddyListChange")(
  "BuddyListChange",
  {
    added: Schema.Array(Schema.Struct({ uin: Ids.Uin, category: Schema.Int })),
    removed: Schema.Array(Ids.Uin)
  }
) {}

export const buddyListChange = reader(
  Schema.Struct({
    added_friends: list(Schema.Struct({ uin: Ids.Uin, groupid: zero })),
    removed_friends: list(Schema.Struct({ uin: Ids.Uin }))
  }),
  (value) =>
    new BuddyListChange(
      {
        added: value.added_friends.map(({ groupid, uin }) => ({ uin, category: groupid })),
        removed: value.removed_friends.map(({ uin }) => uin)
      },
      true
    )
)

/** A notice in a group, such as a shared file (`group_web_message`). `xml` is the text that Tencent's client showed. */
export class GroupWebMessage extends Schema.TaggedClass<GroupWebMessage>("effect-webqq/GroupWebMessage")(
  "GroupWebMessage",
  { gid: Ids.GroupId, gcode: Ids.GroupCode, senderUin: Ids.Uin, xml: Schema.String }
) {}

export const groupWebMessage = reader(
  Schema.Struct({
    from_uin: Ids.GroupId,
    group_code: or(Ids.GroupCode, Ids.GroupCode.make(0)),
    send_uin: someUin,
    xml: blank
  }),
  (value) =>
    new GroupWebMessage(
      { gid: value.from_uin, gcode: value.group_code, senderUin: value.send_uin, xml: value.xml },
      true
    )
)

/**
 * A file offered directly, refused or acknowledged (`file_message`): `mode` is `recv`, `refuse` or `send_ack`; `type`
 * 161 is an invitation to talk.
 */
export class FileMessage extends Schema.TaggedClass<FileMessage>("effect-webqq/FileMessage")("FileMessage", {
  fromUin: Ids.Uin,
  mode: Schema.String,
  type: Schema.Int,
  sessionId: Schema.Int,
  name: Schema.String,
  raw: Raw
}) {}

export const fileMessage = reader(
  Schema.Struct({ from_uin: Ids.Uin, mode: blank, type: zero, session_id: zero, name: blank }),
  ({ from_uin, mode, name, session_id, type }, raw) =>
    new FileMessage({ fromUin: from_uin, mode, type, sessionId: session_id, name, raw }, true)
)

/** A file left on the server (`push_offfile`): `size` in bytes, `expireTime` in unix seconds. */
export class PushOffFile extends Schema.TaggedClass<PushOffFile>("effect-webqq/PushOffFile")("PushOffFile", {
  fromUin: Ids.Uin,
  name: Schema.String,
  size: Schema.Int,
  ip: Schema.String,
  port: Schema.Int,
  rkey: Schema.String,
  expireTime: Schema.Int
}) {}

export const pushOffFile = reader(
  Schema.Struct({ from_uin: Ids.Uin, name: blank, size: zero, ip: blank, port: zero, rkey: blank, expire_time: zero }),
  ({ expire_time, from_uin, ...rest }) => new PushOffFile({ ...rest, fromUin: from_uin, expireTime: expire_time }, true)
)

/** The other side took (`action` 1) or refused (2) a file left on the server (`notify_offfile`). */
export class NotifyOffFile extends Schema.TaggedClass<NotifyOffFile>("effect-webqq/NotifyOffFile")("NotifyOffFile", {
  fromUin: Ids.Uin,
  action: Schema.Int,
  fileName: Schema.String,
  fileSize: Schema.Int
}) {}

export const notifyOffFile = reader(
  Schema.Struct({ from_uin: Ids.Uin, action: zero, filename: blank, filesize: zero }),
  (value) =>
    new NotifyOffFile(
      { fromUin: value.from_uin, action: value.action, fileName: value.filename, fileSize: value.filesize },
      true
    )
)

/**
 * How a transfer stands (`filesrv_transfer`): `operation` 1 sends, 2 receives; a file's `status` is 0 done, 10 started,
 * 50 failed, 51 timed out, 53 refused.
 */
export class FileSrvTransfer extends Schema.TaggedClass<FileSrvTransfer>("effect-webqq/FileSrvTransfer")(
  "FileSrvTransfer",
  {
    fromUin: Ids.Uin,
    lcId: Schema.Int,
    operation: Schema.Int,
    files: Schema.Array(Schema.Struct({ name: Schema.String, status: Schema.Int }))
  }
) {}

export const fileSrvTransfer = reader(
  Schema.Struct({
    from_uin: someUin,
    lc_id: zero,
    operation: zero,
    file_infos: list(Schema.Struct({ file_name: blank, file_status: zero }))
  }),
  (value) =>
    new FileSrvTransfer(
      {
        fromUin: value.from_uin,
        lcId: value.lc_id,
        operation: value.operation,
        files: value.file_infos.map(({ file_name, file_status }) => ({ name: file_name, status: file_status }))
      },
      true
    )
)

/** A hint to show (`tips`), such as a changed signature. */
export class Tips extends Schema.TaggedClass<Tips>("effect-webqq/Tips")("Tips", { raw: Raw }) {}
export const tips = reader(Raw, (_, raw) => new Tips({ raw }, true))

/** An invitation to a video call (`av_request`); nobody wrote down its shape. */
export class AvRequest extends Schema.TaggedClass<AvRequest>("effect-webqq/AvRequest")("AvRequest", { raw: Raw }) {}
export const avRequest = reader(Raw, (_, raw) => new AvRequest({ raw }, true))

/** A refused video call (`av_refuse`). */
export class AvRefuse extends Schema.TaggedClass<AvRefuse>("effect-webqq/AvRefuse")("AvRefuse", { raw: Raw }) {}
export const avRefuse = reader(Raw, (_, raw) => new AvRefuse({ raw }, true))
