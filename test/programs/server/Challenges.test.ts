import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, TestClock } from "effect"
import * as Challenges from "../../../src/programs/server/Challenges.ts"
import * as Options from "../../../src/programs/server/Options.ts"
import { Ids } from "../../../src/schema/index.ts"

const bot = Ids.QQ.make(10001)
const other = Ids.QQ.make(10002)
const salt = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8])

const test = (
  name: string,
  body: (challenges: Challenges.Challenges["Type"]) => Effect.Effect<void>,
  options: Options.Input = { captchaCode: "ABCD" }
) =>
  it.effect(name, () =>
    Effect.flatMap(Challenges.Challenges, body).pipe(
      Effect.provide(Layer.provide(Challenges.layer, Options.layer(options)))
    )
  )

/** A captcha of the account, with its picture. */
const drawn = (challenges: Challenges.Challenges["Type"]) =>
  Effect.gen(function* () {
    const { capCd } = yield* challenges.issue(bot, salt, true)
    const name = Option.getOrThrow(capCd)
    return { capCd: name, ...Option.getOrThrow(yield* challenges.picture(bot, name)) }
  })

describe("a challenge without captcha", () => {
  test("has a code of its own, which is good for one login", (challenges) =>
    Effect.gen(function* () {
      const { capCd, code } = yield* challenges.issue(bot, salt, false)
      assert.isTrue(Option.isNone(capCd))
      const text = Option.getOrThrow(code)
      assert.match(text, /^![A-Z]{3}$/)
      assert.isTrue(Option.isNone(yield* challenges.redeem(other, text, [])))
      assert.deepStrictEqual(Option.getOrThrow(yield* challenges.redeem(bot, text, [])).salt, salt)
      assert.isTrue(Option.isNone(yield* challenges.redeem(bot, text, [])))
    }))

  test("is good for five minutes", (challenges) =>
    Effect.gen(function* () {
      const first = Option.getOrThrow((yield* challenges.issue(bot, salt, false)).code)
      yield* TestClock.adjust("5 minutes")
      assert.isTrue(Option.isSome(yield* challenges.redeem(bot, first, [])))
      const second = Option.getOrThrow((yield* challenges.issue(bot, salt, false)).code)
      yield* TestClock.adjust("300001 millis")
      assert.isTrue(Option.isNone(yield* challenges.redeem(bot, second, [])))
    }))

  test("is not pushed out by younger ones for a minute, and by fewer than 64 not after it", (challenges) =>
    Effect.gen(function* () {
      const issued = (times: number) => Effect.replicateEffect(challenges.issue(bot, salt, false), times)
      const isKept = (mine: Challenges.Challenge) =>
        Effect.map(challenges.redeem(bot, Option.getOrThrow(mine.code), [mine.verifysession]), (found) =>
          Option.exists(found, ({ verifysession }) => verifysession === mine.verifysession)
        )
      const young = yield* challenges.issue(bot, salt, false)
      yield* issued(1000)
      yield* TestClock.adjust("59999 millis")
      yield* issued(1000)
      assert.isTrue(yield* isKept(young))
      yield* TestClock.adjust("5 minutes")
      const old = yield* challenges.issue(bot, salt, false)
      const older = yield* challenges.issue(bot, salt, false)
      yield* TestClock.adjust("1 minute")
      yield* issued(63)
      assert.isFalse(yield* isKept(old))
      assert.isTrue(yield* isKept(older))
    }))

  test("is one of at most 4096 of an account, however young", (challenges) =>
    Effect.gen(function* () {
      const first = yield* challenges.issue(bot, salt, false)
      const second = yield* challenges.issue(bot, salt, false)
      yield* Effect.replicateEffect(challenges.issue(bot, salt, false), 4095, { discard: true })
      const redeem = ({ code, verifysession }: Challenges.Challenge) =>
        Effect.map(challenges.redeem(bot, Option.getOrThrow(code), [verifysession]), (found) =>
          Option.exists(found, (one) => one.verifysession === verifysession)
        )
      assert.isFalse(yield* redeem(first))
      assert.isTrue(yield* redeem(second))
    }))
})

