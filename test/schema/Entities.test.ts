/** Texts and names that travel HTML-escaped (reference, sections 4.9 and 5.3). */
import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import { Entities } from "../../src/schema/index.ts"

const { escape, unescape } = Entities

describe("entities", () => {
  it("are resolved: decimal, hexadecimal, and by the names that servers wrote", () => {
    assert.strictEqual(
      unescape("C&#43;&#43; &amp; Qt&nbsp;群 &lt;1&gt; &#x27;a&#39; &apos;&quot;&#92;"),
      "C++ & Qt\u00a0群 <1> 'a' '\"\\"
    )
    assert.strictEqual(unescape("&#X4F60;&#22909;&#128512; &middot;&hellip;&copy;"), "你好😀 ·…©")
    assert.strictEqual(unescape("&#0000039;&#10;"), "'\n")
  })

  it("are resolved once", () => {
    assert.strictEqual(unescape("&amp;lt; &#38;#39; &#x26;gt;"), "&lt; &#39; &gt;")
  })

  it("that are the halves of one character are one character", () => {
    assert.strictEqual(unescape("a&#55357;&#56832;b&#xD83D;&#xde00;&#55357;&#56832;"), "a😀b😀😀")
  })

  it("that stand for no character stay as they are", () => {
    for (const text of [
      "&#0;",
      "&#x0;",
      "&#27;",
      "&#x80;",
      "&#55357;",
      "&#xDE00;",
      "&#56832;&#55357;",
      "&#1114112;",
      "&#xFFFFFFFF;",
      "&#99999999999;",
      "&#;",
      "&#x;",
      "&;",
      "&unknown;",
      "&constructor;",
      "&amp",
      "& lt;",
      "a & b; c"
    ]) {
      assert.strictEqual(unescape(text), text)
    }
    assert.strictEqual(unescape("&#55357;&#65;"), "&#55357;A")
  })

  const references = fc
    .array(fc.constantFrom("&", "#", "x", ";", "0", "6", "5", "55357", "56832", "D83D", "DE00", "amp", "lt", "a", "中"))
    .map((all) => all.join(""))

  it.prop("bring in no NUL and no half of a character", [fc.oneof(references, fc.fullUnicodeString())], ([text]) => {
    const resolved = unescape(text.replaceAll("\0", ""))
    assert.notInclude(resolved, "\0")
    assert.notMatch(resolved, /\p{Surrogate}/u)
  })

  it.prop("are the inverse of escaping", [fc.oneof(references, fc.fullUnicodeString())], ([text]) => {
    assert.strictEqual(unescape(escape(text)), text)
    assert.notMatch(escape(text), /[<>"'\\\u00a0]/)
  })

  it("are resolved in a time that grows with the length only", () => {
    for (const piece of ["&", "&#", "&#1", "&#65;", "&#x", "&am", "0", "&#55357;"]) {
      assert.isString(unescape(piece.repeat(300_000)))
    }
  })
})
