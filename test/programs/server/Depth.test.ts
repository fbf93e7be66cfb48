/** Parameters that are nested without an end: refused as malformed, whoever sends them, before anything is built of them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger } from "effect"
import { ask, json, logIn, post } from "../../rigs/RawRequests.ts"
import { handler } from "../../rigs/ServerInProcess.ts"

const depth = 400_000
const open = "[".repeat(2 * depth)
const closed = `${"[".repeat(depth)}${"]".repeat(depth)}`
const object = `${'{"a":'.repeat(depth / 4)}1${"}".repeat(depth / 4)}`
const inside = `{"vfwebqq":"x","hash":${closed}}`

/** Everything that is logged above the level of refusals. */
const heard = (lines: Array<string>) =>
  Logger.replace(
    Logger.defaultLogger,
    Logger.make(({ logLevel, message }) => {
      if (logLevel.ordinal > 20_000) lines.push(String(message))
    })
  )

for (const strict of [false, true]) {
  describe(strict ? "a strict server" : "a tolerant server", () => {
    const lines: Array<string> = []
    const front = Layer.merge(handler({ strict }), heard(lines))

    it.effect("refuses a nested r from strangers with 100006", () =>
      Effect.gen(function* () {
        for (const r of [open, closed, object, inside, encodeURIComponent(closed)]) {
          for (const path of [
            "/channel/login2",
            "/channel/poll2",
            "/api/get_user_friends2",
            "/channel/send_buddy_msg2",
            "/api/set_long_nick2"
          ]) {
            const answer = json(yield* post(path, r))
            assert.strictEqual(answer.retcode, 100006, path)
          }
        }
        assert.deepStrictEqual(lines, [])
      }).pipe(Effect.provide(front))
    )

    it.effect("takes no harm from nested words in any other place", () =>
      Effect.gen(function* () {
        const me = yield* logIn(10001)
        const { clientid, cookie, psessionid, vfwebqq } = me
        for (const deep of [open, closed, object]) {
          const r = { to: 10002, msg_id: 1, clientid, psessionid, content: deep }
          const sent = yield* post("/channel/send_buddy_msg2", r, { cookie })
          assert.include([0, 1, 103], json(sent).retcode)
          for (const query of [`gcode=${deep}&vfwebqq=${vfwebqq}`, `r=${deep}`, `${deep}=1`]) {
            for (const path of [
              "/api/get_group_info_ext2",
              "/api/get_gmember_level2",
              "/cgi-bin/qun_mgr/get_group_list"
            ]) {
              const { status } = yield* ask({ host: "s.web2.qq.com", path, query, headers: { cookie } })
              assert.notStrictEqual(status, 500)
            }
          }
          const cookies = yield* ask({ host: "s.web2.qq.com", path: "/api/get_self_info2", headers: { cookie: deep } })
          assert.strictEqual(json(cookies).retcode, 100101)
        }
        assert.deepStrictEqual(lines, [])
      }).pipe(Effect.provide(front))
    )
  })
}
