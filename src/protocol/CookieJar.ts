/**
 * Cookies by the rules of RFC 6265bis, as values: a jar and the time go in, a jar comes out. Domain and path matching and
 * the public suffixes are tough-cookie's; lines are read by `SetCookie`; expiry is decided here, from the `now` that the
 * caller passes (ms since 1970), because tough-cookie's own jar reads the system clock. SameSite means nothing here: no
 * page of another site makes our requests.
 */
import * as Arr from "effect/Array"
import * as Data from "effect/Data"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { defaultPath, domainMatch, getPublicSuffix, pathMatch } from "tough-cookie"
import * as HeaderText from "../schema/HeaderText.ts"
import * as SetCookie from "./SetCookie.ts"

export { splitLines } from "./SetCookie.ts"

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

/**
 * What a jar holds: `total` cookies, `perDomain` of one domain, and `headerBytes` in one `Cookie` header. Of more the
 * oldest go, Secure ones last. What is read of an answer is bounded by `SetCookie.bounds`.
 */
export const bounds = { total: 500, perDomain: 64, headerBytes: 8192 } as const

/** Whether a cookie from elsewhere, such as a file, is one that an answer could have set. */
export const isEntry = ({ name, value }: Pick<Entry, "name" | "value">): boolean =>
  SetCookie.isPair(name, Redacted.value(value))

const isExpired = (entry: Entry, now: number): boolean => entry.expiresAt <= now

const isSecure = (url: URL): boolean => url.protocol === "https:"

const domainMatches = (host: string, domain: string): boolean => domainMatch(host, domain, false) === true

/** A domain as URLs spell it; none if it cannot be one. */
const canonical = (domain: string): string | undefined => {
  if (/^[\u0000-\u007f]*$/.test(domain)) return domain
  const url = `http://${domain}`
  return URL.canParse(url) ? new URL(url).hostname : undefined
}

/** The domain of a cookie: the host alone without a Domain attribute; none if the host may not set it (section 5.7). */
const domainOf = (host: string, attribute: string | undefined): Option.Option<Pick<Entry, "domain" | "hostOnly">> => {
  if (attribute === undefined) return Option.some({ domain: host, hostOnly: true })
  const domain = canonical(attribute)
  if (domain === undefined || !domainMatches(host, domain)) return Option.none()
  const isPublic = getPublicSuffix(domain, { ignoreError: true }) === undefined
  if (domain === host) return Option.some({ domain, hostOnly: isPublic })
  return isPublic ? Option.none() : Option.some({ domain, hostOnly: false })
}

/** What the prefix of a name promises must be true, in whatever case it is written (section 5.7, with 4.1.3). */
const keepsPromise = ({ hostOnly, name, secure }: Entry, path: string | undefined): boolean => {
  const prefix = name.toLowerCase()
  if (prefix.startsWith("__host-")) return secure && hostOnly && path === "/"
  return !prefix.startsWith("__secure-") || secure
}

const expiryOf = ({ expires = Number.POSITIVE_INFINITY, maxAge }: SetCookie.SetCookie, now: number): number => {
  if (maxAge === undefined) return expires
  return maxAge <= 0 ? Number.NEGATIVE_INFINITY : now + maxAge * 1000
}

/** The cookie of a line, if the URL may set it. */
const read = (url: URL, line: string, now: number): Option.Option<Entry> =>
  Option.flatMap(SetCookie.parse(line), (cookie) => {
    if (cookie.secure && !isSecure(url)) return Option.none()
    return Option.filter(
      Option.map(
        domainOf(url.hostname, cookie.domain),
        (domain): Entry => ({
          name: cookie.name,
          value: Redacted.make(cookie.value),
          ...domain,
          path: cookie.path ?? defaultPath(url.pathname),
          secure: cookie.secure,
          httpOnly: cookie.httpOnly,
          createdAt: now,
          expiresAt: expiryOf(cookie, now)
        })
      ),
      (entry) => keepsPromise(entry, cookie.path)
    )
  })

/** Whether a cookie that came over plain http would stand before, or in the place of, a Secure one (section 5.7). */
const shadows = (entry: Entry, secure: Entry): boolean =>
  entry.name === secure.name &&
  (domainMatches(entry.domain, secure.domain) || domainMatches(secure.domain, entry.domain)) &&
  pathMatch(entry.path, secure.path)

/** No part has a line end. */
const keyOf = ({ domain, name, path }: Entry): string => [name, domain, path].join("\n")

/** Cookies by what makes them the same one, in the order of their creation. */
type Index = Map<string, Entry>

