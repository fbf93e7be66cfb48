/**
 * Ids that cannot be mixed up, and calls that do not compile before a login. The compiler is the test: a line below an
 * expected error that compiles is an error itself.
 */
import type { HttpClient } from "@effect/platform"
import { Effect, type Layer } from "effect"
import { Channel, Contacts, Messages } from "../../src/protocol/index.ts"
import { Content, type Groups, Ids, type PollEvent } from "../../src/schema/index.ts"
import type { CookieStore, Dialect, MessageIds, Session, Signatures } from "../../src/services/index.ts"

const account = Ids.QQ.make(10001)
const uin = Ids.Uin.make(10001)
const gid = Ids.GroupId.make(10001)
const gcode = Ids.GroupCode.make(10001)
const did = Ids.DiscussionId.make(10001)
const clientid = Ids.ClientId.make(10001)
const content = Content.make(["你好"])

// Each where it belongs.
export const right = [
  Contacts.getGroupInfoExt2(gcode),
  Contacts.getFriendUin2(uin),
  Contacts.allowAddedRequest2(account),
  Channel.getDiscuInfo(did),
  Messages.sendBuddyMsg2({ to: uin, content }),
  Messages.sendQunMsg2({ gid, content }),
  Messages.sendDiscuMsg2({ did, content }),
  Messages.sendSessMsg2({ to: uin, common: { _tag: "Group", gid }, content })
]

// The gid is the address of a group, the gcode its key for questions; neither is the other.
// @ts-expect-error a gid is no gcode
Contacts.getGroupInfoExt2(gid)
// @ts-expect-error a gcode is no gid
Messages.sendQunMsg2({ gid: gcode, content })
// @ts-expect-error a did is no gid
Messages.sendQunMsg2({ gid: did, content })
// @ts-expect-error a gid is no did
Messages.sendDiscuMsg2({ did: gid, content })
// @ts-expect-error a gid is no did
Channel.getDiscuInfo(gid)
// @ts-expect-error a did is no gid
Messages.sendSessMsg2({ to: uin, common: { _tag: "Group", gid: did }, content })
// @ts-expect-error a gid is no did
Messages.sendSessMsg2({ to: uin, common: { _tag: "Discussion", did: gid }, content })

// The uin is a person's number for one session; the QQ number is what people type.
// @ts-expect-error a QQ number is no uin
Messages.sendBuddyMsg2({ to: account, content })
// @ts-expect-error a gid is no uin
Messages.sendBuddyMsg2({ to: gid, content })
// @ts-expect-error a QQ number is no uin
Contacts.getFriendUin2(account)
// @ts-expect-error a uin is no QQ number
Contacts.allowAndAdd2({ account: uin })
// @ts-expect-error a uin is no QQ number
Contacts.allowAddedRequest2(uin)
// @ts-expect-error a uin is no QQ number
Contacts.denyAddedRequest2({ account: uin })
// @ts-expect-error a client's number is no uin
Messages.sendBuddyMsg2({ to: clientid, content })
// @ts-expect-error any number is no uin
Messages.sendBuddyMsg2({ to: 10001, content })

// What comes in is as strict: the answer to a group goes to its gid.
declare const message: PollEvent.GroupMessage
declare const group: Groups.Group
declare const member: Groups.Member
export const answers = [
  Messages.sendQunMsg2({ gid: message.gid, content }),
  Contacts.getGroupInfoExt2(message.gcode),
  Messages.sendSessMsg2({ to: member.uin, common: { _tag: "Group", gid: group.gid }, content })
]
// @ts-expect-error the sender of a group message is no group
Messages.sendQunMsg2({ gid: message.senderUin, content })
// @ts-expect-error the code of a group is not its address
Messages.sendQunMsg2({ gid: group.gcode, content })

// Tokens are as different as ids.
declare const credentials: Session.Credentials
export const token = Contacts.getvfwebqq({ ptwebqq: credentials.ptwebqq, clientid })
// @ts-expect-error vfwebqq is not ptwebqq
Contacts.getvfwebqq({ ptwebqq: credentials.vfwebqq, clientid })

// A session is a capability: without one, what needs a login cannot be run.
declare const anonymous: Layer.Layer<
  HttpClient.HttpClient | CookieStore.CookieStore | Dialect.Dialect | MessageIds.MessageIds | Signatures.Signatures
>
declare const session: Layer.Layer<Session.Session>
const send = Messages.sendBuddyMsg2({ to: uin, content }).pipe(Effect.provide(anonymous))
export const loggedIn: Effect.Effect<unknown, unknown, never> = Effect.provide(send, session)
// @ts-expect-error Session is missing
export const notLoggedIn: Effect.Effect<unknown, unknown, never> = send
// @ts-expect-error Session is missing
export const notPolling: Effect.Effect<unknown, unknown, never> = Effect.provide(Channel.poll2, anonymous)
// @ts-expect-error Session is missing
export const noFriends: Effect.Effect<unknown, unknown, never> = Effect.provide(Contacts.getUserFriends2, anonymous)
// @ts-expect-error Session is missing
Effect.runPromise(send)
