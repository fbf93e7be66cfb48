import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as JsonText from "../../src/schema/JsonText.ts"

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
