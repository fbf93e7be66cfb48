/** What the two documents do not allow is refused by a strict server, and its log says why. */
import { assert, describe, it } from "@effect/vitest"
import { Array as Arr, Effect, FastCheck as fc, Logger, LogLevel } from "effect"
import { extras } from "../../../src/programs/server/legacy/index.ts"
import { Endpoints } from "../../../src/protocol/index.ts"
import * as Peer from "./Peer.ts"

/** Runs with the log in a list. */
const logged = <A, E, R>(use: (lines: ReadonlyArray<string>) => Effect.Effect<A, E, R>) => {
  const lines: Array<string> = []
  const logger = Logger.make(({ logLevel, message }) => {
    lines.push(`${logLevel.label} ${Arr.ensure(message).join(" ")}`)
  })
  return Effect.provide(use(lines), Logger.replace(Logger.defaultLogger, logger))
}

const sProxy = "http://s.web2.qq.com/proxy.html"
const page = "https://ui.ptlogin2.qq.com/cgi-bin/login?daid=164"
const dProxy = "http://d.web2.qq.com/proxy.html?v=20110331002&callback=1&id=2"

/** Somebody who is online at a strict server, with the headers that it wants. */
const online = (server: Peer.Server, account: number) =>
  Effect.gen(function* () {
    const get = (path: string) => Peer.ask(server, "GET", `https://ssl.ptlogin2.qq.com${path}`, { referer: page })
    const [, code = "", salt = ""] = Peer.quoted((yield* get(`/check?uin=${account}&appid=1003903`)).text)
    const p = Peer.md5Proof(`webqq-${account}`, Peer.bytesOf(salt), code)
    const { lines } = yield* get(`/login?${Peer.form({ u: account, p, verifycode: code })}`)
    const cookie = lines.map((line) => line.split(";", 1)[0]).join("; ")
    const ptwebqq = /ptwebqq=([^;]+)/.exec(cookie)?.[1] ?? assert.fail(cookie)
    const clientid = 10_000_000 + account
    const body = Peer.r({ status: "online", ptwebqq, clientid, psessionid: null })
    const url = "http://d.web2.qq.com/channel/login2"
    const { result } = Peer.json(yield* Peer.ask(server, "POST", url, { referer: dProxy, cookie }, body))
    return { cookie, ptwebqq, clientid, psessionid: String(result.psessionid), vfwebqq: String(result.vfwebqq) }
  })

