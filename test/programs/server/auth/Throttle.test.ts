/** Guessing passwords: at the throttle itself, and at the two places that look at passwords. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, type Duration, Effect, Either, Fiber, Layer, Option, Redacted, TestClock } from "effect"
import * as QrText from "../../../../src/programs/cli/QrText.ts"
import * as Throttle from "../../../../src/programs/server/auth/Throttle.ts"
import { Handler, World, WorldMemory } from "../../../../src/programs/server/index.ts"
import * as Options from "../../../../src/programs/server/Options.ts"
import { PasswordMd5 } from "../../../../src/protocol/index.ts"
import { Ids } from "../../../../src/schema/index.ts"
import { ask, attempt as attemptByHand, quoted } from "../../../rigs/RawRequests.ts"
import { handler } from "../../../rigs/ServerInProcess.ts"

const bot = Ids.QQ.make(10001)
const other = Ids.QQ.make(10002)
const right = Effect.succeedSome("Right" as const)
const wrong = Effect.succeedNone

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

/** A throttle whose outcomes are words. */
const simple = (throttle: Throttle.Throttle["Type"]) => ({
  wrongPasswords: (account: Ids.QQ) => throttle.wrong("password", account),
  attempt: (account: Ids.QQ, look: Effect.Effect<Option.Option<"Right">>) =>
    Effect.map(throttle.attempt("password", account, look), Either.merge)
})
type Simple = ReturnType<typeof simple>

const test = (name: string, body: (throttle: Simple) => Effect.Effect<void>, options: Options.Input = {}) =>
  it.effect(name, () =>
    Effect.flatMap(Throttle.Throttle, (throttle) => body(simple(throttle))).pipe(
      Effect.provide(Layer.provide(Throttle.layer, Options.layer(options)))
    )
  )

