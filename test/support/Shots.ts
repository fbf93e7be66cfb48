/**
 * Requests of every kind that may come in from the world: right, nearly right and nonsense. Words between `«` and `»`
 * stand for the tokens of somebody who is online.
 */
import { assert } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import type * as Wire from "../../src/programs/server/Wire.ts"
import { Endpoints } from "../../src/protocol/index.ts"
import { type Raw, type Tokens, textOf } from "./ByHand.ts"
import * as ExtraShots from "./ExtraShots.ts"

/** What has broken somebody's server before. */
const oddTexts: ReadonlyArray<string> = [
  ...["", " ", "0", "-1", "1e999", "1.5", "0x10", "NaN", "9007199254740993", "99999999999999999999"],
  ...["__proto__", "constructor", "null", "true", "[]", "{}", '"', "'", "\\", "%", "%00", "\u0000", "\r\nX: y"],
  ...["\ud800", "😀", "你好", "\u2028", "http://www.qq.com/你", "http://qq.com/\r\nSet-Cookie: a=b", "//qq.com"],
  ...["10001", "10002", "10003", "99999", "3000123456", "2000123456", "1664044173"],
  ...["x".repeat(70_000), "[".repeat(20_000), "%".repeat(20_000), "&".repeat(20_000)]
]
const oddValues: ReadonlyArray<unknown> = [...oddTexts, null, 0, -1, 1.5, 1e300, 10001, true, [], {}, [null], { a: [] }]

const odd = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...oddTexts) },
  { weight: 1, arbitrary: fc.fullUnicodeString() },
  { weight: 1, arbitrary: fc.string16bits() }
)
const oddJson: fc.Arbitrary<unknown> = fc.oneof(fc.constantFrom(...oddValues), fc.jsonValue())

const font = '["font",{"name":"宋体","size":"10","style":[0,0,0],"color":"000000"}]'
const content = fc.oneof(
  fc.constantFrom(`["hi",["face","14"],${font}]`, `["a\n"b"",${font}]`, '["hi",[]]', '[["cface",{"name":1}]]'),
  odd.map((text) => JSON.stringify([text])),
  fc.jsonValue().map((value) => JSON.stringify([value])),
  odd
)

type Members = Readonly<Record<string, unknown>>

/** What the endpoints need, so that most shots get past the first look. */
const right: Readonly<Record<string, { readonly r?: Members; readonly fields?: Members }>> = {
  check: { fields: { uin: "10003", pt_tea: "1" } },
  getimage: { fields: { uin: "10003", cap_cd: "x" } },
  login: { fields: { u: "10003", p: "0".repeat(32), verifycode: "!ABC", u1: "http://www.qq.com/" } },
  ptqrlogin: { fields: { ptqrtoken: "1", u1: "http://www.qq.com/" } },
  check_sig: { fields: { uin: "«account»", ptsigx: "«ptsigx»", s_url: "http://www.qq.com/x" } },
  login2: { r: { status: "online", ptwebqq: "«ptwebqq»", clientid: "«clientid»", psessionid: null } },
  poll2: { r: { clientid: "«clientid»", psessionid: "«psessionid»", key: 0, ids: [] } },
  get_recent_list2: { r: { vfwebqq: "«vfwebqq»", clientid: "«clientid»", psessionid: "«psessionid»" } },
  getvfwebqq: { fields: { ptwebqq: "«ptwebqq»", clientid: "«clientid»" } },
  get_user_friends2: { r: { hash: "0", vfwebqq: "«vfwebqq»" } },
  get_group_name_list_mask2: { r: { vfwebqq: "«vfwebqq»" } },
  get_group_info_ext2: { fields: { gcode: "2000123456", vfwebqq: "«vfwebqq»" } },
  get_friend_uin2: { fields: { tuin: "10002", type: "1", vfwebqq: "«vfwebqq»" } },
  set_long_nick2: { r: { nlk: "x", vfwebqq: "«vfwebqq»" } },
  allow_and_add2: { r: { account: 10004, gid: 0, mname: "x", vfwebqq: "«vfwebqq»" } },
  allow_added_request2: { r: { account: 10004, vfwebqq: "«vfwebqq»" } },
  deny_added_request2: { r: { account: 10004, msg: "x", vfwebqq: "«vfwebqq»" } }
}
const message = { face: 1, msg_id: 1, clientid: "«clientid»", psessionid: "«psessionid»" }
const more: typeof right = {
  send_buddy_msg2: { r: { to: 10001, ...message } },
  send_qun_msg2: { r: { group_uin: 3000123456, ...message } },
  send_discu_msg2: { r: { did: 1664044173, ...message } },
  send_sess_msg2: { r: { to: 10004, group_sig: "x", service_type: 0, ...message } },
  get_c2cmsg_sig2: {
    fields: { id: "3000123456", to_uin: "10004", service_type: "0", clientid: "«clientid»", psessionid: "«psessionid»" }
  },
  get_discu_info: { fields: { did: "1664044173", clientid: "«clientid»", psessionid: "«psessionid»" } },
  get_online_buddies2: { fields: { clientid: "«clientid»", psessionid: "«psessionid»" } },
  get_discus_list: { fields: { clientid: "«clientid»", psessionid: "«psessionid»", vfwebqq: "«vfwebqq»" } },
  logout2: { fields: { ids: "", clientid: "«clientid»", psessionid: "«psessionid»" } }
}
const extraTemplates: typeof right = Object.fromEntries(
  Object.entries(ExtraShots.fields).map(([name, fields]) => [name, { fields }])
)
const templates: typeof right = { ...extraTemplates, ...right, ...more }

