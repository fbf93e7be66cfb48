import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc, Option } from "effect"
import * as Aliases from "../../../../src/programs/server/Aliases.ts"
import * as Bounds from "../../../../src/programs/server/Bounds.ts"
import * as WebLogins from "../../../../src/programs/server/session/WebLogins.ts"
import { Ids } from "../../../../src/schema/index.ts"

const lifetime = 100

type Step =
  | { readonly does: "accept"; readonly account: number }
  | { readonly does: "find" | "rotate" | "forget"; readonly nth: number }
  | { readonly does: "wait"; readonly ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constant("accept" as const), account: fc.constantFrom(10001, 10002) }),
  fc.record({ does: fc.constantFrom("find" as const, "rotate" as const, "forget" as const), nth: fc.nat(20) }),
  fc.record({ does: fc.constant("wait" as const), ms: fc.nat(60) })
)

/** What should be known of a login: its tokens now, and when it was used last. */
interface Known {
  readonly account: Ids.QQ
  ptwebqq: string
  readonly skey: string
  usedAt: number
  gone: boolean
}

const by = (logins: WebLogins.WebLogins, token: WebLogins.Token, text: string, now: number) =>
  WebLogins.find(logins, [token, text], { now, lifetime })

describe("web logins", () => {
  it.prop(
    "are found by the tokens that they have, until they are forgotten, pushed out, or unused for too long",
    [fc.array(step, { maxLength: 60 })],
    ([steps]) => {
      let logins = WebLogins.empty
      let now = 0
      const known: Array<Known> = []
      const isGone = (one: Known) => one.gone || now - one.usedAt >= lifetime
      for (const [i, command] of steps.entries()) {
        const one = "nth" in command ? known[command.nth] : undefined
        if (command.does === "wait") now += command.ms
        if (command.does === "accept") {
          const account = Ids.QQ.make(command.account)
          const tokens = { skey: `s${i}`, ptwebqq: `p${i}`, ptsigx: `x${i}`, vfwebqq: `v${i}`, superkey: `k${i}` }
          const login = { ...tokens, supertoken: "1", account, aliases: Aliases.plain(), seed: 0, usedAt: now }
          ;[logins] = WebLogins.accept(logins, { ...login, keptAt: Option.none() }, () => false)
          known.push({ account, ptwebqq: `p${i}`, skey: `s${i}`, usedAt: now, gone: false })
          const own = known.filter((other) => !other.gone && other.account === command.account)
          for (const oldest of own.slice(0, Math.max(own.length - Bounds.loginsAtMost, 0))) oldest.gone = true
        }
        if (one === undefined) continue
        const [next, found] = by(logins, "ptwebqq", one.ptwebqq, now)
        logins = next
        assert.strictEqual(Option.isSome(found), !isGone(one))
        one.gone = isGone(one)
        if (Option.isNone(found)) continue
        one.usedAt = now
        assert.deepInclude(found.value, { account: one.account, skey: one.skey, ptwebqq: one.ptwebqq })
        if (command.does === "forget") {
          logins = WebLogins.forget(logins, found.value.id)
          one.gone = true
        }
        if (command.does === "rotate") {
          logins = WebLogins.rotate(logins, found.value.id, `r${i}`)
          assert.isTrue(Option.isNone(by(logins, "ptwebqq", one.ptwebqq, now)[1]))
          one.ptwebqq = `r${i}`
        }
        // A token is good as itself only.
        assert.isTrue(Option.isNone(by(logins, "skey", one.ptwebqq, now)[1]))
        assert.strictEqual(Option.isSome(by(logins, "skey", one.skey, now)[1]), !one.gone)
      }
    }
  )

  it("that are online are not pushed out by those that are not", () => {
    let logins = WebLogins.empty
    const accept = (n: number, isOnline: (id: number) => boolean) => {
      const tokens = { skey: `s${n}`, ptwebqq: `p${n}`, ptsigx: `x${n}`, vfwebqq: `v${n}`, superkey: `k${n}` }
      const login = { ...tokens, supertoken: "1", account: Ids.QQ.make(10001), aliases: Aliases.plain(), seed: 0 }
      const [next, { id }] = WebLogins.accept(logins, { ...login, usedAt: 0, keptAt: Option.none() }, isOnline)
      logins = next
      return id
    }
    const online = accept(0, () => false)
    for (let n = 1; n < 30; n++) accept(n, (id) => id === online)
    assert.isTrue(Option.isSome(by(logins, "ptwebqq", "p0", 0)[1]))
    assert.isTrue(Option.isNone(by(logins, "ptwebqq", "p1", 0)[1]))
    assert.isTrue(Option.isSome(by(logins, "ptwebqq", "p29", 0)[1]))
  })
})
