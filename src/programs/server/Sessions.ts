/**
 * Who is logged in: web logins (cookies), and sessions on the channel. Lives as long as the
 * server and is not part of the World.
 */
import * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type * as Ids from "../../schema/Ids.ts"
import * as PollEvent from "../../schema/PollEvent.ts"
import * as Aliases from "./Aliases.ts"
import type * as Frames from "./Frames.ts"
import type * as Letter from "./Letter.ts"
import * as Options from "./Options.ts"
import * as Outbox from "./Outbox.ts"
import * as Registry from "./Registry.ts"
import * as Tokens from "./Tokens.ts"

/** What the cookies of one accepted password stand for. */
export interface WebLogin {
  readonly account: Ids.QQ
  readonly skey: string
  /** Replaced by `rotate`. */
  ptwebqq: string
  readonly ptsigx: string
  readonly vfwebqq: string
  /** For pt4_auth: a login without a password, on cookies of an earlier one. The ten digits alone could be guessed. */
  readonly superkey: string
  readonly supertoken: string
  /** What this login calls people and groups. */
  readonly aliases: Aliases.Aliases
}

/** The tokens by which a login can be found. */
export type Token = "ptsigx" | "ptwebqq" | "skey" | "superkey" | "vfwebqq"

/** Who may write to whom because of which common group or discussion group. */
export interface Pass {
  readonly from: Ids.QQ
  readonly to: Ids.QQ
  readonly common: Letter.Common
}

/**
 * What a client is like. `temporary`: it survives a message of a temporary session.
 */
export interface Client extends Frames.Shape {
  readonly clientid: Ids.ClientId
  readonly temporary: boolean
}

/**
 * A session on the channel. `ended` is true after a kick or a logout; notices that waited before can still be polled,
 * letters wait in the world. `away` is true after a long silence, until the next request; its letters wait in the world,
 * too. `status` is a name such as "online"; `seenAt` the time of the last request (ms), `since` that of the login.
 */
export interface ChannelSession {
  readonly login: WebLogin
  readonly client: Client
  readonly psessionid: string
  readonly outbox: Outbox.Outbox
  /** Which of the requests that Tencent's own client makes after a login were made. */
  readonly warm: { online: boolean; recent: boolean }
  readonly since: number
  /** Of the letters that the world keeps for it: the last that was read, and whether there are more behind it. */
  readTo: number
  behind: boolean
  status: string
  seenAt: number
  away: boolean
  ended: boolean
}

/**
 * - `accept(account)`: a web login for an accepted password.
 * - `find(by)`: the web login that a token belongs to.
 * - `open(login, client, status)`: a session on the channel. An older one of the same account ends. It is told so, unless
 *   the same web login comes back: then the notices that wait for it are the new one's.
 * - `byPsessionid(token)`: the session of a token. `current(account)`: the account's session that has not ended.
 * - `heard(session)`: its client made a request just now. True if it had been away and is back by this.
 * - `online(account)`: the account's session, if it has not ended and is not away. `all`: every such one.
 * - `sign(pass)`: a signature for a temporary session; `pass(signature)` is what it stands for.
 * - `departed`: the accounts that were found to be away since this was last asked.
 * - `close(session)`: ends a session. `kick(session)`: ends it with the frame that says so.
 * - `revoke(account)`: forgets every login of an account, and kicks its session.
 * - `rotate(psessionid)`: gives the login of a session a new ptwebqq, if there is such a session; the old one no longer
 *   counts.
 */
export class Sessions extends Context.Tag("effect-webqq/server/Sessions")<
  Sessions,
  {
    readonly accept: (account: Ids.QQ) => Effect.Effect<WebLogin>
    readonly find: (by: Token, token: string) => Option.Option<WebLogin>
    readonly open: (login: WebLogin, client: Client, status: string) => Effect.Effect<ChannelSession>
    readonly byPsessionid: (token: string) => Option.Option<ChannelSession>
    readonly current: (account: Ids.QQ) => Option.Option<ChannelSession>
    readonly heard: (session: ChannelSession) => Effect.Effect<boolean>
    readonly online: (account: Ids.QQ) => Effect.Effect<Option.Option<ChannelSession>>
    readonly all: Effect.Effect<ReadonlyArray<ChannelSession>>
    readonly departed: Effect.Effect<ReadonlyArray<Ids.QQ>>
    readonly close: (session: ChannelSession) => Effect.Effect<void>
    readonly kick: (session: ChannelSession) => Effect.Effect<void>
    readonly revoke: (account: Ids.QQ) => Effect.Effect<void>
    readonly rotate: (psessionid: string) => Effect.Effect<Option.Option<string>>
    readonly sign: (pass: Pass) => Effect.Effect<string>
    readonly pass: (signature: string) => Option.Option<Pass>
  }
>() {}

/** Signatures that are remembered of each sender; the oldest are dropped beyond it. */
const signaturesAtMost = 200

/** Signatures for temporary sessions. */
const passes = () => {
  const signatures = Registry.make<Pass & { readonly signature: string }>({
    tokensOf: ({ signature }) => [signature],
    atMost: signaturesAtMost
  })
  return {
    sign: (pass: Pass) =>
      Effect.map(Tokens.hex(32), (signature) => {
        signatures.add(pass.from, { ...pass, signature })
        return signature
      }),
    pass: (signature: string) => signatures.find(signature)
  }
}

