/** What goes out in the dialect of the first document: against its parameter lists, not our own descriptions. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Channel, Contacts, Endpoints, Messages } from "../../src/protocol/index.ts"
import { Content, Ids } from "../../src/schema/index.ts"
import {
  type Answer,
  askedBy,
  assertAsked,
  type Documented,
  json,
  loggedIn,
  now,
  text,
  token
} from "../rigs/ScriptedServer.ts"

/** Seed 1 has this Referer with every call to s.web2.qq.com, and Origin where it names one (reference, section 1.3). */
const api = {
  referer: "http://s.web2.qq.com/proxy.html?v=20110412001&callback=1&id=3",
  origin: "http://s.web2.qq.com"
}
const channel = {
  referer: "http://d.web2.qq.com/proxy.html?v=20110331002&callback=1&id=2",
  origin: "http://d.web2.qq.com"
}
/** Seed 1, 登录, 发送好友消息, 发送临时消息: the one host's Referer, the other's Origin. */
const mixed = { referer: api.referer, origin: channel.origin }

const s = "http://s.web2.qq.com/api"
const d = "http://d.web2.qq.com/channel"

const account = Ids.QQ.make(1685359365)

/** Of `../rigs/ScriptedServer.ts`: who is logged in, and what every channel call repeats beside `r`. */
const clientid = 12345678
const psessionid = "psessionid-secret"
const vfwebqq = "vfwebqq-secret"
/** Seed 1: `clientid` and `psessionid` stand in `r` and beside it. */
const form = [
  ["clientid", "12345678"],
  ["psessionid", psessionid]
] as const
const t = ["t", now] as const

const hello = Content.make(["你好"])
const helloSent = '["你好",["font",{"name":"宋体","size":10,"style":[0,0,0],"color":"000000"}]]'
const send = { face: 564, content: helloSent, msg_id: 101, clientid, psessionid }

const to = Ids.Uin.make(2440652742)
const common = { _tag: "Group", gid: Ids.GroupId.make(833193360) } as const
const ok = json({ retcode: 0, result: "ok" })
const result = (value: unknown): Answer => json({ retcode: 0, result: value })
const signature = result({ type: 0, value: "0a1b" })

