/**
 * What `poll2` delivers: frames `{"poll_type":…,"value":…}` as one tagged union (protocol notes, section 5.2).
 *
 * A frame never fails: one of an unknown type is an {@link UnknownPush}, one that breaks its promise is a
 * {@link MalformedPush}.
 */
import * as Schema from "effect/Schema"
import * as Content from "./Content.ts"
import type { Reader } from "./events/Event.ts"
import * as Messages from "./events/Messages.ts"
import * as Notices from "./events/Notices.ts"
import { Unreadable } from "./Unreadable.ts"

export { BuddyMessage, Common, DiscuMessage, GroupMessage, type Message, SessMessage } from "./events/Messages.ts"
export {
  AvRefuse,
  AvRequest,
  BuddiesStatusChange,
  BuddyListChange,
  FileMessage,
  FileSrvTransfer,
  GroupWebMessage,
  InputNotify,
  KickMessage,
  NotifyOffFile,
  PushOffFile,
  ShakeMessage,
  SysGMsg,
  SystemMessage,
  Tips
} from "./events/Notices.ts"

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

export type PollEvent =
  | Messages.Message
  | Notices.AvRefuse
  | Notices.AvRequest
  | Notices.BuddiesStatusChange
  | Notices.BuddyListChange
  | Notices.FileMessage
  | Notices.FileSrvTransfer
  | Notices.GroupWebMessage
  | Notices.InputNotify
  | Notices.KickMessage
  | Notices.NotifyOffFile
  | Notices.PushOffFile
  | Notices.ShakeMessage
  | Notices.SysGMsg
  | Notices.SystemMessage
  | Notices.Tips
  | UnknownPush
  | MalformedPush

/** Whether an event is what somebody wrote. */
export const isMessage = (event: PollEvent): event is Messages.Message =>
  event._tag === "BuddyMessage" ||
  event._tag === "GroupMessage" ||
  event._tag === "DiscuMessage" ||
  event._tag === "SessMessage"

/** One frame as it travels. */
export const Frame = Schema.Struct({ poll_type: Schema.String, value: Schema.Unknown })
export type Frame = typeof Frame.Type

const readers: ReadonlyMap<string, Reader<PollEvent>> = new Map<string, Reader<PollEvent>>([
  ["message", Messages.buddyMessage],
  ["sess_message", Messages.sessMessage],
  ["group_message", Messages.groupMessage],
  ["discu_message", Messages.discuMessage],
  ["kick_message", Notices.kickMessage],
  ["input_notify", Notices.inputNotify],
  ["buddies_status_change", Notices.buddiesStatusChange],
  ["sys_g_msg", Notices.sysGMsg],
  ["system_message", Notices.systemMessage],
  ["tips", Notices.tips],
  ["shake_message", Notices.shakeMessage],
  ["file_message", Notices.fileMessage],
  ["push_offfile", Notices.pushOffFile],
  ["notify_offfile", Notices.notifyOffFile],
  ["filesrv_transfer", Notices.fileSrvTransfer],
  ["group_web_message", Notices.groupWebMessage],
  ["buddylist_change", Notices.buddyListChange],
  ["av_request", Notices.avRequest],
  ["av_refuse", Notices.avRefuse]
])

/** Every `poll_type` that has an event of its own. */
export const pollTypes: ReadonlyArray<string> = Array.from(readers.keys())

/** Turns a frame into its event. Total: never fails. */
export const fromFrame = ({ poll_type: pollType, value }: Frame): PollEvent => {
  const read = readers.get(pollType)
  if (read === undefined) return new UnknownPush({ pollType, raw: value }, true)
  const event = read(value)
  return event instanceof Unreadable
    ? new MalformedPush({ pollType, raw: value, issue: event.toString() }, true)
    : event
}

/** The event of a frame whose texts came HTML-escaped, as servers of SmartQQ's time sent them: resolved, once. */
export const fromEscapedFrame = (frame: Frame): PollEvent => {
  const event = fromFrame(frame)
  return isMessage(event) ? Messages.withContent(event, Content.unescapeHtml(event.content)) : event
}

const frame =
  <A, I>(poll_type: string, schema: Schema.Schema<A, I>) =>
  (value: A): Frame => ({ poll_type, value: Schema.encodeSync(schema)(value) })

/** Frames as the server writes them, from values by their wire names. */
export const messageFrame = frame("message", Messages.BuddyMessageValue)
export const groupMessageFrame = frame("group_message", Messages.GroupMessageValue)
export const discuMessageFrame = frame("discu_message", Messages.DiscuMessageValue)
export const sessMessageFrame = frame("sess_message", Messages.SessMessageValue)

/** A `kick_message` frame, as the server writes it. */
export const kickFrame = (reason: string): Frame => ({
  poll_type: "kick_message",
  value: { way: "poll", show_reason: 1, reason }
})
