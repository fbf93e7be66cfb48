/**
 * What a retcode means depends on what was asked (reference, sections 2.8, 4.1, 4.5, 6.1, 6.2): every kind of request
 * with every code that anybody wrote down, through real calls.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Channel, Contacts, type Errors, Messages } from "../../src/protocol/index.ts"
import { Content, Ids } from "../../src/schema/index.ts"
import * as Samples from "../fixtures/Samples.ts"
import { credentials, json, loggedIn, script } from "../rigs/ScriptedServer.ts"

type Call = Effect.Effect<unknown, Errors.WebQQError, Layer.Layer.Success<typeof loggedIn> | Client>
type Client = Layer.Layer.Success<ReturnType<typeof script>["layer"]>

const content = Content.make(["hi"])
const uin = Ids.Uin.make(1)

/** How a call ends: the tag of its error, or that it has none. */
const ending = (call: Call, reply: unknown) =>
  call.pipe(
    Effect.match({ onFailure: ({ _tag }) => _tag, onSuccess: () => "fine" as const }),
    Effect.provide(Layer.merge(script(json(reply)).layer, loggedIn))
  )

const calls: Readonly<Record<string, Call>> = {
  poll2: Channel.poll2,
  send_buddy_msg2: Messages.sendBuddyMsg2({ to: uin, content }),
  send_qun_msg2: Messages.sendQunMsg2({ gid: Ids.GroupId.make(1), content }),
  send_discu_msg2: Messages.sendDiscuMsg2({ did: Ids.DiscussionId.make(1), content }),
  login2: Channel.login2(credentials),
  get_online_buddies2: Channel.getOnlineBuddies2,
  get_recent_list2: Channel.getRecentList2,
  logout2: Channel.logout2,
  get_discu_info: Channel.getDiscuInfo(Ids.DiscussionId.make(1)),
  get_c2cmsg_sig2: Messages.getC2cmsgSig2({ to: uin, common: { _tag: "Group", gid: Ids.GroupId.make(1) } }),
  get_self_info2: Contacts.getSelfInfo2,
  getvfwebqq: Contacts.getvfwebqq(credentials),
  get_user_friends2: Contacts.getUserFriends2,
  get_group_name_list_mask2: Contacts.getGroupNameListMask2,
  get_group_info_ext2: Contacts.getGroupInfoExt2(Ids.GroupCode.make(1)),
  get_discus_list: Contacts.getDiscusList,
  get_friend_uin2: Contacts.getFriendUin2(uin),
  set_long_nick2: Contacts.setLongNick2("hi"),
  allow_and_add2: Contacts.allowAndAdd2({ account: Ids.QQ.make(10001) }),
  allow_added_request2: Contacts.allowAddedRequest2(Ids.QQ.make(10001)),
  deny_added_request2: Contacts.denyAddedRequest2({ account: Ids.QQ.make(10001) })
}

const kinds = {
  poll: ["poll2"],
  send: ["send_buddy_msg2", "send_qun_msg2", "send_discu_msg2"],
  login: ["login2"],
  session: ["get_online_buddies2", "get_recent_list2", "logout2"],
  lookup: ["get_discu_info", "get_c2cmsg_sig2"],
  contacts: [
    "get_self_info2",
    "getvfwebqq",
    "get_user_friends2",
    "get_group_name_list_mask2",
    "get_group_info_ext2",
    "get_discus_list",
    "get_friend_uin2"
  ],
  change: ["set_long_nick2", "allow_and_add2", "allow_added_request2", "deny_added_request2"]
} as const

const lost = "SessionLost"
const no = "Rejected"
const busy = "ServerBusy"
const maybe = "DeliveryUnknown"

