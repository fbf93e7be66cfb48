/**
 * The cookies of one login. They belong to the documented hosts (`qq.com` and below), wherever a Transport really sends
 * the requests.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Ref from "effect/Ref"
import * as CookieJar from "../protocol/CookieJar.ts"

/**
 * - `header(url)`: the `Cookie` header for a request to `url`, if there is anything to send.
 * - `absorb(url, lines)`: takes in the `Set-Cookie` lines of a response from `url`.
 * - `get(url, name)`: the value that a request to `url` would send under `name`.
 * - `set(url, name, value)`: changes a cookie, or makes one for the host of `url`.
 * - `jar`: all cookies, as a value that can be kept and given to `layerFrom` or `restore` later.
 * - `restore(jar)`: replaces all cookies.
 *
 * Expiry follows Effect's Clock.
 */
export class CookieStore extends Context.Tag("effect-webqq/CookieStore")<
  CookieStore,
  {
    readonly header: (url: URL) => Effect.Effect<Option.Option<Redacted.Redacted>>
    readonly absorb: (url: URL, setCookie: ReadonlyArray<string>) => Effect.Effect<void>
    readonly get: (url: URL, name: string) => Effect.Effect<Option.Option<Redacted.Redacted>>
    readonly set: (url: URL, name: string, value: Redacted.Redacted) => Effect.Effect<void>
    readonly jar: Effect.Effect<CookieJar.CookieJar>
    readonly restore: (jar: CookieJar.CookieJar) => Effect.Effect<void>
  }
>() {}

export const make = (initial: CookieJar.CookieJar = CookieJar.empty): Effect.Effect<CookieStore["Type"]> =>
  Effect.map(Ref.make(initial), (ref) => {
    const read = <A>(f: (jar: CookieJar.CookieJar, now: number) => A) =>
      Effect.zipWith(Ref.get(ref), Clock.currentTimeMillis, f)
    const change = (f: (jar: CookieJar.CookieJar, now: number) => CookieJar.CookieJar) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => Ref.update(ref, (jar) => f(jar, now)))
    return CookieStore.of({
      header: (url) => read((jar, now) => CookieJar.header(jar, url, now)),
      absorb: (url, setCookie) => change((jar, now) => CookieJar.absorb(jar, url, setCookie, now)),
      get: (url, name) => read((jar, now) => CookieJar.get(jar, url, name, now)),
      set: (url, name, value) => change((jar, now) => CookieJar.set(jar, url, name, value, now)),
      jar: Ref.get(ref),
      restore: (jar) => Ref.set(ref, jar)
    })
  })

/** A store that begins empty. Every login needs its own. */
export const layer: Layer.Layer<CookieStore> = Layer.effect(CookieStore, make())

/** A store that begins with kept cookies. */
export const layerFrom = (initial: CookieJar.CookieJar): Layer.Layer<CookieStore> =>
  Layer.effect(CookieStore, make(initial))
