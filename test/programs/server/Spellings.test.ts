/** Ids, clientid, message number and tokens in every spelling of old clients (protocol notes, 0.2, 1.4, 2.8 and 4.5). */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type Answer, ask, attempt, json, logIn, post, quoted, type Tokens } from "../../rigs/RawRequests.ts"
import { handler } from "../../rigs/ServerInProcess.ts"

const content = JSON.stringify(["hi", ["font", { name: "宋体", size: "10", style: [0, 0, 0], color: "000000" }]])

const tolerant = (name: string, test: Effect.Effect<void, unknown, Effect.Effect.Context<ReturnType<typeof ask>>>) =>
  it.effect(name, () => Effect.provide(test, handler({ holdPoll: 0 })))

const ok = (answer: Answer, what: unknown) => assert.strictEqual(answer.retcode, 0, JSON.stringify(what))

const get = (path: string, query: string, { cookie }: Tokens) =>
  Effect.map(
    ask({ host: path.startsWith("/api") ? "s.web2.qq.com" : "d1.web2.qq.com", path, query, headers: { cookie } }),
    json
  )

describe("login2", () => {
  tolerant(
    "takes any psessionid, any status, and no matter what stands in the form",
    Effect.gen(function* () {
      const { setCookies } = yield* attempt(10001)
      const ptwebqq = /ptwebqq=([0-9a-f]{64})/.exec(setCookies.join())?.[1]
      for (const psessionid of [null, "null", "", undefined, "8368046764", 0]) {
        for (const clientid of [8534174, "8534174"]) {
          for (const fields of [
            "",
            "&clientid=8534174&psessionid=null",
            "&clientid=undefined",
            "&clientid=&psessionid="
          ]) {
            const r = { status: "online", ptwebqq, passwd_sig: null, clientid, psessionid }
            ok(json(yield* post("/channel/login2", r, { fields })), { r, fields })
          }
        }
      }
      ok(
        json(yield* post("/channel/login2", { ptwebqq, clientid: 1, status: null, key: "", state: "online" })),
        "relink"
      )
    })
  )
})

describe("a session", () => {
  tolerant(
    "is known by its clientid as number or text, with blanks inside where it had them",
    Effect.gen(function* () {
      const { setCookies } = yield* attempt(10001)
      const ptwebqq = /ptwebqq=([0-9a-f]{64})/.exec(setCookies.join())?.[1]
      for (const [first, second] of [
        [8534174, "8534174"],
        ["8534174", 8534174],
        ["45   123", "45   123"]
      ]) {
        const login2 = json(yield* post("/channel/login2", { ptwebqq, clientid: first, psessionid: "" }))
        const { psessionid } = login2.result as { readonly psessionid: string }
        ok(json(yield* post("/channel/poll2", { ptwebqq, clientid: second, psessionid, key: "" })), second)
        const query = `clientid=${encodeURIComponent(String(second))}&psessionid=${psessionid}&t=0.1`
        ok(json(yield* ask({ path: "/channel/get_online_buddies2", query })), query)
      }
    })
  )

  tolerant(
    "that is none is refused with the request to log in, not as malformed",
    Effect.gen(function* () {
      for (const psessionid of [null, "null", "", 0]) {
        const polled = json(yield* post("/channel/poll2", { clientid: 1, psessionid, key: 0, ids: "" }))
        assert.strictEqual(polled.retcode, 121, String(psessionid))
      }
    })
  )
})