describe("a strict server", () => {
  const refusals: ReadonlyArray<
    readonly [what: string, method: string, url: string, referer: string | undefined, log: string]
  > = [
    ["a host of another time", "POST", "http://d1.web2.qq.com/channel/login2", dProxy, "login2: host d1.web2.qq.com"],
    ["SmartQQ's first host", "POST", "http://w.qq.com/d/channel/poll2", dProxy, "poll2: host w.qq.com"],
    [
      "check on http's host",
      "GET",
      "http://check.ptlogin2.qq.com/check?uin=10001",
      page,
      "check: host check.ptlogin2.qq.com"
    ],
    [
      "GET for POST",
      "GET",
      "http://s.web2.qq.com/api/get_group_name_list_mask2?r={}",
      dProxy,
      "get_group_name_list_mask2: method GET instead of POST"
    ],
    ["no Referer", "POST", "http://d.web2.qq.com/channel/poll2", undefined, "poll2: no Referer"],
    [
      "another page's Referer",
      "POST",
      "http://d.web2.qq.com/channel/poll2",
      "http://w.qq.com/",
      "poll2: a Referer of another page"
    ]
  ]
  for (const [what, method, url, referer, log] of refusals) {
    it.scoped(`refuses ${what}`, () =>
      logged((lines) =>
        Effect.gen(function* () {
          const server = yield* Peer.server({ strict: true })
          yield* Peer.ask(server, method, url, referer === undefined ? {} : { referer })
          assert.deepStrictEqual(lines, [`INFO refused ${log}`])
        })
      )
    )
  }

  it.scoped("says why it refuses cookies, tokens and hashes, and names none of them", () =>
    logged((lines) =>
      Effect.gen(function* () {
        // So that refused polls need not wait.
        const server = yield* Peer.server({ strict: true, holdPoll: 0 })
        const me = yield* online(server, 10001)
        const other = yield* online(server, 10002)
        const ask = (url: string, body: string, cookie = me.cookie) =>
          Effect.map(
            Peer.ask(
              server,
              body === "" ? "GET" : "POST",
              url,
              { referer: url.includes("/d.") ? dProxy : sProxy, cookie },
              body
            ),
            (reply) => Peer.json(reply).retcode
          )
        const login2 = (cookie: string) =>
          ask(
            "http://d.web2.qq.com/channel/login2",
            Peer.r({ status: "online", ptwebqq: me.ptwebqq, clientid: 1, psessionid: null }),
            cookie
          )
        assert.strictEqual(yield* login2(""), 103)
        assert.strictEqual(yield* login2("uin=o0000010001; skey=@AbCdEfGh1"), 103)
        assert.strictEqual(yield* login2(other.cookie), 103)
        assert.strictEqual(yield* login2(me.cookie.replace("; uin=o0000010001", "; uin=o0000010002")), 103)
        const poll = (psessionid: string, clientid: number, cookie = me.cookie) =>
          ask("http://d.web2.qq.com/channel/poll2", Peer.r({ clientid, psessionid, key: 0, ids: [] }), cookie)
        assert.strictEqual(yield* poll("0".repeat(64), me.clientid), 121)
        assert.strictEqual(yield* poll(me.psessionid, 2), 103)
        assert.strictEqual(yield* poll(me.psessionid, me.clientid, ""), 103)
        const friends = (vfwebqq: string, hash: string) =>
          ask("http://s.web2.qq.com/api/get_user_friends2", Peer.r({ h: "hello", hash, vfwebqq }))
        assert.strictEqual(yield* friends("0".repeat(80), "AB"), 100000)
        assert.strictEqual(yield* friends(me.vfwebqq, "ABCDEF0123456789"), 50)
        assert.strictEqual(yield* ask("http://s.web2.qq.com/api/get_self_info2", "", ""), 100101)
        assert.deepStrictEqual(
          lines,
          [
            "login2: no cookie skey",
            "login2: a cookie skey of no login",
            "login2: cookies of another login",
            "login2: a cookie uin that is not of the skey's login",
            "poll2: a psessionid of no session",
            "poll2: a clientid of another session",
            "poll2: no cookie skey",
            "get_user_friends2: a vfwebqq of no login",
            "get_user_friends2: the hash is not right",
            "get_self_info2: no cookie skey"
          ].map((line) => `INFO refused ${line}`)
        )
      })
    )
  )

  const secret = "ABCDEFABCDEFABCDEFABCDEFABCDEFAB"
  /** What cannot be read, with a secret beside or inside it. */
  const malformed: ReadonlyArray<readonly [method: string, url: string, body: string, log: string]> = [
    ["GET", `https://ssl.ptlogin2.qq.com/login?u=${secret}&p=${secret}&verifycode=!ABC`, "", "login: u malformed"],
    ["GET", `https://ssl.ptlogin2.qq.com/login?u=10001&p=${secret}`, "", "login: verifycode missing"],
    ["POST", "http://d.web2.qq.com/channel/login2", Peer.form({ x: secret }), "login2: r missing"],
    ["POST", "http://d.web2.qq.com/channel/login2", Peer.form({ r: `{"${secret}"` }), "login2: r malformed"],
    ["POST", "http://d.web2.qq.com/channel/login2", Peer.r({ ptwebqq: secret, [secret]: 1 }), "login2: r."],
    [
      "POST",
      "http://d.web2.qq.com/channel/poll2",
      Peer.r({ psessionid: secret, clientid: { [secret]: secret } }),
      "poll2: r.clientid malformed"
    ]
  ]
  for (const strict of [true, false]) {
    it.scoped(`logs which parameter is malformed, ${strict ? "strict" : "tolerant, for debugging"}`, () =>
      logged((lines) =>
        Effect.gen(function* () {
          const server = yield* Peer.server({ strict })
          for (const [method, url, body, log] of malformed) {
            const referer = url.includes("ssl.") ? page : dProxy
            yield* Peer.ask(server, method, url, { referer, cookie: `skey=${secret}` }, body)
            assert.include(lines.at(-1), `${strict ? "INFO" : "DEBUG"} refused ${log}`)
          }
          assert.lengthOf(lines, malformed.length)
          assert.notInclude(lines.join("\n"), secret)
        })
      ).pipe(Logger.withMinimumLogLevel(LogLevel.Debug))
    )
  }

  it.scoped("does not know what neither document has", () =>
    logged((lines) =>
      Effect.gen(function* () {
        const server = yield* Peer.server({ strict: true })
        for (const { hosts, paths } of extras) {
          const reply = yield* Peer.ask(server, "GET", `http://${hosts[0]}${paths[0]}`, { referer: dProxy })
          assert.strictEqual(reply.status, 404, paths[0])
        }
        assert.deepStrictEqual(
          lines,
          extras.map(({ name }) => `INFO refused ${name}: neither document has it`)
        )
      })
    )
  )
})

