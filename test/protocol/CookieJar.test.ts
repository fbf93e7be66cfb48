import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc, Option, Redacted } from "effect"
import { CookieJar as ToughJar } from "tough-cookie"
import { CookieJar } from "../../src/protocol/index.ts"

const url = (text: string) => new URL(text)
const header = (jar: CookieJar.CookieJar, to: string, now: number) =>
  Option.getOrElse(Option.map(CookieJar.header(jar, url(to), now), Redacted.value), () => "")

/** A recorded check_sig reply in shape, with made-up values: sets two tokens, then deletes their namesakes. */
const checkSig = [
  "uin=o0012345678; PATH=/; DOMAIN=qq.com;",
  "skey=@abcdefghi; PATH=/; DOMAIN=qq.com;",
  "pt2gguin=o0012345678; EXPIRES=Thu, 02-Jan-2020 00:00:00 GMT; PATH=/; DOMAIN=qq.com;",
  "p_uin=o0012345678; PATH=/; DOMAIN=web2.qq.com;",
  "p_skey=PSKEY*; PATH=/; DOMAIN=web2.qq.com;",
  "pt4_token=PT4; PATH=/; DOMAIN=web2.qq.com;",
  "p_uin=; EXPIRES=Fri, 02-Jan-1970 00:00:00 GMT; PATH=/; DOMAIN=qq.com;",
  "p_skey=; EXPIRES=Fri, 02-Jan-1970 00:00:00 GMT; PATH=/; DOMAIN=qq.com;",
  "pt4_token=; EXPIRES=Fri, 02-Jan-1970 00:00:00 GMT; PATH=/; DOMAIN=qq.com;"
]
const now = Date.UTC(2015, 5, 1)

