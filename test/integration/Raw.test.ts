/** Strangers at the server's door: plain HTTP with hand-written parameters, without our client. */
import { createHash } from "node:crypto"
import { request } from "node:http"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { listen } from "../rigs/ServerOnSockets.ts"

const md5 = (data: Buffer | string) => createHash("md5").update(data).digest()
const upper = (bytes: Buffer) => bytes.toString("hex").toUpperCase()

interface Reply {
  readonly status: number
  readonly body: string
  readonly cookies: ReadonlyArray<string>
  readonly location: string | undefined
}

/** `fetch` cannot set Host; Node's own request can. */
const ask = (
  server: URL,
  url: string,
  options: {
    readonly referer?: string
    readonly cookie?: string
    readonly form?: string
    readonly method?: string
  } = {}
) =>
  Effect.async<Reply>((resume) => {
    const { host, pathname, search } = new URL(url)
    const outgoing = request(
      {
        hostname: server.hostname,
        port: server.port,
        path: `${pathname}${search}`,
        method: options.method ?? (options.form === undefined ? "GET" : "POST"),
        headers: {
          host,
          ...(options.referer === undefined ? {} : { referer: options.referer }),
          ...(options.cookie === undefined ? {} : { cookie: options.cookie }),
          ...(options.form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" })
        }
      },
      (response) => {
        let body = ""
        response.setEncoding("utf8").on("data", (chunk: string) => {
          body += chunk
        })
        response.on("end", () =>
          resume(
            Effect.succeed({
              status: response.statusCode ?? 0,
              body,
              cookies: response.headers["set-cookie"] ?? [],
              location: response.headers.location
            })
          )
        )
      }
    )
    outgoing.on("error", () => resume(Effect.succeed({ status: 0, body: "", cookies: [], location: undefined })))
    outgoing.end(options.form)
  })

const pairs = (cookies: ReadonlyArray<string>) => cookies.map((line) => line.split(";")[0]).join("; ")
const quoted = (text: string) => [...text.matchAll(/'((?:[^'\\]|\\.)*)'/g)].map(([, inner]) => inner ?? "")
const page = "https://ui.ptlogin2.qq.com/cgi-bin/login?daid=164"
const sProxy = "http://s.web2.qq.com/proxy.html?v=20110412001&callback=1&id=3"
const dProxy = "http://d.web2.qq.com/proxy.html?v=20110331002&callback=1&id=2"

/** The hash EC/OK, written once more from the JavaScript of the second document. */
const u = (x: number, K: string) => {
  const N = [0, 0, 0, 0]
  for (let T = 0; T < K.length; T++) N[T % 4] = (N[T % 4] ?? 0) ^ K.charCodeAt(T)
  const V = [((x >> 24) & 255) ^ 69, ((x >> 16) & 255) ^ 67, ((x >> 8) & 255) ^ 79, (x & 255) ^ 75]
  return upper(Buffer.from([N[0], V[0], N[1], V[1], N[2], V[2], N[3], V[3]].map((n) => (n ?? 0) & 255)))
}

