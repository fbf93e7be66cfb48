/** Mojo-Webqq, and Tencent's own SmartQQ page: what they do after the login (reference, sections 2.7 to 5, era C). */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { FriendHash, StringHash } from "../../../src/protocol/index.ts"
import * as Peer from "./Peer.ts"
import { cf, clientid, d1, getvfwebqq, login2, online, s, scanned } from "./SmartQQ.ts"

describe("Mojo-Webqq", () => {
  const start = Effect.gen(function* () {
    const server = yield* Peer.server()
    const me = yield* online(server, { api: s, channel: d1, send: d1 })
    return { server, ...me }
  })
  const resume =
    (peer: Peer.Peer) =>
    (token = String(StringHash.time33(peer.cookie("supertoken")))) =>
      Effect.map(
        peer.get(`https://ssl.ptlogin2.qq.com/pt4_auth?daid=164&appid=501004106&auth_token=${token}`),
        (reply) => {
          assert.match(reply.text, /^ptui_auth_CB\('/)
          return Peer.quoted(reply.text)
        }
      )

  it.scoped("asks for its groups with GET, and takes pictures that are images", () =>
    Effect.gen(function* () {
      const { hash, peer, psessionid, vfwebqq } = yield* start
      const r = encodeURIComponent(JSON.stringify({ vfwebqq, hash }))
      const groups = Peer.json(
        yield* peer.get(`http://s.web2.qq.com/api/get_group_name_list_mask2?r=${r}`, { referer: s })
      )
      assert.strictEqual(groups.result.gnamelist[0].name, "三年二班")
      const picture = yield* peer.get(
        `http://d.web2.qq.com/channel/get_offpic2?file_path=%2Fabc&f_uin=1&clientid=${clientid}&psessionid=${psessionid}`,
        { referer: "http://w.qq.com/" }
      )
      assert.match(picture.type, /^image\//)
    })
  )

  it.scoped("goes online again with the status and key of a relink, and stops at another uin", () =>
    Effect.gen(function* () {
      const { peer, psessionid, ptwebqq } = yield* start
      const { result, retcode } = Peer.json(
        yield* peer.post(
          "http://d1.web2.qq.com/channel/login2",
          Peer.r({ status: "online", key: "", ptwebqq, clientid, psessionid })
        )
      )
      assert.strictEqual(retcode, 0)
      assert.strictEqual(result.uin, Number(peer.cookie("uin").slice(1)))
    })
  )

  it.scoped("logs out, and comes back without a code on its supertoken", () =>
    Effect.gen(function* () {
      const { peer, psessionid, poll, server } = yield* start
      const hkey = StringHash.time33(peer.cookie("skey"))
      const logout = (pt4_hkey: number) =>
        peer.get(
          `https://ptlogin2.qq.com/logout?pt4_token=&pt4_hkey=${pt4_hkey}&pt4_ptcz=${StringHash.hash33(peer.cookie("ptcz"))}&deep_logout=1`
        )
      const friend = yield* Peer.enter(server, 10002)
      // A stranger's address cannot log anybody out.
      yield* logout(hkey + 1)
      yield* friend.tell("小黄鸡", "still there")
      assert.strictEqual(Peer.json(yield* poll()).retcode, 0)
      yield* logout(hkey)
      assert.strictEqual(Peer.json(yield* poll()).retcode, 110)

      const [code, url = ""] = yield* resume(peer)()
      assert.strictEqual(code, "0")
      assert.match(url, /^https?:\/\/[^/]+\.qq\.com\/check_sig\?/)
      const end = yield* peer.follow(`${url}&regmaster=&aid=501004106&s_url=http%3A%2F%2Fw.qq.com%2Fproxy.html`)
      assert.strictEqual(end.status, 200)
      const ptwebqq = peer.cookie("ptwebqq")
      yield* getvfwebqq(peer, ptwebqq, "psessionid=&t=0.1")
      const again = yield* login2(peer, ptwebqq)
      assert.notStrictEqual(again.psessionid, psessionid)
    })
  )

  it.scoped("shows a new code where the supertoken is not good", () =>
    Effect.gen(function* () {
      const { peer, server } = yield* start
      const stranger = Peer.peer(server)
      stranger.jar.push(
        { name: "supertoken", value: "1234567890", domain: "ptlogin2.qq.com" },
        { name: "superuin", value: "o0000010001", domain: "ptlogin2.qq.com" }
      )
      const other = Peer.peer(server)
      other.jar.push(
        { name: "supertoken", value: peer.cookie("supertoken"), domain: "ptlogin2.qq.com" },
        { name: "superuin", value: "o0000010002", domain: "ptlogin2.qq.com" }
      )
      // The ten digits and the number can be guessed: without the key beside them they are nothing.
      const guesser = Peer.peer(server)
      guesser.jar.push(
        { name: "supertoken", value: peer.cookie("supertoken"), domain: "ptlogin2.qq.com" },
        { name: "superuin", value: "o0000010001", domain: "ptlogin2.qq.com" }
      )
      const halves = Peer.peer(server)
      halves.jar.push(
        { name: "superkey", value: peer.cookie("superkey"), domain: "ptlogin2.qq.com" },
        { name: "supertoken", value: "1234567890", domain: "ptlogin2.qq.com" },
        { name: "superuin", value: "o0000010001", domain: "ptlogin2.qq.com" }
      )
      const answers = [resume(peer)("1"), ...[stranger, other, guesser, halves].map((one) => resume(one)())]
      for (const answer of yield* Effect.all(answers)) {
        assert.notStrictEqual(answer[0], "0")
        assert.notMatch(answer[1] ?? "", /check_sig/)
      }
    })
  )

  /** A second login, for qun.qq.com alone, with the password (section 2.11). */
  const loginToQun = (peer: Peer.Peer) =>
    Effect.gen(function* () {
      const s_url = "http%3A%2F%2Fqun.qq.com%2F"
      yield* peer.get(
        `https://xui.ptlogin2.qq.com/cgi-bin/xlogin?appid=715030901&daid=73&s_url=${s_url}&style=40&pt_no_auth=1`
      )
      const sig = peer.cookie("pt_login_sig")
      const check = yield* peer.get(
        `https://ssl.ptlogin2.qq.com/check?regmaster=&pt_tea=2&pt_vcode=1&uin=10001&appid=715030901&js_ver=10233&js_type=1&login_sig=${sig}&u1=${s_url}&r=0.5&pt_uistyle=40&pt_jstoken=485008785`
      )
      const [code, verifycode = "", salt = "", session = "", randSalt = ""] = Peer.quoted(check.text)
      assert.strictEqual(code, "0")
      const p = Peer.teaProof(10001, Peer.bytesOf(salt), verifycode)
      const reply = yield* peer.get(
        `https://ssl.ptlogin2.qq.com/login?u=10001&verifycode=${verifycode}&pt_vcode_v1=0&pt_verifysession_v1=${session}&p=${p}&pt_randsalt=${randSalt}&u1=${s_url}&ptredirect=0&h=1&t=1&g=1&from_ui=1&ptlang=2052&action=0-0-1&js_ver=10233&js_type=1&login_sig=${sig}&pt_uistyle=40&aid=715030901&daid=73&`
      )
      assert.strictEqual(Peer.quoted(reply.text)[0], "0")
      assert.strictEqual((yield* peer.follow(Peer.quoted(reply.text)[2] ?? "")).status, 200)
    })

  it.scoped("logs in to qun.qq.com and reads friends, groups and members there", () =>
    Effect.gen(function* () {
      const { peer, probe } = yield* start
      yield* loginToQun(peer)
      // The session goes on.
      assert.strictEqual((yield* probe()).retcode, 0)
      const qun = (name: string, fields: Readonly<Record<string, string | number>> = {}) =>
        Effect.map(
          peer.post(
            `http://qun.qq.com/cgi-bin/qun_mgr/${name}`,
            Peer.form({ ...fields, bkn: StringHash.bkn(peer.cookie("skey")) }),
            { referer: "http://qun.qq.com/member.html" }
          ),
          Peer.json
        )
      const friends = yield* qun("get_friend_list")
      assert.deepStrictEqual(friends.result["0"].mems, [{ name: "阿红", uin: 10003 }])
      assert.deepStrictEqual(friends.result["1"], { gname: "同学", mems: [{ name: "小明", uin: 10002 }] })
      const groups = yield* qun("get_group_list")
      assert.deepStrictEqual(groups.join, [{ gc: 123456, gn: "三年二班", owner: 10003 }])
      const members = yield* qun("search_group_members", { gc: 123456, st: 0, end: 2000, sort: 0 })
      assert.deepInclude(members, { ec: 0, count: 4, search_count: 4, adm_num: 1 })
      const roles = Object.fromEntries(members.mems.map(({ role, uin }: Peer.Json) => [uin, role]))
      assert.deepStrictEqual(roles, { 10001: 2, 10002: 1, 10003: 0, 10004: 2 })
      assert.containsAllKeys(members.mems[0], [
        "nick",
        "card",
        "g",
        "flag",
        "join_time",
        "last_speak_time",
        "lv",
        "qage",
        "tags"
      ])
    })
  )
})

describe("Tencent's own SmartQQ page", () => {
  it.scoped("asks in its order, joins lists by index, and comes back with `state`", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const me = yield* online(server, { api: s, channel: d1, send: cf })
      const friends = (yield* me.api("get_user_friends2")).result
      assert.deepStrictEqual(
        friends.friends.map(({ uin }: Peer.Json) => uin),
        friends.info.map(({ uin }: Peer.Json) => uin)
      )
      const [{ code, gid }] = (yield* me.api("get_group_name_list_mask2")).result.gnamelist
      const group = Peer.json(
        yield* me.peer.get(`http://s.web2.qq.com/api/get_group_info_ext2?gcode=${code}&vfwebqq=${me.vfwebqq}&t=1`, {
          referer: s
        })
      ).result
      for (const [i, { muin }] of group.ginfo.members.entries()) {
        assert.deepStrictEqual([group.minfo[i].uin, group.vipinfo[i].u], [muin, muin])
        assert.isNumber(group.vipinfo[i].is_vip)
      }
      yield* me.probe()
      for (const url of [
        `http://w.qq.com/d/channel/get_offpic2?file_path=%2Fabc&f_uin=1&clientid=${clientid}&psessionid=${me.psessionid}`,
        `http://face1.web.qq.com/cgi/svr/face/getface?cache=1&type=4&f=40&uin=${gid}&t=1&vfwebqq=${me.vfwebqq}`,
        "http://q.qlogo.cn/g?b=qq&nk=10001&s=100&t=1"
      ]) {
        assert.match((yield* me.peer.get(url)).type, /^image\//, url)
      }
      const relink = Peer.json(
        yield* me.peer.post(
          "http://d1.web2.qq.com/channel/login2",
          Peer.r({ ptwebqq: me.ptwebqq, clientid, psessionid: me.psessionid, key: "", state: "online" }),
          { referer: d1 }
        )
      )
      assert.strictEqual(relink.retcode, 0)
      assert.containsAllKeys(relink.result, ["psessionid", "vfwebqq"])
    })
  )

  it.scoped("of 2013, on w.qq.com alone", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const { peer, ptwebqq } = yield* scanned(server)
      const referer = "http://w.qq.com/index.html?webqq_type=10"
      const { psessionid, vfwebqq } = yield* login2(peer, ptwebqq, "http://w.qq.com/d")
      const post = (path: string, members: object) =>
        Effect.map(peer.post(`http://w.qq.com${path}`, Peer.r(members), { referer }), Peer.json)
      const hash = FriendHash.ecOk("10001", ptwebqq)
      assert.lengthOf((yield* post("/s/api/get_user_friends2", { vfwebqq, hash })).result.info, 2)
      const friend = yield* Peer.enter(server, 10002)
      yield* friend.tell("小黄鸡", "hi")
      const polled = yield* post("/d/channel/poll2", { ptwebqq, clientid, psessionid, key: "" })
      assert.strictEqual(polled.result[0].value.content[1], "hi")
    })
  )
})
