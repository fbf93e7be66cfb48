import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck as fc, Layer } from "effect"
import { Handler, WorldMemory } from "../../../src/programs/server/index.ts"
import * as Wire from "../../../src/programs/server/Wire.ts"
import { Endpoints } from "../../../src/protocol/index.ts"

const ask = (request: Partial<Parameters<typeof Wire.request>[0]>) =>
  Effect.flatMap(Handler.Handler, (handler) =>
    handler(
      Wire.request({ method: "GET", host: "d.web2.qq.com", path: "/", query: "", body: "", headers: {}, ...request })
    )
  )
const server = (strict: boolean) => Layer.provide(Handler.layer({ strict }), WorldMemory.layer())

describe("Handler", () => {
  it("has exactly one handler for every endpoint description", () => {
    assert.sameMembers(
      Handler.routes.map(({ endpoint }) => endpoint.name),
      Endpoints.all.map(({ name }) => name)
    )
    assert.strictEqual(new Set(Endpoints.all.map(({ path }) => path)).size, Endpoints.all.length)
  })

  const paths = fc.oneof(fc.constantFrom(...Endpoints.all.map(({ path }) => path)), fc.webPath())
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "r={}",
      "r=null",
      "r=%7B%22psessionid%22%3A%22x%22%2C%22clientid%22%3A1%7D",
      "uin=10001",
      "u=10001&p=&verifycode="
    )
  )
  for (const strict of [true, false]) {
    it.effect.prop(
      `answers anything, ${strict ? "strict" : "tolerant"}, in time and without a mistake of its own`,
      {
        method: fc.constantFrom("GET", "POST", "HEAD", "X"),
        path: paths,
        query: text,
        body: text,
        cookie: fc.string()
      },
      ({ cookie, ...request }) =>
        Effect.gen(function* () {
          const response = yield* ask({ ...request, headers: { cookie, referer: request.query } })
          assert.include([200, 302, 400, 403, 404], response.status)
          assert.notMatch(response.body, /\n\s+at /)
        }).pipe(Effect.provide(server(strict)))
    )
  }

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
})
