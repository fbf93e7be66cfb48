/**
 * The events that carry what people write.
 */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Content from "../Content.ts"
import * as Ids from "../Ids.ts"
import { Integer, maybe, or, someUin, zero } from "../Lenient.ts"
import * as Reader from "../Reader.ts"
import { common, msgIdOf, reader } from "./Event.ts"

/** What every message has. `msgId` is the sender's number for it, where the server tells one. */
const written = {
  toUin: Ids.Uin,
  msgId: Schema.OptionFromSelf(Ids.MsgId),
  msgType: Schema.Int,
  time: Schema.Int,
  content: Schema.typeSchema(Content.Content)
}

/** The fields of {@link common} by the names that events have. */
const fields = (value: {
  readonly to_uin: Ids.Uin
  readonly msg_id?: Ids.MsgId | undefined
  readonly msg_type: number
  readonly time: number
  readonly content: Content.Content
}) => ({
  toUin: value.to_uin,
  msgId: msgIdOf(value),
  msgType: value.msg_type,
  time: value.time,
  content: value.content
})

/**
 * A message from a friend (`message`). `time` is the server's clock in unix seconds; `msgType` is 9 for a friend until
 * 2015 and 0 afterwards. `fromUin` 0 is yourself, on another device.
 */
export class BuddyMessage extends Schema.TaggedClass<BuddyMessage>("effect-webqq/BuddyMessage")("BuddyMessage", {
  fromUin: Ids.Uin,
  ...written
}) {}

/** The `value` of a `message` frame. */
export const BuddyMessageValue = Schema.Struct({ ...common, content: Content.Received })

export const buddyMessage = reader(
  BuddyMessageValue,
  (value) => new BuddyMessage({ fromUin: value.from_uin, ...fields(value) }, true)
)

/**
 * A message in a group (`group_message`). `gid` is where to send an answer. `gcode` is the group's code until 2015;
 * afterwards servers repeat the gid there. `senderUin` is 0 where the server did not say who wrote it. `groupNumber` is
 * the number that people type; only old servers send it.
 */
export class GroupMessage extends Schema.TaggedClass<GroupMessage>("effect-webqq/GroupMessage")("GroupMessage", {
  gid: Ids.GroupId,
  gcode: Ids.GroupCode,
  senderUin: Ids.Uin,
  groupNumber: Schema.OptionFromSelf(Schema.Int),
  seq: Schema.Int,
  ...written
}) {}

/** The `value` of a `group_message` frame. */
export const GroupMessageValue = Schema.Struct({
  ...common,
  from_uin: Ids.GroupId,
  group_code: or(Ids.GroupCode, Ids.GroupCode.make(0)),
  send_uin: someUin,
  seq: zero,
  info_seq: maybe(Integer),
  content: Content.Received
})

export const groupMessage = reader(
  GroupMessageValue,
  (value) =>
    new GroupMessage(
      {
        gid: value.from_uin,
        gcode: value.group_code,
        senderUin: value.send_uin,
        groupNumber: Option.fromNullable(value.info_seq),
        seq: value.seq,
        ...fields(value)
      },
      true
    )
)

/**
 * A message in a discussion group (`discu_message`). `did` is where to send an answer; `senderUin` is 0 where the server
 * did not say who wrote it.
 */
export class DiscuMessage extends Schema.TaggedClass<DiscuMessage>("effect-webqq/DiscuMessage")("DiscuMessage", {
  did: Ids.DiscussionId,
  senderUin: Ids.Uin,
  seq: Schema.Int,
  ...written
}) {}

/** The `value` of a `discu_message` frame. `from_uin` is 10000 in old replies and the did in later ones. */
export const DiscuMessageValue = Schema.Struct({
  ...common,
  from_uin: zero,
  did: Ids.DiscussionId,
  send_uin: someUin,
  seq: zero,
  content: Content.Received
})

const readDiscuMessage = reader(
  DiscuMessageValue,
  (value) => new DiscuMessage({ did: value.did, senderUin: value.send_uin, seq: value.seq, ...fields(value) }, true)
)

const readDid = Reader.of(Ids.DiscussionId)
/** The number from which the messages of all discussion groups came in old replies. */
const anyDiscussion = 10000

/** Where the did is missing, the message comes from it. */
export const discuMessage: Reader.Reader<DiscuMessage> = (payload) => {
  if (!Predicate.isRecord(payload) || !(readDid(payload.did) instanceof Reader.Unreadable)) {
    return readDiscuMessage(payload)
  }
  const did = readDid(payload.from_uin)
  const isOne = !(did instanceof Reader.Unreadable) && did !== 0 && Number(did) !== anyDiscussion
  return readDiscuMessage(isOne ? { ...payload, did } : payload)
}

/** Where a temporary session comes from: a group that both are in, or a discussion group. */
export const Common = Schema.Union(
  Schema.TaggedStruct("Group", { gid: Ids.GroupId }),
  Schema.TaggedStruct("Discussion", { did: Ids.DiscussionId })
)
export type Common = typeof Common.Type

/**
 * A message from somebody who is no friend, through a common group (`sess_message`). `account` is the sender's real QQ
 * number, where the server tells it.
 */
export class SessMessage extends Schema.TaggedClass<SessMessage>("effect-webqq/SessMessage")("SessMessage", {
  fromUin: Ids.Uin,
  common: Common,
  account: Schema.OptionFromSelf(Ids.QQ),
  ...written
}) {}

/** The `value` of a `sess_message` frame. `service_type` is 0 for a group and 1 for a discussion group. */
export const SessMessageValue = Schema.Struct({
  ...common,
  id: Ids.Uin,
  ruin: maybe(Ids.QQ),
  service_type: zero,
  flags: maybe(Schema.Unknown),
  content: Content.Received
})

export const sessMessage = reader(
  SessMessageValue,
  (value) =>
    new SessMessage(
      {
        fromUin: value.from_uin,
        common:
          value.service_type === 1
            ? { _tag: "Discussion", did: Ids.DiscussionId.make(value.id) }
            : { _tag: "Group", gid: Ids.GroupId.make(value.id) },
        account: Option.fromNullable(value.ruin),
        ...fields(value)
      },
      true
    )
)

/** What people write, whatever way it comes. */
export type Message = BuddyMessage | GroupMessage | DiscuMessage | SessMessage

/** The message with another content. */
export const withContent = (message: Message, content: Content.Content): Message => {
  switch (message._tag) {
    case "BuddyMessage":
      return new BuddyMessage({ ...message, content }, true)
    case "GroupMessage":
      return new GroupMessage({ ...message, content }, true)
    case "DiscuMessage":
      return new DiscuMessage({ ...message, content }, true)
    case "SessMessage":
      return new SessMessage({ ...message, content }, true)
  }
}
