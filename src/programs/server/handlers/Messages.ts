/**
 * The sends: to friends, groups, discussion groups, and strangers with whom a group is shared.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Descriptions from "../../../protocol/endpoint/Messages.ts"
import type * as Content from "../../../schema/Content.ts"
import * as Envelope from "../../../schema/Envelope.ts"
import * as Ids from "../../../schema/Ids.ts"
import * as PollEvent from "../../../schema/PollEvent.ts"
import * as Signature from "../../../schema/Signature.ts"
import * as Delivery from "../Delivery.ts"
import * as Options from "../Options.ts"
import * as Route from "../Route.ts"
import * as Sessions from "../Sessions.ts"
import * as World from "../World.ts"
import * as Access from "./Access.ts"

/** A target that the sender may not write to. No source tells the real number. */
const refused = (errmsg: string) => Envelope.refused(1, { errmsg })
const sent = Envelope.ok("ok")

/** As SmartQQ did: before the recent list was asked for, a send is answered with 1202, and goes out all the same. */
const answerOf = ({ warm }: Sessions.ChannelSession) =>
  Effect.map(Options.Options, ({ dialect, strict }) =>
    strict && dialect.name === "smartqq-2015" && !warm.recent ? Envelope.refused(1202) : sent
  )

const sendBuddyMsg2 = Route.make(
  Descriptions.sendBuddyMsg2,
  ({ r }, wire) =>
    Access.liveChannelSession(r, wire, (session) =>
      Effect.gen(function* () {
        const to = Delivery.accountOf(r.to)
        const friends = yield* (yield* World.World).friends(session.login.account)
        if (!friends.some(({ account }) => account.number === to)) return refused("not a friend")
        const time = yield* Delivery.seconds
        yield* Delivery.deliver({ from: session.login.account, to, msgId: r.msg_id, time, content: r.content })
        return yield* answerOf(session)
      })
    ),
  Access.refusedByChannel
)

/** Gives a frame to every member but the sender. */
const toOthers = (members: ReadonlyArray<World.Account>, sender: Ids.QQ, frame: (to: Ids.Uin) => PollEvent.Frame) =>
  Effect.forEach(
    members.filter(({ number }) => number !== sender),
    ({ number }) => Delivery.push(number, frame(Delivery.uinOf(number))),
    { discard: true }
  )

/** Since December 2015 the code in a group's messages repeats the gid, and the numbers of the group are gone. */
const groupNames = (group: World.Group) =>
  Effect.map(Options.Options, ({ dialect }) =>
    dialect.name === "smartqq-2015"
      ? { group_code: Ids.GroupCode.make(group.gid), seq: 0, msg_type: 0 }
      : { group_code: group.code, seq: 0, info_seq: group.number, msg_type: 43 }
  )

const sendQunMsg2 = Route.make(
  Descriptions.sendQunMsg2,
  ({ r }, wire) =>
    Access.liveChannelSession(r, wire, (session) =>
      Effect.gen(function* () {
        const groups = yield* (yield* World.World).groups(session.login.account)
        const group = groups.find(({ gid }) => gid === r.group_uin)
        if (group === undefined) return refused("not a member of the group")
        const common = {
          ...(yield* groupNames(group)),
          from_uin: group.gid,
          send_uin: Delivery.uinOf(session.login.account),
          msg_id: r.msg_id,
          time: yield* Delivery.seconds,
          content: r.content
        }
        const members = group.members.map(({ account }) => account)
        yield* toOthers(members, session.login.account, (to_uin) => PollEvent.groupMessageFrame({ ...common, to_uin }))
        return yield* answerOf(session)
      })
    ),
  Access.refusedByChannel
)

/** Until 2015 the messages of all discussions came from 10000; later each comes from its did. */
const discussionNames = (did: Ids.DiscussionId) =>
  Effect.map(Options.Options, ({ dialect }) =>
    dialect.name === "smartqq-2015" ? { from_uin: did, msg_type: 0 } : { from_uin: 10000, msg_type: 42 }
  )

