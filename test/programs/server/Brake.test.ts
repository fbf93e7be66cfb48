/** Guessing passwords: at the brake itself, and at the two places that look at passwords. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, type Duration, Effect, Fiber, Layer, TestClock } from "effect"
import * as Brake from "../../../src/programs/server/Brake.ts"
import * as Options from "../../../src/programs/server/Options.ts"
import { PasswordMd5 } from "../../../src/protocol/index.ts"
import { Ids } from "../../../src/schema/index.ts"
import { ask, attempt as attemptByHand, quoted, server } from "../../support/ByHand.ts"

const bot = Ids.QQ.make(10001)
const other = Ids.QQ.make(10002)
const right = () => true
const wrong = () => false

/** How long an attempt takes, in seconds, and how it ends. */
const timed = <A, R>(attempt: Effect.Effect<A, never, R>) =>
  Effect.gen(function* () {
    const before = yield* Clock.currentTimeMillis
    const outcome = yield* attempt
    return [outcome, ((yield* Clock.currentTimeMillis) - before) / 1000] as const
  })

const finished = <A, E>(fiber: Fiber.RuntimeFiber<A, E>, after: Duration.DurationInput) =>
  Effect.zipRight(TestClock.adjust(after), Fiber.join(fiber))

/** Attempts one after the other, each as soon as the one before is answered. */
const oneByOne = <A, R>(attempt: Effect.Effect<A, never, R>, times: number) =>
  Effect.flatMap(Effect.fork(Effect.replicateEffect(timed(attempt), times)), (fiber) => finished(fiber, "1 hour"))

const test = (name: string, body: (brake: Brake.Brake["Type"]) => Effect.Effect<void>, options: Options.Input = {}) =>
  it.effect(name, () =>
    Effect.flatMap(Brake.Brake, body).pipe(Effect.provide(Layer.provide(Brake.layer, Options.layer(options))))
  )