/** Without a result beside it. The columns are the kinds, in their order. */
const table: ReadonlyArray<readonly [retcode: number, ...ends: ReadonlyArray<string>]> = [
  //        poll   send   login  session lookup contacts change
  [8, lost, lost, lost, lost, lost, lost, lost],
  [100, lost, lost, lost, lost, lost, lost, lost],
  [102, "fine", no, no, no, no, no, no],
  [103, lost, lost, lost, lost, lost, lost, lost],
  [106, no, no, no, no, no, no, no],
  [108, lost, lost, lost, lost, lost, lost, lost],
  [109, "fine", lost, no, lost, lost, no, no],
  [110, "fine", lost, no, lost, lost, no, no],
  [111, no, no, no, no, no, no, no],
  [112, busy, busy, busy, busy, busy, busy, busy],
  [113, busy, busy, busy, busy, busy, busy, busy],
  [115, no, no, no, no, no, no, no],
  [120, lost, lost, lost, lost, lost, lost, lost],
  [121, lost, lost, lost, lost, lost, lost, lost],
  [1202, "fine", maybe, no, no, no, no, no],
  [100000, lost, lost, lost, lost, lost, lost, lost],
  [100001, lost, no, lost, lost, no, lost, lost],
  [100002, lost, lost, lost, lost, lost, lost, lost],
  [100003, "fine", maybe, no, no, no, no, "fine"],
  [100006, no, no, no, no, no, no, no],
  [100012, "fine", lost, lost, lost, lost, lost, lost],
  [100100, "fine", "fine", no, no, no, no, "fine"],
  [100101, lost, lost, lost, lost, lost, lost, lost],
  // Codes that nobody knows.
  [-1, no, no, no, no, no, no, no],
  [15, no, no, no, no, no, no, no],
  [122, no, no, no, no, no, no, no]
]

describe("a retcode", () => {
  for (const [column, [kind, endpoints]] of Object.entries(kinds).entries()) {
    for (const endpoint of endpoints) {
      it.effect(`of ${endpoint} means what the table of ${kind} says`, () =>
        Effect.gen(function* () {
          for (const [retcode, ...ends] of table) {
            const call = calls[endpoint] ?? assert.fail(endpoint)
            assert.strictEqual(yield* ending(call, { retcode }), ends[column], `${endpoint}, ${retcode}`)
          }
        })
      )
    }
  }
})

describe("data beside a harmless retcode is data", () => {
  const beside: ReadonlyArray<readonly [endpoint: string, call: Call, result: unknown]> = [
    ["get_user_friends2", Contacts.getUserFriends2, Samples.userFriends],
    ["get_group_name_list_mask2", Contacts.getGroupNameListMask2, Samples.groupList],
    ["get_group_info_ext2", Contacts.getGroupInfoExt2(Ids.GroupCode.make(1)), Samples.groupInfo],
    ["get_discus_list", Contacts.getDiscusList, Samples.discusList],
    ["get_discu_info", Channel.getDiscuInfo(Ids.DiscussionId.make(1)), Samples.discuInfo],
    ["get_self_info2", Contacts.getSelfInfo2, Samples.selfInfo],
    ["login2", Channel.login2(credentials), Samples.login2]
  ]
  const read = (call: Call, reply: unknown) => Effect.provide(call, Layer.merge(script(json(reply)).layer, loggedIn))

  for (const [endpoint, call, result] of beside) {
    it.effect(`${endpoint} with 100003, 100100 or 1202 and the whole result gives the result`, () =>
      Effect.gen(function* () {
        const whole = yield* read(call, { retcode: 0, result })
        for (const retcode of [100003, 100100, 1202]) {
          assert.deepStrictEqual(yield* read(call, { retcode, errmsg: "", result }), whole)
        }
      })
    )
  }

  it.effect("a poll gives the events beside an idle retcode, a new ptwebqq, and a code that nobody knows", () =>
    Effect.gen(function* () {
      const result = [{ poll_type: "message", value: Samples.pushes.message }]
      for (const retcode of [102, 109, 110, 116, 1202, 100003, 100012, 100100, 15, 1]) {
        const events = yield* Effect.provide(
          Channel.poll2,
          Layer.merge(script(json({ retcode, p: "a", result })).layer, loggedIn)
        )
        assert.deepStrictEqual(
          events.map(({ _tag }) => _tag),
          ["BuddyMessage"],
          String(retcode)
        )
      }
      for (const retcode of [103, 112]) assert.notStrictEqual(yield* ending(Channel.poll2, { retcode, result }), "fine")
    })
  )

  it.effect("a result beside a refusal, or one that cannot be read, is none", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* ending(Contacts.getSelfInfo2, { retcode: 6, result: Samples.selfInfo }), no)
      assert.strictEqual(yield* ending(Contacts.getSelfInfo2, { retcode: 100003, result: { uin: null } }), no)
    })
  )
})

