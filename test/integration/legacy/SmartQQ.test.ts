/** SmartQQ, 2015 to 2018: what each client does after its login by QR code (reference, sections 2.7 to 5, era C). */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { FriendHash, StringHash } from "../../../src/protocol/index.ts"
import * as Peer from "./Peer.ts"

const clientid = 53999199
const d1 = "http://d1.web2.qq.com/proxy.html?v=20151105001&callback=1&id=2"
const cf = "https://d1.web2.qq.com/cfproxy.html?v=20151105001&callback=1"
const s = "http://s.web2.qq.com/proxy.html?v=20130916001&callback=1&id=1"

/** Somebody whose phone said yes: cookies, and ptwebqq among them. */
const scanned = (server: Peer.Server) =>
  Effect.gen(function* () {
    const peer = Peer.peer(server)
    const picture = yield* peer.get("https://ssl.ptlogin2.qq.com/ptqrshow?appid=501004106&e=0&l=M&s=5&d=72&v=4&t=0.5")
    yield* Peer.phone(server, 10001, picture.bytes, "scan", "confirm")
    const token = StringHash.hash33(peer.cookie("qrsig"))
    const u1 = encodeURIComponent("http://w.qq.com/proxy.html?login2qq=1&webqq_type=10")
    const answer = yield* peer.get(`https://ssl.ptlogin2.qq.com/ptqrlogin?ptqrtoken=${token}&aid=501004106&u1=${u1}`)
    const sig = yield* peer.follow(Peer.quoted(answer.text)[2] ?? "")
    assert.strictEqual(sig.status, 200)
    return { peer, ptwebqq: peer.cookie("ptwebqq") }
  })

const getvfwebqq = (peer: Peer.Peer, ptwebqq: string, more: string, referer = s) =>
  Effect.map(
    peer.get(`http://s.web2.qq.com/api/getvfwebqq?ptwebqq=${ptwebqq}&clientid=${clientid}&${more}`, { referer }),
    (reply): string => Peer.json(reply).result.vfwebqq
  )

const login2 = (peer: Peer.Peer, ptwebqq: string, host = "http://d1.web2.qq.com") =>
  Effect.map(
    peer.post(`${host}/channel/login2`, Peer.r({ ptwebqq, clientid, psessionid: "", status: "online" }), {
      referer: d1
    }),
    (reply) => Peer.json(reply).result
  )

/** What the later clients have in common after the login: tokens, and posts on both hosts with their own Referers. */
const online = (
  server: Peer.Server,
  referers: { readonly api: string; readonly channel: string; readonly send: string }
) =>
  Effect.gen(function* () {
    const { peer, ptwebqq } = yield* scanned(server)
    const vfwebqq = yield* getvfwebqq(peer, ptwebqq, "psessionid=&t=0.1", referers.api)
    const { psessionid, uin } = yield* login2(peer, ptwebqq)
    assert.strictEqual(uin, 10001)
    const hash = FriendHash.ecOk(String(uin), ptwebqq)
    const tokens = { clientid, psessionid }
    const api = (name: string, referer = referers.api) =>
      Effect.map(peer.post(`http://s.web2.qq.com/api/${name}`, Peer.r({ vfwebqq, hash }), { referer }), Peer.json)
    const poll = () =>
      peer.post("http://d1.web2.qq.com/channel/poll2", Peer.r({ ptwebqq, ...tokens, key: "" }), {
        referer: referers.channel
      })
    const probe = () =>
      Effect.map(
        peer.get(
          `http://d1.web2.qq.com/channel/get_online_buddies2?vfwebqq=${vfwebqq}&clientid=${clientid}&psessionid=${psessionid}&t=0.1`,
          { referer: referers.channel }
        ),
        Peer.json
      )
    const send = (name: string, members: object) =>
      Effect.map(
        peer.post(`http://d1.web2.qq.com/channel/${name}`, Peer.r({ ...members, ...tokens }), {
          referer: referers.send
        }),
        Peer.json
      )
    return { peer, ptwebqq, vfwebqq, psessionid, hash, api, poll, probe, send }
  })
const everywhereD1 = { api: d1, channel: d1, send: d1 }
const font = ["font", { name: "宋体", size: 10, style: [0, 0, 0], color: "000000" }]
const content = (text: string) => JSON.stringify([text, font])

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
      assert.strictEqual((yield* friend.poll()).result[0].value.content[1], "好")
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
      assert.strictEqual((yield* stranger.poll()).result[0].poll_type, "group_message")
      assert.strictEqual((yield* stranger.poll()).result[0].value.ruin, 10001)
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
      assert.strictEqual((yield* friend.poll()).result[0].value.content[1], "好")
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
      assert.strictEqual((yield* other.poll()).result[0].poll_type, "sess_message")
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
      assert.strictEqual(Peer.json(yield* poll()).retcode, 121)

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
      for (const answer of [yield* resume(peer)("1"), yield* resume(stranger)(), yield* resume(other)()]) {
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
      assert.deepStrictEqual(friends.result["1"], { gname: "同学", mems: [{ name: "明明", uin: 10002 }] })
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
