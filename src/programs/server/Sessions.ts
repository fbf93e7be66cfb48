/**
 * Who is logged in: web logins (cookies), and sessions on the channel. Lives as long as the
 * server and is not part of the World.
 */
import * as Arr from "effect/Array"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type * as Ids from "../../schema/Ids.ts"
import * as PollEvent from "../../schema/PollEvent.ts"
import * as Options from "./Options.ts"
import * as Outbox from "./Outbox.ts"
import * as Tokens from "./Tokens.ts"

/** What the cookies of one accepted password stand for. */
export interface WebLogin {
  readonly account: Ids.QQ
  readonly skey: string
  /** Replaced by `rotate`. */
  ptwebqq: string
  readonly ptsigx: string
  readonly vfwebqq: string
}

/** Who may write to whom because of which common group (gid) or discussion (did). */
export interface Pass {
  readonly from: Ids.QQ
  readonly to: Ids.QQ
  readonly common: PollEvent.Common
}

/** A session on the channel. `ended` is true after a kick or a logout; what waited before can still be polled. */
export interface ChannelSession {
  readonly login: WebLogin
  readonly clientid: Ids.ClientId
  readonly psessionid: string
  readonly outbox: Outbox.Outbox
  /** Which of the requests that Tencent's own client makes after a login were made. */
  readonly warm: { online: boolean; recent: boolean }
  ended: boolean
}

/**
 * - `accept(account)`: a web login for an accepted password.
 * - `find(by)`: the web login that a token belongs to.
 * - `open(login, clientid)`: a session on the channel. An older one of the same account is kicked; but where the same web
 *   login comes back, the new session takes over the events that wait.
 * - `byPsessionid`: the session of a token.
 * - `online(account)`: the account's session, if it is online.
 * - `sign(pass)`: a signature for a temporary session; `pass(signature)` is what it stands for.
 * - `close(session)`: ends a session. `kick(session)`: ends it with the frame that says so.
 * - `rotate(psessionid)`: gives the login of a session a new ptwebqq, if there is such a session; the old one no longer
 *   counts.
 */
export class Sessions extends Context.Tag("effect-webqq/server/Sessions")<
  Sessions,
  {
    readonly accept: (account: Ids.QQ) => Effect.Effect<WebLogin>
    readonly find: (by: keyof Omit<WebLogin, "account">, token: string) => Option.Option<WebLogin>
    readonly open: (login: WebLogin, clientid: Ids.ClientId) => Effect.Effect<ChannelSession>
    readonly byPsessionid: (token: string) => Option.Option<ChannelSession>
    readonly online: (account: Ids.QQ) => Option.Option<ChannelSession>
    readonly close: (session: ChannelSession) => Effect.Effect<void>
    readonly kick: (session: ChannelSession) => Effect.Effect<void>
    readonly rotate: (psessionid: string) => Effect.Effect<Option.Option<string>>
    readonly sign: (pass: Pass) => Effect.Effect<string>
    readonly pass: (signature: string) => Option.Option<Pass>
  }
>() {}

/** Signatures that are remembered; the oldest are dropped beyond it. */
const signaturesAtMost = 10_000

/** Web logins and sessions that are remembered per account, ended ones included. */
const rememberAtMost = 8

/** The last words to a session whose account logged in elsewhere. */
export const kickReason = "您的帐号在另一地点登录，您已被迫下线。"

const newLogin = (account: Ids.QQ): Effect.Effect<WebLogin> =>
  Effect.all({ skey: Tokens.skey, ptwebqq: Tokens.hex(32), ptsigx: Tokens.hex(64), vfwebqq: Tokens.hex(40) }).pipe(
    Effect.map((tokens) => ({ account, ...tokens }))
  )

const newSession = (
  login: WebLogin,
  clientid: Ids.ClientId,
  outbox: Outbox.Outbox | undefined
): Effect.Effect<ChannelSession> =>
  Effect.gen(function* () {
    const psessionid = yield* Tokens.psessionid(login.account, login.skey, login.vfwebqq)
    return {
      login,
      clientid,
      psessionid,
      outbox: outbox ?? (yield* Outbox.make),
      warm: { online: false, recent: false },
      ended: false
    }
  })