describe("the server's words", () => {
  const saying = (call: Call, reply: unknown) =>
    call.pipe(
      Effect.flip,
      Effect.map((error) => ({ tag: error._tag, says: "says" in error ? error.says : undefined })),
      Effect.provide(Layer.merge(script(json(reply)).layer, loggedIn))
    )

  it.effect("are taken wherever they stand; words that say nothing do not hide them", () =>
    Effect.gen(function* () {
      const replies: ReadonlyArray<readonly [reply: object, says: string]> = [
        [{ errmsg: "busy" }, "busy"],
        [{ errMsg: "busy" }, "busy"],
        [{ msg: "busy" }, "busy"],
        [{ tips: "busy" }, "busy"],
        [{ retmsg: "busy" }, "busy"],
        [{ errmsg: "", retmsg: "ok", tips: "busy" }, "busy"],
        [{ errmsg: "error", msg: "OK", tips: "busy" }, "busy"],
        [{ errmsg: null, errMsg: 5, tips: "busy" }, "busy"],
        [{ errmsg: "error" }, "error"],
        [{ errMsg: "ERROR", retmsg: "ok" }, "ERROR"],
        [{ retmsg: "ok" }, ""],
        [{ errmsg: "", msg: "send ok" }, ""]
      ]
      for (const [reply, says] of replies) {
        const said = yield* saying(Contacts.getSelfInfo2, { retcode: 6, ...reply })
        assert.deepStrictEqual(said, { tag: "Rejected", says }, JSON.stringify(reply).slice(0, 80))
      }
    })
  )

  it.effect("are cut to what a person reads", () =>
    Effect.gen(function* () {
      const { says = "" } = yield* saying(Contacts.getSelfInfo2, { retcode: 6, tips: "words ".repeat(100_000) })
      assert.match(says, /^words words .*…$/)
      assert.isAtMost(says.length, 161)
    })
  )

  it.effect("show no token", () =>
    Effect.gen(function* () {
      const said = yield* saying(Contacts.getSelfInfo2, { retcode: 6, tips: `no ${"0f".repeat(32)}` })
      assert.strictEqual(said.says, "no <redacted>")
    })
  )

  it.effect("100001 of the contact host is a refusal when they name a parameter, and a lost session otherwise", () =>
    Effect.gen(function* () {
      for (const call of [Contacts.setLongNick2("hi"), Contacts.getUserFriends2]) {
        const named = yield* saying(call, { retcode: 100001, tips: "'vfy' 为必填字段!" })
        assert.deepStrictEqual(named, { tag: "Rejected", says: "'vfy' 为必填字段!" })
        assert.strictEqual((yield* saying(call, { retcode: 100001, errmsg: "login required" })).tag, "SessionLost")
        assert.strictEqual((yield* saying(call, { retcode: 100001 })).tag, "SessionLost")
      }
    })
  )
})

it.effect("the errCode of a send counts where there is no retcode", () =>
  Effect.gen(function* () {
    const call = Messages.sendBuddyMsg2({ to: uin, content })
    assert.strictEqual(yield* ending(call, { errCode: 0, msg: "send ok" }), "fine")
    assert.strictEqual(yield* ending(call, { errCode: -3, errMsg: "ERROR" }), no)
    assert.strictEqual(yield* ending(call, { retcode: null, errCode: "0" }), "fine")
  })
)
