/**
 * Cookies by the rules of RFC 6265, as values: a jar and the time go in, a jar comes out. Parsing, domain and path
 * matching are tough-cookie's; expiry is decided here, from the `now` that the caller passes (ms since 1970), because
 * tough-cookie's own jar reads the system clock.
 */
import * as Data from "effect/Data"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { Cookie, canonicalDomain, defaultPath, domainMatch, getPublicSuffix, pathMatch } from "tough-cookie"

/** One cookie. Times are ms since 1970; `expiresAt` is `Infinity` for a session cookie. */
export interface Entry {
  readonly name: string
  readonly value: Redacted.Redacted
  readonly domain: string
  readonly hostOnly: boolean
  readonly path: string
  readonly secure: boolean
  readonly httpOnly: boolean
  readonly createdAt: number
  readonly expiresAt: number
}

/** All cookies, in the order of their creation. */
export type CookieJar = ReadonlyArray<Entry>

export const empty: CookieJar = []

const sameCookie = (a: Entry, b: Entry): boolean => a.name === b.name && a.domain === b.domain && a.path === b.path

const isExpired = (entry: Entry, now: number): boolean => entry.expiresAt <= now

const expiryOf = (cookie: Cookie, now: number): number => {
  if (typeof cookie.maxAge === "number")
    return cookie.maxAge <= 0 ? Number.NEGATIVE_INFINITY : now + cookie.maxAge * 1000
  if (cookie.maxAge !== null) return cookie.maxAge === "Infinity" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  return cookie.expires instanceof Date ? cookie.expires.getTime() : Number.POSITIVE_INFINITY
}

/** The domain of a cookie: the host alone without a Domain attribute; none if the host may not set it. */
const domainOf = (host: string, attribute: string | null): Option.Option<Pick<Entry, "domain" | "hostOnly">> => {
  const domain = attribute === null ? undefined : canonicalDomain(attribute)
  if (domain === undefined || domain === "" || domain === host) {
    return Option.some({ domain: host, hostOnly: domain !== host })
  }
  return domainMatch(host, domain, false) === true && getPublicSuffix(domain, { ignoreError: true }) !== undefined
    ? Option.some({ domain, hostOnly: false })
    : Option.none()
}

const read = (url: URL, line: string, now: number): Option.Option<Entry> => {
  const cookie = Cookie.parse(line)
  // A Secure cookie that came over plain http is refused, as browsers do.
  if (cookie === undefined || (cookie.secure && url.protocol !== "https:")) return Option.none()
  return Option.map(domainOf(url.hostname, cookie.domain), (domain) => ({
    name: cookie.key,
    value: Redacted.make(cookie.value),
    ...domain,
    path: cookie.path ?? defaultPath(url.pathname),
    secure: cookie.secure,
    httpOnly: cookie.httpOnly,
    createdAt: now,
    expiresAt: expiryOf(cookie, now)
  }))
}

const put = (jar: CookieJar, entry: Entry, now: number): CookieJar => {
  const index = jar.findIndex((other) => sameCookie(other, entry))
  if (isExpired(entry, now)) return index < 0 ? jar : jar.filter((_, i) => i !== index)
  if (index < 0) return [...jar, entry]
  // A replaced cookie keeps its age (RFC 6265, section 5.3, step 11).
  return jar.map((other, i) => (i === index ? { ...entry, createdAt: other.createdAt } : other))
}

/**
 * The jar after a response: every `Set-Cookie` line in order. Lines that break the rules (foreign domain, public
 * suffix, no name) are dropped, and so are cookies that have expired.
 */
export const absorb = (jar: CookieJar, url: URL, setCookie: ReadonlyArray<string>, now: number): CookieJar =>
  setCookie.length === 0
    ? jar
    : setCookie.reduce(
        (next, line) => Option.match(read(url, line, now), { onNone: () => next, onSome: (e) => put(next, e, now) }),
        jar.some((entry) => isExpired(entry, now)) ? jar.filter((entry) => !isExpired(entry, now)) : jar
      )

const matches = (entry: Entry, url: URL, now: number): boolean =>
  !isExpired(entry, now) &&
  (entry.hostOnly ? entry.domain === url.hostname : domainMatch(url.hostname, entry.domain, false) === true) &&
  pathMatch(url.pathname, entry.path) &&
  (!entry.secure || url.protocol === "https:")

/** The cookies that a request to `url` carries: longer paths first, then older ones. */
export const matching = (jar: CookieJar, url: URL, now: number): ReadonlyArray<Entry> =>
  // Entries stand in order of creation, and sorting is stable.
  jar.filter((entry) => matches(entry, url, now)).sort((a, b) => b.path.length - a.path.length)

/** The `Cookie` header of a request to `url`; none when there is nothing to send. */
export const header = (jar: CookieJar, url: URL, now: number): Option.Option<Redacted.Redacted> => {
  const entries = matching(jar, url, now)
  return entries.length === 0
    ? Option.none()
    : Option.some(Redacted.make(entries.map((e) => `${e.name}=${Redacted.value(e.value)}`).join("; ")))
}

/** The value of a cookie by name, as a request to `url` would send it. */
export const get = (jar: CookieJar, url: URL, name: string, now: number): Option.Option<Redacted.Redacted> =>
  Option.map(Option.fromNullable(matching(jar, url, now).find((entry) => entry.name === name)), (entry) => entry.value)

const nextCookie = /,(?=\s*[!#$%&'*+\-.^_`|~0-9A-Za-z]+=)/

/**
 * Splits the `set-cookie` header of a response into its lines. Platform clients join them with a comma, which also
 * stands inside `Expires`: only a comma before `name=` starts a new line.
 */
export const splitLines = (header: string | undefined): ReadonlyArray<string> =>
  header === undefined || header === "" ? [] : header.split(nextCookie).map((line) => line.trim())

/** A cookie that the program sets itself, valid for the whole host of `url`, until the session ends. */
export const set = (jar: CookieJar, url: URL, name: string, value: Redacted.Redacted, now: number): CookieJar => {
  const same = jar.find((entry) => entry.name === name && matches(entry, url, now))
  const fresh: Entry = Data.struct({
    name,
    value,
    domain: url.hostname,
    hostOnly: true,
    path: "/",
    secure: false,
    httpOnly: false,
    createdAt: now,
    expiresAt: Number.POSITIVE_INFINITY
  })
  return put(jar, same === undefined ? fresh : { ...same, value }, now)
}
