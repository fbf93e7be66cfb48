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
  readonly vfwebqq: string
}

/** What `check` gave out for one login: code and salt of the password proof, and the token that goes with them. */
export interface Challenge {
  readonly code: string
  readonly salt: Uint8Array
  readonly verifysession: string
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
  ended: boolean
}

/**
 * - `challenge(account, salt)`: a new challenge; `redeem` takes the one of a code, if it was issued, and lately.
 * - `accept(account)`: a web login for an accepted password.
 * - `find(by)`: the web login that a token belongs to.
 * - `open(login, clientid)`: a session on the channel. An older one of the same account is kicked; but where the same web
 *   login comes back, the new session takes over the events that wait.
 * - `byPsessionid`: the session of a token.
 * - `online(account)`: the account's session, if it is online.
 * - `sign(pass)`: a signature for a temporary session; `pass(signature)` is what it stands for.
 * - `close(session)`: ends a session.
 */
export class Sessions extends Context.Tag("effect-webqq/server/Sessions")<
  Sessions,
  {
    readonly challenge: (account: Ids.QQ, salt: Uint8Array) => Effect.Effect<Challenge>
    readonly redeem: (account: Ids.QQ, code: string) => Effect.Effect<Option.Option<Challenge>>
    readonly accept: (account: Ids.QQ) => Effect.Effect<WebLogin>
    readonly find: (by: keyof Omit<WebLogin, "account">, token: string) => Option.Option<WebLogin>
    readonly open: (login: WebLogin, clientid: Ids.ClientId) => Effect.Effect<ChannelSession>
    readonly byPsessionid: (token: string) => Option.Option<ChannelSession>
    readonly online: (account: Ids.QQ) => Option.Option<ChannelSession>
    readonly close: (session: ChannelSession) => Effect.Effect<void>
    readonly sign: (pass: Pass) => Effect.Effect<string>
    readonly pass: (signature: string) => Option.Option<Pass>
  }
>() {}

interface Issued extends Challenge {
  readonly issuedAt: number
}

/** Signatures that are remembered; the oldest are dropped beyond it. */
const signaturesAtMost = 10_000

/** How long a code is good, in ms. */
const codeLifetime = 5 * 60 * 1000
/** Codes, web logins and sessions that are remembered per account, ended ones included. */
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
    return { login, clientid, psessionid, outbox: outbox ?? (yield* Outbox.make), ended: false }
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
  const codes = new Map<Ids.QQ, ReadonlyArray<Issued>>()
  const logins = registry<WebLogin>(({ ptsigx, ptwebqq, skey, vfwebqq }) => [ptsigx, ptwebqq, skey, vfwebqq])
  const sessions = registry<ChannelSession>(({ psessionid }) => [psessionid])
  const passes = new Map<string, Pass>()

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
    challenge: (account, salt) =>
      Effect.gen(function* () {
        const issued: Issued = {
          code: yield* Tokens.verifyCode,
          salt,
          verifysession: yield* Tokens.hex(48),
          issuedAt: yield* Clock.currentTimeMillis
        }
        codes.set(account, [...(codes.get(account) ?? []), issued].slice(-rememberAtMost))
        return issued
      }),
    redeem: (account, code) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const [others, mine] = Arr.partition(codes.get(account) ?? [], (issued) => issued.code === code.toUpperCase())
        codes.set(account, others)
        return Arr.findFirst(mine, ({ issuedAt }) => now - issuedAt <= codeLifetime)
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
    online: active,
    close,
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

export const layer: Layer.Layer<Sessions> = Layer.scoped(Sessions, make)
