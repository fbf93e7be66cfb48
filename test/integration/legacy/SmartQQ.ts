/** What the clients of SmartQQ, 2015 to 2018, have in common after the login by QR code (reference, sections 2.7 to 5). */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { FriendHash, StringHash } from "../../../src/protocol/index.ts"
import * as Peer from "./Peer.ts"

export const clientid = 53999199
export const d1 = "http://d1.web2.qq.com/proxy.html?v=20151105001&callback=1&id=2"
export const cf = "https://d1.web2.qq.com/cfproxy.html?v=20151105001&callback=1"
export const s = "http://s.web2.qq.com/proxy.html?v=20130916001&callback=1&id=1"

/** Somebody whose phone said yes: cookies, and ptwebqq among them. */
export const scanned = (server: Peer.Server) =>
  Effect.gen(function* () {
    const peer = Peer.peer(server)
    const picture = yield* peer.get("https://ssl.ptlogin2.qq.com/ptqrshow?appid=501004106&e=0&l=M&s=5&d=72&v=4&t=0.5")
    yield* Peer.phone(server, 10001, picture.bytes, "scan", "confirm")
    const token = StringHash.hash33(peer.cookie("qrsig"))
    const u1 = encodeURIComponent("http://w.qq.com/proxy.html?login2qq=1&webqq_type=10")
    const answer = yield* peer.get(`https://ssl.ptlogin2.qq.com/ptqrlogin?ptqrtoken=${token}&aid=501004106&u1=${u1}`)
    const sig = yield* peer.follow(Peer.quoted(answer.text)[2] ?? "")
    assert.strictEqual(sig.status, 200)
    return { peer, ptwebqq: peer.cookie("ptwebqq") }
  })

export const getvfwebqq = (peer: Peer.Peer, ptwebqq: string, more: string, referer = s) =>
  Effect.map(
    peer.get(`http://s.web2.qq.com/api/getvfwebqq?ptwebqq=${ptwebqq}&clientid=${clientid}&${more}`, { referer }),
    (reply): string => Peer.json(reply).result.vfwebqq
  )

export const login2 = (peer: Peer.Peer, ptwebqq: string, host = "http://d1.web2.qq.com") =>
  Effect.map(
    peer.post(`${host}/channel/login2`, Peer.r({ ptwebqq, clientid, psessionid: "", status: "online" }), {
      referer: d1
    }),
    (reply) => Peer.json(reply).result
  )

/** What the later clients have in common after the login: tokens, and posts on both hosts with their own Referers. */
export const online = (
  server: Peer.Server,
  referers: { readonly api: string; readonly channel: string; readonly send: string }
) =>
  Effect.gen(function* () {
    const { peer, ptwebqq } = yield* scanned(server)
    const vfwebqq = yield* getvfwebqq(peer, ptwebqq, "psessionid=&t=0.1", referers.api)
    const { psessionid, uin } = yield* login2(peer, ptwebqq)
    assert.strictEqual(uin, 10001)
    const hash = FriendHash.ecOk(String(uin), ptwebqq)
    const tokens = { clientid, psessionid }
    const api = (name: string, referer = referers.api) =>
      Effect.map(peer.post(`http://s.web2.qq.com/api/${name}`, Peer.r({ vfwebqq, hash }), { referer }), Peer.json)
    const poll = () =>
      peer.post("http://d1.web2.qq.com/channel/poll2", Peer.r({ ptwebqq, ...tokens, key: "" }), {
        referer: referers.channel
      })
    const probe = () =>
      Effect.map(
        peer.get(
          `http://d1.web2.qq.com/channel/get_online_buddies2?vfwebqq=${vfwebqq}&clientid=${clientid}&psessionid=${psessionid}&t=0.1`,
          { referer: referers.channel }
        ),
        Peer.json
      )
    const send = (name: string, members: object) =>
      Effect.map(
        peer.post(`http://d1.web2.qq.com/channel/${name}`, Peer.r({ ...members, ...tokens }), {
          referer: referers.send
        }),
        Peer.json
      )
    return { peer, ptwebqq, vfwebqq, psessionid, hash, api, poll, probe, send }
  })
export const everywhereD1 = { api: d1, channel: d1, send: d1 }
export const font = ["font", { name: "宋体", size: 10, style: [0, 0, 0], color: "000000" }]
export const content = (text: string) => JSON.stringify([text, font])
