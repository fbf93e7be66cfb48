/** Long messages in pieces; 720 bytes is what careful clients used (reference, section 5.4, "Length and splitting"). */
import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import { Content, Split } from "../../src/schema/index.ts"

const bytesOf = (text: string) => new TextEncoder().encode(text).length
const sizeOf = (part: Content.Part) => {
  switch (part._tag) {
    case "Text":
      return bytesOf(part.text)
    case "Face":
      return `["face",${part.id}]`.length
    default:
      return bytesOf(JSON.stringify(part.raw))
  }
}
const sum = (numbers: ReadonlyArray<number>) => numbers.reduce((a, b) => a + b, 0)
const totalOf = (piece: Content.Content) => sum(piece.parts.map(sizeOf))

/** Neighbouring texts as one, and no empty ones: what a reader sees. */
const seen = (parts: ReadonlyArray<Content.Part>): ReadonlyArray<Content.Part> => {
  const all: Array<Content.Part> = []
  for (const part of parts) {
    const last = all.at(-1)
    if (part._tag === "Text" && last?._tag === "Text") all[all.length - 1] = Content.text(last.text + part.text)
    else if (part._tag !== "Text" || part.text !== "") all.push(part)
  }
  return all
}

const clusters = (text: string) =>
  Array.from(new Intl.Segmenter("zh", { granularity: "grapheme" }).segment(text), ({ segment }) => segment)

const family = "👨‍👩‍👧‍👦"
const texts = fc.oneof(
  fc.fullUnicodeString({ maxLength: 30 }),
  fc
    .array(
      fc.constantFrom("a", " ", "\r\n", "\r", "\n", "中", "好", "é", "e\u0301", "\u0301", "\u200d", "𠮷", "😀", family),
      { maxLength: 30 }
    )
    .map((all) => all.join("")),
  fc.constantFrom("🇨🇳🇨🇳", "🇨", "ก็", "각", "क्षि")
)
const part: fc.Arbitrary<Content.Part> = fc.oneof(
  { weight: 4, arbitrary: texts.map(Content.text) },
  { weight: 1, arbitrary: fc.nat({ max: 300 }).map(Content.face) },
  {
    weight: 1,
    arbitrary: fc.constant({ _tag: "OffPic", filePath: "/uuid", raw: ["offpic", { file_path: "/uuid" }] } as const)
  }
)
const font = { ...Content.defaultFont, name: "黑体", size: 12 }
const content = fc.array(part, { maxLength: 8 }).map((parts) => Content.make(parts, font))
const limit = fc.integer({ min: 1, max: 60 })

describe("Split", () => {
  it.prop("the pieces, joined, are the whole, and every one has its font", [content, limit], ([whole, max]) => {
    const pieces = Split.content(whole, max)
    assert.deepStrictEqual(seen(pieces.flatMap(({ parts }) => parts)), seen(whole.parts))
    for (const piece of pieces) assert.deepStrictEqual(piece.font, font)
  })

  it.prop("a piece is within the limit, or one single thing that is larger", [content, limit], ([whole, max]) => {
    for (const piece of Split.content(whole, max)) {
      if (totalOf(piece) <= max) continue
      assert.strictEqual(piece.parts.length, 1)
      const [only] = piece.parts
      if (only?._tag === "Text") assert.strictEqual(Array.from(only.text).length, 1)
    }
  })

  it.prop("no piece is empty but that of an empty content", [content, limit], ([whole, max]) => {
    const pieces = Split.content(whole, max)
    if (seen(whole.parts).length === 0) assert.deepStrictEqual(pieces, [Content.make([], font)])
    else for (const { parts } of pieces) assert.isTrue(parts.length > 0 && totalOf({ parts, font }) > 0)
  })

  it.prop("no surrogate pair is split", [content, limit], ([whole, max]) => {
    for (const { parts } of Split.content(whole, max)) {
      for (const each of parts) if (each._tag === "Text") assert.notMatch(each.text, /\p{Surrogate}/u)
    }
  })

  it.prop("a cut is never inside a character that fits", [content, limit], ([whole, max]) => {
    // Where the characters of the text end; objects count as one place, so that text on both sides stays apart.
    const ends = new Set([0])
    let inWhole = 0
    for (const each of seen(whole.parts)) {
      for (const cluster of each._tag === "Text" ? clusters(each.text) : ["@"]) {
        if (bytesOf(cluster) > max) for (let i = 1; i < cluster.length; i++) ends.add(inWhole + i)
        inWhole += cluster.length
        ends.add(inWhole)
      }
    }
    let inPieces = 0
    for (const { parts } of Split.content(whole, max)) {
      inPieces += sum(parts.map((each) => (each._tag === "Text" ? each.text.length : 1)))
      assert.isTrue(ends.has(inPieces), `cut at ${inPieces}`)
    }
    assert.strictEqual(inPieces, inWhole)
  })

  it("a character whose halves came as two texts is one (a letter and its accent)", () => {
    const pieces = Split.content(Content.make(["ae", "\u0301b"]), 3)
    assert.deepStrictEqual(
      pieces.map((piece) => Content.toText(piece)),
      ["a", "e\u0301", "b"]
    )
  })

  it("the default limit is 720 bytes: 720 letters, 240 Chinese characters, 28 families", () => {
    const lengths = (text: string) => Split.content(Content.make([text])).map(({ parts }) => parts.map(sizeOf))
    assert.deepStrictEqual(lengths("a".repeat(720)), [[720]])
    assert.deepStrictEqual(lengths("a".repeat(1441)), [[720], [720], [1]])
    assert.deepStrictEqual(lengths("好".repeat(500)), [[720], [720], [60]])
    // Four people of 4 bytes and three joiners of 3: 25 bytes, so 28 of them are 700.
    assert.deepStrictEqual(lengths(family.repeat(60)), [[700], [700], [100]])
  })

  it("a character that does not fit at the end begins the next piece", () => {
    const texts = (text: string, max: number) =>
      Split.content(Content.make([text]), max).map((piece) => Content.toText(piece))
    assert.deepStrictEqual(texts("ab好c", 4), ["ab", "好c"])
    assert.deepStrictEqual(texts("a😀b", 4), ["a", "😀", "b"])
    assert.deepStrictEqual(texts(`a${family}b`, 25), ["a", family, "b"])
    assert.deepStrictEqual(texts("ae\u0301", 3), ["a", "e\u0301"])
    assert.deepStrictEqual(texts("😀a", 1), ["😀", "a"])
  })

  it("a face is 11 bytes of JSON, and never cut", () => {
    const whole = Content.make(["a".repeat(10), Content.face(14), Content.face(13), "b"])
    assert.deepStrictEqual(
      Split.content(whole, 21).map(({ parts }) => parts),
      [
        [Content.text("a".repeat(10)), Content.face(14)],
        [Content.face(13), Content.text("b")]
      ]
    )
    assert.deepStrictEqual(
      Split.content(whole, 5).map(({ parts }) => parts),
      [
        [Content.text("a".repeat(5))],
        [Content.text("a".repeat(5))],
        [Content.face(14)],
        [Content.face(13)],
        [Content.text("b")]
      ]
    )
  })

  it("an empty content gives one empty piece", () => {
    assert.deepStrictEqual(Split.content(Content.make([])), [Content.make([])])
    assert.deepStrictEqual(Split.content(Content.make([""])), [Content.make([])])
  })
})
