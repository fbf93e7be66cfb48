/**
 * Following the URL of an accepted login.
 */
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Entities from "../schema/Entities.ts"
import * as Ids from "../schema/Ids.ts"
import * as CookieStore from "../services/CookieStore.ts"
import * as Dialect from "../services/Dialect.ts"
import * as Call from "./Call.ts"
import type * as Dialects from "./dialect/Dialect.ts"
import * as Errors from "./Errors.ts"
import * as Persist from "./Persist.ts"

/** More hops than any known chain; a server that leads on is going in circles. */
const maximumHops = 10

/** The longest URL that is followed; servers refuse longer request lines. */
const lengthAtMost = 8192

const parse = (text: string, base?: URL): URL | undefined =>
  text.length <= lengthAtMost && URL.canParse(text, base?.href) ? new URL(text, base?.href) : undefined

const notFollowed = (expected: string) =>
  new Errors.UnexpectedResponse({ endpoint: "check_sig", expected, received: "" })

/** The leading blank is part of what old clients looked for. */
const frames = / src="([^"]*)"/g
const mibaoTarget = /location\.href\s*=\s*"([^"]+)"/

/** Where a page leads: by its status and Location, or by way of the interstitial `mibao_res` (section 2.5). */
const leadsTo = (
  { headers, status }: HttpClientResponse.HttpClientResponse,
  body: string,
  url: URL
): string | undefined => {
  if (status >= 300) return headers.location
  const frame = Array.from(body.matchAll(frames), ([, source = ""]) => source).find((one) => one.includes("mibao_res"))
  if (frame !== undefined) return Entities.unescape(frame)
  return url.pathname.includes("mibao_res") ? mibaoTarget.exec(body)?.[1] : undefined
}

const cookie = (name: string) =>
  Effect.gen(function* () {
    const { origins } = yield* Dialect.Dialect
    return yield* (yield* CookieStore.CookieStore).get(new URL(origins.channel), name)
  })

/**
 * The `ptwebqq` of the web login whose cookies are there, if they are. Some servers set none, or an empty one, and go by
 * `skey` alone: then it is empty.
 */
export const ptwebqq: Effect.Effect<
  Option.Option<Ids.Ptwebqq>,
  never,
  CookieStore.CookieStore | Dialect.Dialect
> = Effect.gen(function* () {
  const token = yield* cookie("ptwebqq")
  const skey = yield* cookie("skey")
  return Option.orElse(token, () => Option.as(skey, Redacted.make(""))).pipe(
    // What is no token would spoil the requests that carry it.
    Option.flatMap((value) => Ids.ptwebqqOf(Redacted.value(value)))
  )
})

const httpError = (status: number) => new Errors.TransportError({ endpoint: "check_sig", reason: "StatusCode", status })

/** One page of the chain. A gateway that gives up is asked again; a page that is not there is not. */
const fetchPage = (url: URL) =>
  Effect.gen(function* () {
    const dialect = yield* Dialect.Dialect
    const headers = Call.withHeaders(dialect, dialect.headers.check_sig)
    const page = yield* Call.send("check_sig", headers(HttpClientRequest.get(url.href)))
    return page.response.status < 500 ? page : yield* httpError(page.response.status)
  }).pipe(
    Persist.goOn,
    Effect.filterOrFail(
      ({ response }) => response.status < 400,
      ({ response }) => httpError(response.status)
    )
  )

const isTrusted = ({ host, protocol }: URL, { followHosts }: Dialects.Dialect): boolean =>
  /^https?:$/.test(protocol) && followHosts.includes(host)

/**
 * Follows the URL of an accepted login hop by hop, so that no cookie of the chain is lost (seed 1,
 * "请求校验密码所返回的连接"): redirects, and the page `mibao_res` through which some answers lead. Gives the number of
 * requests that it took.
 *
 * A page that cannot be had is the end of the way where the cookies of a login are there by then, and a failure else.
 * Fails with `UntrustedHost` when the way leads to a host that the dialect does not list; nothing is sent there.
 */
export const checkSig = (
  url: Redacted.Redacted
): Effect.Effect<number, Errors.CallError | Errors.UntrustedHost, Call.Services> =>
  Effect.gen(function* () {
    const dialect = yield* Dialect.Dialect
    let next = parse(Redacted.value(url))
    if (next === undefined) return yield* notFollowed("a URL as the third argument of ptuiCB")
    for (let hops = 1; hops <= maximumHops; hops++) {
      if (!isTrusted(next, dialect)) {
        return yield* new Errors.UntrustedHost({ endpoint: "check_sig", host: next.host || next.protocol })
      }
      const page = yield* Effect.either(fetchPage(next))
      if (Either.isLeft(page)) {
        // What the page would have said means nothing to a login whose cookies are there; a client that loses cookies may
        // have lost some of them.
        return page.left.reason !== "Client" && Option.isSome(yield* ptwebqq) ? hops : yield* page.left
      }
      const target = leadsTo(page.right.response, page.right.text, next)
      if (target === undefined) return hops
      next = parse(target, next)
      if (next === undefined) return yield* notFollowed("a URL to follow")
    }
    return yield* notFollowed(`an end after ${maximumHops} redirects`)
  }).pipe(Effect.withSpan("WebQQ.check_sig", { captureStackTrace: false }))
