/** The rules of RFC 6265bis that tough-cookie's oracle does not hold, and the bounds of a jar. */
import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc, Option, Redacted } from "effect"
import { CookieJar } from "../../src/protocol/index.ts"

const now = Date.UTC(2015, 5, 1)
const plain = "http://d.web2.qq.com/channel/poll2"
const safe = "https://d.web2.qq.com/channel/poll2"

const absorb = (jar: CookieJar.CookieJar, from: string, ...lines: ReadonlyArray<string>) =>
  CookieJar.absorb(jar, new URL(from), lines, now)
const header = (jar: CookieJar.CookieJar, to: string) =>
  Option.getOrElse(Option.map(CookieJar.header(jar, new URL(to), now), Redacted.value), () => "")
/** What goes back to where the lines came from. */
const echoed = (from: string, ...lines: ReadonlyArray<string>) => header(absorb(CookieJar.empty, from, ...lines), from)

describe("the Domain of a cookie", () => {
  it.each([
    "..d.web2.qq.com",
    ".  d.web2.qq.com",
    "d.web2.qq.com.",
    "..qq.com",
    '"qq.com"',
    "qq.com:80",
    "\u5bb6 .com"
  ])("%s is none of the host's", (domain) => assert.strictEqual(echoed(plain, `a=1; Domain=${domain}`), ""))

  it.each([".qq.com", "QQ.com", "\t.web2.qq.com ", "example.org; Domain=qq.com", ""])("%s is", (domain) =>
    assert.strictEqual(echoed(plain, `a=1; Domain=${domain}`), "a=1")
  )

  it("that is a public suffix makes a cookie of that host alone", () => {
    const jar = absorb(CookieJar.empty, "http://github.io/", "a=1; Domain=github.io")
    assert.strictEqual(header(jar, "http://github.io/"), "a=1")
    assert.strictEqual(header(jar, "http://somebody.github.io/"), "")
  })
})

describe("a Secure cookie", () => {
  const jar = absorb(CookieJar.empty, safe, "skey=right; Domain=web2.qq.com; Path=/channel; Secure")

  it.each([
    "skey=wrong; Domain=web2.qq.com; Path=/channel",
    "skey=wrong; Path=/channel/poll2",
    "skey=wrong; Domain=qq.com; Path=/channel/",
    "skey=wrong; Domain=qq.com; Path=/channel; Secure",
    "skey=; Domain=web2.qq.com; Path=/channel; Max-Age=0"
  ])("is not replaced, shadowed or deleted over plain http by %s", (line) =>
    assert.deepStrictEqual(absorb(jar, plain, line), jar)
  )

  it("leaves other names and other paths alone", () => {
    const more = absorb(jar, plain, "skey=other; Path=/", "SKEY=other; Path=/channel")
    assert.strictEqual(header(more, safe), "skey=right; SKEY=other; skey=other")
    assert.strictEqual(header(more, plain), "SKEY=other; skey=other")
  })

  it("is replaced over https, whatever the new one is", () => {
    const line = "skey=new; Domain=web2.qq.com; Path=/channel"
    assert.strictEqual(header(absorb(jar, safe, line), plain), "skey=new")
  })

  it("that has expired protects nothing", () => {
    const brief = absorb(CookieJar.empty, safe, "skey=right; Path=/; Secure; Max-Age=60")
    const later = CookieJar.absorb(brief, new URL(plain), ["skey=new; Path=/"], now + 60_000)
    assert.strictEqual(
      Option.map(CookieJar.get(later, new URL(plain), "skey", now + 60_000), Redacted.value).pipe(
        Option.getOrElse(() => "")
      ),
      "new"
    )
  })

  it("is not pushed out by any number of others", () => {
    const flood = Array.from({ length: 5000 }, (_, i) => `c${i}=1; Domain=web2.qq.com; Path=/channel`)
    assert.include(header(absorb(jar, plain, ...flood), safe), "skey=right")
  })
})

