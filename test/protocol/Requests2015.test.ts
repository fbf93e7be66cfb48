/**
 * What goes out in the dialect of the second document (GnomeQQ): against that document, and against the reference where
 * Tencent's own client did otherwise (sections 1.1 to 1.4, column C).
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Channel, CheckSig, Contacts, Dialects, Endpoints, Messages } from "../../src/protocol/index.ts"
import { Content, Ids } from "../../src/schema/index.ts"
import {
  type Answer,
  askedBy,
  assertAsked,
  credentials,
  type Documented,
  json,
  loggedInTo,
  now,
  text,
  token
} from "../rigs/ScriptedServer.ts"

/** Reference, section 1.1: a constant, and a JSON number (section 7, number 21). */
const clientid = 53999199
const psessionid = "psessionid-secret"
const vfwebqq = "vfwebqq-secret"
const ptwebqq = "5d4c090f4a91cf44083ce8e274345e44e523c21341b41cf135f15b3b8cfc1329"
const smartqq = loggedInTo(Dialects.smartqq2015, { ...credentials, clientid: Ids.ClientId.make(clientid) })

/** Reference, section 1.2: the channel moved to d1. Section 1.3, column C; section 7, number 20. */
const s = "http://s.web2.qq.com/api"
const d1 = "http://d1.web2.qq.com/channel"
const api = {
  referer: "http://s.web2.qq.com/proxy.html?v=20130916001&callback=1&id=1",
  origin: "http://s.web2.qq.com"
}
const channel = {
  referer: "http://d1.web2.qq.com/proxy.html?v=20151105001&callback=1&id=2",
  origin: "http://d1.web2.qq.com"
}

const both = [
  ["clientid", "53999199"],
  ["psessionid", psessionid]
] as const
const v = ["vfwebqq", vfwebqq] as const
/** 13 digits: unix time in ms. */
const t = ["t", now] as const

const hello = Content.make(["你好"])
const send = {
  face: 522,
  content: '["你好",["font",{"name":"宋体","size":10,"style":[0,0,0],"color":"000000"}]]',
  msg_id: 101,
  clientid,
  psessionid
}
const to = Ids.Uin.make(2440652742)
const did = Ids.DiscussionId.make(1664044173)
const account = Ids.QQ.make(1685359365)
const result = (value: unknown): Answer => json({ retcode: 0, result: value })
const done = json({ retcode: 0 })

type Call = Parameters<typeof askedBy>[0]
const requests: ReadonlyArray<readonly [title: string, call: Call, answer: Answer, documented: Documented]> = [
  [
    "getvfwebqq: seed 2, 获取vfwebqq码, asked for all the same (reference, section 7, number 22), before login2",
    Contacts.getvfwebqq({ ptwebqq: token.ptwebqq("PT"), clientid: Ids.ClientId.make(clientid) }),
    result({ vfwebqq }),
    { url: `${s}/getvfwebqq`, query: [["ptwebqq", "PT"], ["clientid", "53999199"], ["psessionid", ""], t], ...api }
  ],
  [
    "login2: reference, section 2.8, column C",
    Channel.login2({ ptwebqq: token.ptwebqq("PT"), clientid: Ids.ClientId.make(clientid) }),
    result({ uin: 1685359365, psessionid: "", vfwebqq: "", status: "online" }),
    { url: `${d1}/login2`, r: { ptwebqq: "PT", clientid, psessionid: "", status: "online" }, ...channel }
  ],
  [
    "poll2: seed 2, 消息获取, in the form of its own time (reference, section 7, number 19)",
    Channel.poll2,
    result([]),
    { url: `${d1}/poll2`, r: { ptwebqq, clientid, psessionid, key: "" }, ...channel }
  ],
  [
    "logout2: seed 2, 消息获取",
    Channel.logout2,
    result("ok"),
    { url: `${d1}/logout2`, query: [["ids", ""], ...both, t], ...channel }
  ],
  [
    "get_online_buddies2: reference, section 4.1",
    Channel.getOnlineBuddies2,
    result([]),
    { url: `${d1}/get_online_buddies2`, query: [v, ...both, t], ...channel }
  ],
  [
    "get_recent_list2: reference, section 4.1",
    Channel.getRecentList2,
    result([]),
    { url: `${d1}/get_recent_list2`, r: { vfwebqq, clientid, psessionid }, ...channel }
  ],
  [
    "send_buddy_msg2: seed 2, 好友消息, without form fields beside r (reference, section 1.1)",
    Messages.sendBuddyMsg2({ to, content: hello }),
    done,
    { url: `${d1}/send_buddy_msg2`, r: { to: 2440652742, ...send }, ...channel }
  ],
  [
    "send_qun_msg2: seed 2, 群消息",
    Messages.sendQunMsg2({ gid: Ids.GroupId.make(833193360), content: hello }),
    done,
    { url: `${d1}/send_qun_msg2`, r: { group_uin: 833193360, ...send }, ...channel }
  ],
  [
    "send_discu_msg2: seed 2, 讨论组消息",
    Messages.sendDiscuMsg2({ did, content: hello }),
    done,
    { url: `${d1}/send_discu_msg2`, r: { did: 1664044173, ...send }, ...channel }
  ],
  [
    "get_c2cmsg_sig2: seed 2, 临时对话, service_type 1 for a discussion group",
    Messages.getC2cmsgSig2({ to, common: { _tag: "Discussion", did } }),
    result({ type: 0, value: "0a1b" }),
    {
      url: `${d1}/get_c2cmsg_sig2`,
      query: [["id", "1664044173"], ["to_uin", "2440652742"], ["service_type", "1"], ...both, t],
      ...channel
    }
  ],
  [
    "get_self_info2: seed 2, 获取个人信息",
    Contacts.getSelfInfo2,
    result({ uin: 1, nick: "n" }),
    { url: `${s}/get_self_info2`, query: [t], ...api }
  ],
  [
    "get_user_friends2: seed 2, 好友信息, without h",
    Contacts.getUserFriends2,
    result({ friends: [] }),
    { url: `${s}/get_user_friends2`, r: { vfwebqq, hash: "092159375EC45D4E" }, ...api }
  ],
  [
    "get_group_name_list_mask2: seed 2, 群信息",
    Contacts.getGroupNameListMask2,
    result({ gnamelist: [] }),
    { url: `${s}/get_group_name_list_mask2`, r: { vfwebqq, hash: "092159375EC45D4E" }, ...api }
  ],
  [
    "get_discus_list: seed 2, 讨论组信息",
    Contacts.getDiscusList,
    result({ dnamelist: [] }),
    { url: `${s}/get_discus_list`, query: [...both, v, t], ...api }
  ],
  [
    "get_group_info_ext2: seed 2, 群成员",
    Contacts.getGroupInfoExt2(Ids.GroupCode.make(3557387121)),
    result({ minfo: [] }),
    { url: `${s}/get_group_info_ext2`, query: [["gcode", "3557387121"], v, t], ...api }
  ],
  [
    "get_discu_info: seed 2, 讨论组成员",
    Channel.getDiscuInfo(did),
    result({ info: { did: 1664044173 }, mem_info: [] }),
    { url: `${d1}/get_discu_info`, query: [["did", "1664044173"], v, ...both, t], ...channel }
  ],
  [
    "get_friend_uin2: seed 2, 通过UIN获取QQ号, with the t of the reference, section 4.1",
    Contacts.getFriendUin2(to),
    result({ account: 1685359365 }),
    { url: `${s}/get_friend_uin2`, query: [["tuin", "2440652742"], ["type", "1"], v, t], ...api }
  ],
  [
    "set_long_nick2: reference, section 4.2",
    Contacts.setLongNick2(""),
    done,
    { url: `${s}/set_long_nick2`, r: { nlk: "", vfwebqq }, ...api }
  ],
  [
    "allow_and_add2: reference, section 4.1, with no name to give",
    Contacts.allowAndAdd2({ account }),
    done,
    { url: `${s}/allow_and_add2`, r: { account: 1685359365, gid: 0, mname: "", vfwebqq }, ...api }
  ],
  [
    "allow_added_request2: reference, section 4.1",
    Contacts.allowAddedRequest2(account),
    done,
    { url: `${s}/allow_added_request2`, r: { account: 1685359365, vfwebqq }, ...api }
  ],
  [
    "deny_added_request2: reference, section 4.1",
    Contacts.denyAddedRequest2({ account }),
    done,
    { url: `${s}/deny_added_request2`, r: { account: 1685359365, vfwebqq, msg: "" }, ...api }
  ]
]

