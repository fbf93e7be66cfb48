/** The Node, Java and PHP clients of SmartQQ: what each does after its login (reference, sections 2.7 to 5, era C). */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Peer from "./Peer.ts"
import { cf, clientid, content, d1, everywhereD1, online, s } from "./SmartQQ.ts"

describe("fhp", () => {
  it.scoped("asks d1 for everything with one Referer, and gets every friend's number", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const me = yield* online(server, everywhereD1)
      const { info } = (yield* me.api("get_user_friends2")).result
      for (const { uin } of info) {
        const { result, retcode } = Peer.json(
          yield* me.peer.get(`http://s.web2.qq.com/api/get_friend_uin2?tuin=${uin}&type=1&vfwebqq=${me.vfwebqq}&t=1`, {
            referer: d1
          })
        )
        assert.strictEqual(retcode, 0)
        assert.include([10002, 10003], result.account)
      }
      const groups = (yield* me.api("get_group_name_list_mask2")).result
      // The same call with the code of a group is asked with type 1, too.
      for (const type of [1, 4]) {
        const asked = yield* me.peer.get(
          `http://s.web2.qq.com/api/get_friend_uin2?tuin=${groups.gnamelist[0].code}&type=${type}&vfwebqq=${me.vfwebqq}&t=1`,
          { referer: d1 }
        )
        assert.strictEqual(Peer.json(asked).result.account, 123456, `type ${type}`)
      }
      const friend = yield* Peer.enter(server, 10002)
      yield* friend.tellGroup("最后一个")
      const [{ poll_type, value }] = Peer.json(yield* me.poll()).result
      // The last element is its text.
      assert.deepStrictEqual([poll_type, value.content.at(-1)], ["group_message", "最后一个"])
      assert.strictEqual(value.from_uin, groups.gnamelist[0].gid)
      const sent = yield* me.send("send_qun_msg2", {
        group_uin: value.from_uin,
        content: content("好"),
        face: 573,
        msg_id: 43690001
      })
      assert.strictEqual(sent.retcode, 0)
    })
  )
})

describe("node-smartqq", () => {
  it.scoped("posts without encoding and content type, and stops at nothing that the server says", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const me = yield* online(server, { api: s, channel: d1, send: d1 })
      const friend = yield* Peer.enter(server, 10002)
      yield* friend.tell("小黄鸡", "hi")
      const poll = () =>
        me.peer.post(
          "http://d1.web2.qq.com/channel/poll2",
          `r=${JSON.stringify({ ptwebqq: me.ptwebqq, clientid, psessionid: me.psessionid, key: "" })}`,
          { referer: d1 }
        )
      const [{ value }] = Peer.json(yield* poll()).result
      const sent = Peer.json(
        yield* me.peer.post(
          "http://d1.web2.qq.com/channel/send_buddy_msg2",
          `r=${JSON.stringify({ to: value.from_uin, content: content("好的"), face: 561, clientid, msg_id: 65950001, psessionid: me.psessionid })}`,
          { referer: d1 }
        )
      )
      // `errmsg` must not be there.
      assert.strictEqual(sent.errCode, 0)
      assert.notProperty(sent, "errmsg")
      // It goes on only after an array.
      const idle = Peer.json(yield* Peer.after("55 seconds", poll()))
      assert.isArray(idle.result)
    })
  )
})