describe("the brake", () => {
  test("answers six wrong passwords at once, and then twice as late each time, but never after 28 seconds", (brake) =>
    Effect.gen(function* () {
      const times = yield* oneByOne(brake.attempt(bot, wrong), 14)
      assert.deepStrictEqual(
        times.map(([, seconds]) => seconds),
        [0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 28, 28, 28]
      )
      assert.deepStrictEqual(new Set(times.map(([outcome]) => outcome)), new Set(["Wrong"] as const))
      assert.strictEqual(brake.wrongPasswords(bot), 14)
      assert.deepStrictEqual(yield* oneByOne(brake.attempt(other, wrong), 1), [["Wrong", 0]])
    }))

  test("makes attempts at the same time wait for one another, and turns away what would wait too long", (brake) =>
    Effect.gen(function* () {
      yield* oneByOne(brake.attempt(bot, wrong), 6)
      let looks = 0
      const look = () => {
        looks++
        return false
      }
      const start = yield* Clock.currentTimeMillis
      const all = yield* Effect.fork(
        Effect.all(
          Array.from({ length: 100 }, () => timed(brake.attempt(bot, look))),
          { concurrency: "unbounded" }
        )
      )
      const answers = yield* finished(all, "1 minute")
      // 1, then 2 more, 4 more, 8 more; 16 more would be 31 seconds.
      assert.deepStrictEqual(answers.slice(0, 4), [
        ["Wrong", 1],
        ["Wrong", 3],
        ["Wrong", 7],
        ["Wrong", 15]
      ])
      assert.deepStrictEqual(answers.slice(4), Array(96).fill(["TooMany", 0]))
      assert.strictEqual(looks, 4)
      assert.strictEqual((yield* Clock.currentTimeMillis) - start, 60_000)
    }))

  test("forgets the wrong ones when the right one comes, after its wait", (brake) =>
    Effect.gen(function* () {
      yield* oneByOne(brake.attempt(bot, wrong), 7)
      assert.deepStrictEqual(yield* oneByOne(brake.attempt(bot, right), 1), [["Right", 2]])
      assert.strictEqual(brake.wrongPasswords(bot), 0)
      const times = yield* oneByOne(brake.attempt(bot, wrong), 7)
      assert.deepStrictEqual(
        times.map(([, seconds]) => seconds),
        [0, 0, 0, 0, 0, 0, 1]
      )
    }))

  test("is not got round by hanging up", (brake) =>
    Effect.gen(function* () {
      yield* oneByOne(brake.attempt(bot, wrong), 6)
      const first = yield* Effect.fork(brake.attempt(bot, () => assert.fail("looked at")))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(first)
      assert.deepStrictEqual(yield* oneByOne(brake.attempt(bot, wrong), 1), [["Wrong", 2]])
    }))

  test(
    "comes three wrong passwords after the captcha, and after ten if that comes late or never",
    (brake) =>
      Effect.gen(function* () {
        const times = yield* oneByOne(brake.attempt(bot, wrong), 11)
        assert.deepStrictEqual(
          times.map(([, seconds]) => seconds),
          [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
        )
      }),
    { captchaAfter: Number.POSITIVE_INFINITY }
  )

  test("remembers ten thousand accounts, the latest", (brake) =>
    Effect.gen(function* () {
      for (let i = 0; i < 10_000; i++) yield* brake.attempt(Ids.QQ.make(20_000 + i), wrong)
      yield* brake.attempt(Ids.QQ.make(20_000), wrong)
      yield* brake.attempt(bot, wrong)
      assert.deepStrictEqual(
        [20_000, 20_001, 29_999, 10_001].map((account) => brake.wrongPasswords(Ids.QQ.make(account))),
        [2, 0, 1, 1]
      )
    }))
})

describe("the server", () => {
  const codeOf = (attempt: ReturnType<typeof attemptByHand>) => Effect.map(attempt, (reply) => quoted(reply)[0])
  /** `captchaAfter` is out of the way: no picture has to be read. */
  const open = server({ captchaAfter: 1000 })

  it.effect("answers wrong passwords later and later, and too many at once with code 6, right ones too", () =>
    Effect.gen(function* () {
      const times = yield* oneByOne(codeOf(attemptByHand(10001, "guess")), 12)
      assert.deepStrictEqual(times.slice(-2), [
        ["3", 1],
        ["3", 2]
      ])
      const guesses = yield* Effect.fork(
        Effect.all(
          Array.from({ length: 4 }, () => timed(codeOf(attemptByHand(10001, "guess")))),
          {
            concurrency: "unbounded"
          }
        )
      )
      yield* TestClock.adjust(0)
      const inTheCrowd = yield* attemptByHand(10001)
      assert.strictEqual(quoted(inTheCrowd)[0], "6")
      assert.deepStrictEqual(inTheCrowd.setCookies, [])
      const codes = (yield* finished(guesses, "1 minute")).map(([code]) => code)
      assert.sameMembers(codes, ["3", "3", "3", "6"])
      assert.deepStrictEqual(yield* oneByOne(codeOf(attemptByHand(10002)), 1), [["0", 0]])
      assert.deepStrictEqual(yield* oneByOne(codeOf(attemptByHand(10001)), 2), [
        ["0", 28],
        ["0", 0]
      ])
    }).pipe(Effect.provide(open))
  )

  const phone = (account: number, password: string) => {
    const salt = Uint8Array.from([0, 0, 0, 0, 0, 0, account >> 8, account & 255])
    const p = PasswordMd5.proof(PasswordMd5.digest(password), salt, "no-such-ticket")
    const body = `k=no-such-ticket&uin=${account}&p=${p}&action=scan`
    return Effect.map(ask({ method: "POST", path: "/phone", body }), ({ status }) => status)
  }

  it.effect("does so for phones too, with one count for both", () =>
    Effect.gen(function* () {
      yield* oneByOne(attemptByHand(10001, "guess"), 5)
      const times = yield* oneByOne(phone(10001, "guess"), 7)
      assert.deepStrictEqual(times.slice(4), [
        [403, 0],
        [403, 1],
        [403, 2]
      ])
      const crowd = yield* Effect.fork(
        Effect.all(
          Array.from({ length: 4 }, () => phone(10001, "guess")),
          { concurrency: "unbounded" }
        )
      )
      assert.deepStrictEqual(yield* finished(crowd, "1 minute"), [403, 403, 403, 429])
      assert.deepStrictEqual(yield* oneByOne(phone(10001, "webqq-10001"), 2), [
        [404, 28],
        [404, 0]
      ])
    }).pipe(Effect.provide(open))
  )

  it.effect("does not remember accounts that it does not have", () =>
    Effect.gen(function* () {
      const times = yield* oneByOne(codeOf(attemptByHand(99999, "guess")), 20)
      assert.deepStrictEqual(times, Array(20).fill(["3", 0]))
      assert.deepStrictEqual(yield* oneByOne(phone(99999, "guess"), 20), Array(20).fill([403, 0]))
    }).pipe(Effect.provide(open))
  )
})