const put = (index: Index, entry: Entry, now: number): void => {
  const key = keyOf(entry)
  if (isExpired(entry, now)) {
    index.delete(key)
    return
  }
  // A replaced cookie keeps its age, and its place (section 5.7).
  const former = index.get(key)
  index.set(key, former === undefined ? entry : { ...entry, createdAt: former.createdAt })
}

/** The newest cookies that the bounds allow, Secure ones first (section 5.7, at the end). */
const bounded = (jar: CookieJar): CookieJar => {
  if (jar.length <= bounds.perDomain) return jar
  const ofDomain = new Map<string, number>()
  const kept = new Set<Entry>()
  const newest = [...jar].reverse()
  for (const entry of [...newest.filter(({ secure }) => secure), ...newest.filter(({ secure }) => !secure)]) {
    const count = ofDomain.get(entry.domain) ?? 0
    if (kept.size >= bounds.total || count >= bounds.perDomain) continue
    ofDomain.set(entry.domain, count + 1)
    kept.add(entry)
  }
  return jar.filter((entry) => kept.has(entry))
}

const change = (jar: CookieJar, entries: ReadonlyArray<Entry>, now: number): CookieJar => {
  const index: Index = new Map()
  for (const entry of jar) if (!isExpired(entry, now)) index.set(keyOf(entry), entry)
  for (const entry of entries) put(index, entry, now)
  return bounded([...index.values()])
}

/**
 * The jar after a response: every `Set-Cookie` line in order. Lines that break the rules (foreign domain, public
 * suffix, no name, a prefix whose promise is not kept, plain http where a Secure cookie is) are dropped, and so are
 * cookies that have expired and what is beyond the bounds.
 */
export const absorb = (jar: CookieJar, url: URL, setCookie: ReadonlyArray<string>, now: number): CookieJar => {
  if (setCookie.length === 0) return jar
  const secure = isSecure(url) ? [] : jar.filter((entry) => entry.secure && !isExpired(entry, now))
  const entries: Array<Entry> = []
  for (const line of setCookie.slice(-SetCookie.bounds.lines)) {
    const entry = Option.getOrUndefined(read(url, line, now))
    if (entry !== undefined && !secure.some((one) => shadows(entry, one))) entries.push(entry)
  }
  return change(jar, entries, now)
}

/** Whether a cookie goes with a request to `url`. */
const matcher = (url: URL, now: number): ((entry: Entry) => boolean) => {
  const { hostname, pathname } = url
  const secure = isSecure(url)
  return (entry) =>
    !isExpired(entry, now) &&
    (entry.domain === hostname || (!entry.hostOnly && domainMatches(hostname, entry.domain))) &&
    pathMatch(pathname, entry.path) &&
    (!entry.secure || secure)
}

/** Longer paths first (section 5.8.3). */
const byPath = (a: Pick<Entry, "path">, b: Pick<Entry, "path">): number => b.path.length - a.path.length

/** The cookies for a request to `url`: longer paths first, then older ones. */
export const matching = (jar: CookieJar, url: URL, now: number): ReadonlyArray<Entry> =>
  // Entries stand in order of creation, and sorting is stable.
  jar.filter(matcher(url, now)).sort(byPath)

const separator = "; "

/** The `Cookie` header of a request to `url`; none when there is nothing to send. */
export const header = (jar: CookieJar, url: URL, now: number): Option.Option<Redacted.Redacted> => {
  const matches = matcher(url, now)
  const pairs: Array<{ readonly path: string; readonly pair: string }> = []
  let left = bounds.headerBytes
  // From the newest on, so that the oldest are left out where there are too many.
  for (const entry of Arr.reverse(jar)) {
    if (!matches(entry)) continue
    const pair = `${entry.name}=${Redacted.value(entry.value)}`
    // What no header can carry would break the request: such a cookie stays at home.
    if (!HeaderText.isSendable(pair)) continue
    left -= pair.length + separator.length
    if (left < 0) break
    pairs.push({ path: entry.path, pair })
  }
  if (pairs.length === 0) return Option.none()
  const sorted = pairs.reverse().sort(byPath)
  return Option.some(Redacted.make(sorted.map(({ pair }) => pair).join(separator)))
}

/** The value of a cookie by name, as a request to `url` would send it. */
export const get = (jar: CookieJar, url: URL, name: string, now: number): Option.Option<Redacted.Redacted> =>
  Option.map(Option.fromNullable(matching(jar, url, now).find((entry) => entry.name === name)), (entry) => entry.value)

/** A cookie that the program sets itself, valid for the whole host of `url`, until the session ends. */
export const set = (jar: CookieJar, url: URL, name: string, value: Redacted.Redacted, now: number): CookieJar => {
  const matches = matcher(url, now)
  const same = jar.find((entry) => entry.name === name && matches(entry))
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
  return change(jar, [same === undefined ? fresh : { ...same, value }], now)
}
