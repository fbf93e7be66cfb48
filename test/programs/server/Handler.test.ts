import { assert, describe, it } from "@effect/vitest"
import { Handler } from "../../../src/programs/server/index.ts"
import * as Wire from "../../../src/programs/server/Wire.ts"
import { Endpoints } from "../../../src/protocol/index.ts"

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
})
