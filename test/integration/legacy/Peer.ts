/**
 * A client of the past, by hand: it asks the server's handler with requests written out as the reference has them, keeps
 * cookies as it likes, and reads answers with rules of its own. Nothing of our client is in it but the algorithms.
 */
import { assert } from "@effect/vitest"
import { Context, Effect, Fiber, Layer, Option, type Scope, TestClock } from "effect"
import * as QrText from "../../../src/programs/cli/QrText.ts"
import { Handler, type Options, WorldFile, WorldMemory } from "../../../src/programs/server/index.ts"
import * as Wire from "../../../src/programs/server/Wire.ts"
import { FriendHash, PasswordMd5, PasswordTea } from "../../../src/protocol/index.ts"

export interface Reply {
  readonly status: number
  readonly text: string
  readonly bytes: Uint8Array
  readonly type: string
  /** Whole `Set-Cookie` lines, in order. */
  readonly lines: ReadonlyArray<string>
  readonly location: string | undefined
}

// biome-ignore lint/suspicious/noExplicitAny: old clients take what JSON.parse gives and index it
export type Json = any
export const json = (reply: Reply): Json => JSON.parse(reply.text)

/** What of login2's result clients keep. */
export interface Online {
  readonly uin: number
  readonly psessionid: string
  readonly vfwebqq: string
}

export interface Cookie {
  readonly name: string
  readonly value: string
  readonly domain: string
}

const cookieIn = (line: string): Cookie => {
  const [, name = "", value = "", domain = ""] = /^([^=]+)=([^;]*);.*Domain=([^;]+);/.exec(line) ?? assert.fail(line)
  return { name, value, domain }
}

type Headers = Readonly<Record<string, string>>
type Asked = Effect.Effect<Reply>

/** `jar` is a browser's: by name and domain. `send` and `keep` can be turned off for clients that are no browsers. */
export interface Peer {
  readonly jar: Array<Cookie>
  readonly get: (url: string, headers?: Headers) => Asked
  readonly post: (url: string, body: string, headers?: Headers) => Asked
  /** Follows redirects; the last answer. */
  readonly follow: (url: string) => Asked
  /** The only cookie of a name, whatever its domain. */
  readonly cookie: (name: string) => string
}

export type Server = Handler.Handler["Type"]

/** A server that nobody configured: the sample world, tolerant unless told otherwise. */
export const server = (
  options: Options.Input = {},
  file = WorldFile.sample
): Effect.Effect<Server, never, Scope.Scope> =>
  Effect.map(Layer.build(Layer.provide(Handler.layer(options), WorldMemory.layer(file))), (context) =>
    Context.get(context, Handler.Handler)
  )

/** A request as it leaves a client. */
export const ask = (to: Server, method: string, url: string, headers: Headers = {}, body = ""): Asked => {
  const { host, pathname, search } = new URL(url)
  return Effect.map(
    to(Wire.request({ method, host, path: pathname, query: search.replace(/^\?/, ""), body, headers })),
    ({ body: answer, contentType, location, setCookies, status }) => {
      const bytes = typeof answer === "string" ? new TextEncoder().encode(answer) : answer
      return { status, text: new TextDecoder().decode(bytes), bytes, type: contentType, lines: setCookies, location }
    }
  )
}

export const peer = (to: Server): Peer => {
  const jar: Array<Cookie> = []
  const absorb = (line: string) => {
    const cookie = cookieIn(line)
    const at = jar.findIndex(({ domain, name }) => name === cookie.name && domain === cookie.domain)
    if (at >= 0) jar.splice(at, 1)
    if (!/Expires=Thu, 01 Jan 1970/.test(line)) jar.push(cookie)
  }
  const request = (method: string, url: string, headers: Headers, body: string): Asked => {
    const { hostname } = new URL(url)
    const cookie = jar
      .filter(({ domain }) => hostname === domain || hostname.endsWith(`.${domain}`))
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ")
    return Effect.tap(ask(to, method, url, { ...(cookie === "" ? {} : { cookie }), ...headers }, body), ({ lines }) => {
      for (const line of lines) absorb(line)
    })
  }
  const get = (url: string, headers: Headers = {}) => request("GET", url, headers, "")
  const follow = (url: string): Asked =>
    Effect.flatMap(get(url), (reply) => (reply.location === undefined ? Effect.succeed(reply) : follow(reply.location)))
  return {
    jar,
    get,
    follow,
    post: (url, body, headers = {}) => request("POST", url, headers, body),
    cookie: (name) => {
      const found = jar.filter((cookie) => cookie.name === name)
      assert.lengthOf(found, 1, `${name}: ${JSON.stringify(found)}`)
      return found[0]?.value ?? ""
    }
  }
}

/** A form as browsers encode it, fields in order. */
export const form = (fields: Readonly<Record<string, string | number>>): string =>
  new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, String(value)])).toString()

/** The field `r` alone. */
export const r = (members: object): string => form({ r: JSON.stringify(members) })

/** Arguments in single quotes, with escapes as they stand. */
export const quoted = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/'((?:[^'\\]|\\[\s\S])*)'/g)].map(([, inner]) => inner ?? "")

/** The bytes of `\x00\x00…`. */
export const bytesOf = (escapes: string): Uint8Array => {
  assert.match(escapes, /^(\\x[0-9a-f]{2}){8}$/)
  return Uint8Array.from(escapes.slice(2).split("\\x"), (hex) => Number.parseInt(hex, 16))
}

export const md5Proof = (password: string, salt: Uint8Array, code: string): string =>
  PasswordMd5.proof(PasswordMd5.digest(password), salt, code)

const padding = (length: number) => new Uint8Array(length).fill(0xaa)

