/** The server's memory of logins as values: whatever happens in whatever order, these things hold. */
import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc, Option } from "effect"
import * as LoginCodes from "../../../../src/programs/server/auth/LoginCodes.ts"
import * as QrLogins from "../../../../src/programs/server/auth/QrLogins.ts"
import * as Seal from "../../../../src/programs/server/auth/Seal.ts"
import * as Throttle from "../../../../src/programs/server/auth/Throttle.ts"
import { account } from "../../../fixtures/Worlds.ts"

const pause = fc.oneof(fc.constant(0), fc.nat({ max: 3000 }), fc.nat({ max: 120_000 }))

describe("a throttle", () => {
  /** Somebody attempts, and is right, wrong, or gives up before. */
  const attempt = fc.record({ pause, ends: fc.constantFrom("right", "wrong", "wrong", "wrong", "given up") })

  it("looks at attempts in turn, none later than 28 seconds, and at few of those who guess", () =>
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 80 }), fc.nat({ max: 10 }), (attempts, free) => {
        let state = Throttle.fresh
        let now = 0
        let pending: Array<{ readonly at: number; readonly ends: string }> = []
        const looks: Array<number> = []
        let lastRight = Number.NEGATIVE_INFINITY
        const run = (until: number) => {
          for (const { at, ends } of pending.filter(({ at }) => at <= until)) {
            if (ends === "given up") state = Throttle.leave(state)
            else {
              state = Throttle.told(state, ends === "right")
              if (ends === "right") lastRight = at
              looks.push(at)
            }
          }
          pending = pending.filter(({ at }) => at > until)
        }
        for (const { ends, pause } of attempts) {
          now += pause
          run(now)
          const [asked, wait] = Throttle.ask(state, free, now)
          state = asked
          if (Option.isNone(wait)) continue
          assert.isAtMost(wait.value, Throttle.longest)
          const at = now + wait.value
          // In turn: nobody is looked at before those who asked earlier.
          for (const earlier of pending) assert.isAtLeast(at, earlier.at)
          pending.push({ at, ends })
        }
        run(Number.POSITIVE_INFINITY)
        assert.strictEqual(state.waiting, 0)
        // Since the last right one: the free ones, then at most one more each second.
        const guesses = looks.filter((at) => at > lastRight)
        const span = (guesses.at(-1) ?? 0) - (guesses[0] ?? 0)
        assert.isAtMost(guesses.length, Math.max(free, 1) + 1 + span / 1000)
      })
    ))

  it("is not slower than the free ones for who is right", () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.nat({ max: 20 }), (free, wrong) => {
        const state = { ...Throttle.fresh, wrong }
        const [, wait] = Throttle.ask(Throttle.told(Throttle.ask(state, free, 0)[0], true), free, 60_000)
        assert.deepStrictEqual(wait, Option.some(0))
      })
    ))
})

describe("login codes", () => {
  const act = fc.record({
    pause,
    what: fc.constantFrom("issue", "issue", "find", "spend"),
    which: fc.nat()
  })

  it("stay as long as they are good, and are good as often as they were given out", () =>
    fc.assert(
      fc.property(fc.array(act, { maxLength: 120 }), fc.integer({ min: 1, max: 4 }), (acts, atMost) => {
        let state: LoginCodes.State = []
        let now = 0
        /** Every time that a code was given out and not used: when. */
        const model = new Map<string, { readonly code: string; times: number; at: number }>()
        const isGood = ({ at, times }: { at: number; times: number }) => times > 0 && now - at <= LoginCodes.lifetime
        for (const [i, { pause, what, which }] of acts.entries()) {
          now += pause
          for (const [token, one] of model) if (!isGood(one)) model.delete(token)
          const tokens = [...model.keys()]
          const chosen = tokens[which % Math.max(tokens.length, 1)] ?? "none"
          if (what === "issue") {
            const fresh = { salt: new Uint8Array(8), code: `!AA${"ABC"[which % 3]}`, token: `t${i}` }
            const [next, issued] = LoginCodes.issue(state, fresh, atMost, now)
            state = next
            const known = model.get(issued.token)
            model.set(issued.token, { code: issued.code, times: (known?.times ?? 0) + 1, at: now })
          } else if (what === "spend") {
            const [next, isSpent] = LoginCodes.spend(state, chosen, now)
            state = next
            assert.strictEqual(isSpent, model.has(chosen))
            const known = model.get(chosen)
            if (known !== undefined) known.times--
          } else {
            const found = LoginCodes.find(state, model.get(chosen)?.code.toLowerCase() ?? "!ZZZ", [chosen], now)
            assert.strictEqual(Option.getOrUndefined(found)?.token, model.has(chosen) ? chosen : undefined)
          }
          assert.isAtMost(state.length, atMost)
        }
      })
    ))
})

describe("a QR login", () => {
  const people = [account(10001), account(10002)] as const
  const action = fc.constantFrom<QrLogins.Action>("scan", "confirm", "reject")
  const act = fc.oneof(fc.record({ who: fc.nat({ max: 1 }), action }), fc.constant("heard" as const))

  it("is decided once, by who scanned it, and lets in once", () =>
    fc.assert(
      fc.property(fc.array(act, { maxLength: 12 }), (acts) => {
        let state: QrLogins.State = QrLogins.State.Waiting()
        let scanner: number | undefined
        let decided = false
        let entered = 0
        for (const one of acts) {
          if (one === "heard") {
            if (state._tag === "Confirmed") entered++
            state = QrLogins.heard(state)
            continue
          }
          const owner = people[one.who] ?? people[0]
          const moved = QrLogins.move(state, owner, one.action)
          const may = !decided && (scanner === undefined || scanner === one.who)
          assert.strictEqual(Option.isSome(moved), may)
          if (Option.isNone(moved)) continue
          state = moved.value
          if (one.action === "scan") scanner = one.who
          else decided = true
        }
        assert.isAtMost(entered, 1)
      })
    ))
})

describe("a seal", () => {
  const key = fc.uint8Array({ minLength: 32, maxLength: 32 })
  const payload = fc.uint8Array({ minLength: 1, maxLength: 40 })

  it("opens for its key and purpose alone, and not after any change", () =>
    fc.assert(
      fc.property(key, payload, fc.nat(), fc.constantFrom(..."0123456789abcdefgA"), (secret, bytes, at, digit) => {
        const sealed = Seal.seal(secret, "a", bytes, 16)
        assert.deepStrictEqual(Option.getOrThrow(Seal.open(secret, "a", sealed, 16)), bytes)
        assert.isTrue(Option.isNone(Seal.open(secret, "b", sealed, 16)))
        assert.isTrue(
          Option.isNone(
            Seal.open(
              secret.map((byte) => byte ^ 1),
              "a",
              sealed,
              16
            )
          )
        )
        const place = at % sealed.length
        const changed = sealed.slice(0, place) + digit + sealed.slice(place + 1)
        assert.strictEqual(Option.isSome(Seal.open(secret, "a", changed, 16)), changed === sealed)
      })
    ))

  it("is not opened by what is none", () =>
    fc.assert(
      fc.property(key, fc.oneof(fc.string(), fc.hexaString()), (secret, text) =>
        assert.isTrue(Option.isNone(Seal.open(secret, "a", text, 16)))
      )
    ))
})
