/** What logins must answer, and what strangers cannot do to it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Either, Fiber, Layer, Option, TestClock } from "effect"
import * as Challenges from "../../../../src/programs/server/auth/Challenges.ts"
import * as Throttle from "../../../../src/programs/server/auth/Throttle.ts"
import * as Options from "../../../../src/programs/server/Options.ts"
import { Ids } from "../../../../src/schema/index.ts"

const bot = Ids.QQ.make(10001)
const other = Ids.QQ.make(10002)
const salt = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8])
const usual = new Uint8Array(8)

type Service = Challenges.Challenges["Type"]

const test = (
  name: string,
  body: (challenges: Service) => Effect.Effect<void>,
  options: Options.Input = { captchaCode: "ABCD" }
) =>
  it.effect(name, () =>
    Effect.flatMap(Challenges.Challenges, body).pipe(
      Effect.provide(Challenges.layer),
      Effect.provide(Layer.provideMerge(Throttle.layer, Options.layer(options)))
    )
  )

/** The salt of what was answered rightly, or why not; its use is spent. */
const redeem = (challenges: Service, code: string, tokens: ReadonlyArray<string> = [], account = bot) =>
  Effect.gen(function* () {
    const answer = yield* challenges.redeem(account, code, tokens)
    if (Either.isLeft(answer)) return answer.left
    return (yield* answer.right.use) ? answer.right.salt : "Used"
  })

/** A captcha of the account, with its picture. */
const drawn = (challenges: Service) =>
  Effect.gen(function* () {
    const { code: capCd } = yield* challenges.issue(bot, salt, true)
    return { capCd, ...Option.getOrThrow(yield* challenges.picture(bot, capCd, usual)) }
  })

describe("a login code", () => {
  test("is good for one login of its account", (challenges) =>
    Effect.gen(function* () {
      const { code } = yield* challenges.issue(bot, salt, false)
      assert.match(code, /^![A-Z]{3}$/)
      assert.strictEqual(yield* redeem(challenges, code, [], other), "Wrong")
      assert.deepStrictEqual(yield* redeem(challenges, code.toLowerCase()), salt)
      assert.strictEqual(yield* redeem(challenges, code), "Wrong")
    }))

  test("is not spent before the password is looked at, and by the first of two then", (challenges) =>
    Effect.gen(function* () {
      const { code } = yield* challenges.issue(bot, salt, false)
      const [first, second] = [
        Either.getOrThrow(yield* challenges.redeem(bot, code, [])),
        Either.getOrThrow(yield* challenges.redeem(bot, code, []))
      ]
      assert.deepStrictEqual([yield* second.use, yield* first.use], [true, false])
    }))

  test("is good for five minutes", (challenges) =>
    Effect.gen(function* () {
      const first = yield* challenges.issue(bot, salt, false)
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(yield* redeem(challenges, first.code), salt)
      const second = yield* challenges.issue(bot, salt, false)
      yield* TestClock.adjust("300001 millis")
      assert.strictEqual(yield* redeem(challenges, second.code), "Wrong")
    }))

  test("is not pushed out, however many are asked for", (challenges) =>
    Effect.gen(function* () {
      const mine = yield* challenges.issue(bot, salt, false)
      yield* Effect.replicateEffect(challenges.issue(bot, usual, false), 1000, { discard: true })
      yield* Effect.forEach(Array(10_001).keys(), (i) => challenges.issue(Ids.QQ.make(20_000 + i), usual, false))
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(yield* redeem(challenges, mine.code, [mine.token]), salt)
    }))

  test("that is asked for in a crowd is given out again, for one more login", (challenges) =>
    Effect.gen(function* () {
      const all = yield* Effect.replicateEffect(challenges.issue(bot, salt, false), Challenges.codesAtMost + 2)
      assert.strictEqual(new Set(all.map(({ token }) => token)).size, Challenges.codesAtMost)
      const shared = all.at(-1)
      const answers = yield* Effect.replicateEffect(redeem(challenges, shared?.code ?? "", [shared?.token ?? ""]), 3)
      assert.deepStrictEqual(answers, [salt, salt, salt])
    }))
})

