/** The Python clients of SmartQQ: what each does after its login (reference, sections 2.7 to 5, era C). */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { FriendHash, StringHash } from "../../../src/protocol/index.ts"
import * as Peer from "./Peer.ts"
import { cf, clientid, content, d1, everywhereD1, getvfwebqq, login2, online, s, scanned } from "./SmartQQ.ts"

describe("RPi", () => {
  it.scoped("gets vfwebqq, goes online, asks for every sender's number and answers", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const me = yield* online(server, everywhereD1)
      const friend = yield* Peer.enter(server, 10002)
      yield* friend.tell("小黄鸡", "你好")
      const [{ value }] = Peer.json(yield* me.poll()).result
      assert.strictEqual(value.content[1], "你好")
      const who = Peer.json(
        yield* me.peer.get(
          `http://s.web2.qq.com/api/get_friend_uin2?tuin=${value.from_uin}&type=1&vfwebqq=${me.vfwebqq}&t=1`,
          { referer: d1 }
        )
      )
      assert.strictEqual(who.result.account, 10002)
      const sent = yield* me.send("send_buddy_msg2", {
        to: value.from_uin,
        content: content("好"),
        face: 570,
        msg_id: 12340001
      })
      assert.strictEqual(sent.retcode, 0)
      assert.strictEqual((yield* friend.hear()).value.content[1], "好")
      // An idle poll goes on to the next.
      assert.strictEqual(Peer.json(yield* Peer.after("55 seconds", me.poll())).retcode, 0)
    })
  )
})

describe("QQRobot", () => {
  it.scoped("goes online before it asks for vfwebqq, sends with errCode, and answers strangers", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const { peer, ptwebqq } = yield* scanned(server)
      const { psessionid } = yield* login2(peer, ptwebqq)
      const vfwebqq = yield* getvfwebqq(peer, ptwebqq, `psessionid=${psessionid}&t=1`)
      assert.match(vfwebqq, /^[0-9a-f]{80}$/)
      const get = (path: string) =>
        Effect.map(
          peer.get(`http://d1.web2.qq.com/channel/${path}&clientid=${clientid}&psessionid=${psessionid}&t=1`, {
            referer: d1
          }),
          Peer.json
        )
      assert.strictEqual((yield* get(`get_online_buddies2?vfwebqq=${vfwebqq}`)).retcode, 0)

      const stranger = yield* Peer.enter(server, 10004)
      yield* stranger.tellGroup("在吗")
      const [{ value }] = Peer.json(
        yield* peer.post("http://d1.web2.qq.com/channel/poll2", Peer.r({ ptwebqq, clientid, psessionid, key: "" }))
      ).result
      // Templates with one level of quoting.
      const send = (target: string) =>
        Peer.form({
          r: `{${target},"content":"[\\"在\\",[\\"font\\",{\\"name\\":\\"宋体\\",\\"size\\":10,\\"style\\":[0,0,0],\\"color\\":\\"000000\\"}]]","face":564,"clientid":${clientid},"msg_id":23456,"psessionid":"${psessionid}"}`,
          clientid,
          psessionid
        })
      const sent = Peer.json(
        yield* peer.post("http://d1.web2.qq.com/channel/send_qun_msg2", send(`"group_uin":${value.from_uin}`), {
          referer: cf
        })
      )
      // A KeyError where it is missing.
      assert.strictEqual(sent.errCode, 0)
      const sig = yield* get(`get_c2cmsg_sig2?id=${value.from_uin}&to_uin=${value.send_uin}&service_type=0`)
      const said = send(`"to":${value.send_uin},"group_sig":"${sig.result.value}","service_type":0`)
      const private_ = Peer.json(
        yield* peer.post(
          "http://d1.web2.qq.com/channel/send_sess_msg2",
          `${said}&group_sig=${sig.result.value}&service_type=0`,
          { referer: cf }
        )
      )
      assert.strictEqual(private_.errCode, 0)
      assert.strictEqual((yield* stranger.hear()).poll_type, "group_message")
      assert.strictEqual((yield* stranger.hear()).value.ruin, 10001)
    })
  )
})