describe("the throttle", () => {
  test("answers six wrong passwords at once, and then twice as late each time, but never after 28 seconds", (throttle) =>
    Effect.gen(function* () {
      const times = yield* oneByOne(throttle.attempt(bot, wrong), 14)
      assert.deepStrictEqual(
        times.map(([, seconds]) => seconds),
        [0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 28, 28, 28]
      )
      assert.deepStrictEqual(new Set(times.map(([outcome]) => outcome)), new Set(["Wrong"] as const))
      assert.strictEqual(throttle.wrongPasswords(bot), 14)
      assert.deepStrictEqual(yield* oneByOne(throttle.attempt(other, wrong), 1), [["Wrong", 0]])
    }))

  test("makes attempts at the same time wait for one another, and turns away what would wait too long", (throttle) =>
    Effect.gen(function* () {
      yield* oneByOne(throttle.attempt(bot, wrong), 6)
      let looks = 0
      const look = Effect.sync(() => {
        looks++
        return Option.none()
      })
      const start = yield* Clock.currentTimeMillis
      const all = yield* Effect.fork(
        Effect.all(
          Array.from({ length: 100 }, () => timed(throttle.attempt(bot, look))),
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

  test("forgets the wrong ones when the right one comes, after its wait", (throttle) =>
    Effect.gen(function* () {
      yield* oneByOne(throttle.attempt(bot, wrong), 7)
      assert.deepStrictEqual(yield* oneByOne(throttle.attempt(bot, right), 1), [["Right", 2]])
      assert.strictEqual(throttle.wrongPasswords(bot), 0)
      const times = yield* oneByOne(throttle.attempt(bot, wrong), 7)
      assert.deepStrictEqual(
        times.map(([, seconds]) => seconds),
        [0, 0, 0, 0, 0, 0, 1]
      )
    }))

  test("is not got round by hanging up", (throttle) =>
    Effect.gen(function* () {
      yield* oneByOne(throttle.attempt(bot, wrong), 6)
      const first = yield* Effect.fork(throttle.attempt(bot, Effect.dieMessage("looked at")))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(first)
      assert.deepStrictEqual(yield* oneByOne(throttle.attempt(bot, wrong), 1), [["Wrong", 2]])
    }))

  test(
    "comes three wrong passwords after the captcha, and after ten if that comes late or never",
    (throttle) =>
      Effect.gen(function* () {
        const times = yield* oneByOne(throttle.attempt(bot, wrong), 11)
        assert.deepStrictEqual(
          times.map(([, seconds]) => seconds),
          [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
        )
      }),
    { captchaAfter: Number.POSITIVE_INFINITY }
  )

  test("looks at none more of those that come at once than of those that come one by one", (throttle) =>
    Effect.gen(function* () {
      const slow = Effect.delay(wrong, "1 second")
      const crowd = yield* Effect.fork(
        Effect.all(
          Array.from({ length: 100 }, () => throttle.attempt(bot, slow)),
          { concurrency: "unbounded" }
        )
      )
      const answers = yield* finished(crowd, "1 minute")
      // Six are free, then 1, 2, 4, 8 seconds.
      assert.strictEqual(answers.filter((answer) => answer === "Wrong").length, 10)
    }))

  test("does not keep anybody out because the time of the day is set back", (throttle) =>
    Effect.gen(function* () {
      yield* oneByOne(throttle.attempt(bot, wrong), 8)
      const steady = yield* Effect.clock
      const start = yield* Clock.currentTimeMillis
      const setBack: Clock.Clock = {
        [Clock.ClockTypeId]: Clock.ClockTypeId,
        unsafeCurrentTimeMillis: () => start - 3_600_000,
        unsafeCurrentTimeNanos: () => steady.unsafeCurrentTimeNanos(),
        currentTimeMillis: Effect.succeed(start - 3_600_000),
        currentTimeNanos: steady.currentTimeNanos,
        sleep: (duration) => steady.sleep(duration)
      }
      const waiting = yield* Effect.fork(throttle.attempt(bot, wrong))
      yield* TestClock.adjust(0)
      const mine = yield* Effect.fork(Effect.withClock(throttle.attempt(bot, right), setBack))
      assert.strictEqual(yield* finished(mine, "12 seconds"), "Right")
      yield* Fiber.join(waiting)
    }))

  test("remembers ten thousand accounts, the latest", (throttle) =>
    Effect.gen(function* () {
      for (let i = 0; i < 10_000; i++) yield* throttle.attempt(Ids.QQ.make(20_000 + i), wrong)
      yield* throttle.attempt(Ids.QQ.make(20_000), wrong)
      yield* throttle.attempt(bot, wrong)
      assert.deepStrictEqual(
        [20_000, 20_001, 29_999, 10_001].map((account) => throttle.wrongPasswords(Ids.QQ.make(account))),
        [2, 0, 1, 1]
      )
    }))
})

describe("the server", () => {
  const codeOf = (attempt: ReturnType<typeof attemptByHand>) => Effect.map(attempt, (reply) => quoted(reply)[0])
  /** `captchaAfter` is out of the way: no picture has to be read. */
  const open = handler({ captchaAfter: 1000 })

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

  /** A phone in front of a QR code. */
  const phoneAt = (k: string, account: number, password: string, action = "scan") => {
    const salt = Uint8Array.from([0, 0, 0, 0, 0, 0, account >> 8, account & 255])
    const p = PasswordMd5.proof(PasswordMd5.digest(password), salt, k)
    const body = `k=${k}&uin=${account}&p=${p}&action=${action}`
    return Effect.map(ask({ method: "POST", path: "/phone", body }), ({ status }) => status)
  }
  const shownCode = Effect.map(ask({ host: "ssl.ptlogin2.qq.com", path: "/ptqrshow" }), ({ body, setCookies }) => {
    const content = Option.getOrThrow(QrText.contentOf(body as Uint8Array))
    return { ticket: new URL(content).searchParams.get("k") ?? "", cookie: setCookies[0]?.split(";")[0] ?? "" }
  })
  const asked = ({ cookie }: { readonly cookie: string }) =>
    Effect.map(
      ask({ host: "ssl.ptlogin2.qq.com", path: "/ptqrlogin", headers: { cookie } }),
      (reply) => quoted(reply)[0]
    )
  /** A phone in front of a code of its own. */
  const phone = (account: number, password: string) =>
    Effect.flatMap(shownCode, ({ ticket }) => phoneAt(ticket, account, password))

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
        [200, 28],
        [200, 0]
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

  it.effect("does not slow an account for proofs about a ticket that was invented, decided or used up", () =>
    Effect.gen(function* () {
      const invented = Effect.zip(phoneAt("", 10001, "guess"), phoneAt("0".repeat(32), 10001, "guess"))
      assert.deepStrictEqual(yield* oneByOne(invented, 20), Array(20).fill([[404, 404], 0]))
      const decided = yield* shownCode
      assert.strictEqual(yield* phoneAt(decided.ticket, 10002, "webqq-10002", "reject"), 200)
      assert.deepStrictEqual(yield* oneByOne(phoneAt(decided.ticket, 10001, "guess"), 20), Array(20).fill([404, 0]))
      assert.deepStrictEqual(yield* oneByOne(codeOf(attemptByHand(10001, "guess")), 10), Array(10).fill(["3", 0]))
    }).pipe(Effect.provide(open))
  )

  it.effect("takes five wrong proofs per ticket, at the same time or not, of whatever account", () =>
    Effect.gen(function* () {
      const code = yield* shownCode
      const guesses = Array.from({ length: 8 }, (_, i) => phoneAt(code.ticket, i % 2 === 0 ? 10001 : 99999, "guess"))
      assert.strictEqual(yield* phoneAt(code.ticket, 10001, "webqq-10001"), 200)
      const statuses = yield* Effect.all(guesses, { concurrency: "unbounded" })
      assert.deepStrictEqual(statuses, [403, 403, 403, 403, 403, 404, 404, 404])
      assert.strictEqual(yield* phoneAt(code.ticket, 10001, "webqq-10001", "confirm"), 404)
      assert.strictEqual(yield* asked(code), "65")
    }).pipe(Effect.provide(open))
  )

  /** Makes the next attempt wait, and does something meanwhile. */
  const meanwhile = <A, R, R2>(attempt: Effect.Effect<A, never, R>, change: Effect.Effect<unknown, never, R2>) =>
    Effect.gen(function* () {
      yield* oneByOne(attemptByHand(10001, "guess"), 10)
      const fiber = yield* Effect.fork(attempt)
      yield* TestClock.adjust("500 millis")
      yield* change
      return yield* finished(fiber, "1 minute")
    })
  const newPassword = Effect.flatMap(World.World, (world) =>
    world.setPassword(Ids.QQ.make(10001), Redacted.make(PasswordMd5.digest("new")))
  )
  const freeze = Effect.flatMap(World.World, (world) => world.change(Ids.QQ.make(10001), { frozen: true }))
  const withWorld = Layer.provideMerge(Handler.layer({ aliases: false, captchaAfter: 1000 }), WorldMemory.layer())

  it.effect("looks at the password after the wait", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* meanwhile(codeOf(attemptByHand(10001)), newPassword), "3")
      assert.deepStrictEqual(yield* oneByOne(codeOf(attemptByHand(10001, "new")), 1), [["0", 2]])
    }).pipe(Effect.provide(withWorld))
  )

  it.effect("lets nobody in who was frozen during the wait", () =>
    Effect.gen(function* () {
      const reply = yield* meanwhile(attemptByHand(10001), freeze)
      assert.include(quoted(reply)[2], "aq.qq.com")
      assert.deepStrictEqual(reply.setCookies, [])
    }).pipe(Effect.provide(withWorld))
  )

  it.effect("takes no phone for the account's that had the password before the wait", () =>
    Effect.gen(function* () {
      const confirming = Effect.flatMap(shownCode, ({ ticket }) => phoneAt(ticket, 10001, "webqq-10001", "confirm"))
      assert.strictEqual(yield* meanwhile(confirming, newPassword), 403)
    }).pipe(Effect.provide(withWorld))
  )

  it.effect("lets nobody in by a code that was confirmed with an earlier password, or before a freeze", () =>
    Effect.gen(function* () {
      const confirmed = Effect.tap(shownCode, ({ ticket }) => phoneAt(ticket, 10001, "webqq-10001", "confirm"))
      const [first, second, third] = yield* Effect.all([confirmed, confirmed, confirmed])
      assert.strictEqual(yield* asked(first), "0")
      yield* newPassword
      assert.strictEqual(yield* asked(second), "65")
      yield* Effect.flatMap(World.World, (world) =>
        world.setPassword(Ids.QQ.make(10001), Redacted.make(PasswordMd5.digest("webqq-10001")))
      )
      yield* freeze
      const reply = yield* ask({ host: "ssl.ptlogin2.qq.com", path: "/ptqrlogin", headers: { cookie: third.cookie } })
      assert.include(quoted(reply)[2], "aq.qq.com")
    }).pipe(Effect.provide(withWorld))
  )
})
