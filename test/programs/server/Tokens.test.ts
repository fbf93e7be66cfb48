import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck as fc, Random } from "effect"
import * as Tokens from "../../../src/programs/server/Tokens.ts"

describe("Tokens", () => {
  it.effect("have the lengths and letters of the real ones", () =>
    Effect.gen(function* () {
      assert.match(yield* Tokens.hex(32), /^[0-9a-f]{64}$/)
      assert.match(yield* Tokens.skey, /^@[0-9A-Za-z]{9}$/)
      assert.match(yield* Tokens.verifyCode, /^![A-Z]{3}$/)
      assert.match(yield* Tokens.longKey, /^[0-9A-Za-z*-]{44}$/)
    })
  )

  it.effect.prop(
    "a psessionid is the Erlang term that the samples were: node, number, skey, vfwebqq",
    [fc.integer({ min: 10000, max: 9_999_999_999 })],
    ([account]) =>
      Effect.gen(function* () {
        const vfwebqq = yield* Tokens.hex(40)
        const skey = yield* Tokens.skey
        const text = yield* Tokens.psessionid(account, skey, vfwebqq)
        const bytes = Buffer.from(text, "hex")
        assert.match(text, /^83680467640/)
        const nodeLength = bytes.readUInt16BE(5)
        assert.match(bytes.toString("latin1", 7, 7 + nodeLength), /^connserver_webqq@10\.\d+\.\d+\.\d+$/)
        const number = 7 + nodeLength + 9
        assert.strictEqual(bytes[number], 0x6e)
        const digits = bytes[number + 1] ?? 0
        assert.strictEqual(bytes.readUIntLE(number + 3, digits), account)
        assert.isTrue(text.endsWith(`6d0000000a${Buffer.from(skey).toString("hex")}6d00000028${vfwebqq}`))
        if (account < 2 ** 32) assert.isTrue(text.length >= 218 && text.length <= 230)
      }).pipe(Effect.withRandom(Random.make(account)))
  )
})
