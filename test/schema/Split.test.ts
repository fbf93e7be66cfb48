/** Long messages in pieces; 720 bytes is what careful clients used (reference, section 5.4, "Length and splitting"). */
import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc, Option } from "effect"
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

const clusters = (text: string) =>
  Array.from(new Intl.Segmenter("zh", { granularity: "grapheme" }).segment(text), ({ segment }) => segment)

const family = "👨‍👩‍👧‍👦"
const texts = fc.oneof(
  fc.fullUnicodeString({ maxLength: 30 }),
  fc
    .array(
      fc.constantFrom(
        "a",
        " ",
        "http://a.b/",
        "\r\n",
        "\r",
        "\n",
        "中",
        "好",
        "é",
        "e\u0301",
        "\u0301",
        "\u200d",
        "𠮷",
        "😀",
        family
      ),
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
    arbitrary: fc.constant({
      _tag: "OffPic",
      filePath: Option.some("/uuid"),
      raw: ["offpic", { file_path: "/uuid" }]
    } as const)
  }
)
const font = { ...Content.defaultFont, name: "黑体", size: 12 }
const content = fc.array(part, { maxLength: 8 }).map((parts) => Content.make(parts, font))
const limit = fc.integer({ min: 1, max: 60 })

describe("Split", () => {
  it.prop("the pieces, joined, are the whole, and every one has its font", [content, limit], ([whole, max]) => {
    const pieces = Split.content(whole, max)
    assert.deepStrictEqual(Content.joined(pieces.flatMap(({ parts }) => parts)), Content.joined(whole.parts))
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
    if (Content.joined(whole.parts).length === 0) assert.deepStrictEqual(pieces, [Content.make([], font)])
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
    for (const each of Content.joined(whole.parts)) {
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

  const shown = (text: string, max?: number) =>
    Split.content(Content.plain(text), max).map((piece) =>
      piece.parts.map((each) => each._tag === "Text" && each.text).join("")
    )
  const link = `https://example.org/${"path/".repeat(14)}?q=1#end`

  it("a cut is after the last line end or blank of the last 100 bytes, if there is one", () => {
    const words = "the quick brown fox jumps over the lazy dog ".repeat(40).trim()
    for (const piece of shown(words).slice(0, -1)) {
      assert.match(piece, /^the .* $|^\S+ .* $/)
      assert.isAbove(piece.length, 700)
    }
    const lines = `${"好".repeat(30)}\r\n`.repeat(20)
    assert.deepStrictEqual(shown(lines).map(bytesOf), [644, 644, 552])
    assert.isTrue(shown(lines).every((piece) => piece.endsWith("\r\n")))
    // Further back than 100 bytes a cut would leave the piece too short.
    assert.deepStrictEqual(shown(`a ${"b".repeat(719)}`), [`a ${"b".repeat(718)}`, "b"])
    assert.deepStrictEqual(shown(`${"a".repeat(620)} ${"b".repeat(120)}`).map(bytesOf), [621, 120])
    // A piece that is full with a word is not made shorter; the blank begins the next one.
    assert.deepStrictEqual(shown(`a ${"b".repeat(718)} c`), [`a ${"b".repeat(718)}`, " c"])
  })

  it("a link is not cut: not behind words, not behind Chinese text, not behind a face", () => {
    assert.deepStrictEqual(shown(`${"好".repeat(225)}${link}之后`), ["好".repeat(225), `${link}之后`])
    assert.deepStrictEqual(shown(`${"a".repeat(700)} ${link} b`), [`${"a".repeat(700)} `, `${link} b`])
    const longer = `http://example.org/${"x".repeat(690)}`
    assert.deepStrictEqual(shown(`${"好".repeat(20)}${longer}`), ["好".repeat(20), longer])
    assert.deepStrictEqual(
      Split.content(Content.make(["a", Content.face(14), longer, "好".repeat(10)])).map(({ parts }) => parts),
      [[Content.text("a"), Content.face(14)], [Content.text(`${longer}好好好`)], [Content.text("好".repeat(7))]]
    )
    // Alone it is longer than a piece.
    const endless = `http://example.org/${"x".repeat(800)}`
    assert.deepStrictEqual(shown(endless).map(bytesOf), [720, 99])
  })

  const linked = fc
    .array(fc.constantFrom("好", "a", " ", "\n", "word", "http://a.b/", "https://c.d/e?f=g", "😀"), { maxLength: 40 })
    .map((all) => all.join(""))
  it.prop("no link is cut that fits into a piece", [linked, fc.integer({ min: 17, max: 80 })], ([text, max]) => {
    const wanted = Array.from(text.matchAll(/https?:\/\/[!-~]+/g), ([whole]) => whole).filter(
      (each) => each.length <= max
    )
    const pieces = shown(text, max)
    for (const each of wanted)
      assert.isTrue(
        pieces.some((piece) => piece.includes(each)),
        each
      )
  })

  it.prop("no word is cut that a blank could have saved", [linked, fc.integer({ min: 4, max: 99 })], ([text, max]) => {
    const pieces = shown(text, max)
    pieces.slice(0, -1).forEach((piece, i) => {
      const cutsWord = !/\s$/.test(piece) && !/^\s/.test(pieces[i + 1] ?? "")
      if (cutsWord) assert.notMatch(piece, /\s/)
    })
  })

  it("a long text is cut in a time that grows with its length only", () => {
    for (const piece of ["a", "a ", "http://a ", "http://", " ", "好", `${link}`]) {
      const text = piece.repeat(Math.ceil(30_000 / piece.length))
      assert.strictEqual(shown(text).join(""), text)
    }
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
