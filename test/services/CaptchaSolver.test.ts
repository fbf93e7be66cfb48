import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Logger, TestClock } from "effect"
import { Errors } from "../../src/protocol/index.ts"
import { CaptchaSolver } from "../../src/services/index.ts"
import { eventually, temporaryDirectory } from "../rigs/Files.ts"

const captcha = { account: 10001, image: Uint8Array.from([0x89, 0x50, 0x4e, 0x47]), attempt: 1 }
const solve = Effect.flatMap(CaptchaSolver.CaptchaSolver, (solver) => solver.solve(captcha))

it.effect("without a solver, there is nobody to ask", () =>
  Effect.gen(function* () {
    assert.deepInclude(yield* Effect.flip(solve), { _tag: "CaptchaRequired", account: 10001 })
  })
)

it.effect("a callback is given the picture and the number of the try", () =>
  Effect.gen(function* () {
    const layer = CaptchaSolver.layer(({ account, attempt, image }) =>
      Effect.succeed(`${account} ${attempt} ${image.length}`)
    )
    assert.strictEqual(yield* Effect.provide(solve, layer), "10001 1 4")
    const givingUp = CaptchaSolver.layer(({ account }) => Effect.fail(new Errors.CaptchaUnsolved({ account, why: "" })))
    assert.strictEqual((yield* Effect.flip(Effect.provide(solve, givingUp)))._tag, "CaptchaUnsolved")
  })
)

describe("a solver by file drop", () => {
  /** A directory, and the solving of a captcha in it, whose log is kept. */
  const dropping = (options: Omit<Parameters<typeof CaptchaSolver.layerFile>[0], "directory"> = {}) =>
    Effect.gen(function* () {
      const directory = yield* temporaryDirectory
      const log: Array<string> = []
      const logger = Logger.replace(
        Logger.defaultLogger,
        Logger.make(({ message }) => log.push(String(message)))
      )
      const solver = Layer.provide(CaptchaSolver.layerFile({ directory, ...options }), NodeContext.layer)
      const fiber = yield* Effect.fork(Effect.provide(Effect.either(solve), [solver, logger]))
      const picture = join(directory, "captcha-10001.png")
      const answer = join(directory, "captcha-10001.txt")
      return { directory, fiber, log, picture, answer }
    })
  const isDone = (fiber: Fiber.RuntimeFiber<unknown, unknown>) => () => fiber.unsafePoll() !== null

  it.scoped("shows where the picture is, waits for the answer, and cleans up", () =>
    Effect.gen(function* () {
      const { answer, directory, fiber, log, picture } = yield* dropping()
      yield* eventually(() => log.length > 0)
      assert.deepStrictEqual([...readFileSync(picture)], [...captcha.image])
      assert.deepStrictEqual(log, [`captcha: look at ${picture} and write what it says into ${answer}`])
      yield* TestClock.adjust("1 minute")
      assert.isFalse(isDone(fiber)())
      writeFileSync(answer, "AbCd\nthe second line\n")
      yield* eventually(isDone(fiber), TestClock.adjust("2 seconds"))
      assert.deepInclude(yield* Fiber.join(fiber), { _tag: "Right", right: "AbCd" })
      assert.deepStrictEqual(readdirSync(directory), [])
    })
  )

  it.scoped("takes the whole first line, and does not take an empty file for an answer", () =>
    Effect.gen(function* () {
      const { answer, fiber, log } = yield* dropping({ every: "1 second" })
      yield* eventually(() => log.length > 0)
      for (const nothing of ["", "\n", "  \n"]) {
        writeFileSync(answer, nothing)
        for (const _ of [1, 2, 3]) yield* TestClock.adjust("1 second")
        assert.isFalse(isDone(fiber)())
      }
      writeFileSync(answer, "  AB CD \r\nx")
      yield* eventually(isDone(fiber), TestClock.adjust("1 second"))
      assert.deepInclude(yield* Fiber.join(fiber), { _tag: "Right", right: "AB CD" })
    })
  )

  it.scoped("gives up when nobody answers in time, and cleans up", () =>
    Effect.gen(function* () {
      const { answer, directory, fiber, log } = yield* dropping({ within: "10 minutes" })
      yield* eventually(() => log.length > 0)
      yield* TestClock.adjust("599 seconds")
      assert.isFalse(isDone(fiber)())
      yield* TestClock.adjust("1 second")
      yield* eventually(isDone(fiber))
      const result = yield* Fiber.join(fiber)
      assert.deepInclude(result._tag === "Left" ? result.left : {}, {
        _tag: "CaptchaUnsolved",
        account: 10001,
        why: `nothing was written into ${answer} in time`
      })
      assert.deepStrictEqual(readdirSync(directory), [])
    })
  )

  it.scoped("waits a quarter of an hour if nothing else is said", () =>
    Effect.gen(function* () {
      const { fiber, log } = yield* dropping()
      yield* eventually(() => log.length > 0)
      yield* TestClock.adjust("899 seconds")
      assert.isFalse(isDone(fiber)())
      yield* TestClock.adjust("1 second")
      yield* eventually(isDone(fiber))
    })
  )

  it.scoped("does not take the answer to an earlier captcha", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryDirectory
      const answer = join(directory, "captcha-10001.txt")
      writeFileSync(answer, "OLD")
      const solver = Layer.provide(CaptchaSolver.layerFile({ directory }), NodeContext.layer)
      const fiber = yield* Effect.fork(Effect.provide(solve, solver))
      yield* eventually(() => existsSync(join(directory, "captcha-10001.png")))
      assert.isFalse(existsSync(answer))
      writeFileSync(answer, "NEW")
      yield* eventually(isDone(fiber), TestClock.adjust("2 seconds"))
      assert.strictEqual(yield* Fiber.join(fiber), "NEW")
    })
  )

  it.scoped("cleans up when the login is interrupted", () =>
    Effect.gen(function* () {
      const { directory, fiber, log } = yield* dropping()
      yield* eventually(() => log.length > 0)
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(readdirSync(directory), [])
    })
  )

  it.scoped("makes its directory, and says so when it cannot", () =>
    Effect.gen(function* () {
      const parent = yield* temporaryDirectory
      writeFileSync(join(parent, "file"), "")
      chmodSync(parent, 0o700)
      const run = (directory: string) =>
        Effect.provide(Effect.flip(solve), [
          Layer.provide(CaptchaSolver.layerFile({ directory, within: 0 }), NodeContext.layer)
        ])
      const made = yield* run(join(parent, "new", "deep"))
      assert.isTrue(existsSync(join(parent, "new", "deep")), made.message)
      const failed = yield* run(join(parent, "file"))
      assert.deepInclude(failed, {
        _tag: "CaptchaUnsolved",
        why: `${join(parent, "file", "captcha-10001.png")} cannot be written`
      })
    })
  )
})