describe("the prefix of a name", () => {
  it.each(["__Host-a", "__host-a", "__HOST-a"])("%s wants Secure, Path=/ and no Domain", (name) => {
    assert.strictEqual(echoed(safe, `${name}=1; Secure; Path=/`), `${name}=1`)
    assert.strictEqual(echoed(safe, `${name}=1; Path=/`), "")
    assert.strictEqual(echoed(safe, `${name}=1; Secure; Path=/channel`), "")
    assert.strictEqual(echoed("https://d.web2.qq.com/", `${name}=1; Secure`), "")
    assert.strictEqual(echoed(safe, `${name}=1; Secure; Path=/; Domain=d.web2.qq.com`), "")
    assert.strictEqual(echoed(plain, `${name}=1; Secure; Path=/`), "")
  })

  it.each(["__Secure-a", "__secure-a", "__SECURE-a"])("%s wants Secure", (name) => {
    assert.strictEqual(echoed(safe, `${name}=1; Secure; Domain=qq.com`), `${name}=1`)
    assert.strictEqual(echoed(safe, `${name}=1`), "")
    assert.strictEqual(echoed(plain, `${name}=1`), "")
  })
})

describe("a line", () => {
  it.each(["a=1\r\nX: 2", "a=1\u0000", "a=1; Path=/\u007f", "a\u0001=1", "=1", "a", ""])("%j is no cookie", (line) =>
    assert.strictEqual(echoed(plain, line), "")
  )

  it("may hold a tab, and bytes that look like blanks", () => {
    assert.strictEqual(echoed(plain, "a=1\t2 ; Path=/"), "a=1\t2")
    assert.strictEqual(echoed(plain, "a=\u00c3\u00a0"), "a=\u00c3\u00a0")
  })

  it("whose value no header can carry is kept and not sent", () => {
    const jar = absorb(CookieJar.empty, plain, "a=中文", "b=2")
    assert.strictEqual(jar.length, 2)
    assert.strictEqual(header(jar, plain), "b=2")
  })

  it("has bounds: 4096 bytes for name and value, 1024 for an attribute", () => {
    assert.strictEqual(echoed(plain, `a=${"x".repeat(4095)}`).length, 4097)
    assert.strictEqual(echoed(plain, `a=${"x".repeat(4096)}`), "")
    assert.strictEqual(echoed(plain, `a=1; Path=/${"x".repeat(1024)}`), "a=1")
    assert.strictEqual(echoed(plain, `a=1${"; b".repeat(10_000)}`), "")
  })

  it.prop("of any text breaks nothing", [fc.array(fc.string({ unit: "binary" })), fc.webUrl()], ([lines, from]) => {
    const jar = absorb(CookieJar.empty, from, ...lines, ...lines.map((line) => `a=1; Domain=${line}`))
    assert.match(header(jar, from), /^[\t\u0020-\u007e\u0080-\u00ff]*$/)
  })
})

describe("a jar", () => {
  const many = (count: number, attributes: string) =>
    Array.from({ length: count }, (_, i) => `c${i}=${"x".repeat(90)}; Path=/${attributes}`)

  it("holds 64 cookies of a domain, the newest, and sends 8192 bytes of them", () => {
    const jar = absorb(CookieJar.empty, plain, ...many(20_000, "; Domain=qq.com"))
    assert.deepStrictEqual(
      jar.map(({ name }) => name),
      Array.from({ length: 64 }, (_, i) => `c${19_936 + i}`)
    )
    const long = absorb(CookieJar.empty, plain, ...["a", "b", "c"].map((name) => `${name}=${"x".repeat(4000)}`))
    assert.match(header(long, plain), /^b=x{4000}; c=x{4000}$/)
  })

  it("holds 500 in all", () => {
    const hosts = Array.from({ length: 20 }, (_, i) => `http://h${i}.qq.com/`)
    const jar = hosts.reduce((next, host) => absorb(next, host, ...many(60, "")), CookieJar.empty)
    assert.strictEqual(jar.length, 500)
    assert.strictEqual(jar.at(0)?.domain, "h11.qq.com")
    assert.strictEqual(jar.at(-1)?.domain, "h19.qq.com")
  })

  it("makes room by what has expired first", () => {
    const before = absorb(CookieJar.empty, plain, ...many(60, ""))
    const jar = absorb(before, plain, ...many(60, "; Max-Age=0"), ...many(64, "; Domain=web2.qq.com"))
    assert.strictEqual(jar.length, 64)
  })

  it("keeps the place of a cookie that is set again", () => {
    const jar = absorb(CookieJar.empty, plain, "a=1; Path=/", "b=2; Path=/")
    assert.strictEqual(header(absorb(jar, plain, "a=3; Path=/"), plain), "a=3; b=2")
  })
})