interface Place {
  readonly name: string
  readonly method: "GET" | "POST"
  readonly host: string
  readonly path: string
}
const places: ReadonlyArray<Place> = [...Endpoints.all, ...ExtraShots.all]
/** A tolerant server reads extras alike by GET and by POST. */
const once: ReadonlyArray<Place> = [...Endpoints.all, ...ExtraShots.all.filter(({ method }) => method === "POST")]

/** Leaves most members as they are. */
const bent = (members: Members, values: fc.Arbitrary<unknown>): fc.Arbitrary<Members> =>
  fc
    .tuple(
      fc.record(
        Object.fromEntries(
          Object.entries(members).map(([name, value]) => [
            name,
            fc.oneof({ weight: 12, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: values })
          ])
        )
      ),
      fc.option(fc.tuple(fc.constantFrom("__proto__", "r", "t", "clientid", "x"), values), { freq: 6 })
    )
    .map(([kept, extra]) => (extra === null ? kept : { ...kept, [extra[0]]: extra[1] }))

const rText = (r: Members): fc.Arbitrary<string> =>
  fc
    .tuple(bent(r, oddJson), content)
    .map(([members, said]) =>
      JSON.stringify("msg_id" in r && !("content" in members) ? { ...members, content: said } : members)
    )

const encode = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, ""))

const fieldsOf = (name: string): fc.Arbitrary<string> => {
  const { fields = {}, r } = templates[name] ?? {}
  return fc
    .tuple(bent(fields, odd), r === undefined ? fc.constant(undefined) : rText(r), fc.boolean())
    .map(([pairs, text, raw]) =>
      [
        ...Object.entries(pairs).map(([key, value]) => `${key}=${raw ? value : encode(String(value))}`),
        ...(text === undefined ? [] : [`r=${raw ? text : encode(text)}`])
      ].join("&")
    )
}

const hosts: Readonly<Record<string, string>> = {
  ui: "ui.ptlogin2.qq.com",
  check: "ssl.ptlogin2.qq.com",
  login: "ssl.ptlogin2.qq.com",
  captcha: "ssl.captcha.qq.com",
  checkSig: "ptlogin4.web2.qq.com",
  page: "www.qq.com",
  channel: "d.web2.qq.com",
  api: "s.web2.qq.com",
  heartbeat: "web.qq.com"
}

const oddHeader = fc.oneof(fc.string(), fc.constantFrom("", "a=b;;=;x", "uin=o0; skey=@", "http://", "x".repeat(7000)))

/** A shot at an endpoint that is right but for its fields. */
const aimed = ({ host, method, path }: Place, fields: string): Raw => ({
  method,
  host: hosts[host] ?? host,
  path,
  query: method === "GET" ? fields : "",
  body: method === "POST" ? fields : "",
  headers: {
    cookie: "«cookie»",
    referer: host === "api" || host === "channel" ? `http://${hosts[host]}/proxy.html` : "https://ui.ptlogin2.qq.com/"
  }
})

const rarely = <A>(usual: A, other: fc.Arbitrary<A>) =>
  fc.oneof({ weight: 15, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other })

