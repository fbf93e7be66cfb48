/** What comes in, in every spelling that the protocol notes tell of old clients. */
import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as Wire from "../../../src/programs/server/Wire.ts"

const params = (body: string, query = "") =>
  Wire.request({ method: "POST", host: "d.web2.qq.com", path: "/", query, body, headers: {} }).params

const trailing = "&clientid=8534174&psessionid=8368046764"
const json = fc.json({ noUnicodeString: false })
/** What has made un-encoded bodies ambiguous: text that reads like a form or like escapes. */
const message = fc
  .array(fc.oneof(fc.constantFrom("&", "=", "+", "%41", "%", ";", "&r=", "&psessionid=", '"', "}", "你"), fc.string()))
  .map((pieces) => JSON.stringify({ content: JSON.stringify([pieces.join("")]), to: 1 }))

describe("r", () => {
  it.prop("is the same, sent encoded or not, alone or with fields around it", [fc.oneof(json, message)], ([text]) => {
    const formEncoded = new URLSearchParams({ r: text }).toString()
    for (const r of [`r=${encodeURIComponent(text)}`, formEncoded, `r=${text}`]) {
      assert.strictEqual(params(r).r, text, r)
      assert.strictEqual(params("", r).r, text, `${r} in the query`)
      assert.deepStrictEqual(
        params(`vfwebqq=a&${r}${trailing}`),
        { r: text, vfwebqq: "a", clientid: "8534174", psessionid: "8368046764" },
        r
      )
    }
  })

  it("keeps plus signs, ampersands and percent signs of un-encoded JSON, and takes none for a field", () => {
    const text = '{"content":"[\\"1+1&psessionid=x%41\\"]","psessionid":"y"}'
    assert.deepStrictEqual(params(`r=${text}`), { r: text })
  })

  it("that is no JSON is the decoded field, and malformed escapes stay", () => {
    assert.deepStrictEqual(params("r=%7B+&clientid=1"), { r: "{ ", clientid: "1" })
    assert.deepStrictEqual(params("r=%zz%E4%"), { r: "%zz\ufffd%" })
    assert.deepStrictEqual(params("r="), { r: "" })
  })

  it("of the body counts more than that of the query", () => {
    assert.deepStrictEqual(params("r={}&a=2", "r=[]&a=1&b=1"), { r: "{}", a: "2", b: "1" })
  })
})

describe("parameters", () => {
  it("come repeated, bare, empty, with a trailing ampersand or a second question mark", () => {
    assert.deepStrictEqual(params("", "?pt_tea=1&uin=10001&&pt_tea=1&0-0-157510&login_sig=&"), {
      pt_tea: "1",
      uin: "10001",
      "0-0-157510": "",
      login_sig: ""
    })
    assert.deepStrictEqual(params("", "s_url=http%3A%2F%2Fw.qq.com%2Fproxy.html?f_url=loginerroralert&t=1"), {
      s_url: "http://w.qq.com/proxy.html",
      f_url: "loginerroralert",
      t: "1"
    })
  })

  it("repeated with another value count as said last", () => {
    assert.deepStrictEqual(params("", "regmaster=0&s_url=a&regmaster=&s_url=b"), { regmaster: "", s_url: "b" })
  })

  it("beyond two hundred are not read", () => {
    const many = Array.from({ length: 1000 }, (_, i) => `p${i}=${i}`).join("&")
    assert.strictEqual(Object.keys(params("", many)).length, 200)
  })

  it("are a form's like any other", () => {
    const pair = fc
      .tuple(fc.fullUnicodeString({ minLength: 1 }), fc.fullUnicodeString())
      .filter(([name]) => name !== "r")
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 20 }), (pairs) => {
        const form = new URLSearchParams(pairs)
        assert.deepStrictEqual(params(form.toString()), Object.fromEntries(form))
      })
    )
  })

  it.prop("are read from anything", [fc.fullUnicodeString(), fc.string16bits()], ([query, body]) => {
    for (const value of Object.values(params(body, query))) assert.isString(value)
  })

  it("named like members of every object do no harm", () => {
    const found = params("__proto__=a&constructor=b&toString=c")
    assert.deepStrictEqual(Object.entries(found), [
      ["__proto__", "a"],
      ["constructor", "b"],
      ["toString", "c"]
    ])
    assert.strictEqual(Object.getPrototypeOf(found), Object.prototype)
  })
})

describe("the request target", () => {
  it("is a path, or the whole URL as clients behind a proxy send it", () => {
    const of = (line: string) => Wire.target(line, "header.qq.com")
    assert.deepStrictEqual(of("/check?uin=1&u1=http://a/?b"), {
      host: "header.qq.com",
      path: "/check",
      query: "uin=1&u1=http://a/?b"
    })
    const whole = { host: "s.web2.qq.com", path: "/api/get_self_info2", query: "t=1" }
    assert.deepStrictEqual(of("http://s.web2.qq.com/api/get_self_info2?t=1"), whole)
    assert.deepStrictEqual(of("HTTPS://me:secret@s.web2.qq.com/api/get_self_info2?t=1"), whole)
    assert.deepStrictEqual(of("http://s.web2.qq.com:8080?t=1"), { host: "s.web2.qq.com:8080", path: "/", query: "t=1" })
    assert.deepStrictEqual(of("http://s.web2.qq.com"), { host: "s.web2.qq.com", path: "/", query: "" })
    assert.deepStrictEqual(of("//s.web2.qq.com/check"), {
      host: "header.qq.com",
      path: "//s.web2.qq.com/check",
      query: ""
    })
    assert.deepStrictEqual(of("*"), { host: "header.qq.com", path: "*", query: "" })
  })
})
