/**
 * Web logins: what the cookies of accepted passwords stand for. A value, and what happens to it.
 */
import * as Option from "effect/Option"
import type * as Ids from "../../../schema/Ids.ts"
import type * as Aliases from "../Aliases.ts"
import * as Bounds from "../Bounds.ts"
import * as Registry from "../Registry.ts"

/**
 * The tokens of a login, as clients carry them. `superkey` and `supertoken` are for pt4_auth: a login without a password,
 * on cookies of an earlier one. The ten digits of the latter alone could be guessed.
 */
export interface Tokens {
  readonly skey: string
  readonly ptwebqq: string
  readonly ptsigx: string
  readonly vfwebqq: string
  readonly superkey: string
  readonly supertoken: string
}

/** The tokens by which a login can be found. */
export type Token = Exclude<keyof Tokens, "supertoken">

/**
 * What the cookies of one accepted password stand for. `id` stays the same when a token is replaced. `aliases` is what
 * this login calls people and groups, made from `seed`; `usedAt` when it was last used, and `keptAt` when the world last
 * heard of it, by the steady clock (ms).
 */
export interface WebLogin extends Tokens {
  readonly id: number
  readonly account: Ids.QQ
  readonly aliases: Aliases.Aliases
  readonly seed: number
  readonly usedAt: number
  readonly keptAt: Option.Option<number>
}

export type WebLogins = Registry.Registry<WebLogin>

export const empty: WebLogins = Registry.empty

const tokensOf = ({ ptsigx, ptwebqq, skey, superkey, vfwebqq }: Tokens): ReadonlyArray<string> => [
  ptsigx,
  ptwebqq,
  skey,
  superkey,
  vfwebqq
]

/** A new login. Of one account the latest are remembered, and the one that is online however old. */
export const accept = (
  logins: WebLogins,
  login: Omit<WebLogin, "id">,
  isOnline: (id: number) => boolean
): readonly [WebLogins, WebLogin] =>
  Registry.add(logins, {
    account: login.account,
    make: (id): WebLogin => ({ ...login, id }),
    tokens: tokensOf(login),
    atMost: Bounds.loginsAtMost,
    // Logins that never go online must not push out the one that is.
    isNeeded: ({ id }) => isOnline(id)
  })

/** How a login is used: at which time, and how long one is good that is not. Both in ms. */
export interface Use {
  readonly now: number
  readonly lifetime: number
}

/** Uses a login, which makes it good for another lifetime. One that was not used for so long is forgotten. */
export const use = (
  logins: WebLogins,
  id: number,
  { lifetime, now }: Use
): readonly [WebLogins, Option.Option<WebLogin>] =>
  Option.match(Registry.get(logins, id), {
    onNone: () => [logins, Option.none()],
    onSome: (login) => {
      if (now - login.usedAt >= lifetime) return [Registry.forget(logins, id), Option.none()]
      const used = { ...login, usedAt: now }
      return [Registry.update(logins, id, used), Option.some(used)]
    }
  })

/** The login that a token belongs to, which is {@link use}d by this. */
export const find = (
  logins: WebLogins,
  [by, token]: readonly [Token, string],
  when: Use
): readonly [WebLogins, Option.Option<WebLogin>] =>
  Option.match(
    Option.filter(Registry.find(logins, token), (login) => login[by] === token),
    { onNone: () => [logins, Option.none()], onSome: ({ id }) => use(logins, id, when) }
  )

/** How long after the world heard of a login it need not hear that it is used (ms). */
const keptFor = 60 * 60 * 1000

/** A login that outlives the server, and of which the world should hear again. */
export const isDue = ({ keptAt, usedAt }: WebLogin): boolean => Option.exists(keptAt, (at) => usedAt - at >= keptFor)

/** The world hears of a login. */
export const keep = (logins: WebLogins, id: number, now: number): WebLogins =>
  Option.match(Registry.get(logins, id), {
    onNone: () => logins,
    onSome: (login) => Registry.update(logins, id, { ...login, keptAt: Option.some(now) })
  })

/** Another ptwebqq; the one before does not count any more. */
export const rotate = (logins: WebLogins, id: number, ptwebqq: string): WebLogins =>
  Option.match(Registry.get(logins, id), {
    onNone: () => logins,
    onSome: (login) => {
      const rotated = { ...login, ptwebqq }
      return Registry.update(logins, id, rotated, tokensOf(rotated))
    }
  })

export const forget = (logins: WebLogins, id: number): WebLogins => Registry.forget(logins, id)
