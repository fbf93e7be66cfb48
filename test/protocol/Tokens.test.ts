/** Values of a reply that go on into cookies, headers and URLs: what is no token does not get that far. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Schema } from "effect"
import { Channel, CheckSig, Contacts, Dialects, type Errors, Ptlogin } from "../../src/protocol/index.ts"
import { Ids } from "../../src/schema/index.ts"
import { Session } from "../../src/services/index.ts"
import {
  type Answer,
  anonymous,
  anonymousIn,
  credentials,
  json,
  loggedInTo,
  script,
  text
} from "../rigs/ScriptedServer.ts"

const wrong: ReadonlyArray<readonly [string, string]> = [
  ["a line end", "a\r\nX: 1"],
  ["Chinese", "中文"],
  ["a blank", "a b"],
  ["a semicolon", "a; b=c"],
  ["a control character", "a\u0000"],
  ["an escape sequence", "\u001b[2J"],
  ["20 kB", "a".repeat(20_000)]
]

const check = (...answers: ReadonlyArray<Answer>) =>
  Effect.provide(Ptlogin.check(Ids.QQ.make(10001)), Layer.merge(script(...answers).layer, anonymous))

const refuses = (error: { readonly _tag: string }, place: string, value: string) => {
  assert.strictEqual(error._tag, "UnexpectedResponse")
  const { expected, message } = error as Errors.UnexpectedResponse
  assert.include(expected, place)
  assert.notInclude(expected, value)
  assert.match(message, /^[^\p{Cc}]*$/u)
}

describe.each(wrong)("a token with %s", (_, value) => {
  it("is none of the ids", () => {
    for (const id of [Ids.Ptwebqq, Ids.Vfwebqq, Ids.Psessionid]) {
      const left = Schema.decodeEither(id)(value)
      assert.strictEqual(left._tag, "Left")
      assert.notInclude(String(left), value)
    }
  })

  it.effect("as the new ptwebqq of a poll: the old one stays", () =>
    Effect.gen(function* () {
      const { asked, layer } = script(json({ retcode: 116, p: value }), json({ retcode: 102 }))
      yield* Effect.gen(function* () {
        assert.deepStrictEqual(yield* Channel.poll2, [])
        const session = yield* Session.Session
        assert.strictEqual((yield* session.get).ptwebqq, credentials.ptwebqq)
        yield* Channel.poll2
        assert.isUndefined(asked[1]?.headers.cookie)
      }).pipe(Effect.provide(Layer.merge(layer, loggedInTo(Dialects.smartqq2015, credentials))))
    })
  )

  it.effect("as what login2 promises is named as the place that is wrong", () =>
    Effect.gen(function* () {
      const login2 = (result: object) =>
        Effect.flip(
          Effect.provide(
            Channel.login2({ ptwebqq: credentials.ptwebqq, clientid: credentials.clientid }),
            Layer.merge(script(json({ retcode: 0, result: { uin: 10001, ...result } })).layer, anonymous)
          )
        )
      refuses(yield* login2({ psessionid: value }), "result.psessionid", value)
      refuses(yield* login2({ psessionid: "abc", vfwebqq: value }), "result.vfwebqq", value)
    })
  )

  it.effect("as the answer to getvfwebqq, too", () =>
    Effect.gen(function* () {
      const call = Contacts.getvfwebqq({ ptwebqq: credentials.ptwebqq, clientid: credentials.clientid })
      const { layer } = script(json({ retcode: 0, result: { vfwebqq: value } }))
      refuses(yield* Effect.flip(Effect.provide(call, Layer.merge(layer, anonymous))), "result.vfwebqq", value)
    })
  )

  it.effect("as the code of check, too", () =>
    Effect.gen(function* () {
      const quoted = JSON.stringify(value).slice(1, -1)
      refuses(yield* Effect.flip(check(text(`ptui_checkVC('1','${quoted}','\\x00')`))), "verifyCode", value)
      refuses(yield* Effect.flip(check(text(`ptui_checkVC('0','!A','\\x00','${quoted}')`))), "verifyCode", value)
    })
  )

  it.effect("as the login_sig of the page is as good as none", () =>
    Effect.gen(function* () {
      const { layer } = script(text(`g_login_sig=encodeURIComponent("${value}")`))
      const found = yield* Effect.provide(Ptlogin.uilogin, Layer.merge(layer, anonymousIn(Dialects.webqq2014)))
      assert.strictEqual(found, "")
    })
  )
})

describe("the way of an accepted login", () => {
  it.effect("is not followed into a URL of more than 8 kB", () =>
    Effect.gen(function* () {
      const { asked, layer } = script(
        text("", { status: 302, headers: { location: `http://ptlogin2.qq.com/${"a".repeat(9000)}` } })
      )
      const error = yield* Effect.flip(
        Effect.provide(
          CheckSig.checkSig(Redacted.make("http://ptlogin2.qq.com/check_sig")),
          Layer.merge(layer, anonymous)
        )
      )
      assert.strictEqual(error._tag, "UnexpectedResponse")
      assert.strictEqual(asked.length, 1)
    })
  )
})
