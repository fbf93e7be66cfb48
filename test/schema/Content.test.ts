import { assert, describe, it } from "@effect/vitest"
// Unlike assert's, it sees that none is not some.
import { deepStrictEqual } from "@effect/vitest/utils"
import { FastCheck as fc, Option, Schema } from "effect"
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
    deepStrictEqual<unknown>(value.parts[3], {
      _tag: "OffPic",
      filePath: Option.some("/uuid"),
      raw: ["offpic", { success: 1, file_path: "/uuid" }]
    })
    assert.strictEqual(Content.toText(value), "你好 [微笑][呲牙][图片]")
  })

  it("does not lose a message over its font", () => {
    for (const look of [["font"], ["font", null], ["font", { size: "big", style: "bold" }], ["font", {}]]) {
      assert.deepStrictEqual(received([look, "text"]), Content.make(["text"]))
    }
    assert.deepStrictEqual(received(["text"]), Content.make(["text"]))
    assert.deepStrictEqual(received([]), Content.make([]))
  })

  it("reads of a font what can be read: each part for itself", () => {
    const fontOf = (look: unknown) => received([["font", look], "text"]).font
    const bold = { bold: true, italic: false, underline: false }
    const whole = { name: "黑体", size: 12, style: bold, color: "ff0000" }
    const wire = { name: "黑体", size: 12, style: [1, 0, 0], color: "ff0000" }
    for (const like of [
      { size: "12" },
      { size: 11.5 },
      { size: "12.4" },
      { style: ["1", "0", "0"] },
      { style: [true] },
      { style: [1, null, {}] },
      { style: ["1", "0", "0"], size: "12" }
    ]) {
      assert.deepStrictEqual(fontOf({ ...wire, ...like }), whole, JSON.stringify(like))
    }
    const { name, size, style, color } = Content.defaultFont
    for (const odd of [null, {}, [], "x", -1, 1e300, Number.NaN, "1e3", "0x10", [["1"]], undefined, true]) {
      assert.deepStrictEqual(fontOf({ ...wire, size: odd }), { ...whole, size }, `size ${odd}`)
      assert.deepStrictEqual(fontOf({ ...wire, style: odd }), { ...whole, style }, `style ${odd}`)
      if (typeof odd === "string") continue
      assert.deepStrictEqual(fontOf({ ...wire, name: odd }), { ...whole, name }, `name ${odd}`)
      assert.deepStrictEqual(fontOf({ ...wire, color: odd }), { ...whole, color }, `color ${odd}`)
    }
  })

  it("keeps a message beside its odd elements, and the elements", () => {
    const odd = [123, null, { x: 1 }, true, [], ["face", "x"], ["face", -1], ["face"], ["video", { id: 7 }]]
    const value = received([["font", {}], "before ", ...odd, "after"])
    assert.deepStrictEqual(
      value,
      Content.make(["before ", ...odd.map((raw): Content.Part => ({ _tag: "Other", raw })), "after"])
    )
    assert.strictEqual(Content.toText(value), `before ${"[?]".repeat(odd.length)}after`)
  })

  it("is text if it comes as text, and empty if it does not come", () => {
    assert.deepStrictEqual(received("你好"), Content.make(["你好"]))
    assert.deepStrictEqual(received(undefined), Content.make([]))
    assert.deepStrictEqual(received(null), Content.make([]))
    assert.deepStrictEqual(received({ 0: "a" }), Content.make([{ _tag: "Other", raw: { 0: "a" } }]))
  })

  it("keeps of an element without end what is not too deep to be written out again", () => {
    const nested = (depth: number) => JSON.parse(`${'{"y":['.repeat(depth)}1${"]}".repeat(depth)}`) as unknown
    const value = received([
      nested(7),
      nested(2000),
      ["video", nested(2000)],
      ["cface", { name: "a", z: nested(2000) }]
    ])
    assert.deepStrictEqual(value.parts[0], { _tag: "Other", raw: nested(7) })
    assert.deepInclude(value.parts[3], { _tag: "CFace", name: Option.some("a") })
    assert.isBelow(JSON.stringify(Schema.encodeSync(Content.Received)(value)).length, 500)
  })

  it("has pictures that cannot be had as pictures", () => {
    const none = Option.none<string>()
    const wire = [
      ["offpic", { success: 0 }],
      ["offpic"],
      ["offpic", null],
      ["offpic", { success: 1, file_path: "" }],
      ["cface", { file_id: 1 }],
      ["cface"],
      ["cface", 7],
      ["cface", { name: "A.jPg", file_id: "914490174", key: "k", server: "10.0.0.1:8000" }],
      ["cface", "B.jPg", ""],
      ["cface", "group", "C.jPg"],
      ["offpic", "/uuid", "name.jpg", 165201]
    ]
    const value = received(wire)
    assert.strictEqual(Content.toText(value), "[图片]".repeat(wire.length))
    const nothing = { name: none, fileId: Option.none<number>(), key: none, server: none }
    const offPic = (filePath: Option.Option<string>) => ({ _tag: "OffPic", filePath })
    const cface = (more: object) => ({ _tag: "CFace", ...nothing, ...more })
    deepStrictEqual<ReadonlyArray<object>>(
      value.parts,
      [
        offPic(none),
        offPic(none),
        offPic(none),
        offPic(none),
        cface({ fileId: Option.some(1) }),
        cface({}),
        cface({}),
        cface({
          name: Option.some("A.jPg"),
          fileId: Option.some(914490174),
          key: Option.some("k"),
          server: Option.some("10.0.0.1:8000")
        }),
        cface({ name: Option.some("B.jPg") }),
        cface({ name: Option.some("C.jPg") }),
        offPic(Option.some("/uuid"))
      ].map((part, i) => ({ ...part, raw: wire[i] }))
    )
  })

  it.prop("of any kind is a content, and can be delivered again", [fc.json()], ([anything]) => {
    const value = received(JSON.parse(anything))
    assert.isTrue(Schema.is(Schema.typeSchema(Content.Content))(value))
    deepStrictEqual(received(JSON.parse(JSON.stringify(Schema.encodeSync(Content.Received)(value)))), value)
    assert.isString(Content.toText(value))
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
    assert.deepStrictEqual(Content.fromText("[face 212][face 14]").parts, [Content.face(212), Content.face(14)])
  })

  it("has a doubled bracket for one that is text, where a face would be read", () => {
    const reads = (typed: string, ...parts: ReadonlyArray<string | Content.Part>) => {
      assert.deepStrictEqual(Content.fromText(typed), Content.make(parts), typed)
      assert.strictEqual(Content.toText(Content.make(parts)), typed)
    }
    reads("[[OK] 3 tests passed", "[OK] 3 tests passed")
    reads("arr[[药]", "arr[药]")
    reads("[[face 212]", "[face 212]")
    reads("[[微笑]]", "[微笑]]")
    reads("[[[微笑]", "[", Content.face(14))
    reads("[[[[微笑]", "[[微笑]")
    reads("[[[微笑]][[微笑]", "[", Content.face(14), "][微笑]")
    // Everywhere else it is what it is.
    for (const text of ["a[0]", "[[1,2],[3]]", "[[", "[[nobody]", "[[face 0212]", "[微 笑]", "[face -1]", "]]"])
      reads(text, text)
  })

  it("says exactly what a program says", () => {
    for (const said of ["[OK] 3 tests passed", "arr[药]", "[face 212]", "[[", "&lt;"]) {
      assert.deepStrictEqual(Content.plain(said).parts, [Content.text(said)])
      assert.deepStrictEqual(Content.plain(said), Content.make([said]))
    }
  })

  const notation = fc
    .array(fc.constantFrom("[", "]", "[[", "微笑", "OK", "face ", "212", "14", "0", " ", "a", "药", "图片", "?"), {
      maxLength: 12
    })
    .map((all) => all.join(""))
  const typed = fc.oneof(notation, fc.fullUnicodeString())
  const said = fc.array(
    fc.oneof(
      typed.map(Content.text),
      fc.constantFrom(14, 124, 168, 212, 300, 0).map(Content.face),
      fc.nat().map(Content.face)
    ),
    { maxLength: 6 }
  )

  it.prop("is read back from what it shows as, if it is text and faces", [said], ([parts]) => {
    assert.deepStrictEqual(Content.fromText(Content.toText(Content.make(parts))).parts, Content.joined(parts))
  })

  it.prop("typed text shows as it was typed, but for the numbers of faces that have names", [typed], ([text]) => {
    const shown = Content.toText(Content.fromText(text))
    assert.strictEqual(Content.toText(Content.fromText(shown)), shown)
    if (!text.includes("[face ")) assert.strictEqual(shown, text)
  })

  it("is read from typed text in a time that grows with the length only", () => {
    for (const piece of ["[", "[[", "[a", "[face ", "[face 1", "]", "[OK]", "[[OK", "[ "]) {
      const text = piece.repeat(20_000)
      assert.strictEqual(Content.toText(Content.fromText(text)), text)
      assert.isString(Content.toText(Content.make([text, Content.face(14)])))
    }
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