describe("a captcha", () => {
  test("has no answer before its picture was fetched", (challenges) =>
    Effect.gen(function* () {
      const { capCd, code } = yield* challenges.issue(bot, salt, true)
      assert.isTrue(Option.isNone(code))
      assert.isTrue(Option.isNone(yield* challenges.redeem(bot, "ABCD", [])))
      yield* challenges.picture(bot, Option.getOrThrow(capCd))
      assert.deepStrictEqual(Option.getOrThrow(yield* challenges.redeem(bot, "ABCD", [])).salt, salt)
    }))

  test("may be answered in any case", (challenges) =>
    Effect.gen(function* () {
      yield* drawn(challenges)
      assert.isTrue(Option.isSome(yield* challenges.redeem(bot, "aBcD", [])))
    }))

  test("is found by its name, or as the latest of the account", (challenges) =>
    Effect.gen(function* () {
      const { capCd } = yield* drawn(challenges)
      assert.isTrue(Option.isNone(yield* challenges.picture(other, capCd)))
      assert.isTrue(Option.isNone(yield* challenges.picture(bot, "nonsense")))
      assert.isTrue(Option.isNone(yield* challenges.picture(other, undefined)))
      assert.isTrue(Option.isSome(yield* challenges.picture(bot, undefined)))
      yield* challenges.issue(other, salt, false)
      assert.isTrue(Option.isNone(yield* challenges.picture(other, undefined)))
    }))

  test("needs a new picture after a wrong answer; each picture has its own token", (challenges) =>
    Effect.gen(function* () {
      const first = yield* drawn(challenges)
      assert.isTrue(Option.isNone(yield* challenges.redeem(bot, "ABCE", [])))
      assert.isTrue(Option.isNone(yield* challenges.redeem(bot, "ABCD", [])))
      const second = Option.getOrThrow(yield* challenges.picture(bot, first.capCd))
      assert.notStrictEqual(first.verifysession, second.verifysession)
      assert.notDeepEqual(first.png, second.png)
      const redeemed = Option.getOrThrow(yield* challenges.redeem(bot, "ABCD", []))
      assert.strictEqual(redeemed.verifysession, second.verifysession)
      assert.strictEqual(Option.getOrThrow(redeemed.capCd), first.capCd)
    }))

  test("that was left alone does not stand in the way of the next", (challenges) =>
    Effect.gen(function* () {
      yield* drawn(challenges)
      const { verifysession } = yield* drawn(challenges)
      const redeemed = yield* challenges.redeem(bot, "ABCD", [verifysession])
      assert.strictEqual(Option.getOrThrow(redeemed).verifysession, verifysession)
    }))

  test("is told from others with the same answer by the token of its picture; the latest without one", (challenges) =>
    Effect.gen(function* () {
      const tokens: Array<string> = []
      for (const _ of [0, 1, 2]) tokens.push((yield* drawn(challenges)).verifysession)
      const [first = "", second = "", third = ""] = tokens
      const redeem = (...given: ReadonlyArray<string>) =>
        Effect.map(challenges.redeem(bot, "ABCD", given), (found) => Option.getOrUndefined(found)?.verifysession)
      assert.strictEqual(yield* redeem("nonsense", first), first)
      assert.strictEqual(yield* redeem(), third)
      assert.strictEqual(yield* redeem(first), second)
      assert.isUndefined(yield* redeem())
    }))

  test(
    "needs the token of its picture on a strict server, and a new picture without it",
    (challenges) =>
      Effect.gen(function* () {
        const { capCd } = yield* drawn(challenges)
        assert.isTrue(Option.isNone(yield* challenges.redeem(bot, "ABCD", [])))
        const { verifysession } = Option.getOrThrow(yield* challenges.picture(bot, capCd))
        assert.isTrue(Option.isSome(yield* challenges.redeem(bot, "ABCD", [verifysession])))
        const { code } = yield* challenges.issue(bot, salt, false)
        assert.isTrue(Option.isSome(yield* challenges.redeem(bot, Option.getOrThrow(code), [])))
      }),
    { captchaCode: "ABCD", strict: true }
  )

  test("stays good when another login of the account is wrong about its own", (challenges) =>
    Effect.gen(function* () {
      const mine = yield* drawn(challenges)
      const theirs = yield* drawn(challenges)
      assert.isTrue(Option.isNone(yield* challenges.redeem(bot, "WXYZ", [theirs.verifysession])))
      const redeemed = yield* challenges.redeem(bot, "ABCD", [mine.verifysession])
      assert.strictEqual(Option.getOrThrow(redeemed).verifysession, mine.verifysession)
      assert.isTrue(Option.isNone(yield* challenges.redeem(bot, "ABCD", [theirs.verifysession])))
    }))

  test("is not spent by wrong answers without its token while another is younger", (challenges) =>
    Effect.gen(function* () {
      const mine = yield* drawn(challenges)
      const other = yield* drawn(challenges)
      for (const tokens of [[], ["invented"], [other.verifysession], []]) {
        assert.isTrue(Option.isNone(yield* challenges.redeem(bot, "WXYZ", tokens)))
      }
      const redeemed = yield* challenges.redeem(bot, "ABCD", [other.verifysession])
      assert.strictEqual(Option.getOrThrow(redeemed).verifysession, mine.verifysession)
    }))

  test(
    "is not spent by a wrong answer without its token on a strict server",
    (challenges) =>
      Effect.gen(function* () {
        const { verifysession } = yield* drawn(challenges)
        for (const tokens of [[], ["invented"]]) {
          assert.isTrue(Option.isNone(yield* challenges.redeem(bot, "WXYZ", tokens)))
          assert.isTrue(Option.isNone(yield* challenges.redeem(bot, "ABCD", tokens)))
        }
        assert.isTrue(Option.isSome(yield* challenges.redeem(bot, "ABCD", [verifysession])))
      }),
    { captchaCode: "ABCD", strict: true }
  )

  test("answered too late is wrong, but a new picture of it is good, with the same salt", (challenges) =>
    Effect.gen(function* () {
      const { capCd } = yield* drawn(challenges)
      yield* TestClock.adjust("300001 millis")
      assert.isTrue(Option.isNone(yield* challenges.redeem(bot, "ABCD", [])))
      yield* challenges.issue(bot, salt, false)
      assert.isTrue(Option.isSome(yield* challenges.picture(bot, capCd)))
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(Option.getOrThrow(yield* challenges.redeem(bot, "ABCD", [])).salt, salt)
    }))

  test(
    "has another answer in every picture, unless the options fix it",
    (challenges) =>
      Effect.gen(function* () {
        yield* challenges.issue(bot, salt, true)
        const pictures = yield* Effect.replicateEffect(challenges.picture(bot, undefined), 5)
        assert.isTrue(pictures.every(Option.isSome))
        assert.isTrue(Option.isNone(yield* challenges.redeem(bot, "ABCD", [])))
      }),
    {}
  )
})

test("are remembered of ten thousand accounts", (challenges) =>
  Effect.gen(function* () {
    const first = yield* challenges.issue(bot, salt, false)
    const second = yield* challenges.issue(other, salt, false)
    for (let i = 1; i < 10_000; i++) yield* challenges.issue(Ids.QQ.make(20_000 + i), salt, false)
    assert.isTrue(Option.isNone(yield* challenges.redeem(bot, Option.getOrThrow(first.code), [])))
    assert.isTrue(Option.isSome(yield* challenges.redeem(other, Option.getOrThrow(second.code), [])))
  }))
