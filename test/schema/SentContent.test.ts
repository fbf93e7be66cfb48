/** What old clients put into `content`, as the server sees it after the outer JSON (protocol notes, section 5.4). */
import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc, Schema } from "effect"
import { Content } from "../../src/schema/index.ts"

const read = Schema.decodeSync(Content.Sent)
const deliver = Schema.encodeSync(Content.Received)
const says = (text: string, ...parts: ReadonlyArray<string | Content.Part>) =>
  assert.deepStrictEqual(read(text), Content.make(parts), text)

const font = '["font", {"name":"宋体", "size":"10", "style":[0, 0, 0], "color":"000000"}]'

describe("the content of a send", () => {
  it("may have line ends, tabs and quotes as the outer level left them (QQRobot)", () => {
    says(`["第一行\n第二行\r\n\t完",${font}]`, "第一行\n第二行\r\n\t完")
    says(`["a\nb",["face",14],"c\\"d\te",${font}]`, "a\nb", Content.face(14), 'c"d\te')
    says(`["he said "hi", twice",${font}]`, 'he said "hi", twice')
    says(`[\n"a\nb",\n${font}\n]`, "a\nb")
  })

  it("may have backslashes that escape what they should not (RPi, the second document's group template)", () => {
    says(`["C:\\windows \\o/\\n\\"x\\" \\u4f60",${font}]`, 'C:\\windows \\o/\n"x" 你')
    says(`["\\",${font}]`, "\\")
  })

  it("may have an empty element and no font (Mojo, 2015)", () => {
    says('["hi",[]]', "hi")
    says("[[]]")
    says("[]")
  })

  it("may have a lone line end beside faces, and numbers as text (lwqq)", () => {
    says(
      `[["face",14],"\\n",["face","13"],"1\\u002b1\\u0026",${font}]`,
      Content.face(14),
      "\n",
      Content.face(13),
      "1+1&"
    )
  })

  it("that is no array, or nothing like JSON, is what was said", () => {
    says("hello", "hello")
    says("", "")
    says('"hello"', "hello")
    says("42", "42")
    says('["hello"', "hello")
    says('["hello]', "hello")
    says(`["a" "b"]`, 'a" "b')
    says('[1,true,null,{},"x"]', "1", "true", "x")
    says("null")
  })

  it("keeps its font where that can be read, and what speaks of fonts", () => {
    const look = '["font",{"name":"黑体","size":"12","style":[1,0,0],"color":"ff0000"}]'
    const expected = { name: "黑体", size: 12, style: { bold: true, italic: false, underline: false }, color: "ff0000" }
    assert.deepStrictEqual(read(`["say "x"",${look}]`), Content.make(['say "x"'], expected))
    says(`["["font" is "x"",${font}]`, '["font" is "x"')
    says('["say "x"",["font",{"name":', 'say "x"')
  })

  it("is delivered with the font first, its size and the faces as numbers", () => {
    assert.deepStrictEqual(deliver(read(`["a",["face","14"],${font}]`)), [
      ["font", { name: "宋体", size: 10, style: [0, 0, 0], color: "000000" }],
      "a",
      ["face", 14]
    ])
  })

  it("nested without end can still be delivered", () => {
    for (const depth of [30, 100_000]) {
      const bomb = read(
        `["a",${"[".repeat(depth)}${"]".repeat(depth)},["x",${'{"y":'.repeat(depth)}1${"}".repeat(depth)}]]`
      )
      assert.deepStrictEqual(bomb, Content.make(["a"]))
    }
  })

  it("of any kind is read in a time that grows with its length only", () => {
    const many = 100_000
    for (const piece of ['\\"', '"', " ", "[", '[ "font"', "\n", "\\", '",', "] "]) {
      for (const start of ["", '"', '["', "x"]) {
        assert.isArray(read(start + piece.repeat(many)).parts)
        assert.isArray(read(`${start}${piece.repeat(many)}x`).parts)
      }
    }
  })

  it.prop(
    "can be anything, and be delivered as something else than nothing",
    [
      fc.oneof(
        fc.fullUnicodeString(),
        fc.string16bits(),
        fc.json(),
        fc.string().map((s) => `["${s}",${font}]`)
      )
    ],
    ([text]) => {
      assert.match(JSON.stringify(deliver(read(text))), /^\[\["font",/)
    }
  )

  it.prop(
    "of one level of escaping says what was typed, but for backslashes",
    [fc.fullUnicodeString().filter((typed) => !typed.includes("\\") && !/^\s*"|"\s*,?\s*$|\[\s*"font"/.test(typed))],
    ([typed]) => {
      says(`["${typed}",${font}]`, typed)
    }
  )
})
