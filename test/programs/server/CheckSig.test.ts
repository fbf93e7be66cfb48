import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { ask, logIn } from "../../rigs/RawRequests.ts"
import { handler } from "../../rigs/ServerInProcess.ts"

it.effect("check_sig leads within qq.com only, and with a header that cannot be broken out of", () =>
  Effect.gen(function* () {
    const { account, ptsigx } = yield* logIn(10001)
    const leads = [
      ["http://www.qq.com", "http://www.qq.com"],
      ["http://w.qq.com/proxy.html?login2qq=1&webqq_type=10", "http://w.qq.com/proxy.html?login2qq=1&webqq_type=10"],
      ["http://qq.com/\r\nSet-Cookie: a=b", "http://qq.com/Set-Cookie:%20a=b"],
      ["http://www.qq.com/你", "http://www.qq.com/%E4%BD%A0"],
      ["http://www.qq.com\\@evil.example/", "http://www.qq.com/@evil.example/"],
      ["http://evil.example/", "http://www.qq.com/loginproxy.html"],
      ["//qq.com", "http://www.qq.com/loginproxy.html"],
      ["javascript:alert(1)//.qq.com", "http://www.qq.com/loginproxy.html"]
    ]
    for (const [wanted = "", location] of leads) {
      const query = `uin=${account}&ptsigx=${ptsigx}&s_url=${encodeURIComponent(wanted)}`
      const answer = yield* ask({ host: "ptlogin4.web2.qq.com", path: "/check_sig", query })
      assert.deepStrictEqual([answer.status, answer.location], [302, location])
    }
  }).pipe(Effect.provide(handler()))
)
