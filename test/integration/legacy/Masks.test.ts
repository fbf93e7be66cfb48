/** How SmartQQ's page and lwqq set how to hear of groups (reference, section 4.1). */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Peer from "./Peer.ts"
import { clientid, d1, online, s } from "./SmartQQ.ts"

describe("masks of groups and discussion groups", () => {
  const start = Effect.gen(function* () {
    const server = yield* Peer.server()
    const me = yield* online(server, { api: s, channel: d1, send: d1 })
    const set = (itemlist: object | string, vfwebqq = me.vfwebqq) =>
      Effect.map(
        me.peer.post(
          "http://cgi.web2.qq.com/keycgi/qqweb/uac/messagefilter.do",
          Peer.form({
            retype: 1,
            app: "EQQ",
            itemlist: typeof itemlist === "string" ? itemlist : JSON.stringify(itemlist),
            vfwebqq
          }),
          { referer: "http://cgi.web2.qq.com/proxy.html" }
        ),
        Peer.json
      )
    const groups = Effect.map(me.api("get_group_name_list_mask2"), ({ result }) => result)
    const discussions = Effect.map(
      me.peer.get(
        `http://s.web2.qq.com/api/get_discus_list?clientid=${clientid}&psessionid=${me.psessionid}&vfwebqq=${me.vfwebqq}&t=0.1`
      ),
      (reply) => Peer.json(reply).result
    )
    return { set, groups, discussions }
  })

  it.scoped("are kept, and shown in the lists; 1000 is the setting for all", () =>
    Effect.gen(function* () {
      const { discussions, groups, set } = yield* start
      const { gid } = (yield* groups).gnamelist[0]
      const { did } = (yield* discussions).dnamelist[0]
      assert.deepStrictEqual([(yield* groups).gmasklist, (yield* discussions).dmasklist], [[], []])
      for (const mask of [2, "1", 0] as const) {
        const answer = yield* set({ groupmask: { [gid]: mask, cAll: 0, idx: 1075, port: 43332 } })
        assert.strictEqual(answer.retcode, 0)
        assert.deepStrictEqual((yield* groups).gmasklist, [
          { gid, mask: Number(mask) },
          { gid: 1000, mask: 0 }
        ])
      }
      assert.strictEqual((yield* set({ discumask: { [did]: "2", cAll: 1, idx: 1, port: 2 } })).retcode, 0)
      assert.deepStrictEqual((yield* discussions).dmasklist, [
        { did, mask: 2 },
        { did: 1000, mask: 1 }
      ])
    })
  )

  it.scoped("of what is nobody's group, or no mask, are left out, and the rest is kept", () =>
    Effect.gen(function* () {
      const { groups, set } = yield* start
      const { gid } = (yield* groups).gnamelist[0]
      const odd = { 12345: 1, [gid]: "3", __proto__: 1, constructor: 1, "0x10": 1, cAll: 2 }
      assert.strictEqual((yield* set({ groupmask: odd, discumask: null })).retcode, 0)
      assert.deepStrictEqual((yield* groups).gmasklist, [{ gid: 1000, mask: 2 }])
      assert.strictEqual((yield* set("{}")).retcode, 0)
      for (const wrong of ["", "[", "7", "null"]) assert.strictEqual((yield* set(wrong)).retcode, 100006, wrong)
      assert.strictEqual((yield* set({ groupmask: { cAll: 1 } }, "0".repeat(80))).retcode, 100000)
      assert.deepStrictEqual((yield* groups).gmasklist, [{ gid: 1000, mask: 2 }])
    })
  )
})