describe("requests of SmartQQ", () => {
  for (const [title, call, answer, documented] of requests) {
    it.effect(title, () => Effect.map(askedBy(call, smartqq, answer), ([asked]) => assertAsked(asked, documented)))
  }

  it.effect("send_sess_msg2: seed 2, 临时对话; the signature and the type stand in r only", () =>
    Effect.gen(function* () {
      const message = Messages.sendSessMsg2({ to, common: { _tag: "Discussion", did }, content: hello })
      const asked = yield* askedBy(message, smartqq, result({ type: 0, value: "0a1b" }), done)
      const r = { to: 2440652742, group_sig: "0a1b", ...send, service_type: 1 }
      assertAsked(asked[1], { url: `${d1}/send_sess_msg2`, r, ...channel })
    })
  )

  it.effect("check_sig and proxy: the login page of style 16 is the Referer (reference, sections 1.3 and 2.5)", () =>
    Effect.gen(function* () {
      const referer =
        "https://ui.ptlogin2.qq.com/cgi-bin/login?daid=164&target=self&style=16&mibao_css=m_webqq&appid=501004106&enable_qlogin=0&no_verifyimg=1&s_url=http%3A%2F%2Fw.qq.com%2Fproxy.html&f_url=loginerroralert&strong_login=1&login_state=10&t=20131024001"
      const proxy = "http://w.qq.com/proxy.html?login2qq=1&webqq_type=10"
      const asked = yield* askedBy(
        CheckSig.checkSig(Redacted.make("http://ptlogin4.web2.qq.com/check_sig?service=ptqrlogin")),
        smartqq,
        text("", { status: 302, headers: { location: proxy } }),
        text("<html></html>")
      )
      const url = "http://ptlogin4.web2.qq.com/check_sig"
      assertAsked(asked[0], { url, query: [["service", "ptqrlogin"]], referer })
      const query = [["login2qq", "1"] as const, ["webqq_type", "10"] as const]
      assertAsked(asked[1], { url: "http://w.qq.com/proxy.html", query, referer })
    })
  )

  it("every endpoint of the contact and channel hosts is here", () => {
    const described = Endpoints.all.filter(({ host }) => ["api", "channel"].includes(host))
    const titles = [...requests.map(([title]) => title), "send_sess_msg2"]
    assert.sameMembers(
      titles.map((title) => title.replace(/:.*/, "")),
      described.map(({ name }) => name)
    )
  })

  it("the client's number is the constant, messages count from the time, and there is no heartbeat", () => {
    const { clientId, firstMsgId, heartbeat } = Dialects.smartqq2015
    assert.deepStrictEqual([clientId(0), clientId(0.5)], [53999199, 53999199])
    // Section 1.4: floor(unix seconds) mod 10000, times 10000.
    assert.strictEqual(firstMsgId(1374225160999), 51600000)
    assert.isFalse(heartbeat)
  })
})