tolerant(
  "a number is decimal digits, in the query, in the form, in JSON and in a cookie",
  Effect.gen(function* () {
    const me = yield* logIn(10001)
    const host = "ssl.ptlogin2.qq.com"
    const { clientid, psessionid, vfwebqq } = me
    for (const uin of ["0x2711", "1e4", "%2010001%20", "%2B10001", "+10001", "%EF%BC%91%EF%BC%90", "0b1"]) {
      const check = yield* ask({ host, path: "/check", query: `uin=${uin}` })
      assert.strictEqual(quoted(check)[0], "2", uin)
      const posted = yield* ask({ host, path: "/check", method: "POST", body: `uin=${uin}` })
      assert.strictEqual(quoted(posted)[0], "2", uin)
      const number = decodeURIComponent(uin)
      const found = yield* get("/api/get_friend_uin2", `tuin=${uin}&type=1&vfwebqq=${vfwebqq}`, me)
      assert.strictEqual(found.retcode, 100006, uin)
      const r = { to: number, content, msg_id: 1, clientid, psessionid }
      assert.strictEqual(json(yield* post("/channel/send_buddy_msg2", r)).retcode, 100006, uin)
      const cookie = me.cookie.replace(/\buin=o\d+/, `uin=o${number}`)
      const self = yield* ask({ host: "s.web2.qq.com", path: "/api/get_self_info2", headers: { cookie } })
      assert.strictEqual(json(self).retcode, 100101, uin)
    }
    assert.strictEqual(quoted(yield* ask({ host, path: "/check", query: "uin=0000010001" }))[0], "0")
    ok(json(yield* ask({ host: "s.web2.qq.com", path: "/api/get_self_info2", headers: { cookie: me.cookie } })), "own")
  })
)

tolerant(
  "a message may have every number as text, and a face that is none",
  Effect.gen(function* () {
    const sender = yield* logIn(10002)
    const { clientid, psessionid } = sender
    const common = { content, clientid: String(clientid), psessionid }
    for (const member of [
      { to: "10001", msg_id: "38200001", face: "564" },
      { to: 10001, msg_id: 38200002, face: null },
      { to: 10001, msg_id: 38200003 }
    ]) {
      ok(json(yield* post("/channel/send_buddy_msg2", { ...member, ...common })), member)
    }
    ok(json(yield* post("/channel/send_qun_msg2", { group_uin: "3000123456", msg_id: "1", ...common })), "group")
    ok(json(yield* post("/channel/send_discu_msg2", { did: "1664044173", msg_id: "1", ...common })), "discussion")
    for (const [service_type, id] of [
      ["0", 3000123456],
      ["1", 1664044173]
    ]) {
      const query = `id=${id}&to_uin=10004&service_type=${service_type}&clientid=${clientid}&psessionid=${psessionid}`
      const signature = yield* get("/channel/get_c2cmsg_sig2", query, sender)
      const { value } = signature.result as { readonly value: string }
      const r = { to: "10004", group_sig: value, service_type, msg_id: 1, ...common }
      ok(json(yield* post("/channel/send_sess_msg2", r)), r)
    }
  })
)

tolerant(
  "a service type that is none is a group's",
  Effect.gen(function* () {
    const me = yield* logIn(10001)
    for (const service_type of ["1e999", "NaN", "1.5", "", "x"]) {
      const query = `id=3000123456&to_uin=10004&service_type=${service_type}&clientid=${me.clientid}&psessionid=${me.psessionid}`
      const { result } = yield* get("/channel/get_c2cmsg_sig2", query, me)
      assert.include(result, { type: 0 }, service_type)
    }
  })
)

tolerant(
  "tokens that an endpoint does not need may be anything",
  Effect.gen(function* () {
    const me = yield* logIn(10001)
    const { ptwebqq, vfwebqq } = me
    for (const rest of ["", "&clientid=&psessionid=", "&clientid=undefined&psessionid=null&t=0.1"]) {
      ok(yield* get("/api/getvfwebqq", `ptwebqq=${ptwebqq}${rest}`, me), rest)
      ok(yield* get("/api/get_discus_list", `vfwebqq=${vfwebqq}${rest}`, me), rest)
    }
    for (const rest of [{}, { clientid: "", psessionid: null }, { clientid: "53999199", psessionid: "" }]) {
      ok(json(yield* post("/channel/get_recent_list2", { vfwebqq, ...rest })), rest)
    }
  })
)

tolerant(
  "a contact call may be GET, with its r as it is in the query",
  Effect.gen(function* () {
    const me = yield* logIn(10001)
    ok(yield* get("/api/get_group_name_list_mask2", `r={"vfwebqq":"${me.vfwebqq}"}&t=1`, me), "un-encoded")
  })
)