describe("CookieJar", () => {
  it("keeps the tokens of a check_sig reply that deletes their namesakes on another domain", () => {
    const jar = CookieJar.absorb(CookieJar.empty, url("http://ptlogin4.web2.qq.com/check_sig?a=b"), checkSig, now)
    assert.strictEqual(
      header(jar, "http://d.web2.qq.com/channel/login2", now),
      "uin=o0012345678; skey=@abcdefghi; pt2gguin=o0012345678; p_uin=o0012345678; p_skey=PSKEY*; pt4_token=PT4"
    )
    assert.strictEqual(
      header(jar, "https://ptlogin2.qq.com/", now),
      "uin=o0012345678; skey=@abcdefghi; pt2gguin=o0012345678"
    )
    assert.strictEqual(header(jar, "http://example.com/", now), "")
    // 2020: the dated cookie is over.
    assert.strictEqual(
      header(jar, "https://ptlogin2.qq.com/", Date.UTC(2020, 0, 3)),
      "uin=o0012345678; skey=@abcdefghi"
    )
  })

  it("refuses what a host may not set", () => {
    const set = (from: string, line: string) => CookieJar.absorb(CookieJar.empty, url(from), [line], now).length
    assert.strictEqual(set("http://a.qq.com/", "x=1; Domain=b.qq.com"), 0)
    assert.strictEqual(set("http://a.qq.com/", "x=1; Domain=example.com"), 0)
    assert.strictEqual(set("http://a.qq.com/", "x=1; Domain=com"), 0)
    assert.strictEqual(set("http://a.qq.com/", "x=1; Domain=qq.com"), 1)
    assert.strictEqual(set("http://a.qq.com/", "=1"), 0)
    assert.strictEqual(set("http://a.qq.com/", ""), 0)
  })

  it("keeps host-only, secure and path cookies where they belong", () => {
    const jar = CookieJar.absorb(
      CookieJar.empty,
      url("https://a.qq.com/dir/page"),
      ["host=1", "safe=2; Secure; Path=/", "deep=3; Path=/dir"],
      now
    )
    assert.strictEqual(header(jar, "https://a.qq.com/dir/x", now), "host=1; deep=3; safe=2")
    assert.strictEqual(header(jar, "http://a.qq.com/dirt", now), "")
    assert.strictEqual(header(jar, "https://b.a.qq.com/dir/x", now), "")
  })

  it("Max-Age counts from the given time and beats Expires", () => {
    const line = "x=1; Max-Age=60; Expires=Thu, 02-Jan-1970 00:00:00 GMT; Path=/"
    const jar = CookieJar.absorb(CookieJar.empty, url("http://a.qq.com/"), [line], now)
    assert.strictEqual(header(jar, "http://a.qq.com/", now + 59_999), "x=1")
    assert.strictEqual(header(jar, "http://a.qq.com/", now + 60_000), "")
    const gone = CookieJar.absorb(jar, url("http://a.qq.com/"), ["x=2; Max-Age=0; Path=/"], now)
    assert.deepStrictEqual(gone, [])
  })

  it("set changes the cookie that would be sent, or makes one for the host", () => {
    const host = url("http://d.web2.qq.com/")
    const jar = CookieJar.absorb(CookieJar.empty, host, ["ptwebqq=old; Domain=qq.com; Path=/"], now)
    const changed = CookieJar.set(jar, host, "ptwebqq", Redacted.make("new"), now)
    assert.strictEqual(header(changed, "http://s.web2.qq.com/", now), "ptwebqq=new")
    assert.strictEqual(
      header(CookieJar.set([], host, "a", Redacted.make("b"), now), "http://d.web2.qq.com/x", now),
      "a=b"
    )
  })

  const name = fc.constantFrom("a", "b", "skey")
  const value = fc.stringMatching(/^[A-Za-z0-9@*_-]{0,8}$/)
  const domain = fc.constantFrom(
    "",
    "; Domain=qq.com",
    "; Domain=.web2.qq.com",
    "; Domain=d.web2.qq.com",
    "; Domain=com"
  )
  const path = fc.constantFrom("", "; Path=/", "; Path=/channel", "; Path=/channel/")
  const life = fc.constantFrom("", "; Max-Age=100", "; Max-Age=0", "; Expires=Fri, 02-Jan-1970 00:00:00 GMT")
  const lineOf = (...last: ReadonlyArray<fc.Arbitrary<string>>) =>
    fc.tuple(name, value, domain, path, life, ...last).map(([n, v, ...rest]) => `${n}=${v}${rest.join("")}`)
  const line = lineOf()
  const page = fc.constantFrom(
    "http://d.web2.qq.com/channel/poll2",
    "https://s.web2.qq.com/api/x",
    "http://qq.com/",
    "https://d.web2.qq.com/channel"
  )
  const repliesOf = (from: fc.Arbitrary<string>, one: fc.Arbitrary<string>) =>
    fc.array(fc.tuple(from, fc.array(one, { maxLength: 3 })), { maxLength: 6 })
  // Theirs lets plain http replace a Secure cookie; so in one history, there is the one or the other.
  const replies = fc.oneof(
    repliesOf(page, line),
    repliesOf(
      page.map((from) => from.replace("http:", "https:")),
      lineOf(fc.constantFrom("", "; Secure"))
    )
  )

  /** What both jars send to a page after the same history, expiry judged at the same moment. */
  const both = (history: ReadonlyArray<readonly [string, ReadonlyArray<string>]>, to: string) => {
    const oracle = new ToughJar()
    const moment = Date.now()
    let jar = CookieJar.empty
    for (const [from, lines] of history) {
      jar = CookieJar.absorb(jar, url(from), lines, moment)
      for (const one of lines) oracle.setCookieSync(one, from, { ignoreError: true })
    }
    return [header(jar, to, moment), oracle.getCookieStringSync(to)] as const
  }

  it.prop("sends the cookies that tough-cookie's own jar sends", [replies, page], ([history, to]) => {
    const [ours, theirs] = both(history, to)
    // Theirs keeps the age of a cookie that was deleted in between, so only the set is compared here.
    assert.deepStrictEqual(ours.split("; ").sort(), theirs.split("; ").sort())
  })

  it.prop("in the same order, when nothing was deleted in between", [replies, page], ([history, to]) => {
    const lasting = history.map(([from, lines]) => [from, lines.filter((l) => !/Max-Age=0|Expires/.test(l))] as const)
    const [ours, theirs] = both(lasting, to)
    assert.strictEqual(ours, theirs)
  })

  it.prop("absorbing twice is absorbing once", [page, fc.array(line)], ([from, lines]) => {
    const once = CookieJar.absorb(CookieJar.empty, url(from), lines, now)
    const twice = CookieJar.absorb(once, url(from), lines, now)
    const sorted = (jar: CookieJar.CookieJar) => header(jar, from, now).split("; ").sort()
    assert.deepStrictEqual(sorted(twice), sorted(once))
  })

  it.prop("lines that a platform client joined are split again", [fc.array(line, { minLength: 1 })], ([lines]) => {
    assert.deepStrictEqual(CookieJar.splitLines(lines.join(", ")), lines)
    assert.deepStrictEqual(CookieJar.splitLines(lines.join(",")), lines)
  })

  it("no header has no lines", () => {
    assert.deepStrictEqual(CookieJar.splitLines(undefined), [])
    assert.deepStrictEqual(CookieJar.splitLines(""), [])
  })
})