describe("the strict server, asked by hand", () => {
  it.scopedLive("lets a stranger in by the first document's steps", () =>
    Effect.gen(function* () {
      const server = yield* listen({ strict: true })
      const check = yield* ask(
        server,
        "https://ssl.ptlogin2.qq.com/check?uin=10002&appid=1003903&r=0.1&u1=http%3A%2F%2Fweb2.qq.com%2Floginproxy.html&js_ver=10040&js_type=0",
        { referer: page }
      )
      assert.match(check.body, /^ptui_checkVC\('0','![A-Z]{3}','\\x00\\x00\\x00\\x00\\x00\\x00\\x27\\x12'\);$/)
      const [, code = ""] = quoted(check.body)

      const h2 = upper(md5(Buffer.concat([md5("webqq-10002"), Buffer.from("0000000000002712", "hex")])))
      const login = yield* ask(
        server,
        `https://ssl.ptlogin2.qq.com/login?u=10002&p=${upper(md5(h2 + code))}&verifycode=${code}&webqq_type=10&remember_uin=1&login2qq=1&aid=1003903&u1=http%3A%2F%2Fwww.qq.com&h=1&ptrediect=0&ptlang=2052&from_ui=1&pttype=1&dumy=&fp=loginerroralert&mibao_css=m_webqq&t=1&g=&js_type=0&js_ver=10021`,
        { referer: page }
      )
      // Exactly one blank, before the last argument: lwqq's scanner skips one character there.
      assert.match(
        login.body,
        /^ptuiCB\('0','0','http:\/\/ptlogin4\.web2\.qq\.com\/check_sig\?[^']+','0','登录成功！', '明明'\);$/
      )
      const found = (lines: ReadonlyArray<string>, name: string) =>
        lines.filter((line) => line.startsWith(`${name}=`) && !line.startsWith(`${name}=;`))
      for (const name of ["ptwebqq", "skey", "uin", "superuin"]) {
        assert.strictEqual(found(login.cookies, name).length, 1, name)
        assert.match(found(login.cookies, name)[0] ?? "", /; Path=\/; Domain=(qq|ptlogin2\.qq)\.com;$/)
      }
      const ptwebqq = /^ptwebqq=([0-9a-f]{64});/.exec(found(login.cookies, "ptwebqq")[0] ?? "")?.[1] ?? ""
      assert.lengthOf(ptwebqq, 64)

      const [, , next = ""] = quoted(login.body)
      const sig = yield* ask(server, next, { referer: page })
      assert.strictEqual(sig.status, 302)
      assert.strictEqual(sig.location, "http://www.qq.com")
      assert.include(found(sig.cookies, "ptwebqq")[0], ptwebqq)
      assert.lengthOf(
        sig.cookies.filter((line) => line.startsWith("p_skey=")),
        2
      )

      const cookie = pairs(
        found(login.cookies, "uin").concat(found(login.cookies, "skey"), found(login.cookies, "ptwebqq"))
      )
      const r = JSON.stringify({ status: "online", ptwebqq, passwd_sig: "", clientid: "8534174", psessionid: null })
      const login2 = yield* ask(server, "http://d.web2.qq.com/channel/login2", {
        referer: sProxy,
        cookie,
        form: `r=${encodeURIComponent(r)}&clientid=8534174&psessionid=null`
      })
      const { result } = JSON.parse(login2.body) as {
        readonly result: Record<string, unknown> & { readonly vfwebqq: string; readonly psessionid: string }
      }
      assert.hasAllKeys(result, ["uin", "cip", "index", "port", "status", "vfwebqq", "psessionid", "user_state", "f"])
      assert.strictEqual(result.uin, 10002)
      assert.match(result.vfwebqq, /^[0-9a-f]{80}$/)

      const friends = yield* ask(server, "http://s.web2.qq.com/api/get_user_friends2", {
        referer: sProxy,
        cookie,
        form: `r=${encodeURIComponent(JSON.stringify({ h: "hello", hash: u(10002, ptwebqq), vfwebqq: result.vfwebqq }))}`
      })
      assert.deepStrictEqual(JSON.parse(friends.body), {
        retcode: 0,
        result: {
          friends: [
            { uin: 10001, flag: 0, categories: 1 },
            { uin: 10003, flag: 0, categories: 0 }
          ],
          marknames: [{ uin: 10003, markname: "红姐", type: 0 }],
          categories: [{ index: 1, sort: 1, name: "机器人" }],
          vipinfo: [
            { u: 10001, is_vip: 0, vip_level: 0 },
            { u: 10003, is_vip: 0, vip_level: 0 }
          ],
          info: [
            { uin: 10001, nick: "小黄鸡", face: 564, flag: 0 },
            { uin: 10003, nick: "阿红", face: 564, flag: 0 }
          ]
        }
      })

      // Sends to herself through a friend's session would need two logins: here only the form of the answer.
      const message = JSON.stringify({
        to: "10001",
        face: 564,
        content: '["hi",["font",{"name":"Arial","size":"10","style":[0,0,0],"color":"000000"}]]',
        msg_id: "1",
        clientid: "8534174",
        psessionid: result.psessionid
      })
      const sent = yield* ask(server, "http://d.web2.qq.com/channel/send_buddy_msg2", {
        referer: sProxy,
        cookie,
        form: `r=${encodeURIComponent(message)}&clientid=8534174&psessionid=${result.psessionid}`
      })
      assert.deepStrictEqual(JSON.parse(sent.body), { errCode: 0, msg: "send ok", retcode: 0, result: "ok" })

      const bye = yield* ask(
        server,
        `http://d.web2.qq.com/channel/logout2?ids=&clientid=8534174&psessionid=${result.psessionid}`,
        { referer: dProxy, cookie }
      )
      assert.deepStrictEqual(JSON.parse(bye.body), { retcode: 0, result: "ok" })
    })
  )

  it.scopedLive("refuses in the protocol's own words, never with a stack trace", () =>
    Effect.gen(function* () {
      // So that refused polls that are repeated need not wait.
      const server = yield* listen({ strict: true, holdPoll: 0 })
      const poll = "http://d.web2.qq.com/channel/poll2"
      for (const form of ["", "r=", "r=%7B", "r=null", "r=%7B%22clientid%22%3A1%7D", "x=y"]) {
        const { body, status } = yield* ask(server, poll, { referer: dProxy, form })
        assert.deepStrictEqual([status, JSON.parse(body)], [200, { retcode: 100006, errmsg: "" }], form)
      }
      const get = yield* ask(server, poll, { referer: dProxy })
      assert.deepStrictEqual(JSON.parse(get.body), { retcode: 103, errmsg: "" })
      const noReferer = yield* ask(server, "https://ssl.ptlogin2.qq.com/check?uin=10001")
      const noNumber = yield* ask(server, "https://ssl.ptlogin2.qq.com/check?uin=x", { referer: page })
      for (const { body, status } of [noReferer, noNumber]) {
        assert.deepStrictEqual([status, body], [200, `ptui_checkVC('2','','${"\\x00".repeat(8)}');`])
      }
      assert.strictEqual((yield* ask(server, "http://d.web2.qq.com/nothing")).status, 404)
      const login = yield* ask(server, "https://ssl.ptlogin2.qq.com/login?u=10001", { referer: page })
      assert.match(login.body, /^ptuiCB\('7',/)
      const wrong = yield* ask(server, "https://ssl.ptlogin2.qq.com/login?u=10001&p=x&verifycode=!AAA", {
        referer: page
      })
      assert.match(wrong.body, /^ptuiCB\('4','0','','0','您输入的验证码不正确，请重新输入。', ''\);$/)
      const elsewhere = "http://ptlogin4.web2.qq.com/check_sig?uin=10001&ptsigx=00&s_url=http%3A%2F%2Fevil.example"
      const sig = yield* ask(server, elsewhere, { referer: page })
      assert.deepInclude(sig, { status: 200, location: undefined, cookies: [] })
    })
  )

  it.scopedLive("answers a body that is too large, and goes on", () =>
    Effect.gen(function* () {
      const server = yield* listen({ strict: true })
      const poll = "http://d.web2.qq.com/channel/poll2"
      const oversized = { referer: dProxy, form: `r=${"x".repeat(2 * 1024 * 1024)}` }
      const large = yield* ask(server, poll, oversized)
      assert.strictEqual(large.status, 413)
      assert.strictEqual((yield* ask(server, poll, { referer: dProxy, form: "r=1" })).status, 200)
    })
  )
})

describe("the cookies of a listener", () => {
  it.scopedLive(
    "stand in their lines as old clients cut them: a blank after each part, the value without = or blank",
    () =>
      Effect.gen(function* () {
        const server = yield* listen({})
        const { cookies } = yield* ask(
          server,
          "https://ssl.ptlogin2.qq.com/ptqrshow?appid=501004106&e=0&l=M&s=5&d=72&v=4&t=0.1"
        )
        assert.lengthOf(cookies, 1)
        assert.match(cookies[0] ?? "", /^qrsig=[^=; ]{64}; Path=\/; Domain=ptlogin2\.qq\.com;$/)
      })
  )
})

describe("the tolerant server", () => {
  it.scopedLive("answers plain fetch, without Host, Referer or cookies", () =>
    Effect.gen(function* () {
      const server = yield* listen({})
      const get = (path: string) =>
        Effect.promise(() =>
          fetch(new URL(path, server), { redirect: "manual" }).then(async (r) => ({ r, text: await r.text() }))
        )
      const [, code = ""] = quoted((yield* get("/check?uin=10002")).text)
      const h2 = upper(md5(Buffer.concat([md5("webqq-10002"), Buffer.from("0000000000002712", "hex")])))
      const login = yield* get(`/login?u=10002&p=${upper(md5(h2 + code))}&verifycode=${code.toLowerCase()}`)
      const ptwebqq = /ptwebqq=([0-9a-f]{64});/.exec(login.r.headers.getSetCookie().join("\n"))?.[1] ?? ""
      const post = (path: string, r: unknown) =>
        Effect.promise(() =>
          fetch(new URL(path, server), { method: "POST", body: new URLSearchParams({ r: JSON.stringify(r) }) }).then(
            async (response) => (await response.json()) as { retcode: number; result: { psessionid: string } }
          )
        )
      const { result } = yield* post("/channel/login2", {
        ptwebqq,
        clientid: 53999199,
        psessionid: "",
        status: "online"
      })
      const sent = yield* post("/channel/send_buddy_msg2", {
        to: 10003,
        content: '["hi",["font",{}]]',
        msg_id: 1,
        clientid: "53999199",
        psessionid: result.psessionid
      })
      assert.strictEqual(sent.retcode, 0)
    })
  )
})