/** A shot that is mostly right: some of the endpoint's method, host, parameters and headers are bent. */
const nearly = fc.constantFrom(...places).chain((endpoint) =>
  rarely("", odd)
    .chain((garbage) => (garbage === "" ? fieldsOf(endpoint.name) : fc.constant(garbage)))
    .chain((fields) => {
      const { headers, host, method, path, ...rest } = aimed(endpoint, fields)
      return fc.record({
        method: rarely(method, fc.constantFrom("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "get", "X-Y")),
        host: rarely(
          host,
          fc.oneof(fc.constantFrom(...Object.values(hosts), "", "localhost:1", "[::1]:80"), oddHeader)
        ),
        path: rarely(path, fc.constantFrom(`${path}/`, `/${path}`, path.toUpperCase(), `${path}%00`, "/phone")),
        headers: fc.record({
          cookie: rarely(headers.cookie, oddHeader),
          referer: rarely(headers.referer, oddHeader)
        }),
        query: fc.constant(rest.query),
        body: fc.constant(rest.body)
      })
    })
)

/** Every member of every endpoint's parameters with every odd value, one at a time: a volley for each member. */
export const sweep: ReadonlyArray<ReadonlyArray<Raw>> = once.flatMap((endpoint) => {
  const { fields = {}, r } = templates[endpoint.name] ?? {}
  const form = (members: Members) => Object.entries(members).map(([name, value]) => `${name}=${encode(String(value))}`)
  const withR = (members: Members) => form({ ...fields, r: JSON.stringify(members) }).join("&")
  const ofR = r === undefined ? {} : "msg_id" in r ? { content: '["hi"]', ...r } : r
  return [
    ...Object.keys(fields).map((name) =>
      oddTexts.map((value) => aimed(endpoint, form({ ...fields, [name]: value }).join("&")))
    ),
    ...Object.keys(ofR).map((name) => oddValues.map((value) => aimed(endpoint, withR({ ...ofR, [name]: value })))),
    oddTexts.map((value) => aimed(endpoint, `r=${value}`))
  ]
})

const nonsense = fc.record({
  method: fc.oneof(fc.constantFrom("GET", "POST"), fc.string()),
  host: fc.oneof(fc.constantFrom(...Object.values(hosts)), fc.string()),
  path: fc.oneof(fc.constantFrom(...places.map(({ path }) => path), "/phone"), fc.webPath(), fc.string()),
  query: odd,
  body: odd,
  headers: fc.dictionary(fc.constantFrom("cookie", "referer", "origin", "content-type", "__proto__"), oddHeader)
})

/** Any request. */
export const shot: fc.Arbitrary<Raw> = fc.oneof({ weight: 6, arbitrary: nearly }, { weight: 1, arbitrary: nonsense })

/** With somebody's tokens in place of the words that stand for them. */
export const load = (request: Raw, tokens: Tokens): Raw => {
  const fill = (text: string): string =>
    text.replace(/(?:«|%C2%AB)(\w+)(?:»|%C2%BB)/g, (word, name: string) =>
      name in tokens ? String(tokens[name as keyof Tokens]) : word
    )
  return {
    ...request,
    query: fill(request.query),
    body: fill(request.body),
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, fill(value ?? "")]))
  }
}

export const statuses = [200, 302, 400, 403, 404, 405, 429]

/** What no answer may have, whoever asks for what. */
export const isSound = (path: string, response: Wire.Response): void => {
  const text = response.contentType.startsWith("image/") ? "" : textOf(response)
  assert.include(statuses, response.status)
  assert.notMatch(text, /\n\s+at |\bError\b|file:\/\/|\/(?:src|dist|node_modules)\/|undefined|\[object /)
  for (const header of [response.contentType, response.location ?? "", response.allow ?? "", ...response.setCookies]) {
    assert.match(header, /^[\x20-\x7e]*$/)
  }
  if (response.location !== undefined) assert.match(new URL(response.location).hostname, /(^|\.)qq\.com$/)
  if (response.status !== 200) return
  if (response.contentType.startsWith("application/json")) {
    // `ec` at qun.qq.com, `retcode` elsewhere.
    const answer = JSON.parse(text) as { readonly retcode?: unknown; readonly ec?: unknown }
    assert.isTrue(Number.isInteger(answer.retcode ?? answer.ec), text)
  } else if (["/check", "/login", "/ptqrlogin"].includes(path)) {
    assert.match(text, /^(?:ptui_checkVC|ptuiCB)\('(?:[^'\\\r\n]|\\.)*'(?:, ?'(?:[^'\\\r\n]|\\.)*')*\);$/)
  }
}
