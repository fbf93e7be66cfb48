/** Login by QR code: how each client shows, polls and reads it (reference, sections 2.5 and 2.6). */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { StringHash } from "../../../src/protocol/index.ts"
import * as Peer from "./Peer.ts"

const show = "https://ssl.ptlogin2.qq.com/ptqrshow?appid=501004106&e=0&l=M&s=5&d=72&v=4&t=0.5"
const u1 = "http%3A%2F%2Fw.qq.com%2Fproxy.html%3Flogin2qq%3D1%26webqq_type%3D10"
const middle = `webqq_type=10&remember_uin=1&login2qq=1&aid=501004106&u1=${u1}&ptredirect=0&ptlang=2052&daid=164&from_ui=1&pttype=1&dumy=&fp=loginerroralert`
const tail = (jsVer: number, randSalt = 0, t = "undefined") =>
  `mibao_css=m_webqq&t=${t}&g=1&js_type=0&js_ver=${jsVer}&login_sig=&pt_randsalt=${randSalt}`
const login = "https://ssl.ptlogin2.qq.com/ptqrlogin"

/** The order of pandolia, node, slince and fhp. */
const common = (token: string | number, jsVer: number) =>
  `${login}?ptqrtoken=${token}&${middle}&action=0-0-157510&${tail(jsVer)}`

interface Client {
  readonly name: string
  readonly show: string
  /** The address of a poll, by the token of the code. */
  readonly poll: (token: number) => string
  /** What a client makes of an answer: the step it takes next. */
  readonly read: (text: string) => string
  /** The four answers as this client names them. */
  readonly words: readonly [waiting: string, scanned: string, expired: string, done: string]
}

const number = (text: string) => /^ptuiCB\('(\d+)'/.exec(text)?.[1] ?? assert.fail(text)
const numbers = ["66", "67", "65", "0"] as const
const words =
  (...known: ReadonlyArray<string>) =>
  (text: string) =>
    known.find((word) => text.includes(word)) ?? "else"

const clients: ReadonlyArray<Client> = [
  // Without ptqrtoken, as before 2017.
  {
    name: "RPi",
    show,
    poll: () => `${login}?${middle}&action=0-0-157510&${tail(10149)}`,
    read: number,
    words: numbers
  },
  {
    name: "QQRobot",
    show,
    poll: (token) => `${login}?ptqrtoken=${token}&${middle}&action=0-0-157510&${tail(10158, 2)}`,
    read: number,
    words: numbers
  },
  // It exits where none of its four phrases is there.
  {
    name: "pandolia",
    show,
    poll: (token) => common(token, 10141),
    read: words("二维码未失效", "二维码认证中", "二维码已失效", "登录成功"),
    words: ["二维码未失效", "二维码认证中", "二维码已失效", "登录成功"]
  },
  { name: "fhp", show, poll: (token) => common(token, 10141), read: number, words: numbers },
  {
    name: "node",
    show,
    poll: (token) => common(token, 10221),
    read: words("成功", "已失效"),
    words: ["else", "else", "已失效", "成功"]
  },
  // It forgets the name of `action`.
  {
    name: "ScienJus",
    show,
    poll: (token) => `${login}?ptqrtoken=${token}&${middle}&0-0-157510&${tail(10184, 3)}`,
    read: words("成功", "已失效"),
    words: ["else", "else", "已失效", "成功"]
  },
  // Whatever is none of its three words is success.
  {
    name: "slince",
    show,
    poll: (token) => common(token, 10203),
    read: words("未失效", "已失效", "认证中"),
    words: ["未失效", "认证中", "已失效", "else"]
  },
  {
    name: "Yinzo",
    show: "https://ssl.ptlogin2.qq.com/ptqrshow?appid=501004106&e=0&l=L&s=8&d=72&v=4",
    poll: (token) => `${login}?${middle}&action=0-0-157510&${tail(10220, 0, "1")}&ptqrtoken=${token}`,
    read: number,
    words: numbers
  },
  {
    name: "Mojo-Webqq",
    show: "https://ssl.ptlogin2.qq.com/ptqrshow?appid=501004106&e=2&l=M&s=3&d=72&v=4&t=0.5&daid=164&pt_3rd_aid=0",
    poll: (token) =>
      `${login}?u1=${u1}&ptqrtoken=${token}&ptredirect=0&h=1&t=1&g=1&from_ui=1&ptlang=2052&action=0-0-157510&js_ver=10233&js_type=1&login_sig=x&pt_uistyle=40&aid=501004106&daid=164&mibao_css=m_webqq&`,
    read: number,
    words: numbers
  },
  { name: "iqq", show, poll: (token) => common(token, 10194), read: number, words: numbers }
]

for (const client of clients) {
  describe(client.name, () => {
    it.scoped("understands every state of its code", () =>
      Effect.gen(function* () {
        const server = yield* Peer.server()
        const peer = Peer.peer(server)
        const [waiting, scanned, expired, done] = client.words
        const picture = yield* peer.get(client.show)
        assert.match(picture.type, /^image\//)
        const poll = () => peer.get(client.poll(StringHash.hash33(peer.cookie("qrsig"))))
        const state = () => Effect.map(poll(), ({ text }) => client.read(text))
        assert.strictEqual(yield* state(), waiting)
        yield* Peer.phone(server, 10001, picture.bytes, "scan")
        assert.strictEqual(yield* state(), scanned)
        yield* Peer.phone(server, 10001, picture.bytes, "confirm")
        const reply = yield* poll()
        assert.strictEqual(client.read(reply.text), done)
        const ptwebqq = peer.cookie("ptwebqq")
        assert.match(ptwebqq, /^[0-9a-f]{64}$/)
        const leads = new URL(Peer.quoted(reply.text)[2] ?? "").searchParams
        assert.deepInclude(Object.fromEntries(leads), {
          service: "ptqrlogin",
          aid: "501004106",
          pt_login_type: "3",
          pttype: "1",
          daid: "164",
          uin: "10001"
        })

        // Whoever looks for a detour finds none; the same ptwebqq comes again; some fetch this without any cookie.
        const next = Peer.quoted(reply.text)[2] ?? ""
        assert.match(next, /^http:\/\/ptlogin4\.web2\.qq\.com\/check_sig\?/)
        const sig = yield* Peer.ask(server, "GET", next)
        assert.strictEqual(sig.location, "http://w.qq.com/proxy.html?login2qq=1&webqq_type=10")
        assert.include(sig.lines, `ptwebqq=${ptwebqq}; Path=/; Domain=qq.com;`)
        assert.notInclude((yield* peer.follow(next)).text, ' src="')
        assert.strictEqual(peer.cookie("ptwebqq"), ptwebqq)

        // A code is good once; afterwards it is as any that the server never gave out.
        assert.strictEqual(yield* state(), expired)
      })
    )
  })
}

/** The code of somebody else, years ago. */
const stale = "hJ9GvNx*oIvLjP5I5dQ19KPa3zwxNI62eALLO*g2JLbKPYsZIRsnbJIxNe74NzQQ"

const confirmed = Effect.gen(function* () {
  const server = yield* Peer.server()
  const peer = Peer.peer(server)
  const picture = yield* peer.get(show)
  yield* Peer.phone(server, 10001, picture.bytes, "confirm")
  const answer = yield* peer.get(common(StringHash.hash33(peer.cookie("qrsig")), 10141))
  return { server, peer, picture, answer }
})

describe("the cookies of a QR login", () => {
  it.scoped("pandolia and fhp ask with a stale code first: 65", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const answer = yield* Peer.ask(server, "GET", common(1178303247, 10141), { cookie: `qrsig=${stale}` })
      assert.strictEqual(number(answer.text), "65")
      assert.strictEqual(answer.status, 200)
    })
  )

  it.scoped("node takes qrsig from the first line, as it is spelled", () =>
    Effect.gen(function* () {
      const { picture } = yield* confirmed
      assert.lengthOf(picture.lines, 1)
      assert.match(picture.lines[0] ?? "", /^qrsig=[^=; ]{64}; Path=\/; Domain=ptlogin2\.qq\.com;$/)
    })
  )

  it.scoped("pandolia finds superuin, ptwebqq, qrsig and skey once each, whatever the domain", () =>
    Effect.gen(function* () {
      const { answer, peer } = yield* confirmed
      yield* peer.follow(Peer.quoted(answer.text)[2] ?? "")
      // The first character goes, the rest is a number.
      assert.strictEqual(Number.parseInt(peer.cookie("superuin").slice(1), 10), 10001)
      for (const name of ["ptwebqq", "qrsig", "skey"]) assert.notStrictEqual(peer.cookie(name), "")
    })
  )

  it.scoped("Mojo and the rest find theirs, and fhp cuts none of them short", () =>
    Effect.gen(function* () {
      const { answer, peer } = yield* confirmed
      assert.match(peer.cookie("uin"), /^o\d+$/)
      for (const name of [
        "supertoken",
        "superkey",
        "pt2gguin",
        "ptnick_10001",
        "pt_recent_uins",
        "ptisp",
        "RK",
        "ptcz"
      ]) {
        assert.notStrictEqual(peer.cookie(name), "", name)
      }
      const names = answer.lines.map((line) => line.slice(0, line.indexOf("=")))
      assert.strictEqual(new Set(names).size, names.length)
      // Everything up to the first blank, split at `=`: a name and a value.
      for (const line of answer.lines) assert.lengthOf((line.split(" ")[0] ?? "").split("="), 2, line)
    })
  )
})

