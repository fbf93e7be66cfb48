/** The WebQQ of 2013: twqq, with its requests and its way to read answers (reference, sections 1 to 4, era A). */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { FriendHash } from "../../../src/protocol/index.ts"
import * as Peer from "./Peer.ts"

const page = (extra: string, s_url: string, t: string) =>
  `https://ui.ptlogin2.qq.com/cgi-bin/login?${extra}target=self&style=5&mibao_css=m_webqq&appid=1003903&enable_qlogin=0&no_verifyimg=1&s_url=${encodeURIComponent(s_url)}&f_url=loginerroralert&strong_login=1&login_state=10&t=${t}`
const loginPage = page("daid=164&", "http://web2.qq.com/loginproxy.html", "20130723001")
/** twqq has one dictionary of headers for all requests: the last Referer that was set stays. */
const sticky = { referer: "https://d.web2.qq.com/cfproxy.html?v=20110331002&callback=1" }

/** twqq evaluates the answer as Python, without white space and the last `;`, and takes the first three values. */
const evaluated = (text: string): ReadonlyArray<string> => {
  const call = text.replace(/\s/g, "").replace(/;$/, "")
  assert.match(call, /^ptui_checkVC\('(?:[^'\\]|\\x[0-9a-f]{2})*'(,'(?:[^'\\]|\\x[0-9a-f]{2})*'){2,}\)$/)
  return Peer.quoted(call).slice(0, 3)
}

/** twqq passes these objects on as keyword arguments: exactly these names. */
const memberKeys = ["nick", "province", "gender", "uin", "country", "city"]
const statKeys = ["uin", "stat", "client_type"]
const buddyKeys = ["uin", "status", "client_type"]

/** twqq's numbers: a random client number, messages in the same range. */
const clientid = 23456789
let msgId = 34567890

const login = (server: Peer.Server, account: number) =>
  Effect.gen(function* () {
    const peer = Peer.peer(server)
    const html = yield* peer.get(loginPage)
    const loginSig = /var g_login_sig=encodeURIComponent\("(.*?)"\);/.exec(html.text)?.[1]
    assert.isString(loginSig)

    const check = yield* peer.get(
      `http://check.ptlogin2.qq.com/check?${Peer.form({
        js_type: 0,
        r: 0.123456,
        js_ver: 10040,
        login_sig: loginSig ?? "",
        appid: 1003903,
        u1: "http://web2.qq.com/loginproxy.html",
        uin: account
      })}`,
      { referer: loginPage }
    )
    const [code, verifycode = "", salt = ""] = evaluated(check.text)
    assert.strictEqual(code, "0")

    const reply = yield* peer.get(
      `https://ssl.ptlogin2.qq.com/login?${Peer.form({
        u: account,
        p: Peer.md5Proof(`webqq-${account}`, Peer.bytesOf(salt), verifycode),
        verifycode,
        webqq_type: 10,
        remember_uin: 1,
        login2qq: 1,
        aid: 1003903,
        u1: "http://www.qq.com/loginproxy.html?login2qq=1&webqq_type=10",
        h: 1,
        action: "4-5-8246",
        ptredirect: 0,
        ptlang: 2052,
        from_ui: 1,
        daid: 164,
        pttype: 1,
        dumy: "",
        fp: "loginerroralert",
        mibao_css: "m_webqq",
        t: 1,
        g: 1,
        js_type: 0,
        js_ver: 10040,
        login_sig: loginSig ?? ""
      })}`,
      { referer: page("", "http://web.qq.com/loginproxy.html", "20130221001") }
    )
    const [status, , url = ""] = Peer.quoted(reply.text)
    assert.strictEqual(status, "0")
    // Looked up for qq.com before the address is fetched; without it the process ends.
    const ptwebqq = peer.jar.find(({ domain, name }) => name === "ptwebqq" && domain === "qq.com")?.value ?? ""
    assert.match(ptwebqq, /^[0-9a-f]{64}$/)
    yield* peer.follow(url)
    assert.strictEqual(peer.cookie("ptwebqq"), ptwebqq)

    const { retcode, result } = Peer.json(
      yield* peer.post(
        "http://d.web2.qq.com/channel/login2",
        Peer.form({
          r: JSON.stringify({ status: "online", ptwebqq, passwd_sig: "", clientid, psessionid: null }),
          clientid,
          psessionid: "null"
        }),
        { referer: "http://s.web2.qq.com/proxy.html?v=20110412001&callback=1&id=3", origin: "http://d.web2.qq.com" }
      )
    )
    assert.strictEqual(retcode, 0)
    const tokens: Peer.Online = result
    return { peer, ptwebqq, ...tokens }
  })

const poll = ({ peer, psessionid }: { readonly peer: Peer.Peer; readonly psessionid: string }) =>
  peer.post(
    "http://d.web2.qq.com/channel/poll2",
    Peer.form({ r: JSON.stringify({ clientid, psessionid, key: 0, ids: [] }), clientid, psessionid }),
    sticky
  )