/** The later proof of a sample account's password (section 3.2), with paddings that are not random. */
export const teaProof = (account: number, salt: Uint8Array, verifyCode: string): string =>
  PasswordTea.proof({
    passwordDigest: PasswordMd5.digest(`webqq-${account}`),
    salt,
    verifyCode,
    rsaPadding: padding(128),
    teaPadding: padding(10)
  })

/** What an account's owner does with a phone; the ticket is read out of the picture. */
export const phone = (to: Server, account: number, picture: Uint8Array, ...actions: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const content = Option.getOrThrow(QrText.contentOf(picture))
    const k = new URL(content).searchParams.get("k") ?? ""
    const p = md5Proof(`webqq-${account}`, PasswordMd5.saltOf(account), k)
    for (const action of actions) {
      const done = yield* ask(to, "POST", "http://www.qq.com/phone", {}, form({ k, uin: account, p, action }))
      assert.strictEqual(done.status, 200)
    }
  })

/** Somebody else on the server, in the plainest way. */
export interface Person {
  readonly peer: Peer
  readonly account: number
  readonly ptwebqq: string
  readonly psessionid: string
  readonly vfwebqq: string
  readonly clientid: number
  readonly friends: () => Effect.Effect<Json>
  /** The uin under which this session knows a friend of that nick. */
  readonly uinOf: (nick: string) => Effect.Effect<number>
  /** Writes to a friend. */
  readonly tell: (nick: string, words: string) => Effect.Effect<Json>
  /** Writes to the only group. */
  readonly tellGroup: (words: string) => Effect.Effect<Json>
  /** Writes to a member of the only group who is no friend. */
  readonly tellStranger: (nick: string, words: string) => Effect.Effect<Json>
  readonly poll: () => Effect.Effect<Json>
  /** Polls on until a message comes, of whatever kind. */
  readonly hear: () => Effect.Effect<Json>
}

const messages = ["message", "group_message", "discu_message", "sess_message"]

export const enter = (to: Server, account: number): Effect.Effect<Person> =>
  Effect.gen(function* () {
    const one = peer(to)
    const check = yield* one.get(`https://ssl.ptlogin2.qq.com/check?uin=${account}&appid=1003903`)
    const [, code = "", salt = ""] = quoted(check.text)
    const p = md5Proof(`webqq-${account}`, bytesOf(salt), code)
    yield* one.get(`https://ssl.ptlogin2.qq.com/login?${form({ u: account, p, verifycode: code })}`)
    const ptwebqq = one.cookie("ptwebqq")
    const clientid = 10_000_000 + account
    const login2 = json(
      yield* one.post("http://d.web2.qq.com/channel/login2", r({ status: "online", ptwebqq, clientid, psessionid: "" }))
    ).result
    const { psessionid, vfwebqq } = login2
    const channel = (name: string, members: object) =>
      Effect.map(one.post(`http://d.web2.qq.com/channel/${name}`, r({ ...members, clientid, psessionid })), json)
    const api = (name: string) =>
      Effect.map(
        one.post(`http://s.web2.qq.com/api/${name}`, r({ vfwebqq, hash: FriendHash.ecOk(String(account), ptwebqq) })),
        json
      )
    const friends = () => Effect.map(api("get_user_friends2"), ({ result }) => result)
    const uinOf = (nick: string) =>
      Effect.map(friends(), ({ info }): number => info.find((one: Json) => one.nick === nick).uin)
    let msgId = 1000
    const poll = () => channel("poll2", { ptwebqq, key: "" })
    const hear = (): Effect.Effect<Json> =>
      Effect.flatMap(poll(), ({ result: [event] }) =>
        messages.includes(event.poll_type) ? Effect.succeed(event) : hear()
      )
    const content = (words: string) =>
      JSON.stringify([words, ["font", { name: "宋体", size: 10, style: [0, 0, 0], color: "000000" }]])
    return {
      peer: one,
      account,
      ptwebqq,
      psessionid,
      vfwebqq,
      clientid,
      friends,
      uinOf,
      tell: (nick, words) =>
        Effect.flatMap(uinOf(nick), (uin) =>
          channel("send_buddy_msg2", { to: uin, content: content(words), msg_id: ++msgId, face: 0 })
        ),
      tellGroup: (words) =>
        Effect.flatMap(api("get_group_name_list_mask2"), ({ result }) =>
          channel("send_qun_msg2", {
            group_uin: result.gnamelist[0].gid,
            content: content(words),
            msg_id: ++msgId,
            face: 0
          })
        ),
      tellStranger: (nick, words) =>
        Effect.gen(function* () {
          const [{ code, gid }] = (yield* api("get_group_name_list_mask2")).result.gnamelist
          const get = (url: string) => Effect.map(one.get(url), (reply) => json(reply).result)
          const { minfo } = yield* get(`http://s.web2.qq.com/api/get_group_info_ext2?gcode=${code}&vfwebqq=${vfwebqq}`)
          const to = minfo.find((member: Json) => member.nick === nick).uin
          const tokens = `service_type=0&clientid=${clientid}&psessionid=${psessionid}`
          const { value } = yield* get(`http://d.web2.qq.com/channel/get_c2cmsg_sig2?id=${gid}&to_uin=${to}&${tokens}`)
          const members = { to, group_sig: value, service_type: 0, content: content(words), msg_id: ++msgId }
          return yield* channel("send_sess_msg2", members)
        }),
      poll,
      hear
    }
  })

/** What a held request is answered after so long; before, it must not be answered at all. */
export const after = (duration: "55 seconds", request: Asked): Effect.Effect<Reply> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(request)
    yield* TestClock.adjust("54 seconds")
    assert.isTrue(Option.isNone(yield* Fiber.poll(fiber)))
    yield* TestClock.adjust(duration)
    return yield* Fiber.join(fiber)
  })
