/** What people ask the server, and what they set there. */
import { assert } from "@effect/vitest"
import { deepStrictEqual } from "@effect/vitest/utils"
import { Effect, Option, Redacted } from "effect"
import { Channel, Contacts, Messages } from "../../src/protocol/index.ts"
import { Content, Groups, Ids, Contacts as Lists, PollEvent } from "../../src/schema/index.ts"
import { Session } from "../../src/services/index.ts"
import {
  did,
  fails,
  gcode,
  gid,
  heardUntil,
  hears,
  hearsNothing,
  isLike,
  isRejected,
  type Person,
  qq,
  type Scenario,
  type Server,
  uin
} from "../rigs/People.ts"

const content = Content.make(["你好"])

const friendNames = (who: Person) =>
  who.does(Effect.map(Contacts.getUserFriends2, (list) => Lists.friends(list).map(Lists.displayName)))

export const contacts: Scenario = ({ login }) =>
  Effect.gen(function* () {
    const bot = yield* login(10001)
    const self = yield* bot.does(Contacts.getSelfInfo2)
    isLike(self, { uin: qq(10001), account: qq(10001), nick: "小黄鸡", lnick: "你说什么，我就说什么" })

    const friends = Lists.friends(yield* bot.does(Contacts.getUserFriends2))
    deepStrictEqual(
      friends.map((friend) => [friend.nick, friend.markname, friend.category]),
      [
        ["明明", Option.some("小明"), "同学"],
        ["阿红", Option.none(), "我的好友"]
      ]
    )
    const accounts = yield* Effect.forEach(friends, (friend) => bot.does(Contacts.getFriendUin2(friend.uin)))
    deepStrictEqual(accounts, [qq(10002), qq(10003)])

    deepStrictEqual(yield* bot.does(Channel.getOnlineBuddies2), [])
    yield* login(10003)
    const online = yield* bot.does(Channel.getOnlineBuddies2)
    deepStrictEqual(online, [{ uin: uin(10003), status: "online", client_type: 41 }])
    deepStrictEqual(yield* bot.does(Channel.getRecentList2), [])

    const { clientid, friendHash, ptwebqq, vfwebqq } = yield* bot.does(Effect.flatMap(Session.Session, (s) => s.get))
    assert.strictEqual(friendHash, "P")
    const again = yield* bot.does(Contacts.getvfwebqq({ ptwebqq, clientid }))
    assert.strictEqual(Redacted.value(again), Redacted.value(vfwebqq))
  })

export const groups: Scenario = ({ login }) =>
  Effect.gen(function* () {
    const bot = yield* login(10001)
    yield* login(10002)
    const [group, ...others] = Groups.groups(yield* bot.does(Contacts.getGroupNameListMask2))
    deepStrictEqual(group, { gid, gcode, name: "三年二班", markname: Option.none() })
    deepStrictEqual(others, [])

    const info = yield* bot.does(Contacts.getGroupInfoExt2(gcode))
    isLike(info.ginfo ?? {}, { gid, code: gcode, name: "三年二班", owner: uin(10003) })
    deepStrictEqual(
      Groups.members(info).map((member) => [member.uin, Groups.memberName(member), member.role, member.online]),
      [
        [uin(10003), "阿红", "owner", false],
        [uin(10001), "鸡同学", "member", true],
        [uin(10002), "班长", "admin", true],
        [uin(10004), "路人", "member", false]
      ]
    )
    const stranger = yield* login(10005)
    deepStrictEqual((yield* stranger.does(Contacts.getGroupNameListMask2)).gnamelist, [])
  })

export const groupsOfOthers: Scenario = ({ login }) =>
  Effect.gen(function* () {
    const bot = yield* login(10001)
    const stranger = yield* login(10005)
    const number6 = { _tag: "Rejected", endpoint: "get_group_info_ext2", retcode: 6 }
    yield* fails(bot.does(Contacts.getGroupInfoExt2(Ids.GroupCode.make(gid))), number6)
    yield* fails(stranger.does(Contacts.getGroupInfoExt2(gcode)), number6)
    yield* fails(stranger.does(Channel.getDiscuInfo(did)), { _tag: "Rejected", retcode: 6 })
    yield* fails(stranger.does(Messages.sendQunMsg2({ gid, content })), isRejected("not a member of the group"))
    yield* fails(
      bot.does(Messages.sendQunMsg2({ gid: Ids.GroupId.make(gcode), content })),
      isRejected("not a member of the group")
    )
    yield* fails(stranger.does(Messages.sendDiscuMsg2({ did, content })), isRejected("not a member of the discussion"))
    yield* fails(stranger.does(Messages.sendBuddyMsg2({ to: uin(10001), content })), isRejected("not a friend"))
    yield* hearsNothing(bot, yield* login(10002))
  })

