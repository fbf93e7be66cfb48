import { assert, describe, it } from "@effect/vitest"
// Unlike assert's, it sees that none is not some.
import { deepStrictEqual } from "@effect/vitest/utils"
import { Either, FastCheck as fc, Option, Schema } from "effect"
import { Content, Face } from "../../src/schema/index.ts"

const received = Schema.decodeUnknownSync(Content.Received)
const sent = Schema.decodeUnknownSync(Content.Sent)

const part: fc.Arbitrary<Content.Part> = fc.oneof(
  fc.fullUnicodeString().map(Content.text),
  fc.constantFrom('"', "\\", "\\n", "\n\t\r", "😀", "𠮷", "\u0000", "&lt;", "'", "%u").map(Content.text),
  fc.nat({ max: 300 }).map(Content.face)
)
const font: fc.Arbitrary<Content.Font> = fc.record({
  name: fc.string(),
  size: fc.nat({ max: 99 }),
  style: fc.record({ bold: fc.boolean(), italic: fc.boolean(), underline: fc.boolean() }),
  color: fc.hexaString({ minLength: 6, maxLength: 6 })
})
const content = fc.tuple(fc.array(part), font).map(([parts, look]) => Content.make(parts, look))

describe("Content", () => {
  it.prop("what is sent is what is decoded", [content], ([value]) => {
    assert.deepStrictEqual(sent(Schema.encodeSync(Content.Sent)(value)), value)
    // The second serialisation, in `r`, is an ordinary JSON string.
    const r = JSON.stringify({ content: Schema.encodeSync(Content.Sent)(value) })
    assert.deepStrictEqual(sent((JSON.parse(r) as { content: string }).content), value)
  })

  it.prop("what is delivered is what is decoded", [content], ([value]) => {
    const wire = JSON.parse(JSON.stringify(Schema.encodeSync(Content.Received)(value))) as unknown
    assert.deepStrictEqual(received(wire), value)
  })

  it("is written for sending as the protocol notes show it", () => {
    assert.strictEqual(
      Schema.encodeSync(Content.Sent)(Content.make(['a "b"\nc', Content.face(14)])),
      '["a \\"b\\"\\nc",["face",14],["font",{"name":"宋体","size":10,"style":[0,0,0],"color":"000000"}]]'
    )
  })

  it("reads the second document's template, with size as text", () => {
    const value = sent('["hi", ["font", {"name":"Arial", "size":"10", "style":[0, 0, 0], "color":"000000"}]]')
    assert.deepStrictEqual(value, Content.make(["hi"], { ...Content.defaultFont, name: "Arial" }))
  })

  it("has the font first when received, and keeps what it does not know", () => {
    const value = received([
      ["font", { size: 12, color: "ff0000", style: [1, 0, 1], name: "黑体" }],
      "你好 ",
      ["face", 14],
      ["face", "13"],
      ["offpic", { success: 1, file_path: "/uuid" }]
    ])
    assert.deepStrictEqual(value.font, {
      name: "黑体",
      size: 12,
      color: "ff0000",
      style: { bold: true, italic: false, underline: true }
    })
    assert.deepStrictEqual(value.parts.slice(0, 3), [Content.text("你好 "), Content.face(14), Content.face(13)])
    assert.deepInclude(value.parts[3], { _tag: "OffPic", filePath: "/uuid" })
    assert.strictEqual(Content.toText(value), "你好 [微笑][呲牙][图片]")
  })

  it("does not lose a message over its font", () => {
    for (const look of [["font"], ["font", null], ["font", { size: "big", style: "bold" }], ["font", {}]]) {
      assert.deepStrictEqual(received([look, "text"]), Content.make(["text"]))
    }
    assert.deepStrictEqual(received(["text"]), Content.make(["text"]))
    assert.deepStrictEqual(received([]), Content.make([]))
  })

  it("refuses what is no content", () => {
    for (const wrong of [undefined, "text", { 0: "a" }, [1]]) {
      assert.isTrue(Either.isLeft(Schema.decodeUnknownEither(Content.Received)(wrong)))
    }
  })

  it("resolves HTML entities on request, once and in text only", () => {
    const value = Content.make(["&lt;b&gt; &amp;lt; &quot;&#39;&nbsp;&#92; &unknown; &#9999999;", Content.face(14)])
    assert.deepStrictEqual(Content.unescapeHtml(value).parts, [
      Content.text("<b> &lt; \"'\u00a0\\ &unknown; &#9999999;"),
      Content.face(14)
    ])
  })

  it("reads faces in typed text, and only known ones", () => {
    assert.deepStrictEqual(Content.fromText("a[微笑]b[nobody][]").parts, [
      Content.text("a"),
      Content.face(14),
      Content.text("b[nobody][]")
    ])
    assert.deepStrictEqual(Content.fromText("").parts, [])
    assert.deepStrictEqual(Content.fromText("[[微笑]]").parts, [Content.text("["), Content.face(14), Content.text("]")])
  })

  it.prop("typed text shows as it was typed", [fc.fullUnicodeString()], ([text]) => {
    assert.strictEqual(Content.toText(Content.fromText(text)), text)
  })
})

describe("Face", () => {
  it("goes both ways for every face", () => {
    assert.strictEqual(Face.all.length, 140)
    for (const { id, name } of Face.all) {
      deepStrictEqual(Face.nameOf(id), Option.some(name))
      deepStrictEqual(Face.idOf(name), Option.some(id))
      assert.deepStrictEqual(Content.fromText(`[${name}]`).parts, [Content.face(id)])
    }
    deepStrictEqual(Face.nameOf(14), Option.some("微笑"))
    deepStrictEqual(Face.nameOf(9999), Option.none())
    assert.strictEqual(Content.toText(Content.make([Content.face(9999)])), "[face 9999]")
  })
})
