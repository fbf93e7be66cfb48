/**
 * Who is logged in: web logins (cookies), and sessions on the channel. Lives as long as the server and is not part of the
 * World.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type * as Ids from "../../schema/Ids.ts"
import type * as Options from "./Options.ts"
import type * as Live from "./session/Live.ts"
import * as LiveLogins from "./session/LiveLogins.ts"
import * as LiveSessions from "./session/LiveSessions.ts"
import type * as Outliving from "./session/Outliving.ts"
import * as Passes from "./session/Passes.ts"
import type * as WebLogins from "./session/WebLogins.ts"
import type * as World from "./World.ts"

export type WebLogin = WebLogins.WebLogin
export type ChannelSession = Live.Live
export type Pass = Passes.Pass

/**
 * Web logins:
 * - `accept(account)`: a web login for an accepted password.
 * - `find(by, token)`: the web login that a token belongs to. It counts as used by this.
 * - `comeBack(cookies)`: a login that outlived the server, if the world did: the one with which the account went online last.
 * - `rotate(psessionid)`: gives the login of a session a new ptwebqq, if there is such a session; the old one no longer
 *   counts.
 * - `revoke(account)`: forgets every login of an account, and kicks its session.
 *
 * Sessions on the channel:
 * - `open(login, …)`: goes online. The same web login has the same session again, under one more psessionid; see
 *   `Mailbox.relink`. The session of another login of the account is kicked.
 * - `named(psessionid)`: the session of that name, ended or not. `current(account)`: the account's session that has not
 *   ended.
 * - `heard(session)`: its client made a request just now. True if it had been away and is back by this.
 * - `online(account)`: the account's session, if it has not ended and is not away. `all`: every such one.
 * - `departed`: the accounts that were found to be away since this was last asked.
 * - `leave(session)`: its client says goodbye; the cookies stay good. `logOut(session)`: with the cookies.
 * - `kick(session)`: ends it with the frame that says so, and its web login with it.
 */
export class Sessions extends Context.Tag("effect-webqq/server/Sessions")<
  Sessions,
  Passes.Passes & {
    readonly accept: (account: Ids.QQ) => Effect.Effect<WebLogin>
    readonly find: (by: WebLogins.Token, token: string) => Effect.Effect<Option.Option<WebLogin>>
    readonly comeBack: (cookies: Outliving.Cookies) => Effect.Effect<Option.Option<WebLogin>>
    readonly rotate: (psessionid: string) => Effect.Effect<Option.Option<string>>
    readonly revoke: (account: Ids.QQ) => Effect.Effect<void>
    readonly open: (login: WebLogin, opening: LiveSessions.Opening) => Effect.Effect<LiveSessions.Opened>
    readonly named: (psessionid: string) => Effect.Effect<Option.Option<LiveSessions.Named>>
    readonly current: (account: Ids.QQ) => Option.Option<ChannelSession>
    readonly heard: (session: ChannelSession) => Effect.Effect<boolean>
    readonly online: (account: Ids.QQ) => Effect.Effect<Option.Option<ChannelSession>>
    readonly all: Effect.Effect<ReadonlyArray<ChannelSession>>
    readonly departed: Effect.Effect<ReadonlyArray<Ids.QQ>>
    readonly leave: (session: ChannelSession) => Effect.Effect<void>
    readonly logOut: (session: ChannelSession) => Effect.Effect<void>
    readonly kick: (session: ChannelSession) => Effect.Effect<void>
  }
>() {}

export const make: Effect.Effect<Sessions["Type"], never, Scope.Scope | Options.Options | World.World> = Effect.gen(
  function* () {
    const passes = yield* Passes.make
    const logins = yield* LiveLogins.make
    const sessions = yield* LiveSessions.make(logins)
    // A held poll must not keep the server from stopping.
    yield* Effect.addFinalizer(() => sessions.releaseAll)
    return Sessions.of({
      ...passes,
      accept: (account) => logins.accept(account, sessions.isOnline(account)),
      find: logins.find,
      comeBack: (cookies) => logins.comeBack(cookies, sessions.isOnline),
      rotate: (psessionid) =>
        Effect.flatMap(sessions.named(psessionid), (found) =>
          Option.match(found, {
            onNone: () => Effect.succeedNone,
            onSome: ({ session }) => Effect.asSome(logins.rotate(session.login.id))
          })
        ),
      revoke: (account) =>
        Effect.zipRight(
          logins.forgetAll(account),
          Effect.suspend(() =>
            Effect.forEach(Option.toArray(sessions.current(account)), sessions.kick, { discard: true })
          )
        ),
      open: sessions.open,
      named: sessions.named,
      current: sessions.current,
      heard: sessions.heard,
      online: sessions.online,
      all: sessions.all,
      departed: sessions.departed,
      leave: sessions.leave,
      logOut: (session) => Effect.zipRight(sessions.leave(session), logins.forget(session.login.id)),
      kick: sessions.kick
    })
  }
)

export const layer: Layer.Layer<Sessions, never, Options.Options | World.World> = Layer.scoped(Sessions, make)
