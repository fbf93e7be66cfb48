/**
 * Who is logged in: codes given out by `check`, web logins (cookies), and sessions on the channel. Lives as long as the
 * server and is not part of the World.
 */
import * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type * as Ids from "../../schema/Ids.ts"
import * as PollEvent from "../../schema/PollEvent.ts"
import * as Outbox from "./Outbox.ts"
import * as Tokens from "./Tokens.ts"

/** What the cookies of one accepted password stand for. */
export interface WebLogin {
  readonly account: Ids.QQ
  readonly skey: string
  readonly ptwebqq: string
  readonly ptsigx: string
}

/** A session on the channel. `ended` is true after a kick or a logout; what waited before can still be polled. */
export interface ChannelSession {
  readonly login: WebLogin
  readonly clientid: Ids.ClientId
  readonly psessionid: string
  readonly vfwebqq: string
  readonly outbox: Outbox.Outbox
  ended: boolean
}

/**
 * - `issueCode(account)`: a new verification code; `redeemCode` says whether a code was issued, and lately, and takes it.
 * - `accept(account)`: a web login for an accepted password.
 * - `find(by)`: the web login that a token belongs to.
 * - `open(login, clientid)`: a session on the channel. An older one of the same account is kicked; but where the same web
 *   login comes back, the new session takes over the events that wait.
 * - `byPsessionid`, `byVfwebqq`: the session of a token.
 * - `online(account)`: the account's session, if it is online.
 * - `close(session)`: ends a session.
 */
export class Sessions extends Context.Tag("effect-webqq/server/Sessions")<
  Sessions,
  {
    readonly issueCode: (account: Ids.QQ) => Effect.Effect<string>
    readonly redeemCode: (account: Ids.QQ, code: string) => Effect.Effect<boolean>
    readonly accept: (account: Ids.QQ) => Effect.Effect<WebLogin>
    readonly find: (by: keyof Omit<WebLogin, "account">, token: string) => Option.Option<WebLogin>
    readonly open: (login: WebLogin, clientid: Ids.ClientId) => Effect.Effect<ChannelSession>
    readonly byPsessionid: (token: string) => Option.Option<ChannelSession>
    readonly byVfwebqq: (token: string) => Option.Option<ChannelSession>
    readonly online: (account: Ids.QQ) => Option.Option<ChannelSession>
    readonly close: (session: ChannelSession) => Effect.Effect<void>
  }
>() {}

interface Code {
  readonly text: string
  readonly issuedAt: number
}

/** How long a code is good, in ms. */
const codeLifetime = 5 * 60 * 1000
/** Codes, web logins and sessions that are remembered per account, ended ones included. */
const rememberAtMost = 8

/** The last words to a session whose account logged in elsewhere. */
export const kickReason = "您的帐号在另一地点登录，您已被迫下线。"

const newLogin = (account: Ids.QQ): Effect.Effect<WebLogin> =>
  Effect.all({ skey: Tokens.skey, ptwebqq: Tokens.hex(32), ptsigx: Tokens.hex(64) }).pipe(
    Effect.map((tokens) => ({ account, ...tokens }))
  )

const newSession = (
  login: WebLogin,
  clientid: Ids.ClientId,
  outbox: Outbox.Outbox | undefined
): Effect.Effect<ChannelSession> =>
  Effect.gen(function* () {
    const vfwebqq = yield* Tokens.hex(40)
    const psessionid = yield* Tokens.psessionid(login.account, login.skey, vfwebqq)
    return { login, clientid, psessionid, vfwebqq, outbox: outbox ?? (yield* Outbox.make), ended: false }
  })

/** Items by account and by token: the last few of each account are remembered. */
const registry = <A>(tokensOf: (item: A) => ReadonlyArray<string>) => {
  const lists = new Map<Ids.QQ, ReadonlyArray<A>>()
  const index = new Map<string, A>()
  return {
    all: (): ReadonlyArray<A> => Arr.flatten(Array.from(lists.values())),
    of: (account: Ids.QQ): ReadonlyArray<A> => lists.get(account) ?? [],
    find: (token: string): Option.Option<A> => Option.fromNullable(index.get(token)),
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

export const make: Effect.Effect<Sessions["Type"], never, Scope.Scope> = Effect.gen(function* () {
  const codes = new Map<Ids.QQ, ReadonlyArray<Code>>()
  const logins = registry<WebLogin>(({ ptsigx, ptwebqq, skey }) => [ptsigx, ptwebqq, skey])
  const sessions = registry<ChannelSession>(({ psessionid, vfwebqq }) => [psessionid, vfwebqq])

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
    issueCode: (account) =>
      Effect.zipWith(Tokens.verifyCode, Clock.currentTimeMillis, (text, issuedAt) => {
        codes.set(account, [...(codes.get(account) ?? []), { text, issuedAt }].slice(-rememberAtMost))
        return text
      }),
    redeemCode: (account, code) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const issued = codes.get(account) ?? []
        const text = code.toUpperCase()
        codes.set(
          account,
          issued.filter((other) => other.text !== text)
        )
        return issued.some((other) => other.text === text && now - other.issuedAt <= codeLifetime)
      }),
    accept: (account) => Effect.tap(newLogin(account), (login) => Effect.sync(() => logins.add(account, login))),
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
    byVfwebqq: (token) => Option.filter(sessions.find(token), (session) => session.vfwebqq === token && !session.ended),
    online: active,
    close
  })
})

export const layer: Layer.Layer<Sessions> = Layer.scoped(Sessions, make)