describe("pandolia", () => {
  it.scoped("finds every key of its lists, the first event of an answer, and errmsg nowhere", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const me = yield* online(server, everywhereD1)
      assert.strictEqual((yield* me.probe()).retcode, 0)
      const friends = (yield* me.api("get_user_friends2")).result
      assert.containsAllKeys(friends, ["friends", "categories", "marknames", "vipinfo", "info"])
      const groups = (yield* me.api("get_group_name_list_mask2")).result
      assert.containsAllKeys(groups, ["gnamelist", "gmasklist", "gmarklist"])
      const discussions = Peer.json(
        yield* me.peer.get(
          `http://s.web2.qq.com/api/get_discus_list?clientid=${clientid}&psessionid=${me.psessionid}&vfwebqq=${me.vfwebqq}&t=0.1`,
          { referer: d1 }
        )
      ).result
      assert.strictEqual(discussions.dnamelist[0].name, "周末去哪儿")

      const friend = yield* Peer.enter(server, 10002)
      yield* friend.tell("小黄鸡", "一")
      yield* friend.tell("小黄鸡", "二")
      // It reads result[0] and nothing else.
      const heard = [Peer.json(yield* me.poll()).result[0], Peer.json(yield* me.poll()).result[0]]
      assert.deepStrictEqual(
        heard.map(({ value }) => value.content[1]),
        ["一", "二"]
      )
      const sent = yield* me.send("send_buddy_msg2", {
        to: heard[0].value.from_uin,
        content: content("三"),
        face: 522,
        msg_id: 6000001
      })
      assert.strictEqual(sent.retcode, 0)
      const idle = Peer.json(yield* Peer.after("55 seconds", me.poll()))
      assert.deepStrictEqual(idle, { retcode: 0, result: [] })
      const pinghot = yield* me.peer.get(
        "https://pinghot.qq.com/pingd?dm=w.qq.com.hot&url=/&hottag=smartqq.im.polltimeout&hotx=9999&hoty=9999&rand=1"
      )
      assert.strictEqual(pinghot.status, 200)
    })
  )

  it.scoped("reads its groups by real numbers, and manages one it owns", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const { peer } = yield* scanned(server)
      const bkn = StringHash.bkn(peer.cookie("skey"))
      const owner = yield* Peer.enter(server, 10003)
      const qun = (who: Peer.Peer, site: string, fields: Readonly<Record<string, string | number>>) =>
        Effect.map(
          who.post(`http://${site}`, Peer.form({ ...fields, bkn: StringHash.bkn(who.cookie("skey")) }), {
            referer: "http://qinfo.clt.qq.com/member.html"
          }),
          Peer.json
        )
      const info = "qinfo.clt.qq.com/cgi-bin/qun_info"
      const members = () => qun(peer, `${info}/get_group_members_new`, { gc: 123456, u: 10001 })
      const before = yield* members()
      assert.deepInclude(before, { ec: 0, owner: 10003, adm: [10002] })
      assert.deepStrictEqual(before.cards, { "10001": "鸡同学", "10002": "班长" })
      assert.sameMembers(
        before.mems.map(({ u }: Peer.Json) => u),
        [10001, 10002, 10003, 10004]
      )
      // What it may not do is one of the numbers that it takes for "not permitted".
      const admin = { src: "qinfo_v2", gc: 123456, u: 10004, op: 1 }
      assert.strictEqual((yield* qun(peer, `${info}/set_group_admin`, admin)).ec, 14)
      assert.include([3, 11], (yield* qun(peer, `${info}/delete_group_member`, { gc: 123456, ul: 10004 })).ec)
      assert.strictEqual((yield* qun(peer, `${info}/set_group_card`, { gc: 123456, u: 10001, name: "a<b" })).ec, 0)
      // The owner may.
      assert.strictEqual((yield* qun(owner.peer, `${info}/set_group_admin`, { ...admin, u: 10001 })).ec, 0)
      assert.strictEqual((yield* qun(peer, `${info}/set_group_card`, { gc: 123456, u: 10004, name: "客人" })).ec, 0)
      assert.strictEqual((yield* qun(peer, `${info}/delete_group_member`, { gc: 123456, ul: "10004" })).ec, 0)
      const after = yield* members()
      assert.deepStrictEqual([after.adm, after.cards["10001"]], [[10001, 10002], "a&lt;b"])
      assert.lengthOf(after.mems, 3)
      // Nobody removes the owner, an administrator another one, or anybody without the hash of skey.
      for (const ul of ["10003", "10002", "10002|4711"]) {
        assert.notStrictEqual((yield* qun(peer, `${info}/delete_group_member`, { gc: 123456, ul })).ec, 0)
      }
      for (const wrong of [`bkn=${bkn + 1}`, ""]) {
        const refused = yield* peer.post(`http://${info}/get_group_members_new`, `gc=123456&u=10001&${wrong}`)
        assert.notStrictEqual(Peer.json(refused).ec, 0)
      }
      assert.strictEqual((yield* qun(peer, `${info}/get_group_members_new`, { gc: 654321, u: 10001 })).ec, 11)
      assert.strictEqual((yield* qun(peer, `${info}/set_group_shutup`, { gc: 123456, shutup_list: "[]" })).ec, 1)
    })
  )
})

describe("Yinzo", () => {
  it.scoped("hears 6 for a gid in the place of a code, and sends with form fields beside r", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const { peer, ptwebqq } = yield* scanned(server)
      const { psessionid } = yield* login2(peer, ptwebqq)
      const vfwebqq = yield* getvfwebqq(peer, ptwebqq, `psessionid=${psessionid}&t=1`)
      const self = Peer.json(yield* peer.get("http://s.web2.qq.com/api/get_self_info2?t=1", { referer: s })).result
      const hash = FriendHash.ecOk(String(self.uin), ptwebqq)
      const groups = Peer.json(
        yield* peer.post("http://s.web2.qq.com/api/get_group_name_list_mask2", Peer.r({ vfwebqq, hash }), {
          referer: s
        })
      ).result
      const [{ code, gid }] = groups.gnamelist
      const ext = (gcode: number) =>
        Effect.map(
          peer.get(`http://s.web2.qq.com/api/get_group_info_ext2?gcode=${gcode}&vfwebqq=${vfwebqq}&t=1`),
          Peer.json
        )
      assert.strictEqual((yield* ext(gid)).retcode, 6)
      assert.strictEqual((yield* ext(code)).retcode, 0)
      const sent = Peer.json(
        yield* peer.post(
          "http://d1.web2.qq.com/channel/send_qun_msg2",
          Peer.form({
            r: JSON.stringify({
              group_uin: gid,
              face: 564,
              content: content("hi"),
              clientid: String(clientid),
              msg_id: 4711,
              psessionid
            }),
            clientid,
            psessionid
          }),
          { referer: d1 }
        )
      )
      assert.strictEqual(sent.errCode, 0)
    })
  )
})