/** Items by account and by token: the last few of each account are remembered. */
const registry = <A>(tokensOf: (item: A) => ReadonlyArray<string>) => {
  const lists = new Map<Ids.QQ, ReadonlyArray<A>>()
  const index = new Map<string, A>()
  return {
    all: (): ReadonlyArray<A> => Arr.flatten(Array.from(lists.values())),
    of: (account: Ids.QQ): ReadonlyArray<A> => lists.get(account) ?? [],
    find: (token: string): Option.Option<A> => Option.fromNullable(index.get(token)),
    forget: (account: Ids.QQ, item: A): void => {
      lists.set(
        account,
        (lists.get(account) ?? []).filter((other) => other !== item)
      )
      for (const token of tokensOf(item)) index.delete(token)
    },
    move: (item: A, from: string, to: string): void => {
      index.delete(from)
      index.set(to, item)
    },
    add: (account: Ids.QQ, item: A): void => {
      const list = [...(lists.get(account) ?? []), item]
      for (const token of tokensOf(item)) index.set(token, item)
      for (const forgotten of list.slice(0, -rememberAtMost)) {
        for (const token of tokensOf(forgotten)) index.delete(token)
      }
      lists.set(account, list.slice(-rememberAtMost))
    }
  }
}

export const make: Effect.Effect<Sessions["Type"], never, Scope.Scope | Options.Options> = Effect.gen(function* () {
  const logins = registry<WebLogin>(({ ptsigx, ptwebqq, skey, vfwebqq }) => [ptsigx, ptwebqq, skey, vfwebqq])
  const sessions = registry<ChannelSession>(({ psessionid }) => [psessionid])
  const passes = new Map<string, Pass>()
  const { loginLifetime } = yield* Options.Options
  const scope = yield* Effect.scope

  const expire = (login: WebLogin) =>
    Duration.isFinite(loginLifetime)
      ? Effect.forkIn(
          Effect.delay(
            Effect.sync(() => logins.forget(login.account, login)),
            loginLifetime
          ),
          scope
        )
      : Effect.void

  const active = (account: Ids.QQ) => Arr.findFirst(sessions.of(account), (session) => !session.ended)

  const close = (session: ChannelSession) =>
    Effect.suspend(() => {
      session.ended = true
      return session.outbox.close
    })

  const kick = (session: ChannelSession) =>
    Effect.zipRight(session.outbox.offer(PollEvent.kickFrame(kickReason)), close(session))

  // A held poll must not keep the server from stopping.
  yield* Effect.addFinalizer(() =>
    Effect.suspend(() => Effect.forEach(sessions.all(), (session) => session.outbox.release, { discard: true }))
  )

  return Sessions.of({
    accept: (account) =>
      Effect.tap(newLogin(account), (login) => {
        logins.add(account, login)
        return expire(login)
      }),
    find: (by, token) => Option.filter(logins.find(token), (login) => login[by] === token),
    open: (login, clientid) =>
      Effect.gen(function* () {
        const older = Option.getOrUndefined(active(login.account))
        const returns = older?.login === login
        if (older !== undefined && !returns) yield* kick(older)
        if (older !== undefined) older.ended = true
        const session = yield* newSession(login, clientid, returns ? older?.outbox : undefined)
        sessions.add(login.account, session)
        return session
      }),
    byPsessionid: (token) => Option.filter(sessions.find(token), (session) => session.psessionid === token),
    online: active,
    close,
    kick,
    rotate: (psessionid) =>
      Effect.map(Tokens.hex(32), (ptwebqq) =>
        Option.map(sessions.find(psessionid), ({ login }) => {
          logins.move(login, login.ptwebqq, ptwebqq)
          login.ptwebqq = ptwebqq
          return ptwebqq
        })
      ),
    sign: (pass) =>
      Effect.map(Tokens.hex(32), (signature) => {
        const [oldest] = passes.keys()
        if (passes.size >= signaturesAtMost && oldest !== undefined) passes.delete(oldest)
        passes.set(signature, pass)
        return signature
      }),
    pass: (signature) => Option.fromNullable(passes.get(signature))
  })
})

export const layer: Layer.Layer<Sessions, never, Options.Options> = Layer.scoped(Sessions, make)