describe("a captcha", () => {
  test(
    "has another answer in every picture, and another token",
    (challenges) =>
      Effect.gen(function* () {
        const { code } = yield* challenges.issue(bot, salt, true)
        const pictures = yield* Effect.replicateEffect(challenges.picture(bot, code, usual), 5)
        const tokens = pictures.map((picture) => Option.getOrThrow(picture).verifysession)
        assert.strictEqual(new Set(tokens).size, 5)
        assert.notDeepEqual(
          Option.getOrThrow(pictures[0] ?? Option.none()).png,
          Option.getOrThrow(pictures[1] ?? Option.none()).png
        )
        for (const token of tokens) assert.match(token, /^[0-9a-f]{96}$/)
        assert.strictEqual(yield* redeem(challenges, "ABCD", tokens.slice(0, 1)), "Wrong")
      }),
    {}
  )

  test("is found by its name, for its account alone; without one the salt is the usual one", (challenges) =>
    Effect.gen(function* () {
      const { capCd, verifysession } = yield* drawn(challenges)
      assert.isTrue(Option.isNone(yield* challenges.picture(other, capCd, usual)))
      assert.isTrue(Option.isNone(yield* challenges.picture(bot, "nonsense", usual)))
      assert.strictEqual(yield* redeem(challenges, "ABCD", [verifysession], other), "Wrong")
      assert.deepStrictEqual(yield* redeem(challenges, "aBcD", ["nonsense", verifysession]), salt)
      const nameless = Option.getOrThrow(yield* challenges.picture(bot, undefined, usual))
      assert.deepStrictEqual(yield* redeem(challenges, "ABCD", [nameless.verifysession]), usual)
    }))

  for (const strict of [true, false]) {
    const options = { captchaCode: "ABCD", strict }
    const server = strict ? "a strict server" : "a tolerant server"

    test(
      `takes one answer for each picture on ${server}`,
      (challenges) =>
        Effect.gen(function* () {
          const first = yield* drawn(challenges)
          assert.strictEqual(yield* redeem(challenges, "ABCE", [first.verifysession]), "Wrong")
          assert.strictEqual(yield* redeem(challenges, "ABCD", [first.verifysession]), "Wrong")
          const second = Option.getOrThrow(yield* challenges.picture(bot, first.capCd, usual))
          assert.deepStrictEqual(yield* redeem(challenges, "ABCD", [second.verifysession]), salt)
          assert.strictEqual(yield* redeem(challenges, "ABCD", [second.verifysession]), "Wrong")
        }),
      options
    )

    test(
      `is good on ${server} whatever strangers ask for and answer meanwhile`,
      (challenges) =>
        Effect.gen(function* () {
          const mine = yield* drawn(challenges)
          yield* Effect.replicateEffect(drawn(challenges), 200)
          for (const tokens of [[], ["invented"], [(yield* drawn(challenges)).verifysession]]) {
            for (let i = 0; i < 3; i++) assert.strictEqual(yield* redeem(challenges, "WXYZ", tokens), "Wrong")
          }
          assert.deepStrictEqual(yield* redeem(challenges, "ABCD", [mine.verifysession]), salt)
        }),
      options
    )

    test(
      `is too late after five minutes on ${server}, but a new picture is not`,
      (challenges) =>
        Effect.gen(function* () {
          const { capCd, verifysession } = yield* drawn(challenges)
          yield* TestClock.adjust("300001 millis")
          assert.strictEqual(yield* redeem(challenges, "ABCD", [verifysession]), "Wrong")
          const again = Option.getOrThrow(yield* challenges.picture(bot, capCd, usual))
          assert.deepStrictEqual(yield* redeem(challenges, "ABCD", [again.verifysession]), salt)
        }),
      options
    )
  }

  test(
    "may be answered without its token, but not to a strict server",
    (challenges) =>
      Effect.gen(function* () {
        yield* drawn(challenges)
        assert.strictEqual(yield* redeem(challenges, "ABCD"), "Wrong")
      }),
    { captchaCode: "ABCD", strict: true }
  )

  test("that is answered without its token is not spent by wrong answers, and once by a right one", (challenges) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* redeem(challenges, "ABCD"), "Wrong")
      const { verifysession } = yield* drawn(challenges)
      for (let i = 0; i < 5; i++) assert.strictEqual(yield* redeem(challenges, "WXYZ"), "Wrong")
      // A login code that is too late is no guess at a picture, and is not slowed down as one.
      for (let i = 0; i < 20; i++) assert.strictEqual(yield* redeem(challenges, "!XYZ"), "Wrong")
      assert.deepStrictEqual(yield* redeem(challenges, "ABCD"), salt)
      assert.strictEqual(yield* redeem(challenges, "ABCD"), "Wrong")
      assert.strictEqual(yield* redeem(challenges, "ABCD", [verifysession]), "Wrong")
    }))

  test("is guessed later and later without a token, which those who have one do not feel", (challenges) =>
    Effect.gen(function* () {
      yield* drawn(challenges)
      const crowd = yield* Effect.fork(
        Effect.all(
          Array.from({ length: 50 }, () => redeem(challenges, "WXYZ")),
          { concurrency: "unbounded" }
        )
      )
      yield* TestClock.adjust(0)
      const mine = yield* drawn(challenges)
      assert.deepStrictEqual(yield* redeem(challenges, "ABCD", [mine.verifysession]), salt)
      yield* TestClock.adjust("1 minute")
      const answers = yield* Fiber.join(crowd)
      assert.strictEqual(answers.filter((answer) => answer === "Wrong").length, 14)
      assert.strictEqual(answers.filter((answer) => answer === "TooMany").length, 36)
    }))
})
