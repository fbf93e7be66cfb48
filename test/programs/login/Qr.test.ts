import { assert, describe, it } from "@effect/vitest"
import { Chunk, Effect, Fiber, Layer, Option, Stream, TestClock } from "effect"
import { Login } from "../../../src/programs/index.ts"
import { QrLogin } from "../../../src/protocol/index.ts"
import { client } from "../../rigs/Client.ts"
import { inProcess } from "../../rigs/Fronts.ts"
import { type Answer, anonymous, script, text } from "../../rigs/ScriptedServer.ts"
import * as ServerInProcess from "../../rigs/ServerInProcess.ts"
import { watched } from "../../rigs/Watched.ts"
import { qr } from "./QrScenarios.ts"

qr(inProcess)

describe("the time of a QR login", () => {
  it.scoped("is asked for at once, then every two seconds, for two minutes; five codes are shown", () =>
    Effect.gen(function* () {
      const { http, paths } = yield* Effect.flatMap(Effect.map(ServerInProcess.start(), Layer.succeedContext), watched)
      const count = (path: string) => paths().filter((other) => other === path).length
      const fiber = yield* QrLogin.states().pipe(
        Stream.runDrain,
        Effect.provide(client(http)),
        Effect.flip,
        Effect.fork
      )
      yield* TestClock.adjust("0 seconds")
      assert.deepStrictEqual(paths(), ["/ptqrshow", "/ptqrlogin"])
      yield* TestClock.adjust("1999 millis")
      assert.strictEqual(count("/ptqrlogin"), 1)
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(count("/ptqrlogin"), 2)
      yield* TestClock.adjust("118 seconds")
      assert.strictEqual(count("/ptqrlogin"), 61)
      assert.strictEqual(count("/ptqrshow"), 1)
      // Expired after 122 seconds; the next code is asked about at once.
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(count("/ptqrlogin"), 63)
      assert.strictEqual(count("/ptqrshow"), 2)
      yield* TestClock.adjust("10 minutes")
      assert.deepInclude(yield* Fiber.join(fiber), { _tag: "QrExpired", codes: 5 })
      assert.strictEqual(count("/ptqrshow"), 5)
    })
  )
})

describe("a server that behaves otherwise", () => {
  const picture = text("picture", { headers: { "set-cookie": "qrsig=abc; Domain=ptlogin2.qq.com; Path=/" } })
  const reply = (code: string, url = "") => text(`ptuiCB('${code}','0','${url}','0','服务器的话。', '');`)
  const run = (options: QrLogin.Options, ...answers: ReadonlyArray<Answer>) => {
    const { asked, layer } = script(...answers)
    return QrLogin.states({ interval: 0, ...options }).pipe(
      Stream.map(({ _tag }) => _tag as string),
      Stream.catchAll((error) => Stream.succeed(error._tag)),
      Stream.runCollect,
      Effect.provide(Layer.merge(layer, anonymous)),
      Effect.map((states) => ({ states: Chunk.toReadonlyArray(states), asked }))
    )
  }

  it.effect("code 10009 is an expired code too", () =>
    Effect.gen(function* () {
      const { states } = yield* run({ codes: 1 }, picture, reply("66"), reply("10009"))
      assert.deepStrictEqual(states, ["Code", "Waiting", "Expired", "QrExpired"])
    })
  )

  it.effect("a phone that goes back to waiting is shown", () =>
    Effect.gen(function* () {
      const { states } = yield* run({}, picture, reply("66"), reply("67"), reply("66"), reply("68"))
      assert.deepStrictEqual(states, ["Code", "Waiting", "Scanned", "Waiting", "QrRefused"])
    })
  )

  it.effect("any other code ends it with its error", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* run({}, picture, reply("7"))).states, ["Code", "LoginRefused"])
      assert.deepStrictEqual((yield* run({}, picture, reply("0", "https://aq.qq.com/007"))).states, [
        "Code",
        "AccountBlocked"
      ])
    })
  )

  it.effect("a picture without the cookie qrsig is no code to ask about", () =>
    Effect.gen(function* () {
      const { states } = yield* inProcess.run(run({}, text("picture"), text("picture")))
      assert.deepStrictEqual(states, ["UnexpectedResponse"])
    })
  )

  it.effect("a code that never was is the end of Login.withQrCode as well", () =>
    Effect.gen(function* () {
      const error = yield* Login.withQrCode({ codes: 0, onStep: () => Effect.void }).pipe(
        Effect.flip,
        Effect.provide(Layer.merge(script().layer, anonymous))
      )
      assert.deepInclude(error, { _tag: "QrExpired", codes: 0 })
    })
  )

  it.effect("the last state of the stream is Confirmed, and nothing is asked after it", () =>
    Effect.gen(function* () {
      const { asked, states } = yield* run({}, picture, reply("0", "http://ptlogin4.web2.qq.com/check_sig?uin=1"))
      assert.deepStrictEqual(states, ["Code", "Confirmed"])
      assert.strictEqual(asked.length, 2)
      assert.isTrue(Option.isSome(Option.fromNullable(asked[1]?.headers.cookie)))
    })
  )
})