export const discussions: Scenario = ({ login }) =>
  Effect.gen(function* () {
    const bot = yield* login(10001)
    const list = yield* bot.does(Contacts.getDiscusList)
    deepStrictEqual(list.dnamelist, [{ did, name: "周末去哪儿" }])
    const info = yield* bot.does(Channel.getDiscuInfo(did))
    isLike(info.info, { did, discu_name: "周末去哪儿", discu_owner: uin(10002) })
    deepStrictEqual(
      Groups.discussionMembers(info).map(({ account, nick, status }) => [account, nick, status]),
      [
        [Option.some(qq(10002)), "明明", Option.none()],
        [Option.some(qq(10001)), "小黄鸡", Option.some("online")],
        [Option.some(qq(10003)), "阿红", Option.none()],
        [Option.some(qq(10004)), "路人", Option.none()]
      ]
    )
  })

export const profile: Scenario = ({ login }) =>
  Effect.gen(function* () {
    const bot = yield* login(10001)
    const friend = yield* login(10002)
    const signature = (who: Person) => who.does(Effect.map(Contacts.getSelfInfo2, ({ lnick }) => lnick))
    for (const words of ['新的"签名" \\ & 😀', ""]) {
      yield* bot.does(Contacts.setLongNick2(words))
      assert.strictEqual(yield* signature(bot), words)
    }
    assert.strictEqual(yield* signature(friend), "今天也要加油")
  })

/** 10004 asked 10002: both log in, and the request is told. */
const asked = ({ login }: Server) =>
  Effect.gen(function* () {
    const sender = yield* login(10004)
    const recipient = yield* login(10002)
    const request = yield* hears(recipient, "SystemMessage")
    isLike(request, { type: "verify_required", account: qq(10004), msg: "我是路人，加个好友吧" })
    return { sender, recipient, account: request.account }
  })

const noRequest = isRejected("no such request")

export const requestAccepted: Scenario = (server) =>
  Effect.gen(function* () {
    const { account, recipient, sender } = yield* asked(server)
    yield* recipient.does(Contacts.allowAndAdd2({ account, markname: "路人甲" }))
    isLike(yield* hears(sender, "SystemMessage"), { type: "verify_pass_add", account: qq(10002) })
    deepStrictEqual(yield* friendNames(recipient), ["小黄鸡", "红姐", "路人甲"])
    deepStrictEqual(yield* friendNames(sender), ["明明"])
    yield* hearsNothing(sender, recipient)
    yield* fails(recipient.does(Contacts.allowAndAdd2({ account })), noRequest)
  })

export const requestAcceptedWithoutAdding: Scenario = (server) =>
  Effect.gen(function* () {
    const { account, recipient, sender } = yield* asked(server)
    yield* recipient.does(Contacts.allowAddedRequest2(account))
    isLike(yield* hears(sender, "SystemMessage"), { type: "verify_pass", account: qq(10002) })
    deepStrictEqual(yield* friendNames(sender), ["明明"])
    yield* fails(recipient.does(Contacts.allowAddedRequest2(account)), noRequest)
  })

export const requestRefused: Scenario = (server) =>
  Effect.gen(function* () {
    const { account, recipient, sender } = yield* asked(server)
    yield* recipient.does(Contacts.denyAddedRequest2({ account, reason: "不认识" }))
    isLike(yield* hears(sender, "SystemMessage"), { type: "verify_rejected", account: qq(10002), msg: "不认识" })
    deepStrictEqual(yield* friendNames(recipient), ["小黄鸡", "红姐"])
    deepStrictEqual(yield* friendNames(sender), [])
    yield* fails(recipient.does(Contacts.denyAddedRequest2({ account })), noRequest)
  })

const isOffline = (event: unknown): event is PollEvent.BuddiesStatusChange =>
  event instanceof PollEvent.BuddiesStatusChange && event.status === "offline"

export const heartbeatAndLogout: Scenario = ({ login }) =>
  Effect.gen(function* () {
    const bot = yield* login(10001)
    const friend = yield* login(10002)
    for (const count of [0, 1]) yield* bot.does(Channel.getMsgTip(count))
    yield* bot.does(Channel.logout2)
    isLike((yield* heardUntil(friend, isOffline)).last, { uin: uin(10001), status: "offline" })
    const over = { _tag: "SessionLost", retcode: 108 }
    yield* fails(bot.does(Channel.getOnlineBuddies2), over)
    yield* fails(bot.does(Messages.sendBuddyMsg2({ to: uin(10002), content })), over)
  })
