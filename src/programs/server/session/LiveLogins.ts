/**
 * The web logins of a server.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import type * as Ids from "../../../schema/Ids.ts"
import * as Aliases from "../Aliases.ts"
import * as Options from "../Options.ts"
import * as Registry from "../Registry.ts"
import * as Steady from "../Steady.ts"
import * as Tokens from "../Tokens.ts"
import * as WebLogins from "./WebLogins.ts"

/** What `WebLogins` does, and the time and chance for it. */
export interface LiveLogins {
  readonly accept: (account: Ids.QQ, isOnline: (id: number) => boolean) => Effect.Effect<WebLogins.WebLogin>
  readonly find: (by: WebLogins.Token, token: string) => Effect.Effect<Option.Option<WebLogins.WebLogin>>
  readonly use: (id: number) => Effect.Effect<Option.Option<WebLogins.WebLogin>>
  readonly rotate: (id: number) => Effect.Effect<string>
  readonly forget: (id: number) => Effect.Effect<void>
  readonly forgetAll: (account: Ids.QQ) => Effect.Effect<void>
}

const newTokens: Effect.Effect<WebLogins.Tokens> = Effect.all({
  skey: Tokens.skey,
  ptwebqq: Tokens.hex(32),
  ptsigx: Tokens.hex(64),
  vfwebqq: Tokens.hex(40),
  superkey: Tokens.longKey,
  supertoken: Tokens.supertoken
})

export const make: Effect.Effect<LiveLogins, never, Options.Options> = Effect.gen(function* () {
  const { aliases, loginLifetime } = yield* Options.Options
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

  return {
    accept: (account, isOnline) =>
      Effect.gen(function* () {
        const tokens = yield* newTokens
        const names = aliases ? yield* Aliases.make(account) : Aliases.plain()
        return yield* timed((logins, { now }) =>
          WebLogins.accept(logins, { ...tokens, account, aliases: names, usedAt: now }, isOnline)
        )
      }),
    find: (by, token) => timed((logins, when) => WebLogins.find(logins, [by, token], when)),
    use: (id) => timed((logins, when) => WebLogins.use(logins, id, when)),
    rotate: (id) =>
      Effect.tap(Tokens.hex(32), (ptwebqq) => Ref.update(ref, (logins) => WebLogins.rotate(logins, id, ptwebqq))),
    forget: (id) => Ref.update(ref, (logins) => WebLogins.forget(logins, id)),
    forgetAll: (account) =>
      Ref.update(ref, (logins) =>
        Registry.of(logins, account).reduce((left, { id }) => WebLogins.forget(left, id), logins)
      )
  }
})