describe("a tolerant server", () => {
  it.scoped("answers all that old clients ask for, on every host of theirs and by an address, and logs nothing", () =>
    logged((lines) =>
      Effect.gen(function* () {
        const server = yield* Peer.server()
        for (const { hosts, onlyThere, paths } of extras) {
          for (const host of onlyThere ? hosts : [...hosts, "127.0.0.1:8080", "gateway.example"]) {
            for (const path of paths) {
              for (const method of ["GET", "POST"]) {
                const reply = yield* Peer.ask(server, method, `http://${host}${path}`)
                assert.include([200, 400], reply.status, `${host}${path}`)
              }
            }
          }
        }
        assert.deepStrictEqual(lines, [])
      })
    )
  )

  it.scoped("has the pages of WebQQ on their hosts only", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const status = (host: string) => Effect.map(Peer.ask(server, "GET", `http://${host}/`), (reply) => reply.status)
      assert.deepStrictEqual([yield* status("w.qq.com"), yield* status("d.web2.qq.com")], [200, 404])
    })
  )

  it("has no extra on the path of an endpoint, and none twice on a host", () => {
    const described = new Set<string>(Endpoints.all.map(({ path }) => path))
    const places = extras.flatMap(({ hosts, paths }) => hosts.flatMap((host) => paths.map((path) => `${host}${path}`)))
    assert.strictEqual(new Set(places).size, places.length)
    assert.deepStrictEqual(
      extras.flatMap(({ paths }) => paths).filter((path) => described.has(path)),
      []
    )
  })

  const text = fc.oneof(fc.string(), fc.constantFrom("1", "-1", "1e99", "null", "[]", "{}", "0x10", "10001"))
  const names = [
    "r",
    "vfwebqq",
    "psessionid",
    "clientid",
    "tuin",
    "gcode",
    "did",
    "gc",
    "ul",
    "bkn",
    "uin",
    "nk",
    "type"
  ]
  const params = fc.dictionary(fc.constantFrom(...names), text)
  it.effect.prop(
    "makes no mistake of its own over odd parameters",
    { extra: fc.constantFrom(...extras), params, cookie: fc.string() },
    ({ cookie, extra, params }) =>
      Effect.scoped(
        Effect.gen(function* () {
          const server = yield* Peer.server()
          const url = `http://${extra.hosts[0]}${extra.paths[0]}`
          const reply = yield* Peer.ask(server, "POST", url, { cookie }, Peer.form(params))
          assert.include([200, 400], reply.status)
          assert.notMatch(reply.text, /\n\s+at /)
        })
      )
  )

  it.scoped("lets nobody in by a token that it did not give", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const person = yield* Peer.enter(server, 10001)
      const other = yield* Peer.enter(server, 10002)
      const uin = yield* person.uinOf("明明")
      const peer = Peer.peer(server)
      for (const name of ["get_friend_info2", "delete_friend", "change_mark_name2"]) {
        const reply = Peer.json(
          yield* peer.post(`http://s.web2.qq.com/api/${name}`, Peer.form({ tuin: uin, vfwebqq: "00" }))
        )
        assert.strictEqual(reply.retcode, 100000, name)
      }
      // Another session's number of the same person stands for nobody.
      const foreign = Peer.json(
        yield* other.peer.get(`http://s.web2.qq.com/api/get_friend_info2?tuin=${uin}&vfwebqq=${other.vfwebqq}`)
      )
      assert.strictEqual(foreign.retcode, 100000)
      for (const name of ["change_status2", "create_discu", "get_gface_sig2"]) {
        const reply = Peer.json(
          yield* peer.post(
            `http://d.web2.qq.com/channel/${name}`,
            Peer.r({ psessionid: "00", clientid: 1, newstatus: "offline" })
          )
        )
        assert.strictEqual(reply.retcode, 103, name)
      }
    })
  )
})