type Call = Parameters<typeof askedBy>[0]
const requests: ReadonlyArray<readonly [title: string, call: Call, answer: Answer, documented: Documented]> = [
  [
    "login2: seed 1, 登录",
    Channel.login2({ ptwebqq: token.ptwebqq("PT"), clientid: Ids.ClientId.make(clientid) }),
    result({ uin: 1685359365, psessionid: "", vfwebqq: "", status: "online" }),
    {
      url: `${d}/login2`,
      r: { status: "online", ptwebqq: "PT", passwd_sig: "", clientid, psessionid: null },
      form: [
        ["clientid", "12345678"],
        ["psessionid", "null"]
      ],
      ...mixed
    }
  ],
  [
    // The hash of this account and ptwebqq: reference, section 3.3, whose table also says that it is not vfwebqq.
    "get_user_friends2: seed 1, 更新好友列表, with ptwebqq in the hash",
    Contacts.getUserFriends2,
    result({ friends: [] }),
    { url: `${s}/get_user_friends2`, r: { h: "hello", hash: "092159375EC45D4E", vfwebqq }, ...api }
  ],
  [
    "get_group_name_list_mask2: seed 1, 获取群列表, with the hash of the reference, section 7, number 10",
    Contacts.getGroupNameListMask2,
    result({ gnamelist: [] }),
    { url: `${s}/get_group_name_list_mask2`, r: { vfwebqq, hash: "092159375EC45D4E" }, ...api }
  ],
  [
    "get_group_info_ext2: seed 1, 获取群中的成员, with t in ms (reference, section 7, number 14)",
    Contacts.getGroupInfoExt2(Ids.GroupCode.make(3557387121)),
    result({ minfo: [] }),
    { url: `${s}/get_group_info_ext2`, query: [["gcode", "3557387121"], ["vfwebqq", vfwebqq], t], ...api }
  ],
  [
    "poll2: seed 1, 获取消息",
    Channel.poll2,
    json({ retcode: 102 }),
    { url: `${d}/poll2`, r: { clientid, psessionid, key: 0, ids: [] }, form, ...channel }
  ],
  [
    "get_msg_tip: seed 1, 心跳, in the form of its author's code (reference, sections 4.7 and 7, number 11)",
    Channel.getMsgTip(7),
    text(""),
    {
      url: "http://web.qq.com/web2/get_msg_tip",
      query: [["uin", ""], ["tp", "1"], ["id", "0"], ["retype", "1"], ["rc", "7"], ["lv", "3"], t]
    }
  ],
  [
    "get_c2cmsg_sig2: seed 1, 获取临时消息群签名, with the gid as id (reference, section 7, number 12)",
    Messages.getC2cmsgSig2({ to, common }),
    signature,
    {
      url: `${d}/get_c2cmsg_sig2`,
      query: [["id", "833193360"], ["to_uin", "2440652742"], ["service_type", "0"], ...form, t],
      referer: "http://d.web2.qq.com/proxy.html?v=20110331002&callback=1&id=3",
      origin: "http://d.web2.qq.com"
    }
  ],
  [
    "send_buddy_msg2: seed 1, 发送好友消息",
    Messages.sendBuddyMsg2({ to, content: hello }),
    ok,
    { url: `${d}/send_buddy_msg2`, r: { to: 2440652742, ...send }, form, ...mixed }
  ],
  [
    "send_qun_msg2: seed 1, 发送群消息, with the face of the reference, section 4.5",
    Messages.sendQunMsg2({ gid: common.gid, content: hello }),
    ok,
    { url: `${d}/send_qun_msg2`, r: { group_uin: 833193360, ...send }, form, ...channel }
  ],
  [
    "send_discu_msg2: seed 2, 讨论组消息",
    Messages.sendDiscuMsg2({ did: Ids.DiscussionId.make(1664044173), content: hello }),
    ok,
    { url: `${d}/send_discu_msg2`, r: { did: 1664044173, ...send }, form, ...channel }
  ],
  [
    "set_long_nick2: seed 1, 设置QQ签名",
    Contacts.setLongNick2("签名"),
    ok,
    {
      url: `${s}/set_long_nick2`,
      r: { nlk: "签名", vfwebqq },
      ...api,
      referer: "http://s.web2.qq.com/proxy.html?v=20110412001&callback=1&id=1"
    }
  ],
  [
    "allow_and_add2: seed 1, 确认添加好友请求",
    Contacts.allowAndAdd2({ account, markname: "小明" }),
    ok,
    { url: `${s}/allow_and_add2`, r: { account: 1685359365, gid: 0, mname: "小明", vfwebqq }, ...api }
  ],
  [
    "allow_added_request2: reference, section 4.1",
    Contacts.allowAddedRequest2(account),
    ok,
    { url: `${s}/allow_added_request2`, r: { account: 1685359365, vfwebqq }, ...api }
  ],
  [
    "deny_added_request2: reference, section 4.1",
    Contacts.denyAddedRequest2({ account, reason: "不认识" }),
    ok,
    { url: `${s}/deny_added_request2`, r: { account: 1685359365, vfwebqq, msg: "不认识" }, ...api }
  ],
  [
    "get_self_info2: seed 2, 获取个人信息",
    Contacts.getSelfInfo2,
    result({ uin: 1, nick: "n" }),
    { url: `${s}/get_self_info2`, query: [t], ...api }
  ],
  [
    "getvfwebqq: seed 2, 获取vfwebqq码, in the order of the reference, section 2.7",
    Contacts.getvfwebqq({ ptwebqq: token.ptwebqq("PT"), clientid: Ids.ClientId.make(clientid) }),
    result({ vfwebqq }),
    {
      url: `${s}/getvfwebqq`,
      query: [["ptwebqq", "PT"], ["clientid", "12345678"], ["psessionid", ""], t],
      ...api
    }
  ],
  [
    "get_discus_list: seed 2, 讨论组信息",
    Contacts.getDiscusList,
    result({ dnamelist: [] }),
    { url: `${s}/get_discus_list`, query: [...form, ["vfwebqq", vfwebqq], t], ...api }
  ],
  [
    "get_discu_info: seed 2, 讨论组成员",
    Channel.getDiscuInfo(Ids.DiscussionId.make(1664044173)),
    result({ info: { did: 1664044173 }, mem_info: [] }),
    { url: `${d}/get_discu_info`, query: [["did", "1664044173"], ["vfwebqq", vfwebqq], ...form, t], ...channel }
  ],
  [
    "get_friend_uin2: seed 2, 通过UIN获取QQ号, with the t of the reference, section 4.1",
    Contacts.getFriendUin2(to),
    result({ account: 1685359365, uin: 2440652742 }),
    { url: `${s}/get_friend_uin2`, query: [["tuin", "2440652742"], ["type", "1"], ["vfwebqq", vfwebqq], t], ...api }
  ],
  [
    "get_online_buddies2: reference, section 4.1",
    Channel.getOnlineBuddies2,
    result([]),
    { url: `${d}/get_online_buddies2`, query: [["vfwebqq", vfwebqq], ...form, t], ...channel }
  ],
  [
    "get_recent_list2: reference, section 4.1",
    Channel.getRecentList2,
    result([]),
    { url: `${d}/get_recent_list2`, r: { vfwebqq, clientid, psessionid }, ...channel }
  ],
  [
    "logout2: seed 2, 消息获取, with the t of the reference, section 2.10",
    Channel.logout2,
    ok,
    { url: `${d}/logout2`, query: [["ids", ""], ...form, t], ...channel }
  ]
]

