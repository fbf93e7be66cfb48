/** lwqq, of 2014 and 2015: the widest coverage of all (reference, sections 1 to 4, era B). */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { FriendHash } from "../../../src/protocol/index.ts"
import * as Peer from "./Peer.ts"

describe("lwqq", () => {
  /** A fixed format without blanks between the arguments. */
  const scanned = /^ptui_checkVC\('([^']*)','([^']*)','([^']*)','([^']*)','([^']*)'\);?/

  const login = (server: Peer.Server, account: number, clientid: string) =>
    Effect.gen(function* () {
      const peer = Peer.peer(server)
      // `?f_url` where an ampersand belongs.
      yield* peer.get(
        "https://ui.ptlogin2.qq.com/cgi-bin/login?daid=164&target=self&style=16&mibao_css=m_webqq&appid=501004106&enable_qlogin=0&no_verifyimg=1&s_url=http%3A%2F%2Fw.qq.com%2Fproxy.html?f_url=loginerroralert&strong_login=1&login_state=10&t=20131024001"
      )
      const check = yield* peer.get(
        `https://ssl.ptlogin2.qq.com/check?pt_tea=1&uin=${account}&appid=501004106&js_ver=10120&js_type=0&login_sig=&pt_tea=1&u1=http://w.qq.com/proxy.html&r=0.5`
      )
      const [, code, verifycode = "", salt = "", session, randSalt] =
        scanned.exec(check.text) ?? assert.fail(check.text)
      assert.strictEqual(code, "0")
      const reply = yield* peer.get(
        `https://ssl.ptlogin2.qq.com/login?u=${account}&p=${Peer.teaProof(account, Peer.bytesOf(salt), verifycode)}&verifycode=${verifycode}&webqq_type=10&remember_uin=1&aid=501004106&login2qq=1&u1=http%3A%2F%2Fw.qq.com%2Fproxy.html%3Flogin2qq%3D1%26webqq_type%3D10&h=1&ptredirect=0&ptlang=2052&daid=164&from_ui=1&pttype=1&dumy=&fp=loginerroralert&mibao_css=m_webqq&t=1&g=1&js_type=0&js_ver=10120&login_sig=&pt_randsalt=${randSalt}&pt_vcode_v1=0&pt_verifysession_v1=${session}`
      )
      // The scanner skips exactly one character before the last argument.
      const [, status, next = ""] =
        /^ptuiCB\('([^']*)','[^']*','([^']*)','[^']*','[^']*', '[^']*'\);/.exec(reply.text) ?? assert.fail(reply.text)
      assert.strictEqual(status, "0")
      assert.notInclude(next, "aq.qq.com")
      yield* peer.follow(next)
      const ptwebqq = peer.cookie("ptwebqq")
      const r = { status: "online", ptwebqq, passwd_sig: "", clientid, psessionid: null }
      const { result } = Peer.json(yield* peer.post("http://d.web2.qq.com/channel/login2", Peer.r(r)))
      const tokens: Peer.Online = result
      return { peer, ptwebqq, ...tokens }
    })

  const open = Effect.gen(function* () {
    const server = yield* Peer.server()
    const clientid = "42123456"
    const friend = yield* Peer.enter(server, 10002)
    const { peer, psessionid, ptwebqq, vfwebqq } = yield* login(server, 10001, clientid)
    const s = (path: string) =>
      Effect.map(peer.get(`http://s.web2.qq.com/api/${path}&vfwebqq=${vfwebqq}&t=1`), Peer.json)
    const post = (name: string, fields: Readonly<Record<string, string | number>>) =>
      Effect.map(peer.post(`http://s.web2.qq.com/api/${name}`, Peer.form(fields)), Peer.json)
    const d = (path: string) =>
      Effect.map(
        peer.get(`http://d.web2.qq.com/channel/${path}&clientid=${clientid}&psessionid=${psessionid}&t=1`),
        Peer.json
      )
    const friends = Effect.map(
      post("get_user_friends2", {
        r: JSON.stringify({ h: "hello", hash: FriendHash.ecOk("10001", ptwebqq), vfwebqq })
      }),
      ({ result }) => result
    )
    return { server, clientid, friend, peer, psessionid, ptwebqq, vfwebqq, s, post, d, friends }
  })

  it.scoped("tries one hash after the other while the answer is 50", () =>
    Effect.gen(function* () {
      const { post, ptwebqq, vfwebqq } = yield* open
      const ask = (hash: string) => post("get_user_friends2", { r: JSON.stringify({ h: "hello", hash, vfwebqq }) })
      assert.strictEqual((yield* ask("0123456789ABCDEF")).retcode, 50)
      for (const variant of Object.values(FriendHash.variants)) {
        assert.strictEqual((yield* ask(variant("10001", ptwebqq))).retcode, 0)
      }
    })
  )

  it.scoped("reads profiles, levels, signatures and pictures", () =>
    Effect.gen(function* () {
      const { friends, peer, s, vfwebqq } = yield* open
      const { uin } = (yield* friends).info.find(({ nick }: Peer.Json) => nick === "明明")
      const info = (yield* s(`get_friend_info2?tuin=${uin}&verifysession=&code=`)).result
      assert.deepInclude(info, { uin, nick: "明明", stat: 10, client_type: 41 })
      assert.containsAllKeys(info, ["face", "birthday", "gender", "country", "province", "city", "allow", "blood"])
      const stranger = (yield* s(`get_stranger_info2?tuin=${uin}&verifysession=&gid=0&code=group_request_join-1`))
        .result
      assert.containsAllKeys(stranger, ["token", "nick"])
      assert.deepStrictEqual((yield* s(`get_single_long_nick2?tuin=${uin}`)).result, [{ uin, lnick: "今天也要加油" }])
      assert.hasAllKeys((yield* s(`get_qq_level2?tuin=${uin}`)).result, [
        "tuin",
        "level",
        "days",
        "hours",
        "remainDays"
      ])
      const face = yield* peer.get(
        `http://face7.web.qq.com/cgi/svr/face/getface?cache=0&type=1&fid=0&uin=${uin}&vfwebqq=${vfwebqq}`
      )
      assert.match(face.type, /^image\//)
      assert.strictEqual((yield* s("get_friend_info2?tuin=4242")).retcode, 100000)
    })
  )

  it.scoped("renames, moves and removes friends", () =>
    Effect.gen(function* () {
      const { friend, friends, post, vfwebqq } = yield* open
      const before = yield* friends
      const tuin = before.info.find(({ nick }: Peer.Json) => nick === "阿红").uin
      const { index } = before.categories.find(({ name }: Peer.Json) => name === "同学")
      const done = { retcode: 0, result: "ok" }
      assert.deepStrictEqual(yield* post("change_mark_name2", { tuin, markname: "红", vfwebqq }), done)
      assert.deepStrictEqual(yield* post("modify_friend_group", { tuin, newid: index, vfwebqq }), done)
      const after = yield* friends
      assert.deepInclude(after.marknames, { uin: tuin, markname: "红", type: 0 })
      assert.deepInclude(after.friends, { uin: tuin, flag: 0, categories: index })

      // The numbers of categories stay, whoever is moved out of them.
      const other = before.info.find(({ nick }: Peer.Json) => nick === "明明").uin
      yield* post("modify_friend_group", { tuin: other, newid: 0, vfwebqq })
      yield* post("modify_friend_group", { tuin, newid: 0, vfwebqq })
      assert.deepStrictEqual(yield* post("modify_friend_group", { tuin: other, newid: index, vfwebqq }), done)
      assert.notStrictEqual((yield* post("modify_friend_group", { tuin, newid: 9, vfwebqq })).retcode, 0)

      // 1 keeps me in the other one's list; 2 removes both.
      assert.deepStrictEqual(yield* post("delete_friend", { tuin, delType: 1, vfwebqq }), done)
      assert.deepStrictEqual(yield* post("delete_friend", { tuin: other, delType: 2, vfwebqq }), done)
      assert.lengthOf((yield* friends).info, 0)
      assert.notInclude(
        (yield* friend.friends()).info.map(({ nick }: Peer.Json) => nick),
        "小黄鸡"
      )
      assert.notStrictEqual((yield* post("delete_friend", { tuin, delType: 1, vfwebqq })).retcode, 0)
    })
  )

  it.scoped("finds somebody by the number and asks to become a friend", () =>
    Effect.gen(function* () {
      const { post, s, server, vfwebqq } = yield* open
      const found = (yield* s("search_qq_by_uin2?tuin=10004&verifysession=&code=abcd")).result
      assert.deepInclude(found, { nick: "路人", account: 10004 })
      assert.deepStrictEqual((yield* s(`get_allow_info2?tuin=${found.uin}&retainKey=allow`)).result, { allow: 1 })
      const request = { account: 10004, myallow: 1, groupid: 0, token: "", vfwebqq }
      const add = (name: string, more: object) => post(name, { r: JSON.stringify({ ...request, ...more }) })
      assert.notStrictEqual((yield* add("add_no_verify2", { mname: "" })).retcode, 0)
      assert.strictEqual((yield* add("add_need_verify2", { msg: "是我" })).retcode, 0)
      // Who is asked answers by the account, as with any other request.
      const asked = yield* Peer.enter(server, 10004)
      const allowed = Peer.json(
        yield* asked.peer.post(
          "http://s.web2.qq.com/api/allow_and_add2",
          Peer.r({ account: 10001, gid: 0, mname: "", vfwebqq: asked.vfwebqq })
        )
      )
      assert.strictEqual(allowed.retcode, 0)
      assert.include(
        (yield* asked.friends()).info.map(({ nick }: Peer.Json) => nick),
        "小黄鸡"
      )
    })
  )

  it.scoped("asks about its group, carries a card there, and leaves", () =>
    Effect.gen(function* () {
      const { post, ptwebqq, s, vfwebqq } = yield* open
      const list = () =>
        post("get_group_name_list_mask2", { r: JSON.stringify({ vfwebqq, hash: FriendHash.ecOk("10001", ptwebqq) }) })
      const [{ code, gid }] = (yield* list()).result.gnamelist
      assert.strictEqual((yield* s(`get_group_public_info2?gcode=${code}`)).result.ginfo.name, "三年二班")
      assert.deepStrictEqual((yield* s(`get_group_info?retainKey=memo,gid&gcode=[${code}]`)).result[0].gid, gid)
      assert.lengthOf((yield* s(`get_group_member_stat2?gcode=${code}`)).result.stats, 2)
      const card = () => Effect.map(s(`get_self_business_card2?gcode=${code}`), ({ result }) => result.name)
      assert.strictEqual(yield* card(), "鸡同学")
      const r = (more: object) => ({ r: JSON.stringify({ gcode: code, ...more, vfwebqq }) })
      yield* post("update_group_business_card2", r({ phone: "", name: "新名片" }))
      assert.strictEqual(yield* card(), "新名片")
      assert.strictEqual((yield* post("update_group_info2", r({ markname: "班" }))).retcode, 0)
      assert.strictEqual((yield* s(`get_group_public_info2?gcode=${gid}`)).retcode, 6)
      assert.strictEqual((yield* post("quit_group2", r({}))).retcode, 0)
      assert.lengthOf((yield* list()).result.gnamelist, 0)
      assert.strictEqual((yield* s(`get_group_public_info2?gcode=${code}`)).retcode, 6)
    })
  )

  it.scoped("makes a discussion group, renames it, adds to it, and leaves that of somebody else", () =>
    Effect.gen(function* () {
      const { clientid, d, friend, friends, peer, psessionid, vfwebqq } = yield* open
      const people = (yield* friends).info
      const uinOf = (nick: string) => people.find((one: Peer.Json) => one.nick === nick).uin
      const post = (name: string, more: object) =>
        Effect.map(
          peer.post(`http://d.web2.qq.com/channel/${name}`, Peer.r({ ...more, clientid, psessionid, vfwebqq })),
          Peer.json
        )
      const chosen = { mem_list: [uinOf("明明")], mem_list_u: [], mem_list_g: [] }
      const { did } = (yield* post("create_discu", { discu_name: "新的", ...chosen, code: "", verifysession: "" }))
        .result
      assert.strictEqual((yield* post("modify_discu_info", { did, discu_name: "改名", dtype: 1 })).retcode, 0)
      yield* post("change_discu_mem", { did, ...chosen, mem_list: [uinOf("阿红")] })
      const { info, mem_info } = (yield* d(`get_discu_info?did=${did}`)).result
      assert.deepStrictEqual([info.discu_name, mem_info.length], ["改名", 3])
      const names = (yield* d("get_discu_list_new2?x=")).result.dnamelist.map(({ name }: Peer.Json) => name)
      assert.include(names, "改名")
      yield* post("send_discu_msg2", { did, content: '["hi",["font",{}]]', msg_id: 1 })
      assert.deepInclude((yield* friend.hear()).value, { did })
      // That of 10002 in the sample world.
      const other = 1664044173
      assert.strictEqual((yield* d(`quit_discu?did=${other}`)).retcode, 0)
      assert.strictEqual((yield* d(`get_discu_info?did=${other}`)).retcode, 6)
      assert.strictEqual((yield* post("modify_discu_info", { did: other, discu_name: "x", dtype: 1 })).retcode, 6)
    })
  )

  it.scoped("changes its status, types and shakes, asks for files, and logs out by its status", () =>
    Effect.gen(function* () {
      const { d, friend, friends, peer } = yield* open
      const { uin } = (yield* friends).info.find(({ nick }: Peer.Json) => nick === "明明")
      const seen = () =>
        Effect.map(
          friend.peer.get(
            `http://d.web2.qq.com/channel/get_online_buddies2?clientid=${friend.clientid}&psessionid=${friend.psessionid}`
          ),
          (reply) => Peer.json(reply).result.map(({ status }: Peer.Json) => status)
        )
      const done = { retcode: 0, result: "ok" }
      assert.deepStrictEqual(yield* d("change_status2?newstatus=busy"), done)
      assert.deepStrictEqual(yield* seen(), ["busy"])
      assert.deepStrictEqual(yield* d("change_status2?newstatus=hidden"), done)
      assert.deepStrictEqual(yield* seen(), [])
      assert.deepStrictEqual(yield* d(`input_notify2?to_uin=${uin}`), done)
      assert.deepStrictEqual(yield* d(`shake2?to_uin=${uin}`), done)
      assert.notStrictEqual((yield* d("shake2?to_uin=1")).retcode, 0)
      assert.hasAllKeys((yield* d("get_gface_sig2?x=")).result, ["reply", "gface_key", "gface_sig"])
      for (const path of [`refuse_file2?to=${uin}&lcid=1`, `notify_offfile2?to=${uin}&action=2`]) {
        assert.notStrictEqual((yield* d(path)).retcode, 0)
      }
      for (const url of [
        "http://d.web2.qq.com/channel/get_offpic2?file_path=%2Fx&f_uin=1",
        "http://d.web2.qq.com/channel/get_cface2?lcid=1&to=2&guid=A.jPg&count=5&time=1",
        "http://web2.qq.com/cgi-bin/get_group_pic?type=0&gid=1&uin=2&rip=1.2.3.4&rport=80&fid=3&pic=A.jPg"
      ]) {
        assert.match((yield* peer.get(url)).type, /^image\//)
      }
      assert.deepStrictEqual(yield* d("change_status2?newstatus=offline"), done)
      assert.strictEqual((yield* d("change_status2?newstatus=online")).retcode, 108)
    })
  )

  it.scoped("hears of coming, typing, shaking, requests and changes of its list", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const [one, other] = [yield* Peer.enter(server, 10001), yield* Peer.enter(server, 10002)]
      const uin = yield* other.uinOf("小黄鸡")
      const tokens = `clientid=${other.clientid}&psessionid=${other.psessionid}`
      for (const name of ["input_notify2", "shake2"]) {
        yield* other.peer.get(`http://d.web2.qq.com/channel/${name}?to_uin=${uin}&${tokens}`)
      }
      const api = (who: Peer.Person, name: string, members: object) =>
        who.peer.post(`http://s.web2.qq.com/api/${name}`, Peer.r({ ...members, vfwebqq: who.vfwebqq }))
      const stranger = yield* Peer.enter(server, 10004)
      yield* api(stranger, "add_need_verify2", { account: 10001, msg: "是我" })
      yield* api(one, "allow_and_add2", { account: 10004, gid: 0, mname: "" })
      yield* other.tell("小黄鸡", "hi")
      const types: Array<string> = []
      while (types.at(-1) !== "message") types.push((yield* one.poll()).result[0].poll_type)
      assert.deepStrictEqual(types, [
        "buddies_status_change",
        "input_notify",
        "shake_message",
        "system_message",
        "buddylist_change",
        "message"
      ])
    })
  )
})