const sendDiscuMsg2 = Route.make(
  Descriptions.sendDiscuMsg2,
  ({ r }, wire) =>
    Access.liveChannelSession(r, wire, (session) =>
      Effect.gen(function* () {
        const discussions = yield* (yield* World.World).discussions(session.login.account)
        const discussion = discussions.find(({ did }) => did === r.did)
        if (discussion === undefined) return refused("not a member of the discussion")
        const common = {
          ...(yield* discussionNames(discussion.did)),
          did: discussion.did,
          send_uin: Delivery.uinOf(session.login.account),
          seq: 0,
          msg_id: r.msg_id,
          time: yield* Delivery.seconds,
          content: r.content
        }
        yield* toOthers(discussion.members, session.login.account, (to_uin) =>
          PollEvent.discuMessageFrame({ ...common, to_uin })
        )
        return yield* answerOf(session)
      })
    ),
  Access.refusedByChannel
)

/** The group or discussion of that id, if both are in it. */
const shared = (id: number, serviceType: number, one: Ids.QQ, other: Ids.QQ) =>
  Effect.gen(function* () {
    const world = yield* World.World
    if (serviceType === 1) {
      const found = (yield* world.discussions(one)).find(({ did }) => did === id)
      if (found?.members.some(({ number }) => number === other) !== true) return Option.none<PollEvent.Common>()
      return Option.some<PollEvent.Common>({ _tag: "Discussion", did: found.did })
    }
    const found = (yield* world.groups(one)).find(({ gid }) => gid === id)
    if (found?.members.some(({ account }) => account.number === other) !== true) return Option.none<PollEvent.Common>()
    return Option.some<PollEvent.Common>({ _tag: "Group", gid: found.gid })
  })

const getC2cmsgSig2 = Route.make(
  Descriptions.getC2cmsgSig2,
  ({ clientid, id, psessionid, service_type, to_uin }, wire) =>
    Access.liveChannelSession({ clientid, psessionid }, wire, (session) =>
      Effect.gen(function* () {
        const to = Delivery.accountOf(to_uin)
        const common = yield* shared(id, service_type, session.login.account, to)
        if (Option.isNone(common)) return refused("no common group")
        const signature = yield* (yield* Sessions.Sessions).sign({
          from: session.login.account,
          to,
          common: common.value
        })
        return Envelope.ok({
          type: service_type,
          value: Schema.decodeSync(Signature.GroupSig)(signature),
          flags: { text: 1, pic: 1, file: 1, audio: 1, video: 1 }
        })
      })
    ),
  Access.refusedByChannel
)

const sessFrame = (
  { common, from, to }: Sessions.Pass,
  message: { readonly msg_id: Ids.MsgId; readonly time: number; readonly content: Content.Content }
): PollEvent.Frame =>
  PollEvent.sessMessageFrame({
    ...message,
    from_uin: Delivery.uinOf(from),
    to_uin: Delivery.uinOf(to),
    msg_type: 140,
    id: Ids.Uin.make(common._tag === "Group" ? common.gid : common.did),
    ruin: from,
    service_type: common._tag === "Group" ? 0 : 1,
    flags: { text: 1, pic: 1, file: 1, audio: 1, video: 1 }
  })

const sendSessMsg2 = Route.make(
  Descriptions.sendSessMsg2,
  ({ r }, wire) =>
    Access.liveChannelSession(r, wire, (session) =>
      Effect.gen(function* () {
        const pass = (yield* Sessions.Sessions).pass(Redacted.value(r.group_sig))
        const fits = Option.exists(
          pass,
          ({ from, to }) => from === session.login.account && to === Delivery.accountOf(r.to)
        )
        if (Option.isNone(pass) || !fits) return refused("the signature is not for this recipient")
        const time = yield* Delivery.seconds
        yield* Delivery.push(pass.value.to, sessFrame(pass.value, { msg_id: r.msg_id, time, content: r.content }))
        return yield* answerOf(session)
      })
    ),
  Access.refusedByChannel
)

export const routes = [sendBuddyMsg2, sendQunMsg2, sendDiscuMsg2, getC2cmsgSig2, sendSessMsg2]
