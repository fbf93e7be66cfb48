/** What people write to each other. */
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Messages } from "../../src/protocol/index.ts"
import { Content, Ids, type Signature } from "../../src/schema/index.ts"
import { Signatures } from "../../src/services/index.ts"
import {
  did,
  fails,
  gcode,
  gid,
  hears,
  hearsNothing,
  isLike,
  isRejected,
  type Person,
  qq,
  type Scenario,
  uin
} from "../rigs/People.ts"

/** A face, an emoji, and what broke old clients. */
const content = Content.make(["你好 ", Content.face(14), '😀 "引号" \\ 反斜杠\n\t&+%'])

export const friendMessage: Scenario = ({ dialect, login }) =>
  Effect.gen(function* () {
    const bot = yield* login(10001)
    const friend = yield* login(10002)
    const other = yield* login(10003)
    const first = yield* friend.does(Messages.sendBuddyMsg2({ to: uin(10001), content }))
    if (dialect.name === "webqq-2014") assert.strictEqual(first, 38200001)
    const event = yield* hears(bot, "BuddyMessage")
    isLike(event, { fromUin: uin(10002), toUin: uin(10001), msgId: Option.some(first), content })
    const second = yield* friend.does(Messages.sendBuddyMsg2({ to: uin(10001), content }))
    assert.strictEqual(second, first + 1)
    isLike(yield* hears(bot, "BuddyMessage"), { msgId: Option.some(second) })
    yield* bot.does(Messages.sendBuddyMsg2({ to: event.fromUin, content: event.content }))
    isLike(yield* hears(friend, "BuddyMessage"), { fromUin: uin(10001), content })
    yield* hearsNothing(bot, friend)
    yield* hearsNothing(friend, bot)
    yield* hearsNothing(other, bot)
  })

export const groupMessage: Scenario = ({ dialect, login }) =>
  Effect.gen(function* () {
    const people = yield* Effect.forEach([10001, 10003, 10004], login)
    const [bot, owner] = people as [Person, Person]
    const sender = yield* login(10002)
    const stranger = yield* login(10005)
    const msgId = yield* sender.does(Messages.sendQunMsg2({ gid, content }))
    const slim = dialect.name === "smartqq-2015"
    for (const member of people) {
      const event = yield* hears(member, "GroupMessage")
      isLike(event, {
        gid,
        gcode: slim ? Ids.GroupCode.make(gid) : gcode,
        groupNumber: slim ? Option.none() : Option.some(123456),
        senderUin: uin(10002),
        toUin: uin(member.number),
        msgId: Option.some(msgId),
        msgType: slim ? 0 : 43,
        content
      })
    }
    yield* bot.does(Messages.sendQunMsg2({ gid, content: Content.make(["收到"]) }))
    const answer = yield* hears(sender, "GroupMessage")
    assert.deepStrictEqual([answer.senderUin, Content.toText(answer.content)], [uin(10001), "收到"])
    yield* hearsNothing(bot, sender)
    yield* hearsNothing(stranger, owner)
  })

export const discussionMessage: Scenario = ({ dialect, login }) =>
  Effect.gen(function* () {
    const people = yield* Effect.forEach([10001, 10002, 10004], login)
    const sender = yield* login(10003)
    const stranger = yield* login(10005)
    const msgId = yield* sender.does(Messages.sendDiscuMsg2({ did, content }))
    for (const member of people) {
      const event = yield* hears(member, "DiscuMessage")
      const msgType = dialect.name === "smartqq-2015" ? 0 : 42
      isLike(event, {
        did,
        senderUin: uin(10003),
        toUin: uin(member.number),
        msgId: Option.some(msgId),
        msgType,
        content
      })
    }
    yield* hearsNothing(sender, people[0] as Person)
    yield* hearsNothing(stranger, sender)
  })

/** Both ways of a temporary session, through a group or a discussion group. */
const temporarySession =
  (common: Messages.CommonGroup): Scenario =>
  ({ asked, login }) =>
    Effect.gen(function* () {
      const bot = yield* login(10001)
      const passerBy = yield* login(10004)
      const msgId = yield* bot.does(Messages.sendSessMsg2({ to: uin(10004), common, content }))
      const event = yield* hears(passerBy, "SessMessage")
      isLike(event, {
        fromUin: uin(10001),
        toUin: uin(10004),
        common,
        account: Option.some(qq(10001)),
        msgId: Option.some(msgId),
        content
      })
      yield* passerBy.does(Messages.sendSessMsg2({ to: event.fromUin, common: event.common, content: event.content }))
      const answer = yield* hears(bot, "SessMessage")
      isLike(answer, { fromUin: uin(10004), common, account: Option.some(qq(10004)), content })
      yield* bot.does(Messages.sendSessMsg2({ to: uin(10004), common, content }))
      // One signature each, which is kept.
      assert.lengthOf(
        asked.filter((path) => path.endsWith("/get_c2cmsg_sig2")),
        2
      )
      yield* hearsNothing(bot, yield* login(10002))
    })

const throughGroup: Messages.CommonGroup = { _tag: "Group", gid }
const throughDiscussion: Messages.CommonGroup = { _tag: "Discussion", did }

export const sessionThroughGroup: Scenario = temporarySession(throughGroup)
export const sessionThroughDiscussion: Scenario = temporarySession(throughDiscussion)

const withSignature = (signature: Signature.GroupSig) =>
  Effect.provideService(Signatures.Signatures, { get: () => Effect.succeed(signature), forget: () => Effect.void })

export const foreignSignatures: Scenario = ({ login }) =>
  Effect.gen(function* () {
    const bot = yield* login(10001)
    const friend = yield* login(10002)
    const noGroup = isRejected("no common group")
    for (const common of [throughGroup, throughDiscussion]) {
      yield* fails(bot.does(Messages.getC2cmsgSig2({ to: uin(10005), common })), noGroup)
      yield* fails(bot.does(Messages.sendSessMsg2({ to: uin(10005), common, content })), noGroup)
    }
    // A gid is no did: with the wrong service_type there is no such group.
    const mixedUp: Messages.CommonGroup = { _tag: "Discussion", did: Ids.DiscussionId.make(gid) }
    yield* fails(bot.does(Messages.getC2cmsgSig2({ to: uin(10004), common: mixedUp })), noGroup)

    const foreign = yield* friend.does(Messages.getC2cmsgSig2({ to: uin(10004), common: throughGroup }))
    const mine = yield* bot.does(Messages.getC2cmsgSig2({ to: uin(10003), common: throughGroup }))
    for (const signature of [foreign, mine]) {
      const send = Messages.sendSessMsg2({ to: uin(10004), common: throughGroup, content })
      yield* fails(bot.does(withSignature(signature)(send)), isRejected("the signature is not for this recipient"))
    }
  })
