/** Requests with hand-written parameters to the handler itself, without a client and without a socket. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { Handler } from "../../src/programs/server/index.ts"
import * as Wire from "../../src/programs/server/Wire.ts"
import { PasswordMd5, StringHash } from "../../src/protocol/index.ts"

export type Raw = Parameters<typeof Wire.request>[0]

export const ask = (request: Partial<Raw>) =>
  Effect.flatMap(Handler.Handler, (handler) =>
    handler(
      Wire.request({ method: "GET", host: "d.web2.qq.com", path: "/", query: "", body: "", headers: {}, ...request })
    )
  )

/** The body as text. */
export const textOf = ({ body }: Wire.Response): string =>
  typeof body === "string" ? body : new TextDecoder().decode(body)

/** The arguments of a `ptui` call, as they stand between the quotes. */
export const quoted = (response: Wire.Response): ReadonlyArray<string> =>
  [...textOf(response).matchAll(/'((?:[^'\\]|\\.)*)'/g)].map(([, inner]) => inner ?? "")

export interface Answer {
  readonly retcode: number
  readonly errmsg?: string
  readonly result?: unknown
}
export const json = (response: Wire.Response): Answer => JSON.parse(textOf(response)) as Answer

const referer = "https://ui.ptlogin2.qq.com/cgi-bin/login?daid=164"

/** An attempt to log in, with the code that `check` gives. */
export const attempt = (account: number, password = `webqq-${account}`) =>
  Effect.gen(function* () {
    const host = "ssl.ptlogin2.qq.com"
    const headers = { referer }
    const [, code = ""] = quoted(yield* ask({ host, path: "/check", query: `uin=${account}`, headers }))
    const salt = Uint8Array.from([0, 0, 0, 0, account >>> 24, account >>> 16, account >>> 8, account])
    const p = PasswordMd5.proof(PasswordMd5.digest(password), salt, code)
    return yield* ask({ host, path: "/login", query: `u=${account}&p=${p}&verifycode=${code}`, headers })
  })

export const dProxy = "http://d.web2.qq.com/proxy.html?v=20110331002&callback=1&id=2"

export const post = (path: string, r: unknown, { fields = "", cookie = "" } = {}) =>
  ask({
    method: "POST",
    host: path.startsWith("/api") ? "s.web2.qq.com" : "d.web2.qq.com",
    path,
    headers: { referer: path.startsWith("/api") ? "http://s.web2.qq.com/proxy.html" : dProxy, cookie },
    body: `r=${encodeURIComponent(typeof r === "string" ? r : JSON.stringify(r))}${fields}`
  })

export interface Tokens {
  readonly account: number
  readonly ptwebqq: string
  readonly ptsigx: string
  readonly cookie: string
  readonly clientid: number
  readonly psessionid: string
  readonly vfwebqq: string
  /** Hashes of cookies, for those who show so that they can read them. */
  readonly bkn: number
  readonly hkey: number
  readonly authToken: number
}

/** Somebody who is online, by the first document's steps. */
export const logIn = (account: number) =>
  Effect.gen(function* () {
    const accepted = yield* attempt(account)
    const pairs = accepted.setCookies.map((line) => line.split(";", 1)[0] ?? "")
    const valueOf = (name: string) => pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
    const ptwebqq = valueOf("ptwebqq")
    const skey = valueOf("skey") ?? ""
    const hashes = {
      bkn: StringHash.bkn(skey),
      hkey: StringHash.time33(skey),
      authToken: StringHash.time33(valueOf("supertoken") ?? "")
    }
    if (ptwebqq === undefined) return assert.fail(`no login: ${textOf(accepted)}`)
    const cookie = pairs.join("; ")
    const clientid = 53999199
    const answer = json(yield* post("/channel/login2", { ptwebqq, clientid, psessionid: null }, { cookie }))
    const { psessionid, vfwebqq } = answer.result as { readonly psessionid: string; readonly vfwebqq: string }
    const ptsigx = /ptsigx=([0-9a-f]+)/.exec(textOf(accepted))?.[1] ?? ""
    const tokens: Tokens = { account, ptwebqq, ptsigx, cookie, clientid, psessionid, vfwebqq, ...hashes }
    return tokens
  })