describe("ScienJus", () => {
  it.scoped("answers in a group by its group_code, and in a discussion group by its did", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const me = yield* online(server, { api: s, channel: d1, send: d1 })
      const friend = yield* Peer.enter(server, 10002)
      yield* friend.tellGroup("大家好")
      const [{ value }] = Peer.json(yield* me.poll()).result
      // Since December 2015 the code repeats the gid, and seq and info_seq are gone.
      assert.strictEqual(value.group_code, value.from_uin)
      assert.notProperty(value, "info_seq")
      const answer = { content: content("好"), face: 573, msg_id: 43690001 }
      assert.strictEqual((yield* me.send("send_qun_msg2", { group_uin: value.group_code, ...answer })).retcode, 0)
      assert.strictEqual((yield* friend.hear()).value.content[1], "好")
      yield* friend.peer.post(
        "http://d.web2.qq.com/channel/send_discu_msg2",
        Peer.r({
          did: 1664044173,
          content: content("去吗"),
          msg_id: 2,
          clientid: friend.clientid,
          psessionid: friend.psessionid
        })
      )
      const discussion = Peer.json(yield* me.poll()).result[0].value
      assert.deepStrictEqual([discussion.did, discussion.from_uin], [1664044173, 1664044173])
    })
  )

  it.scoped("reads ptwebqq from the answer of check_sig, lists without a psessionid, sends with retcode", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const me = yield* online(server, { api: s, channel: d1, send: d1 })
      const groups = yield* me.api("get_group_name_list_mask2", d1)
      assert.strictEqual(groups.retcode, 0)
      const recent = Peer.json(
        yield* me.peer.post(
          "http://d1.web2.qq.com/channel/get_recent_list2",
          Peer.r({ vfwebqq: me.vfwebqq, clientid, psessionid: "" }),
          { referer: d1 }
        )
      )
      assert.isArray(recent.result)
      const { uin } = (yield* me.api("get_user_friends2")).result.info[0]
      const info = Peer.json(
        yield* me.peer.get(
          `http://s.web2.qq.com/api/get_friend_info2?tuin=${uin}&vfwebqq=${me.vfwebqq}&clientid=${clientid}&psessionid=${me.psessionid}&t=0.1`
        )
      )
      assert.strictEqual(info.retcode, 0)
      const sent = yield* me.send("send_buddy_msg2", { to: uin, content: content("hi"), face: 573, msg_id: 43690002 })
      assert.include([0, 1202], sent.retcode)
    })
  )
})

describe("slince", () => {
  it.scoped("hears of nothing but the three events that it knows", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const me = yield* online(server, { api: s, channel: d1, send: cf })
      const friend = yield* Peer.enter(server, 10002)
      // Coming, typing, a request to become friends: no event for it.
      const tokens = `clientid=${friend.clientid}&psessionid=${friend.psessionid}`
      yield* friend.peer.get(`http://d.web2.qq.com/channel/change_status2?newstatus=away&${tokens}`)
      const uin = yield* friend.uinOf("小黄鸡")
      yield* friend.peer.get(`http://d.web2.qq.com/channel/input_notify2?to_uin=${uin}&${tokens}`)
      const stranger = yield* Peer.enter(server, 10004)
      yield* stranger.peer.post(
        "http://s.web2.qq.com/api/add_need_verify2",
        Peer.r({ account: 10001, msg: "加我", vfwebqq: stranger.vfwebqq })
      )
      // Nor does it survive a temporary session, whose message waits for a client of another time.
      assert.strictEqual((yield* stranger.tellStranger("小黄鸡", "who are you?")).retcode, 0)
      yield* friend.tell("小黄鸡", "hi")
      const [{ poll_type, value }] = Peer.json(yield* me.poll()).result
      assert.strictEqual(poll_type, "message")
      // The font is content[0][1].
      assert.containsAllKeys(value.content[0][1], ["name", "size", "style", "color"])
      // An empty answer: it asks who is online, waits two seconds and goes on.
      assert.deepStrictEqual(Peer.json(yield* Peer.after("55 seconds", me.poll())).result, [])
      const online_ = yield* me.probe()
      assert.strictEqual(online_.retcode, 0)
      const sent = yield* me.send("send_buddy_msg2", {
        to: value.from_uin,
        content: content("hi"),
        face: 522,
        msg_id: 1
      })
      assert.isTrue(sent.errCode === 0 || sent.retcode === 0)
      const other = yield* Peer.enter(server, 10001)
      assert.strictEqual((yield* other.hear()).poll_type, "sess_message")
    })
  )
})
