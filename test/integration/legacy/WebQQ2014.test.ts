/** The WebQQ of 2014 and 2015: PiWebQQ and the password way of iqq (reference, sections 1 to 4, era B). */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { PasswordMd5 } from "../../../src/protocol/index.ts"
import * as Peer from "./Peer.ts"

describe("PiWebQQ", () => {
  const clientid = "8534174"
  const referer = "http://d.web2.qq.com/proxy.html?v=20110331002&callback=1&id=2"

  const login = (server: Peer.Server, account: number) =>
    Effect.gen(function* () {
      const peer = Peer.peer(server)
      const url =
        "https://ui.ptlogin2.qq.com/cgi-bin/login?daid=164&target=self&style=5&mibao_css=m_webqq&appid=1003903&enable_qlogin=0&no_verifyimg=1&s_url=http%3A%2F%2Fweb2.qq.com%2Floginproxy.html&f_url=loginerroralert&strong_login=1&login_state=10&t="
      const page = yield* peer.get(url, { referer: "http://web2.qq.com/webqq.html" })
      // At least one character.
      const sig = /var g_login_sig=encodeURIComponent\("(.+?)"\);/.exec(page.text)?.[1] ?? assert.fail("no login_sig")
      const check = yield* peer.get(
        `https://ssl.ptlogin2.qq.com/check?pt_tea=1&uin=${account}&appid=1003903&js_ver=10116&js_type=0&login_sig=${sig}&u1=http%3A%2F%2Fweb2.qq.com%2Floginproxy.html&r=0.5`,
        { referer: url }
      )
      // Split at quotes: fields 1, 3 and 7. The salt is made from the account again.
      const fields = check.text.split("'")
      assert.strictEqual(fields[1], "0")
      const verifycode = fields[3] ?? ""
      const reply = yield* peer.get(
        `https://ssl.ptlogin2.qq.com/login?u=${account}&p=${Peer.teaProof(account, PasswordMd5.saltOf(account), verifycode)}&verifycode=${verifycode}&webqq_type=10&remember_uin=1&login2qq=1&aid=1003903&u1=http%3A%2F%2Fweb.qq.com%2Floginproxy.html%3Flogin2qq%3D1%26webqq_type%3D10&h=1&ptredirect=0&ptlang=2052&daid=164&from_ui=1&pttype=1&dumy=&fp=loginerroralert&action=1-41-15424&mibao_css=m_webqq&t=1&g=1&js_type=0&js_ver=10116&login_sig=${sig}&pt_uistyle=5&pt_randsalt=0&pt_vcode_v1=0&pt_verifysession_v1=${fields[7]}`,
        { referer: url }
      )
      const [code, , next = "", , , nick] = Peer.quoted(reply.text)
      assert.strictEqual(code, "0", reply.text)
      // Read before the address is fetched, whatever its domain.
      const ptwebqq = peer.cookie("ptwebqq")
      yield* peer.follow(next)
      const { result } = Peer.json(
        yield* peer.post(
          "http://d.web2.qq.com/channel/login2",
          Peer.form({
            r: `{"status":"online","ptwebqq":"${ptwebqq}","passwd_sig":"","clientid":"${clientid}","psessionid":""}`,
            clientid,
            psessionid: ""
          }),
          { referer: "http://s.web2.qq.com/proxy.html?v=20110412001&callback=1&id=3", origin: "http://d.web2.qq.com" }
        )
      )
      const tokens: Peer.Online = result
      return { peer, nick, ptwebqq, ...tokens }
    })

  it.scoped("logs in with the proof of 2014, and polls and answers", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const friend = yield* Peer.enter(server, 10002)
      const { nick, peer, psessionid, vfwebqq } = yield* login(server, 10001)
      assert.strictEqual(nick, "小黄鸡")
      assert.isString(vfwebqq)
      const poll = () =>
        peer.post(
          "http://d.web2.qq.com/channel/poll2",
          Peer.form({
            r: `{"clientid":"${clientid}","psessionid":"${psessionid}","key":0,"ids":[]}`,
            clientid,
            psessionid
          }),
          { referer }
        )
      // It ends without a member `result` in an answer with retcode 0; 102 is nothing new.
      const idle = Peer.json(yield* Peer.after("55 seconds", poll()))
      assert.isTrue(idle.retcode === 102 || Array.isArray(idle.result))

      yield* friend.tell("小黄鸡", "你好")
      const [{ poll_type, value }] = Peer.json(yield* poll()).result
      assert.deepStrictEqual([poll_type, value.content[1]], ["message", "你好"])

      // Templates: a quote and a line break of the text are escaped for two levels.
      const r = `{"to":${value.from_uin},"content":"[\\"a\\\\\\"b\\\\nc\\",[\\"font\\",{\\"name\\":\\"宋体\\",\\"size\\":\\"10\\",\\"style\\":[0,0,0],\\"color\\":\\"000000\\"}]]","face":600,"clientid":"${clientid}","msg_id":38200001,"psessionid":"${psessionid}"}`
      const sent = Peer.json(
        yield* peer.post("http://d.web2.qq.com/channel/send_buddy_msg2", Peer.form({ r, clientid, psessionid }), {
          referer
        })
      )
      assert.deepStrictEqual([sent.retcode, sent.result], [0, "ok"])
      assert.strictEqual((yield* friend.hear()).value.content[1], 'a"b\nc')
    })
  )

  it.scoped("comes back by login2 with its old psessionid", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const { peer, psessionid, ptwebqq } = yield* login(server, 10001)
      const again = Peer.json(
        yield* peer.post(
          "http://d.web2.qq.com/channel/login2",
          Peer.form({
            r: `{"status":"online","ptwebqq":"${ptwebqq}","passwd_sig":"","clientid":"${clientid}","psessionid":"${psessionid}"}`,
            clientid,
            psessionid
          })
        )
      )
      assert.strictEqual(again.retcode, 0)
    })
  )
})