/** The text of a message: all strings of the content; the first element is the font. */
const textOf = (content: ReadonlyArray<unknown>) => {
  assert.strictEqual((content[0] as ReadonlyArray<unknown>)[0], "font")
  return content.filter((part) => typeof part === "string").join("")
}

describe("twqq", () => {
  it.scoped("logs in, gets its lists with exactly the keys it takes, and beats", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      yield* Peer.enter(server, 10002)
      const { peer, psessionid, ptwebqq, uin, vfwebqq } = yield* login(server, 10001)
      assert.strictEqual(uin, 10001)

      // The hash of twqq's last version, over the account and ptwebqq.
      const hash = FriendHash.passwordError("10001", ptwebqq)
      const friends = Peer.json(
        yield* peer.post("http://s.web2.qq.com/api/get_user_friends2", Peer.r({ h: "hello", hash, vfwebqq }), sticky)
      )
      assert.strictEqual(friends.retcode, 0)
      assert.sameMembers(
        friends.result.info.map(({ nick }: Peer.Json) => nick),
        ["明明", "阿红"]
      )

      const groups = Peer.json(
        yield* peer.post("http://s.web2.qq.com/api/get_group_name_list_mask2", Peer.r({ vfwebqq, hash }), sticky)
      )
      const [{ code }] = groups.result.gnamelist
      const group = Peer.json(
        yield* peer.get(
          `http://s.web2.qq.com/api/get_group_info_ext2?gcode=${code}&cb=undefined&vfwebqq=${vfwebqq}&t=1385189514000`,
          sticky
        )
      ).result
      for (const member of group.minfo) assert.hasAllKeys(member, memberKeys)
      for (const stat of group.stats) assert.hasAllKeys(stat, statKeys)
      assert.lengthOf(group.minfo, 4)

      const query = `clientid=${clientid}&psessionid=${psessionid}&t=1385189514000.5`
      const online = Peer.json(yield* peer.get(`https://d.web2.qq.com/channel/get_online_buddies2?${query}`, sticky))
      assert.lengthOf(online.result, 1)
      for (const buddy of online.result) assert.hasAllKeys(buddy, buddyKeys)

      const { dnamelist } = Peer.json(
        yield* peer.get(`http://s.web2.qq.com/api/get_discus_list?${query}&vfwebqq=${vfwebqq}`, sticky)
      ).result
      const discussion = Peer.json(
        yield* peer.get(
          `https://d.web2.qq.com/channel/get_discu_info?did=${dnamelist[0].did}&vfwebqq=${vfwebqq}&${query}`,
          sticky
        )
      ).result
      assert.lengthOf(discussion.mem_info, 4)

      const beat = yield* peer.get(
        "http://web.qq.com/web2/get_msg_tip?uin=&tp=1&id=0&retype=1&rc=17&lv=3&t=1385189514000"
      )
      assert.strictEqual(beat.status, 200)
      const bye = Peer.json(yield* peer.get(`https://d.web2.qq.com/channel/logout2?ids=&${query}`, sticky))
      assert.deepStrictEqual([bye.retcode, bye.result], [0, "ok"])
    })
  )

  it.scoped("polls: 102 when nothing came, one event at a time, and sends with form fields beside r", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const bot = yield* login(server, 10001)
      assert.strictEqual(Peer.json(yield* Peer.after("55 seconds", poll(bot))).retcode, 102)

      const friend = yield* Peer.enter(server, 10002)
      yield* friend.tell("小黄鸡", "在吗 <b>")
      yield* friend.tellGroup("大家好")
      const first = Peer.json(yield* poll(bot)).result
      const second = Peer.json(yield* poll(bot)).result
      assert.deepStrictEqual([first.length, second.length], [1, 1])
      assert.deepStrictEqual([first[0].poll_type, textOf(first[0].value.content)], ["message", "在吗 <b>"])
      assert.deepStrictEqual([second[0].poll_type, textOf(second[0].value.content)], ["group_message", "大家好"])

      // Until 2015 a group's message has the number that people type.
      assert.strictEqual(second[0].value.info_seq, 123456)
      assert.notStrictEqual(second[0].value.group_code, second[0].value.from_uin)

      const { peer, psessionid } = bot
      // Python writes what is not ASCII as \uXXXX, in both of the two serialisations.
      const content =
        '["\\u4f60\\u597d\\n", ["font", {"name": "\\u5b8b\\u4f53", "size": "10", "style": [0, 0, 0], "color": "000000"}]]'
      const members = { clientid, psessionid }
      const buddy = Peer.json(
        yield* peer.post(
          "http://d.web2.qq.com/channel/send_buddy_msg2",
          Peer.form({
            r: JSON.stringify({ to: first[0].value.from_uin, face: 564, content, msg_id: ++msgId, ...members }),
            ...members
          }),
          { referer: "http://s.web2.qq.com/proxy.html?v=20110412001&callback=1&id=3" }
        )
      )
      assert.deepStrictEqual([buddy.retcode, buddy.result], [0, "ok"])
      const group = Peer.json(
        yield* peer.post(
          "http://d.web2.qq.com/channel/send_qun_msg2",
          Peer.form({
            r: JSON.stringify({ group_uin: second[0].value.from_uin, content, msg_id: ++msgId, ...members }),
            psessionid,
            clientid
          }),
          sticky
        )
      )
      assert.deepStrictEqual([group.retcode, group.result], [0, "ok"])
      const heard = [yield* friend.poll(), yield* friend.poll()].map(({ result }) => textOf(result[0].value.content))
      assert.deepStrictEqual(heard, ["你好\n", "你好\n"])
    })
  )

  it.scoped("opens a temporary session with a stranger of its group", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const { peer, psessionid, ptwebqq, vfwebqq } = yield* login(server, 10001)
      const stranger = yield* Peer.enter(server, 10004)
      const hash = FriendHash.passwordError("10001", ptwebqq)
      const groups = Peer.json(
        yield* peer.post("http://s.web2.qq.com/api/get_group_name_list_mask2", Peer.r({ vfwebqq, hash }), sticky)
      )
      const [{ code, gid }] = groups.result.gnamelist
      const { minfo } = Peer.json(
        yield* peer.get(`http://s.web2.qq.com/api/get_group_info_ext2?gcode=${code}&cb=undefined&vfwebqq=${vfwebqq}`)
      ).result
      const to = minfo.find(({ nick }: Peer.Json) => nick === "路人").uin
      const sig = Peer.json(
        yield* peer.get(
          `https://d.web2.qq.com/channel/get_c2cmsg_sig2?id=${gid}&to_uin=${to}&service_type=0&clientid=${clientid}&psessionid=${psessionid}&t=1385189514.5`,
          sticky
        )
      )
      const sent = Peer.json(
        yield* peer.post(
          "https://d.web2.qq.com/channel/send_sess_msg2",
          Peer.form({
            r: JSON.stringify({
              to,
              group_sig: sig.result.value,
              face: 549,
              content:
                '["hi", ["font", {"name": "\\u5b8b\\u4f53", "size": "10", "style": [0, 0, 0], "color": "000000"}]]',
              msg_id: ++msgId,
              service_type: 0,
              clientid,
              psessionid
            }),
            clientid,
            psessionid
          }),
          { referer: "http://s.web2.qq.com/proxy.html?v=20110412001&callback=1&id=3" }
        )
      )
      assert.deepStrictEqual([sent.retcode, sent.result], [0, "ok"])
      const [{ poll_type, value }] = (yield* stranger.poll()).result
      assert.deepStrictEqual([poll_type, value.ruin, value.service_type], ["sess_message", 10001, 0])
    })
  )

  it.scoped("goes online again after 121 as at first, and is told to leave by a later login", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const { peer, psessionid, ptwebqq } = yield* login(server, 10001)
      yield* Peer.enter(server, 10001)
      const kicked = Peer.json(yield* poll({ peer, psessionid })).result[0]
      assert.strictEqual(kicked.poll_type, "kick_message")
      assert.hasAllKeys(kicked.value, ["way", "show_reason", "reason"])
      assert.strictEqual(Peer.json(yield* poll({ peer, psessionid })).retcode, 121)
      const again = Peer.json(
        yield* peer.post(
          "http://d.web2.qq.com/channel/login2",
          Peer.form({
            r: JSON.stringify({ status: "online", ptwebqq, passwd_sig: "", clientid, psessionid: null }),
            clientid,
            psessionid: "null"
          })
        )
      )
      assert.strictEqual(again.retcode, 0)
      assert.notStrictEqual(again.result.psessionid, psessionid)
    })
  )

  it.scoped("asks for a captcha and shows the picture once passwords were wrong", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server({ captchaAfter: 0, captchaCode: "ABCD" })
      const peer = Peer.peer(server)
      const check = yield* peer.get("http://check.ptlogin2.qq.com/check?uin=10001&appid=1003903&login_sig=")
      const [code, , salt = ""] = evaluated(check.text)
      assert.strictEqual(code, "1")
      const picture = yield* peer.get("https://ssl.captcha.qq.com/getimage?aid=1003903&r=0.5&uin=10001")
      assert.match(picture.type, /^image\//)
      // What was typed goes out in lower case, and into the proof in upper case.
      const p = Peer.md5Proof("webqq-10001", Peer.bytesOf(salt), "ABCD")
      const reply = yield* peer.get(
        `https://ssl.ptlogin2.qq.com/login?${Peer.form({ u: 10001, p, verifycode: "abcd", aid: 1003903, h: 1 })}`
      )
      assert.strictEqual(Peer.quoted(reply.text)[0], "0")
    })
  )
})