/** The last words to a session whose account logged in elsewhere. */
export const kickReason = "您的帐号在另一地点登录，您已被迫下线。"

const newLogin = (account: Ids.QQ, aliases: Aliases.Aliases): Effect.Effect<WebLogin> =>
  Effect.all({
    skey: Tokens.skey,
    ptwebqq: Tokens.hex(32),
    ptsigx: Tokens.hex(64),
    vfwebqq: Tokens.hex(40),
    superkey: Tokens.longKey,
    supertoken: Tokens.supertoken
  }).pipe(Effect.map((tokens) => ({ account, aliases, ...tokens })))

export const make: Effect.Effect<Sessions["Type"], never, Scope.Scope | Options.Options> = Effect.gen(function* () {
  const sessions = Registry.make<ChannelSession>({
    tokensOf: ({ psessionid }) => [psessionid],
    isNeeded: ({ ended }) => !ended
  })
  const current = (account: Ids.QQ) => Arr.findFirst(sessions.of(account), ({ ended }) => !ended)
  const logins = Registry.make<WebLogin>({
    tokensOf: (login) => [login.ptsigx, login.ptwebqq, login.skey, login.superkey, login.vfwebqq],
    // Logins that never go online must not push out the one that is.
    isNeeded: (login) => Option.exists(current(login.account), (session) => session.login === login)
  })
  const { aliases, loginLifetime, silence } = yield* Options.Options
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

  const end = (session: ChannelSession, last?: PollEvent.Frame) =>
    Effect.suspend(() => {
      session.ended = true
      return session.outbox.close(last)
    })

  /** A client that makes no request for long is away: it may come back. */
  const isAway = (session: ChannelSession) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const silent = !session.outbox.waits() && now - session.seenAt > Duration.toMillis(silence)
      if (silent && !session.away && !session.ended) gone.add(session.login.account)
      session.away = session.away || silent
      return session.away
    })
  const gone = new Set<Ids.QQ>()

  const isPresent = (session: ChannelSession) =>
    session.ended ? Effect.succeed(false) : Effect.map(isAway(session), (away) => !away)
  const all = Effect.suspend(() => Effect.filter(sessions.all(), isPresent))
  const online = (account: Ids.QQ) =>
    Effect.suspend(() => Effect.map(Effect.filter(Option.toArray(current(account)), isPresent), Arr.head))

  const kick = (session: ChannelSession) => end(session, PollEvent.kickFrame(kickReason))

  const open = (login: WebLogin, client: Client, status: string) =>
    Effect.gen(function* () {
      const older = Option.getOrUndefined(current(login.account))
      const returns = older?.login === login
      const notices = returns && older !== undefined ? yield* older.outbox.notices : []
      if (older !== undefined) yield* returns ? end(older) : kick(older)
      const outbox = yield* Outbox.make
      yield* Effect.forEach(notices, (notice) => outbox.offer(notice), { discard: true })
      const now = yield* Clock.currentTimeMillis
      const session: ChannelSession = {
        login,
        client,
        psessionid: yield* Tokens.psessionid(login.account, login.skey, login.vfwebqq),
        outbox,
        readTo: 0,
        behind: false,
        warm: { online: false, recent: false },
        status,
        since: now,
        seenAt: now,
        away: false,
        ended: false
      }
      sessions.add(login.account, session)
      return session
    })

  // A held poll must not keep the server from stopping.
  yield* Effect.addFinalizer(() =>
    Effect.suspend(() => Effect.forEach(sessions.all(), (session) => session.outbox.release, { discard: true }))
  )

  return Sessions.of({
    accept: (account) =>
      Effect.gen(function* () {
        const login = yield* newLogin(account, aliases ? yield* Aliases.make(account) : Aliases.plain)
        logins.add(account, login)
        yield* expire(login)
        return login
      }),
    find: (by, token) => Option.filter(logins.find(token), (login) => login[by] === token),
    open,
    byPsessionid: (token) => Option.filter(sessions.find(token), (session) => session.psessionid === token),
    current,
    heard: (session) =>
      Effect.gen(function* () {
        const wasAway = session.away
        session.away = false
        gone.delete(session.login.account)
        session.seenAt = yield* Clock.currentTimeMillis
        return wasAway && !session.ended
      }),
    online,
    all,
    departed: Effect.map(all, () => {
      const accounts = Array.from(gone)
      gone.clear()
      return accounts
    }),
    close: (session) => end(session),
    kick,
    revoke: (account) =>
      Effect.suspend(() => {
        for (const login of logins.of(account)) logins.forget(account, login)
        return Effect.forEach(Option.toArray(current(account)), kick, { discard: true })
      }),
    rotate: (psessionid) =>
      Effect.map(Tokens.hex(32), (ptwebqq) =>
        Option.map(sessions.find(psessionid), ({ login }) => {
          logins.move(login, login.ptwebqq, ptwebqq)
          login.ptwebqq = ptwebqq
          return ptwebqq
        })
      ),
    ...passes()
  })
})

export const layer: Layer.Layer<Sessions, never, Options.Options> = Layer.scoped(Sessions, make)
