import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import { Printable } from "../../src/schema/index.ts"

/** One of everything that a terminal would obey, by its code point. */
const harmful = [
  ...[0x00, 0x07, 0x08, 0x09, 0x0b, 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0x9b, 0x9d, 0x9f],
  ...[0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069],
  ...[0x206a, 0x206f, 0xfff9, 0xfffb, 0xd800, 0xdbff, 0xdc00, 0xdfff]
].map((code) => String.fromCharCode(code))

const text = fc.array(
  fc.oneof(fc.constantFrom(...harmful, "\n", "\r\n", "\u2028", "\u2029"), fc.string({ unit: "binary" }))
)

describe("text for a terminal", () => {
  it("keeps what a person writes", () => {
    for (const kept of ["你好，小黄鸡！", "😀👍🏽 𠮷 👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "naïve مرحبا שלום", "a\u00a0b\u200db", ""]) {
      assert.strictEqual(Printable.oneLine(kept), kept)
      assert.isTrue(Printable.isPlain(kept))
    }
  })

  it.each(harmful)("shows %j as one that is not known", (character) => {
    assert.strictEqual(Printable.oneLine(`a${character}b`), "a�b")
    assert.isFalse(Printable.isPlain(character))
  })

  it("shows line ends of every kind", () => {
    assert.strictEqual(Printable.oneLine("a\r\nb\nc\rd\u2028e\u2029f"), "a⏎b⏎c⏎d⏎e⏎f")
  })

  it("shows sequences that would clear, link, rename or answer", () => {
    assert.strictEqual(Printable.oneLine("\u001b[2J\u001b]0;title\u0007\u009b5n"), "�[2J�]0;title��5n")
  })

  it.prop("holds nothing that a terminal obeys, whatever it was", [text], ([parts]) => {
    const shown = Printable.oneLine(parts.join(""))
    assert.match(shown, /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]*$/u)
    assert.strictEqual(Printable.oneLine(shown), shown)
  })

  it.prop(
    "is as long as is wanted, and cut between characters",
    [text, fc.integer({ min: 1, max: 30 })],
    ([parts, atMost]) => {
      const whole = Array.from(Printable.oneLine(parts.join("")))
      const cut = Array.from(Printable.excerpt(parts.join(""), atMost))
      assert.isAtMost(cut.length, atMost)
      if (whole.length > 3 * atMost) assert.strictEqual(cut.at(-1), "…")
    }
  )

  it("makes the words of a sentence fit, not the sentence", () => {
    assert.strictEqual(Printable.text`refused ${"a\nb"}: ${7}\t${"\u202e"}`, "refused a⏎b: 7\t�")
  })

  it.prop("as JSON still says the same", [fc.array(text)], ([parts]) => {
    const value = parts.map((part) => part.join(""))
    const written = Printable.json(JSON.stringify(value, undefined, 2))
    assert.deepStrictEqual(JSON.parse(written), value)
    assert.strictEqual(Printable.lines(written), written)
  })
})
