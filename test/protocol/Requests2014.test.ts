/**
 * What goes out in the dialect of 2014, after the login (`RequestsLogin.test.ts`): against the reference, sections 1 and
 * 4, column B, in the form of PiWebQQ, to which seed 2 points.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Channel, Contacts, Dialects, Messages } from "../../src/protocol/index.ts"
import { Content, Ids } from "../../src/schema/index.ts"
import {
  type Answer,
  askedBy,
  assertAsked,
  credentials,
  type Documented,
  json,
  loggedInTo,
  token
} from "../rigs/ScriptedServer.ts"

/** Section 1.4: the constant of Pi. */
const clientid = 8534174
const psessionid = "psessionid-secret"
const in2014 = loggedInTo(Dialects.webqq2014, { ...credentials, clientid: Ids.ClientId.make(clientid) })

/** Section 1.3, column B. */
const api = {
  referer: "http://s.web2.qq.com/proxy.html?v=20110412001&callback=1&id=3",
  origin: "http://s.web2.qq.com"
}
const channel = {
  referer: "http://d.web2.qq.com/proxy.html?v=20110331002&callback=1&id=2",
  origin: "http://d.web2.qq.com"
}
const form = [
  ["clientid", "8534174"],
  ["psessionid", psessionid]
] as const

const send = {
  face: 600,
  content: '["你好",["font",{"name":"宋体","size":10,"style":[0,0,0],"color":"000000"}]]',
  msg_id: 101,
  clientid,
  psessionid
}
const hello = Content.make(["你好"])
const to = Ids.Uin.make(2440652742)
const ok = json({ retcode: 0, result: "ok" })

type Call = Parameters<typeof askedBy>[0]
const requests: ReadonlyArray<readonly [title: string, call: Call, answer: Answer, documented: Documented]> = [
  [
    "login2: the contact host's Referer with the channel host's Origin (sections 1.3 and 2.8)",
    Channel.login2({ ptwebqq: token.ptwebqq("PT"), clientid: Ids.ClientId.make(clientid) }),
    json({ retcode: 0, result: { uin: 1685359365, psessionid: "", vfwebqq: "", status: "online" } }),
    {
      url: "http://d.web2.qq.com/channel/login2",
      r: { status: "online", ptwebqq: "PT", passwd_sig: "", clientid, psessionid: null },
      form: [
        ["clientid", "8534174"],
        ["psessionid", "null"]
      ],
      referer: api.referer,
      origin: channel.origin
    }
  ],
  [
    "poll2: as in 2013 (section 1.1)",
    Channel.poll2,
    json({ retcode: 102 }),
    { url: "http://d.web2.qq.com/channel/poll2", r: { clientid, psessionid, key: 0, ids: [] }, form, ...channel }
  ],
  [
    "get_user_friends2: as in 2013 (section 1.1)",
    Contacts.getUserFriends2,
    json({ retcode: 0, result: { friends: [] } }),
    {
      url: "http://s.web2.qq.com/api/get_user_friends2",
      r: { h: "hello", hash: "092159375EC45D4E", vfwebqq: "vfwebqq-secret" },
      ...api
    }
  ],
  [
    "send_buddy_msg2: every send has the channel host's Referer now (section 1.3), and Pi's face (section 1.4)",
    Messages.sendBuddyMsg2({ to, content: hello }),
    ok,
    { url: "http://d.web2.qq.com/channel/send_buddy_msg2", r: { to: 2440652742, ...send }, form, ...channel }
  ],
  [
    "send_qun_msg2",
    Messages.sendQunMsg2({ gid: Ids.GroupId.make(833193360), content: hello }),
    ok,
    { url: "http://d.web2.qq.com/channel/send_qun_msg2", r: { group_uin: 833193360, ...send }, form, ...channel }
  ],
  [
    "set_long_nick2",
    Contacts.setLongNick2("签名"),
    ok,
    {
      url: "http://s.web2.qq.com/api/set_long_nick2",
      r: { nlk: "签名", vfwebqq: "vfwebqq-secret" },
      ...api
    }
  ]
]

describe("requests of the 2014 dialect", () => {
  for (const [title, call, answer, documented] of requests) {
    it.effect(title, () => Effect.map(askedBy(call, in2014, answer), ([asked]) => assertAsked(asked, documented)))
  }

  it("the client's numbers are Pi's, and there is no heartbeat (sections 1.1 and 1.4; section 7, number 25)", () => {
    const { clientId, firstMsgId, heartbeat } = Dialects.webqq2014
    assert.deepStrictEqual([clientId(0), clientId(0.5), firstMsgId(1374225160999)], [8534174, 8534174, 38200000])
    assert.isFalse(heartbeat)
  })
})
