/**
 * Events as a session sees them: under its own names for people and groups, in the shape of its
 * client's time.
 */
import * as Content from "../../schema/Content.ts"
import * as Ids from "../../schema/Ids.ts"
import * as PollEvent from "../../schema/PollEvent.ts"
import type * as Aliases from "./Aliases.ts"
import type * as Letter from "./Letter.ts"
import type * as World from "./World.ts"

/**
 * The shape of messages that a client is used to. `slim`: with the few members that they have had since December 2015.
 * `escaped`: with HTML-escaped texts. `textless`: they may be faces alone.
 */
export interface Shape {
  readonly slim: boolean
  readonly escaped: boolean
  readonly textless: boolean
}

/** For whom an event is put into words. */
export interface View extends Shape {
  readonly aliases: Aliases.Aliases
}

const isText = (part: Content.Part): boolean => part._tag === "Text" && part.text !== ""

/** The service had a blank behind faces alone: clients look for a text (protocol notes, section 5.3). */
const withText = (content: Content.Content): Content.Content =>
  content.parts.length === 0 || content.parts.some(isText)
    ? content
    : { ...content, parts: [...content.parts, Content.text(" ")] }

const contentFor = (content: Content.Content, { escaped, textless }: Shape): Content.Content => {
  const whole = textless ? content : withText(content)
  return escaped ? Content.escapeHtml(whole) : whole
}

const common = ({ content, from, msgId, time, to }: Letter.Letter, view: View) => ({
  from_uin: view.aliases.uinOf(from),
  to_uin: view.aliases.uinOf(to),
  msg_id: msgId,
  time,
  content: contentFor(content, view)
})

/** 9 is a friend's message until 2015; later the number is always 0. */
const friend = (letter: Letter.Letter, view: View): PollEvent.Frame =>
  PollEvent.messageFrame({ ...common(letter, view), msg_type: view.slim ? 0 : 9 })

/** Since December 2015 the code in a group's messages repeats the gid, and the numbers of the group are gone. */
const group = (letter: Letter.Letter, number: number, view: View): PollEvent.Frame => {
  const gid = view.aliases.gidOf(number)
  return PollEvent.groupMessageFrame({
    ...common(letter, view),
    from_uin: gid,
    send_uin: view.aliases.uinOf(letter.from),
    seq: 0,
    ...(view.slim
      ? { group_code: Ids.GroupCode.make(gid), msg_type: 0 }
      : { group_code: view.aliases.codeOf(number), info_seq: number, msg_type: 43 })
  })
}

/** Until 2015 the messages of all discussions came from 10000; later each comes from its did. */
const discussion = (letter: Letter.Letter, did: Ids.DiscussionId, view: View): PollEvent.Frame =>
  PollEvent.discuMessageFrame({
    ...common(letter, view),
    did,
    send_uin: view.aliases.uinOf(letter.from),
    seq: 0,
    ...(view.slim ? { from_uin: did, msg_type: 0 } : { from_uin: 10000, msg_type: 42 })
  })

const session = (letter: Letter.Letter, through: Letter.Common, view: View): PollEvent.Frame =>
  PollEvent.sessMessageFrame({
    ...common(letter, view),
    msg_type: 140,
    id: Ids.Uin.make(through._tag === "Group" ? view.aliases.gidOf(through.number) : through.did),
    ruin: letter.from,
    service_type: through._tag === "Group" ? 0 : 1,
    flags: { text: 1, pic: 1, file: 1, audio: 1, video: 1 }
  })

/** A letter as the event that brings it. */
export const ofLetter = (letter: Letter.Letter, view: View): PollEvent.Frame => {
  switch (letter.place._tag) {
    case "Friend":
      return friend(letter, view)
    case "Group":
      return group(letter, letter.place.number, view)
    case "Discussion":
      return discussion(letter, letter.place.did, view)
    case "Session":
      return session(letter, letter.place.common, view)
  }
}

/** Somebody came, went, or changed the status; `status` is a name such as "online", `client_type` 41 the web. */
export const status = (account: Ids.QQ, status: string, { aliases }: View): PollEvent.Frame => ({
  poll_type: "buddies_status_change",
  value: { uin: aliases.uinOf(account), status, client_type: 41 }
})

const system = (type: string, from: Ids.QQ, { aliases }: View, more: object): PollEvent.Frame => ({
  poll_type: "system_message",
  value: {
    seq: 1,
    type,
    uiuin: "",
    from_uin: aliases.uinOf(from),
    account: from,
    stat: 10,
    client_type: 1,
    ...more
  }
})

/** Somebody asks to become a friend. */
export const request = ({ from, message }: World.FriendRequest, view: View): PollEvent.Frame =>
  system("verify_required", from, view, { msg: message, allow: 1 })

/** A friend request of the recipient ended: `type` is verify_pass, verify_pass_add or verify_rejected. */
export const settled = (from: Ids.QQ, type: string, msg: string, view: View): PollEvent.Frame =>
  system(type, from, view, { msg })

/** Somebody put the recipient into the own friend list without being asked. */
export const added = (from: Ids.QQ, view: View): PollEvent.Frame => system("added_buddy_nosig", from, view, {})

/** The recipient's friend list has one more, or one less. `groupid` 0 is the default category. */
export const friendsChanged = (
  change: { readonly added?: Ids.QQ; readonly removed?: Ids.QQ },
  { aliases }: View
): PollEvent.Frame => ({
  poll_type: "buddylist_change",
  value: {
    added_friends: change.added === undefined ? [] : [{ uin: aliases.uinOf(change.added), groupid: 0 }],
    removed_friends: change.removed === undefined ? [] : [{ uin: aliases.uinOf(change.removed) }]
  }
})