describe("iqq", () => {
  it.scoped("logs in by its expressions, with a captcha, and reads `ok`", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server({ captchaAfter: 1, captchaCode: "WXYZ" })
      const friend = yield* Peer.enter(server, 10002)
      const peer = Peer.peer(server)
      // A wrong password, so that the next try wants a captcha.
      const first = Peer.quoted((yield* peer.get("https://ssl.ptlogin2.qq.com/check?uin=10001")).text)[1] ?? ""
      yield* peer.get(`https://ssl.ptlogin2.qq.com/login?u=10001&p=${"0".repeat(32)}&verifycode=${first}`)
      const check = yield* peer.get(
        "https://ssl.ptlogin2.qq.com/check?pt_tea=1&uin=10001&appid=1003903&js_ver=10114&js_type=0&login_sig=&u1=http%3A%2F%2Fweb2.qq.com%2Floginproxy.html&r=0.5"
      )
      // The fourth argument is optional in its expression.
      const [, code, capCd = "", salt = ""] =
        /ptui_checkVC\('(.*?)','(.*?)','(.*?)'(?:,\s*'(.*?)')?/.exec(check.text) ?? assert.fail(check.text)
      assert.strictEqual(code, "1")
      yield* peer.get(`http://captcha.qq.com/getimage?aid=1003903&r=0.5&uin=10001&cap_cd=${capCd}`)
      const session = peer.cookie("verifysession")
      const reply = yield* peer.get(
        `https://ssl.ptlogin2.qq.com/login?u=10001&p=${Peer.teaProof(10001, Peer.bytesOf(salt), "WXYZ")}&verifycode=wxyz&webqq_type=10&remember_uin=1&login2qq=1&aid=1003903&u1=http%3A%2F%2Fweb.qq.com%2Floginproxy.html%3Flogin2qq%3D1%26webqq_type%3D10&h=1&ptredirect=0&ptlang=2052&daid=164&from_ui=1&pttype=1&dumy=&fp=loginerroralert&action=4-28-1632882&mibao_css=m_webqq&t=1&g=1&js_type=0&js_ver=10114&login_sig=&pt_uistyle=5&pt_randsalt=0&pt_vcode_v1=0&pt_verifysession_v1=${session}`
      )
      const [, status, next = ""] =
        /ptuiCB\('(.*?)','.*?','(.*?)','.*?','.*?', '(.*?)'\);/.exec(reply.text) ?? assert.fail(reply.text)
      assert.strictEqual(status, "0")
      yield* peer.follow(next)
      const clientid = "8534174"
      const r = { status: "online", ptwebqq: peer.cookie("ptwebqq"), passwd_sig: "", clientid, psessionid: null }
      const { psessionid } = Peer.json(yield* peer.post("http://d.web2.qq.com/channel/login2", Peer.r(r))).result
      yield* friend.tell("小黄鸡", "hi")
      // The union of both forms of a poll.
      const poll = Peer.r({ clientid, psessionid, key: 0, ids: [], ptwebqq: peer.cookie("ptwebqq") })
      const [{ value }] = Peer.json(yield* peer.post("http://d1.web2.qq.com/channel/poll2", poll)).result
      const sent = Peer.json(
        yield* peer.post(
          "http://d1.web2.qq.com/channel/send_buddy_msg2",
          Peer.r({
            to: value.from_uin,
            content: '["hi",["font",{"name":"宋体","size":10,"style":[0,0,0],"color":"000000"}]]',
            face: 0,
            clientid,
            msg_id: 81690001,
            psessionid
          })
        )
      )
      assert.strictEqual(sent.result, "ok")
      const bye = yield* peer.get(
        `http://d1.web2.qq.com/channel/logout2?ids=&clientid=${clientid}&psessionid=${psessionid}`
      )
      assert.strictEqual(Peer.json(bye).result, "ok")
    })
  )
})
