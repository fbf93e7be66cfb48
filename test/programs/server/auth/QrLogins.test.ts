import { assert, describe, it } from "@effect/vitest"
import { Effect, TestClock } from "effect"
import * as QrLogins from "../../../../src/programs/server/auth/QrLogins.ts"
import { account } from "../../../fixtures/Worlds.ts"

const bot = account(10001)
const other = account(10002)

const test = (name: string, body: (logins: QrLogins.QrLogins["Type"]) => Effect.Effect<void>) =>
  it.effect(name, () => Effect.flatMap(QrLogins.QrLogins, body).pipe(Effect.provide(QrLogins.layer)))

const tag = (state: Effect.Effect<QrLogins.State>) => Effect.map(state, ({ _tag }) => _tag)

describe("a QR login", () => {
  test("waits, is scanned, is confirmed, and is used up by that", (logins) =>
    Effect.gen(function* () {
      const { qrsig, ticket } = yield* logins.create
      assert.strictEqual(qrsig.length, 64)
      assert.match(ticket, /^[0-9a-f]{32}$/)
      assert.strictEqual(yield* tag(logins.state(qrsig)), "Waiting")
      assert.isTrue(yield* logins.move(ticket, bot, "scan"))
      assert.deepStrictEqual({ ...(yield* logins.state(qrsig)) }, { _tag: "Scanned", account: bot.number })
      assert.isTrue(yield* logins.move(ticket, bot, "confirm"))
      assert.deepStrictEqual({ ...(yield* logins.state(qrsig)) }, { _tag: "Confirmed", owner: bot })
      assert.strictEqual(yield* tag(logins.state(qrsig)), "Expired")
      assert.isFalse(yield* logins.move(ticket, bot, "scan"))
    }))

  test("can be refused before and after the scan, and stays refused", (logins) =>
    Effect.gen(function* () {
      for (const before of [[], ["scan"]] as const) {
        const { qrsig, ticket } = yield* logins.create
        for (const action of before) yield* logins.move(ticket, bot, action)
        assert.isTrue(yield* logins.move(ticket, bot, "reject"))
        assert.strictEqual(yield* tag(logins.state(qrsig)), "Refused")
        for (const action of ["scan", "confirm", "reject"] as const) {
          assert.isFalse(yield* logins.move(ticket, bot, action))
        }
        assert.strictEqual(yield* tag(logins.state(qrsig)), "Refused")
      }
    }))

  test("belongs to the phone that scanned it", (logins) =>
    Effect.gen(function* () {
      const { qrsig, ticket } = yield* logins.create
      yield* logins.move(ticket, bot, "scan")
      for (const action of ["scan", "confirm", "reject"] as const) {
        assert.isFalse(yield* logins.move(ticket, other, action))
      }
      assert.strictEqual(yield* tag(logins.state(qrsig)), "Scanned")
    }))

  test("counts its minutes at any time, also where the digits of its ticket start anew", (logins) =>
    Effect.gen(function* () {
      for (const time of [Date.UTC(2026, 10, 26), 2 ** 40 - 60_000, 2 ** 41 - 1]) {
        yield* TestClock.setTime(time)
        const { qrsig } = yield* logins.create
        assert.strictEqual(yield* tag(logins.state(qrsig)), "Waiting")
        yield* TestClock.adjust("119 seconds")
        assert.strictEqual(yield* tag(logins.state(qrsig)), "Waiting")
        yield* TestClock.adjust("2 seconds")
        assert.strictEqual(yield* tag(logins.state(qrsig)), "Expired")
      }
    }))

  test("is good for two minutes, whatever its state", (logins) =>
    Effect.gen(function* () {
      const waiting = yield* logins.create
      const scanned = yield* logins.create
      const confirmed = yield* logins.create
      yield* logins.move(scanned.ticket, bot, "scan")
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual(yield* tag(logins.state(waiting.qrsig)), "Waiting")
      assert.strictEqual(yield* tag(logins.state(scanned.qrsig)), "Scanned")
      assert.isTrue(yield* logins.move(confirmed.ticket, bot, "confirm"))
      yield* TestClock.adjust("1 millis")
      for (const { qrsig, ticket } of [waiting, scanned, confirmed]) {
        assert.strictEqual(yield* tag(logins.state(qrsig)), "Expired")
        assert.isFalse(yield* logins.move(ticket, bot, "confirm"))
      }
    }))

  test("that was never given out is expired", (logins) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* tag(logins.state("")), "Expired")
      assert.strictEqual(
        yield* tag(logins.state("hJ9GvNx*oIvLjP5I5dQ19KPa3zwxNI62eALLO*g2JLbKPYsZIRsnbJIxNe74NzQQ")),
        "Expired"
      )
      assert.isFalse(yield* logins.move("", bot, "scan"))
    }))

  test("is not pushed out by those that others ask for", (logins) =>
    Effect.gen(function* () {
      const oldest = yield* logins.create
      yield* Effect.replicateEffect(logins.create, 10_001, { discard: true })
      assert.strictEqual(yield* tag(logins.state(oldest.qrsig)), "Waiting")
      assert.isTrue(yield* logins.move(oldest.ticket, bot, "confirm"))
      assert.strictEqual(yield* tag(logins.state(oldest.qrsig)), "Confirmed")
    }))
})
