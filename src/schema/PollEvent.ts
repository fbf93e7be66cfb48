/**
 * What `poll2` delivers: frames `{"poll_type":…,"value":…}` as one tagged union (protocol notes, section 5.2).
 *
 * A frame never fails: one of an unknown type is an {@link UnknownPush}, one that breaks its promise is a
 * {@link MalformedPush}.
 */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as Content from "./Content.ts"
import * as Ids from "./Ids.ts"

/**
 * A message from a friend (`message`). `time` is the server's clock in unix seconds; `msgType` is 9 for a friend until
 * 2015 and 0 afterwards.
 */
export class BuddyMessage extends Schema.TaggedClass<BuddyMessage>("effect-webqq/BuddyMessage")("BuddyMessage", {
  fromUin: Ids.Uin,
  toUin: Ids.Uin,
  msgId: Ids.MsgId,
  msgType: Schema.Int,
  time: Schema.NonNegativeInt,
  content: Schema.typeSchema(Content.Content)
}) {}

/** The session was closed by the server (`kick_message`): signed in elsewhere, as a rule. */
export class KickMessage extends Schema.TaggedClass<KickMessage>("effect-webqq/KickMessage")("KickMessage", {
  reason: Schema.String
}) {}

/** A frame of a type that this version does not know, with its payload as it came. */
export class UnknownPush extends Schema.TaggedClass<UnknownPush>("effect-webqq/UnknownPush")("UnknownPush", {
  pollType: Schema.String,
  raw: Schema.Unknown
}) {}

/** A frame of a known type that does not have the promised shape; `issue` says where. */
export class MalformedPush extends Schema.TaggedClass<MalformedPush>("effect-webqq/MalformedPush")("MalformedPush", {
  pollType: Schema.String,
  raw: Schema.Unknown,
  issue: Schema.String
}) {}

export type PollEvent = BuddyMessage | KickMessage | UnknownPush | MalformedPush

/** One frame as it travels. */
export const Frame = Schema.Struct({ poll_type: Schema.String, value: Schema.Unknown })
export type Frame = typeof Frame.Type

/** The `value` of a `message` frame. Fields of the old form that nobody needs (`msg_id2`, `reply_ip`) are dropped. */
export const MessageValue = Schema.Struct({
  msg_id: Ids.MsgId,
  from_uin: Ids.Uin,
  to_uin: Ids.Uin,
  msg_type: Schema.optionalWith(Schema.Int, { default: () => 0 }),
  time: Schema.NonNegativeInt,
  content: Content.Received
})

/** The `value` of a `kick_message` frame. */
export const KickValue = Schema.Struct({
  way: Schema.optionalWith(Schema.String, { default: () => "poll" }),
  show_reason: Schema.optionalWith(Schema.Int, { default: () => 1 }),
  reason: Schema.optionalWith(Schema.String, { default: () => "" })
})

const frame = <A, I>(schema: Schema.Schema<A, I>, make: (value: A) => PollEvent) => {
  const decode = ParseResult.decodeUnknownEither(schema)
  return (value: unknown): Either.Either<PollEvent, ParseResult.ParseIssue> => Either.map(decode(value), make)
}

const decoders = new Map([
  [
    "message",
    frame(
      MessageValue,
      (value) =>
        new BuddyMessage(
          {
            fromUin: value.from_uin,
            toUin: value.to_uin,
            msgId: value.msg_id,
            msgType: value.msg_type,
            time: value.time,
            content: value.content
          },
          true
        )
    )
  ],
  ["kick_message", frame(KickValue, ({ reason }) => new KickMessage({ reason }, true))]
])

/** Turns a frame into its event. Total: never fails. */
export const fromFrame = ({ poll_type: pollType, value }: Frame): PollEvent => {
  const decode = decoders.get(pollType)
  return decode === undefined
    ? new UnknownPush({ pollType, raw: value }, true)
    : Either.getOrElse(
        decode(value),
        (issue) =>
          new MalformedPush({ pollType, raw: value, issue: ParseResult.TreeFormatter.formatIssueSync(issue) }, true)
      )
}

/** A `message` frame, as the server writes it. */
export const messageFrame = (value: typeof MessageValue.Type): Frame => ({
  poll_type: "message",
  value: Schema.encodeSync(MessageValue)(value)
})

/** A `kick_message` frame, as the server writes it. */
export const kickFrame = (reason: string): Frame => ({
  poll_type: "kick_message",
  value: { way: "poll", show_reason: 1, reason }
})
