import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc, Option } from "effect"
import * as JsonText from "../../src/schema/JsonText.ts"
import { Unreadable } from "../../src/schema/Unreadable.ts"

const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`

describe("JSON text", () => {
  it.prop("that is valid means what it says, whatever stands in it", [fc.json()], ([text]) => {
    assert.deepStrictEqual(Option.getOrThrow(JsonText.parse(text)), JSON.parse(text))
  })

  it.prop("keeps every text that is written by the rules", [fc.fullUnicodeString()], ([text]) => {
    assert.strictEqual(JsonText.read(JSON.stringify(text)), text)
  })

  const repaired: ReadonlyArray<readonly [text: string, value: unknown]> = [
    ['{"nick":"a\nb"}', { nick: "a\nb" }],
    ['["\u001b[31m\u0014\u0000\t"]', ["\u001b[31m\u0014\u0000\t"]],
    [String.raw`["it\'s"]`, ["it's"]],
    [String.raw`["\x41\x3c\x0a"]`, ["A<\n"]],
    [String.raw`["\x4"]`, [String.raw`\x4`]],
    [String.raw`["C:\dir\?", "\u12"]`, [String.raw`C:\dir\?`, String.raw`\u12`]],
    [String.raw`["\\x41", "\\'", "\u0041\n", "\'"]`, [String.raw`\x41`, String.raw`\'`, "A\n", "'"]],
    ['{"retcode":0}\u0000', { retcode: 0 }],
    ['\ufeff {"retcode":0}\u0000\u0000\r\n', { retcode: 0 }],
    ['["a\\\nb"]', ["a\\\nb"]]
  ]
  for (const [text, value] of repaired) {
    it(`is repaired: ${JSON.stringify(text)}`, () => assert.deepStrictEqual(JsonText.read(text), value))
  }

  it("that is none is unreadable, and never thrown", () => {
    for (const text of ["", "\u0000", "<html>", '{"retcode":0,"result":', '["a', '["a\\', "[\u0001]", "undefined"]) {
      const value = JsonText.read(text)
      assert.isTrue(value instanceof Unreadable, text)
      assert.match(String(value), /^expected JSON, actual /)
    }
  })

  it("is read down to its bound of levels, and no deeper", () => {
    assert.isArray(JsonText.read(nested(JsonText.deepest)))
    for (const text of [nested(JsonText.deepest + 1), nested(50_000), "[".repeat(50_000), '{"a":'.repeat(50_000)]) {
      assert.strictEqual(String(JsonText.read(text)), "expected JSON of at most 64 levels, actual a text")
    }
  })

  it("may have any number of brackets side by side, and in texts", () => {
    const wide = `[${Array.from({ length: 1000 }, () => "[]").join(",")}]`
    assert.lengthOf(JsonText.read(wide) as ReadonlyArray<unknown>, 1000)
    assert.strictEqual(JsonText.read(String.raw`"\"[[[[${"[{".repeat(1000)}\\"`), `"[[[[${"[{".repeat(1000)}\\`)
  })
})

/** How deep a value is, by its own structure. */
const depthOf = (value: unknown): number =>
  typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0

describe("the depth of JSON text", () => {
  it("is that of its value, whatever stands in its texts", () =>
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat({ max: 8 }), (value, atMost) => {
        assert.strictEqual(JsonText.isShallow(JSON.stringify(value), atMost), depthOf(value) <= atMost)
      })
    ))

  it("is found in text that is no JSON, too", () =>
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => assert.isTrue(JsonText.isShallow(text, text.length)))
    ))

  it("of brackets alone is their number", () => {
    assert.isTrue(JsonText.isShallow("[".repeat(64)))
    assert.isFalse(JsonText.isShallow("[".repeat(65)))
    assert.isFalse(JsonText.isShallow('{"a":'.repeat(65)))
    assert.isTrue(JsonText.isShallow(JSON.stringify("[".repeat(1000))))
    assert.isTrue(JsonText.isShallow("[]".repeat(1000)))
  })
})
