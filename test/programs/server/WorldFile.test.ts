import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { deepStrictEqual } from "@effect/vitest/utils"
import { Effect, Either, Option, Redacted } from "effect"
import { Seed, WorldFile, WorldMemory } from "../../../src/programs/server/index.ts"
import { Ids } from "../../../src/schema/index.ts"

const problem = (text: string) =>
  Either.match(WorldFile.fromJson(text, "w.json"), {
    onLeft: (error) => error.problem,
    onRight: () => "none"
  })
const account = (more: object) => ({ number: 10001, password: "secret-word", nick: "A", ...more })
const file = (...accounts: ReadonlyArray<object>) => JSON.stringify({ accounts })

describe("WorldFile", () => {
  it("says what is wrong and where", () => {
    assert.strictEqual(problem(file(account({ nick: undefined }))), "accounts[0].nick is missing")
    assert.strictEqual(problem(file(account({ number: "ten" }))), "accounts[0].number has the wrong type or value")
    assert.strictEqual(problem(file(account({ pasword: "x" }))), "accounts[0].pasword is no known field")
    assert.strictEqual(problem(file(account({ friends: [{}] }))), "accounts[0].friends[0].number is missing")
    assert.strictEqual(problem(file(account({}), account({}))), "the account 10001 stands there twice")
    assert.strictEqual(
      problem(file(account({ friends: [{ number: 10009 }] }))),
      "10001 has the friend 10009, who is no account"
    )
    assert.strictEqual(problem(file(account({ friends: [{ number: 10001 }] }))), "10001 is a friend of itself")
    for (const text of ["", "{", "[]", "null"]) {
      assert.strictEqual(problem(text), "it is not a JSON object with a list of accounts")
    }
    assert.strictEqual(problem("{}"), "accounts is missing")
    assert.strictEqual(problem(file(account({ friends: [] }))), "none")
    assert.strictEqual(problem(file()), "none")
  })

  it("its error is one sentence that names the file and what to do, without a password", () => {
    const result = WorldFile.fromJson(file(account({ password: ["secret-word"] })), "w.json")
    assert.isTrue(Either.isLeft(result))
    const error = Option.getOrThrow(Either.getLeft(result))
    assert.strictEqual(
      error.message,
      "The world file w.json cannot be used: accounts[0].password has the wrong type or value. Correct it and start again."
    )
    assert.notInclude(inspect(error, { depth: 9 }), "secret-word")
  })
})

describe("World.memory", () => {
  const world = Either.getOrThrow(
    WorldFile.fromJson(
      file(
        account({ friends: [{ number: 10002, category: "同学", remark: "B!" }] }),
        account({ number: "10002", nick: "B" }),
        account({ number: 10003, nick: "C", friends: [{ number: 10002 }] })
      ),
      "w.json"
    )
  )

  it.effect("a friendship that one side lists holds for both", () =>
    Effect.gen(function* () {
      const { friends } = yield* Effect.tap(WorldMemory.make, Seed.into(world))
      const of = (number: number) =>
        Effect.map(friends(Ids.QQ.make(number)), (list) =>
          list.map(({ account, category, remark }) => [Number(account.number), category, remark])
        )
      deepStrictEqual(yield* of(10001), [[10002, Option.some("同学"), Option.some("B!")]])
      deepStrictEqual(yield* of(10002), [
        [10001, Option.none(), Option.none()],
        [10003, Option.none(), Option.none()]
      ])
      assert.deepStrictEqual(yield* of(99999), [])
    })
  )

  it.effect("keeps of a password only its MD5, and shows not even that", () =>
    Effect.gen(function* () {
      const { account } = yield* Effect.tap(WorldMemory.make, Seed.into(world))
      const found = Option.getOrThrow(yield* account(Ids.QQ.make(10001)))
      assert.strictEqual(Redacted.value(found.passwordDigest).length, 16)
      assert.notMatch(inspect(found, { depth: 9 }), /secret-word|Uint8Array/)
      assert.isTrue(Option.isNone(yield* account(Ids.QQ.make(99999))))
    })
  )
})
