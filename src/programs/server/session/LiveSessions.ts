/**
 * The channel sessions of a server: who is online, and under which psessionids.
 */
import * as Arr from "effect/Array"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as MutableRef from "effect/MutableRef"
import * as Option from "effect/Option"
import type * as Ids from "../../../schema/Ids.ts"
import * as PollEvent from "../../../schema/PollEvent.ts"
import * as Bounds from "../Bounds.ts"
import * as Options from "../Options.ts"
import * as Registry from "../Registry.ts"
import * as Tokens from "../Tokens.ts"
import * as ChannelSession from "./ChannelSession.ts"
import type * as Client from "./Client.ts"
import * as Live from "./Live.ts"
import type * as LiveLogins from "./LiveLogins.ts"
import * as Moment from "./Moment.ts"
import type * as WebLogins from "./WebLogins.ts"

/** What a `login2` says: the client's number, what it is like, and a status such as "online". */
export interface Opening {
  readonly clientid: Ids.ClientId
  readonly client: Client.Client
  readonly status: string
}

/** A session that went online: under which psessionid, and whether it was online in this status before. */
export interface Opened {
  readonly session: Live.Live
  readonly psessionid: string
  readonly wasOnline: boolean
}

/** A session, and the number of its client that belongs to the psessionid by which it was found. */
export interface Named {
  readonly session: Live.Live
  readonly clientid: Ids.ClientId
}

/** The last words to a session whose account logged in elsewhere. */
export const kickReason = "您的帐号在另一地点登录，您已被迫下线。"

const namesOf = (session: Live.Live): ReadonlyArray<string> => session.get().names.map(({ psessionid }) => psessionid)

type Sessions = Registry.Registry<Live.Live>

/** Those of an account that have not ended, oldest first: more than one only until the older ones are kicked. */
const livingOf = (sessions: Sessions, account: Ids.QQ): ReadonlyArray<Live.Live> =>
  Registry.of(sessions, account).filter((session) => !Live.hasEnded(session))

/** Gives the sessions; see `Sessions` for what each of these does. */
export const make = (logins: LiveLogins.LiveLogins) =>
  Effect.gen(function* () {
    const silence = Duration.toMillis((yield* Options.Options).silence)
    const ref = MutableRef.make<Sessions>(Registry.empty)
    const current = (account: Ids.QQ) => Arr.last(livingOf(MutableRef.get(ref), account))

    const end = (session: Live.Live, last?: PollEvent.Frame) => session.step((state) => ChannelSession.end(state, last))
    const kick = (session: Live.Live) =>
      Effect.zipRight(end(session, PollEvent.kickFrame(kickReason)), logins.forget(session.login.id))

    /** A new session; those of other logins of the account are kicked. */
    const enter = (login: WebLogins.WebLogin, opening: ChannelSession.Opening, now: Moment.Moment) =>
      Effect.suspend(() => {
        const sessions = MutableRef.get(ref)
        const older = livingOf(sessions, login.account)
        const [next, session] = Registry.add(sessions, {
          account: login.account,
          make: (id) => Live.make(id, login, ChannelSession.open(opening, now)),
          tokens: [opening.name.psessionid],
          atMost: Bounds.sessionsAtMost,
          isNeeded: (other) => !Live.hasEnded(other)
        })
        // There before the others are gone: of two that come at once the later one finds the other.
        MutableRef.set(ref, next)
        return Effect.as(Effect.forEach(older, kick, { discard: true }), session)
      })

    /** The session that the same login has already, under one more name. */
    const relink = (session: Live.Live, opening: ChannelSession.Opening, now: Moment.Moment) =>
      Effect.gen(function* () {
        const { presence, status } = session.get()
        yield* session.step((state) => ChannelSession.relink(state, opening, now))
        MutableRef.update(ref, (sessions) => Registry.update(sessions, session.id, session, namesOf(session)))
        return presence !== "away" && status === opening.status
      })

    const open = (login: WebLogins.WebLogin, { clientid, client, status }: Opening): Effect.Effect<Opened> =>
      Effect.gen(function* () {
        const now = yield* Moment.now
        const psessionid = yield* Tokens.psessionid(login.account, login.skey, login.vfwebqq)
        const opening = { name: { psessionid, clientid }, client, status }
        const same = Option.filter(current(login.account), (session) => session.login.id === login.id)
        const opened = Option.isSome(same)
          ? { session: same.value, psessionid, wasOnline: yield* relink(same.value, opening, now) }
          : { session: yield* enter(login, opening, now), psessionid, wasOnline: false }
        yield* logins.goOnline(login.id)
        return opened
      }).pipe(Effect.uninterruptible)

    /** A session that has not ended ends with its login, unseen. */
    const named = (psessionid: string): Effect.Effect<Option.Option<Named>> =>
      Effect.gen(function* () {
        const found = Registry.find(MutableRef.get(ref), psessionid)
        if (Option.isNone(found)) return Option.none()
        const session = found.value
        const holds = Live.hasEnded(session) || Option.isSome(yield* logins.use(session.login.id))
        if (!holds) return Option.none()
        return Option.map(ChannelSession.clientidOf(session.get(), psessionid), (clientid) => ({ session, clientid }))
      })

    /** Looks whether a session is still there. */
    const isPresent = (session: Live.Live) =>
      Effect.gen(function* () {
        if (Live.hasEnded(session)) return false
        const now = yield* Moment.now
        yield* session.set((state) => ChannelSession.lookAfter(state, { now, silence }))
        return session.get().presence === "here"
      })
    const all = Effect.suspend(() => Effect.filter(Registry.all(MutableRef.get(ref)), isPresent))

    return {
      current,
      kick,
      open,
      named,
      all,
      isOnline: (account: Ids.QQ) => (login: number) =>
        Option.exists(current(account), (session) => session.login.id === login),
      online: (account: Ids.QQ) =>
        Effect.suspend(() => Effect.map(Effect.filter(Option.toArray(current(account)), isPresent), Arr.head)),
      heard: (session: Live.Live) =>
        Effect.gen(function* () {
          const wasAway = session.get().presence !== "here"
          const now = yield* Moment.now
          yield* session.set((state) => ChannelSession.heard(state, now))
          yield* logins.use(session.login.id)
          return wasAway && !Live.hasEnded(session)
        }),
      departed: Effect.gen(function* () {
        yield* all
        const gone = Registry.all(MutableRef.get(ref)).filter(
          (session) => !Live.hasEnded(session) && session.get().presence === "gone"
        )
        yield* Effect.forEach(gone, (session) => session.set(ChannelSession.toldGone), { discard: true })
        return gone.map(({ login }) => login.account)
      }),
      leave: (session: Live.Live) => end(session),
      releaseAll: Effect.suspend(() =>
        Effect.forEach(Registry.all(MutableRef.get(ref)), ({ release }) => release, { discard: true })
      )
    }
  })
