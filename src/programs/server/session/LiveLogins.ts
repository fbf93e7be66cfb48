/**
 * The web logins of a server.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import type * as Ids from "../../../schema/Ids.ts"
import * as Aliases from "../Aliases.ts"
import * as Options from "../Options.ts"
import * as Registry from "../Registry.ts"
import * as Steady from "../Steady.ts"
import * as Tokens from "../Tokens.ts"
import * as World from "../World.ts"
import * as Moment from "./Moment.ts"
import * as Outliving from "./Outliving.ts"
import * as WebLogins from "./WebLogins.ts"

/**
 * What `WebLogins` does, and the time and chance for it.
 *
 * - `goOnline(id)`: the world keeps it from now on, so that it outlives the server, if the world does.
 * - `comeBack(cookies)`: a login that outlived the server.
 */
export interface LiveLogins {
  readonly accept: (account: Ids.QQ, isOnline: IsOnline) => Effect.Effect<WebLogins.WebLogin>
  readonly find: (by: WebLogins.Token, token: string) => Effect.Effect<Option.Option<WebLogins.WebLogin>>
  readonly use: (id: number) => Effect.Effect<Option.Option<WebLogins.WebLogin>>
  readonly goOnline: (id: number) => Effect.Effect<void>
  readonly comeBack: (
    cookies: Outliving.Cookies,
    isOnline: (account: Ids.QQ) => IsOnline
  ) => Effect.Effect<Option.Option<WebLogins.WebLogin>>
  readonly rotate: (id: number) => Effect.Effect<string>
  readonly forget: (id: number) => Effect.Effect<void>
  readonly forgetAll: (account: Ids.QQ) => Effect.Effect<void>
}

/** Whether a login of an account is the one that is online. */
export type IsOnline = (id: number) => boolean

const newTokens: Effect.Effect<WebLogins.Tokens> = Effect.all({
  skey: Tokens.skey,
  ptwebqq: Tokens.hex(32),
  ptsigx: Tokens.hex(64),
  vfwebqq: Tokens.hex(40),
  superkey: Tokens.longKey,
  supertoken: Tokens.supertoken
})

/** A login of an account before it has a number. */
type New = Omit<WebLogins.WebLogin, "id" | "usedAt" | "keptAt">

export const make: Effect.Effect<LiveLogins, never, Options.Options | World.World> = Effect.gen(function* () {
  const { aliases, loginLifetime } = yield* Options.Options
  const world = yield* World.World
  const lifetime = Duration.toMillis(loginLifetime)
  const ref = yield* Ref.make(WebLogins.empty)

  /** A change that needs the time. */
  const timed = <A>(change: (logins: WebLogins.WebLogins, when: WebLogins.Use) => readonly [WebLogins.WebLogins, A]) =>
    Effect.flatMap(Steady.millis, (now) =>
      Ref.modify(ref, (logins) => {
        const [next, output] = change(logins, { now, lifetime })
        return [output, next]
      })
    )

  const add = (login: New, isOnline: IsOnline) =>
    timed((logins, { now }) => WebLogins.accept(logins, { ...login, usedAt: now, keptAt: Option.none() }, isOnline))

  const named = (account: Ids.QQ, seed: number, shown?: Aliases.Shown) => ({
    account,
    seed,
    aliases: aliases ? Aliases.fromSeed(account, seed, shown) : Aliases.plain()
  })

  const goOnline = (id: number) =>
    Effect.gen(function* () {
      const now = yield* Moment.now
      const login = Registry.get(yield* Ref.get(ref), id)
      if (Option.isNone(login)) return
      yield* world.keepLogin(Outliving.toKeep(login.value, now.unix))
      yield* Ref.update(ref, (logins) => WebLogins.keep(logins, id, now.steady))
    })

  return {
    goOnline,
    accept: (account, isOnline) =>
      Effect.gen(function* () {
        const tokens = yield* newTokens
        return yield* add({ ...tokens, ...named(account, yield* Aliases.newSeed) }, isOnline)
      }),
    find: (by, token) => timed((logins, when) => WebLogins.find(logins, [by, token], when)),
    use: (id) =>
      Effect.tap(
        timed((logins, when) => WebLogins.use(logins, id, when)),
        (login) => (Option.exists(login, WebLogins.isDue) ? goOnline(id) : Effect.void)
      ),
    comeBack: (cookies, isOnline) =>
      Effect.gen(function* () {
        const { unix } = yield* Moment.now
        const kept = yield* Outliving.find(world, cookies, unix - lifetime)
        if (Option.isNone(kept)) return Option.none()
        const { account, seed } = kept.value
        const fresh = yield* newTokens
        const tokens = {
          ...fresh,
          ptwebqq: cookies.ptwebqq === "" ? fresh.ptwebqq : cookies.ptwebqq,
          skey: cookies.skey === "" ? fresh.skey : cookies.skey
        }
        const shown = yield* Outliving.shownTo(world, account)
        return Option.some(yield* add({ ...tokens, ...named(account, seed, shown) }, isOnline(account)))
      }),
    rotate: (id) =>
      Effect.gen(function* () {
        const ptwebqq = yield* Tokens.hex(32)
        yield* Ref.update(ref, (logins) => WebLogins.rotate(logins, id, ptwebqq))
        yield* goOnline(id)
        return ptwebqq
      }),
    forget: (id) =>
      Effect.gen(function* () {
        const login = Registry.get(yield* Ref.get(ref), id)
        yield* Ref.update(ref, (logins) => WebLogins.forget(logins, id))
        const kept = Option.filter(login, ({ keptAt }) => Option.isSome(keptAt))
        yield* Effect.forEach(Option.toArray(kept), ({ account }) => world.forgetLogin(account), { discard: true })
      }),
    forgetAll: (account) =>
      Effect.zipRight(
        Ref.update(ref, (logins) =>
          Registry.of(logins, account).reduce((left, { id }) => WebLogins.forget(left, id), logins)
        ),
        world.forgetLogin(account)
      )
  }
})
