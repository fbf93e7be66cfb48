/** What is malformed or forbidden is answered in the protocol's own form (protocol notes, sections 2.2 to 2.6 and 6.1). */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type * as Wire from "../../../src/programs/server/Wire.ts"
import { Endpoints } from "../../../src/protocol/index.ts"
import { ask } from "../../rigs/RawRequests.ts"
import { handler } from "../../rigs/ServerInProcess.ts"

const shown = ({ body, setCookies, status }: Wire.Response) => {
  assert.deepStrictEqual(setCookies, [])
  return [status, typeof body === "string" ? body : `${body.length} bytes`]
}

const noAccount = "ptui_checkVC('2','','\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00');"
const badLogin = "ptuiCB('7','0','','0','很遗憾，网络连接出现异常，请您稍后再试。(1)', '');"
const expired = "ptuiCB('65','0','','0','二维码已失效。(1)', '');"
const retcode = (code: number) => `{"retcode":${code},"errmsg":""}`

describe("a malformed request", () => {
  const answers: ReadonlyArray<readonly [path: string, query: string, answer: string]> = [
    ["/check", "", noAccount],
    ["/check", "uin=", noAccount],
    ["/check", "uin=me@qq.com", noAccount],
    ["/check", "uin=-1&pt_tea=1", noAccount],
    ["/login", "", badLogin],
    ["/login", "u=10001&p=", badLogin],
    ["/login", "u=me&p=&verifycode=", badLogin],
    ["/getimage", "", "0 bytes"],
    ["/getimage", "uin=me", "0 bytes"],
    ["/ptqrlogin", "", expired],
    ["/ptqrlogin", "ptqrtoken=x", expired],
    ["/channel/login2", "", retcode(100006)],
    ["/channel/poll2", "r=%", retcode(100006)],
    ["/channel/get_online_buddies2", "clientid=x&psessionid=", retcode(100006)],
    ["/api/get_user_friends2", "r={", retcode(100006)],
    ["/api/getvfwebqq", "", retcode(100006)]
  ]
  for (const strict of [false, true]) {
    it.effect(`gets the protocol's error, ${strict ? "strict" : "tolerant"}`, () =>
      Effect.gen(function* () {
        for (const [path, query, answer] of answers) {
          const { method } = Endpoints.all.find((endpoint) => endpoint.path === path) ?? { method: "GET" }
          const host = path.startsWith("/channel") ? "d" : path.startsWith("/api") ? "s" : "login"
          const hosts = { d: "d.web2.qq.com", s: "s.web2.qq.com", login: "ssl.ptlogin2.qq.com" }
          const response = yield* ask({
            method,
            host: path === "/getimage" ? "ssl.captcha.qq.com" : hosts[host],
            path,
            ...(method === "GET" ? { query } : { body: query }),
            headers: {
              referer: host === "login" ? "https://ui.ptlogin2.qq.com/" : `http://${hosts[host]}/proxy.html`
            }
          })
          assert.deepStrictEqual(shown(response), [200, answer], `${path}?${query}`)
        }
      }).pipe(Effect.provide(handler({ strict })))
    )
  }
})

it.effect("a request without Referer is refused by the strict server in the form of its endpoint", () =>
  Effect.gen(function* () {
    const login = { host: "ssl.ptlogin2.qq.com" }
    const refused: ReadonlyArray<readonly [Partial<Parameters<typeof ask>[0]>, string]> = [
      [{ ...login, path: "/check", query: "uin=10001" }, noAccount],
      [{ ...login, path: "/login", query: "u=10001&p=&verifycode=" }, badLogin],
      [{ ...login, path: "/ptqrlogin" }, expired],
      [{ path: "/getimage", query: "uin=10001" }, "0 bytes"],
      [{ path: "/channel/poll2", method: "POST" }, retcode(103)],
      [{ path: "/api/get_self_info2" }, retcode(100101)]
    ]
    for (const [request, answer] of refused) {
      assert.deepStrictEqual(shown(yield* ask(request)), [200, answer], request.path)
    }
  }).pipe(Effect.provide(handler({ strict: true })))
)

describe("a method", () => {
  const status = (path: string, method: string) =>
    Effect.map(ask({ path, method, query: "uin=10001" }), ({ allow, status }) => [status, allow])

  it.effect("that no old client uses is refused, with those that they use", () =>
    Effect.gen(function* () {
      for (const method of ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "get", ""]) {
        assert.deepStrictEqual(yield* status("/check", method), [405, "GET, HEAD, POST"], method)
        assert.deepStrictEqual(yield* status("/channel/poll2", method), [405, "GET, POST"], method)
        assert.deepStrictEqual(yield* status("/phone", method), [405, "POST"], method)
        assert.deepStrictEqual(yield* status("/nothing", method), [404, undefined], method)
      }
      assert.deepStrictEqual(yield* status("/check", "HEAD"), [200, undefined])
      assert.deepStrictEqual(yield* status("/channel/poll2", "HEAD"), [405, "GET, POST"])
      assert.deepStrictEqual(yield* status("/phone", "GET"), [405, "POST"])
    }).pipe(Effect.provide(handler()))
  )

  it.effect("of a strict server is GET or POST", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* status("/check", "HEAD"), [405, "GET, POST"])
      assert.deepStrictEqual(yield* status("/check", "PUT"), [405, "GET, POST"])
    }).pipe(Effect.provide(handler({ strict: true })))
  )
})

it.effect("an unknown path is no page, and says no more", () =>
  Effect.gen(function* () {
    for (const path of [
      "/",
      "/nothing",
      "//check",
      "/check/",
      "/channel/poll2;x",
      "/__proto__",
      "*",
      "/../check",
      ""
    ]) {
      assert.deepStrictEqual(shown(yield* ask({ path })), [404, "no such page\n"], path)
    }
  }).pipe(Effect.provide(handler()))
)