describe("the login page", () => {
  const url =
    "https://ui.ptlogin2.qq.com/cgi-bin/login?daid=164&target=self&style=16&mibao_css=m_webqq&appid=501004106&enable_qlogin=0&no_verifyimg=1&s_url=http%3A%2F%2Fw.qq.com%2Fproxy.html&f_url=loginerroralert&strong_login=1&login_state=10&t=20131024001"
  const xlogin = url
    .replace("//ui.", "//xui.")
    .replace("/login?", "/xlogin?")
    .replace("style=16", "style=40&pt_disable_pwd=1")
  for (const [name, address] of [
    ["login", url],
    ["xlogin", xlogin]
  ] as const) {
    it.scoped(`${name} has what QQRobot, Yinzo, twqq, Pi and Mojo look for`, () =>
      Effect.gen(function* () {
        const peer = Peer.peer(yield* Peer.server())
        const home = yield* peer.get("http://w.qq.com/")
        assert.strictEqual(home.status, 200)
        const { lines, text } = yield* peer.get(address, { referer: "http://w.qq.com/" })
        assert.match(text, /var g_login_sig=encodeURIComponent\("(.+?)"\);/)
        assert.match(text, /g_pt_version\s*=\s*encodeURIComponent\s*\("(\d+)"\)/)
        assert.match(text, /g_mibao_css=encodeURIComponent\("m_webqq"\)/)
        assert.include(text, '<input type="hidden" name="aid" value="501004106" />')
        for (const variable of ["g_appid", "g_daid", "g_style"]) assert.include(text, variable)
        assert.notInclude(text, ' src="')
        assert.isTrue(lines.some((line) => /^pt_login_sig=[^; ]+; /.test(line)))
      })
    )
  }
})
