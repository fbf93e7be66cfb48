import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, HashMap, Layer, Logger, Option } from "effect"
import * as QrText from "../../../src/programs/cli/QrText.ts"
import { Handler, World, WorldMemory } from "../../../src/programs/server/index.ts"
import * as Wire from "../../../src/programs/server/Wire.ts"
import { Endpoints } from "../../../src/protocol/index.ts"
import { ask } from "../../rigs/RawRequests.ts"

describe("Handler", () => {
  it("has exactly one handler for every endpoint description", () => {
    assert.sameMembers(
      Handler.routes.map(({ endpoint }) => endpoint.name),
      Endpoints.all.map(({ name }) => name)
    )
    assert.strictEqual(new Set(Endpoints.all.map(({ path }) => path)).size, Endpoints.all.length)
  })

  it("reads host, parameters and cookies as they come", () => {
    const request = Wire.request({
      method: "POST",
      host: "D.web2.QQ.com:8080",
      path: "/",
      query: "a=1&b=%E4%BD%A0",
      body: "b=2&c=+",
      headers: { cookie: "skey=@a=b; skey=other;; uin = o1 ;=x;flag" }
    })
    assert.strictEqual(request.host, "d.web2.qq.com")
    assert.deepStrictEqual(request.params, { a: "1", b: "2", c: " " })
    assert.deepStrictEqual(
      [...Wire.cookies(request)],
      [
        ["skey", "@a=b"],
        ["uin", "o1"]
      ]
    )
  })

  it.effect("answers a defect with 500 and logs it, at an endpoint and at the phone", () => {
    const lines: Array<string> = []
    const logger = Logger.make(({ annotations, logLevel, message }) => {
      lines.push([logLevel.label, Option.getOrNull(HashMap.get(annotations, "module")), message].flat().join(" "))
    })
    const world = Layer.map(WorldMemory.layer(), (context) =>
      Context.add(context, World.World, {
        ...Context.get(context, World.World),
        account: () => Effect.die(new Error("the disk is full"))
      })
    )
    const post = { method: "POST", path: "/phone" }
    return Effect.gen(function* () {
      const { body } = yield* ask({ path: "/ptqrshow" })
      const content = Option.getOrThrow(QrText.contentOf(body as Uint8Array))
      const k = new URL(content).searchParams.get("k")
      const phone = yield* ask({ ...post, body: `k=${k}&uin=10001&p=00&action=scan` })
      assert.deepStrictEqual([phone.status, phone.body], [500, "the server made a mistake\n"])
      assert.strictEqual((yield* ask({ path: "/check", query: "uin=10001" })).status, 500)
      assert.deepStrictEqual(
        lines,
        ["phone", "check"].map((name) => `ERROR server a defect while answering ${name} Error: the disk is full`)
      )
    }).pipe(Effect.provide([Layer.provide(Handler.layer(), world), Logger.replace(Logger.defaultLogger, logger)]))
  })
})