describe("requests of the 2013 dialect", () => {
  for (const [title, call, answer, documented] of requests) {
    it.effect(title, () => Effect.map(askedBy(call, loggedIn, answer), ([asked]) => assertAsked(asked, documented)))
  }

  it.effect("send_sess_msg2: seed 1, 发送临时消息, after its signature", () =>
    Effect.gen(function* () {
      const asked = yield* askedBy(Messages.sendSessMsg2({ to, common, content: hello }), loggedIn, signature, ok)
      const r = { to: 2440652742, group_sig: "0a1b", ...send, service_type: 0 }
      assertAsked(asked[1], { url: `${d}/send_sess_msg2`, r, form, ...mixed })
    })
  )

  it.effect("the content of a send is JSON inside JSON (reference, section 5.4)", () =>
    Effect.gen(function* () {
      const content = Content.make(['a "b"\nc', Content.face(14)])
      const [asked] = yield* askedBy(Messages.sendBuddyMsg2({ to, content }), loggedIn, ok)
      assert.strictEqual(
        asked?.form[0]?.[1],
        String.raw`{"to":2440652742,"face":564,"content":"[\"a \\\"b\\\"\\nc\",[\"face\",14],[\"font\",{\"name\":\"宋体\",\"size\":10,\"style\":[0,0,0],\"color\":\"000000\"}]]","msg_id":101,"clientid":12345678,"psessionid":"psessionid-secret"}`
      )
    })
  )

  it("every endpoint of the contact and channel hosts is here", () => {
    const described = Endpoints.all.filter(({ host }) => ["api", "channel", "heartbeat"].includes(host))
    const titles = [...requests.map(([title]) => title), "send_sess_msg2"]
    assert.sameMembers(
      titles.map((title) => title.replace(/:.*/, "")),
      described.map(({ name }) => name)
    )
  })
})
