/** twqq, of 2013: its requests and its way to read answers (reference, sections 1 to 4 and 6, era A). */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import * as Peer from "./Peer.ts"

const page = (extra: string, s_url: string, t: string) =>
  `https://ui.ptlogin2.qq.com/cgi-bin/login?${extra}target=self&style=5&mibao_css=m_webqq&appid=1003903&enable_qlogin=0&no_verifyimg=1&s_url=${encodeURIComponent(s_url)}&f_url=loginerroralert&strong_login=1&login_state=10&t=${t}`
const loginPage = page("daid=164&", "http://web2.qq.com/loginproxy.html", "20130723001")
/** twqq has one dictionary of headers for all requests: the last Referer that was set stays. */
export const sticky = { referer: "https://d.web2.qq.com/cfproxy.html?v=20110331002&callback=1" }

/** twqq evaluates the answer as Python, without white space and the last `;`, and takes the first three values. */
export const evaluated = (text: string): ReadonlyArray<string> => {
  const call = text.replace(/\s/g, "").replace(/;$/, "")
  assert.match(call, /^ptui_checkVC\('(?:[^'\\]|\\x[0-9a-f]{2})*'(,'(?:[^'\\]|\\x[0-9a-f]{2})*'){2,}\)$/)
  return Peer.quoted(call).slice(0, 3)
}

/** twqq passes these objects on as keyword arguments: exactly these names. */
export const memberKeys = ["nick", "province", "gender", "uin", "country", "city"]
export const statKeys = ["uin", "stat", "client_type"]
export const buddyKeys = ["uin", "status", "client_type"]

/** twqq's numbers: a random client number, messages in the same range. */
export const clientid = 23456789

/** Going online, at first and again: always as if it were the first time. */
export const login2 = (peer: Peer.Peer, ptwebqq: string) =>
  Effect.map(
    peer.post(
      "http://d.web2.qq.com/channel/login2",
      Peer.form({
        r: JSON.stringify({ status: "online", ptwebqq, passwd_sig: "", clientid, psessionid: null }),
        clientid,
        psessionid: "null"
      }),
      { referer: "http://s.web2.qq.com/proxy.html?v=20110412001&callback=1&id=3", origin: "http://d.web2.qq.com" }
    ),
    Peer.json
  )

export const login = (server: Peer.Server, account: number) =>
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

    const { retcode, result } = yield* login2(peer, ptwebqq)
    assert.strictEqual(retcode, 0)
    const tokens: Peer.Online = result
    return { peer, ptwebqq, ...tokens }
  })

export const poll = ({ peer, psessionid }: { readonly peer: Peer.Peer; readonly psessionid: string }) =>
  peer.post(
    "http://d.web2.qq.com/channel/poll2",
    Peer.form({ r: JSON.stringify({ clientid, psessionid, key: 0, ids: [] }), clientid, psessionid }),
    sticky
  )

/** What twqq has done, and what it heard. */
export interface Life {
  logins: number
  relinks: number
  polls: number
  readonly heard: Array<Peer.Json>
}

/**
 * twqq as it runs, with a stored password: events go to hooks, 120 and 121 make it go online again, and log in from the
 * start if that is refused; after any other answer it polls again at once.
 */
export const run = (server: Peer.Server, account: number, life: Life): Effect.Effect<never> =>
  Effect.gen(function* () {
    const fromTheStart = Effect.suspend(() => {
      life.logins++
      return login(server, account)
    })
    let session = yield* fromTheStart
    while (true) {
      life.polls++
      const { result, retcode } = Peer.json(yield* poll(session))
      if (retcode === 0) life.heard.push(...result)
      if (retcode !== 120 && retcode !== 121) continue
      life.relinks++
      const again = yield* login2(session.peer, session.ptwebqq)
      session = again.retcode === 0 ? { ...session, ...again.result } : yield* fromTheStart
    }
  })

export const born = (): Life => ({ logins: 0, relinks: 0, polls: 0, heard: [] })
