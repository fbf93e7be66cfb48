/**
 * Whether a request may act for a session, and how it is refused.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Decimal from "../../../schema/Decimal.ts"
import * as Envelope from "../../../schema/Envelope.ts"
import type * as Ids from "../../../schema/Ids.ts"
import * as Delivery from "../Delivery.ts"
import * as Options from "../Options.ts"
import * as Refusals from "../Refusals.ts"
import * as Sessions from "../Sessions.ts"
import * as Live from "../session/Live.ts"
import * as Wire from "../Wire.ts"
import type * as World from "../World.ts"

/**
 * Refusals of the channel host: unknown tokens, foreign cookies, forbidden requests; and that a session was ended on
 * purpose, by a kick or by its client.
 */
const notOnChannel = Envelope.refused(103)
const ended = Envelope.refused(108)
/** Refusals of the contact host: a token that is not of a session; missing cookies or headers. */
const noSuchToken = Envelope.refused(100000)
export const noCookies = Envelope.refused(100101)
const malformed = Envelope.refused(100006)
/** The retcode of a list that was asked for with a wrong hash. */
const wrongHash = 50

/** How a route of the channel host refuses. */
export const refusedByChannel = (refusal: Wire.Refusal): Envelope.Refused =>
  refusal._tag === "Malformed" ? malformed : notOnChannel

/** How a route of the contact host refuses. */
export const refusedByApi = (refusal: Wire.Refusal): Envelope.Refused =>
  refusal._tag === "Malformed" ? malformed : noCookies

/** The number in a cookie such as `uin` or `superuin`: `o`, perhaps zeros, and the number. */
export const accountOf = (cookie: string | undefined): Option.Option<number> =>
  Decimal.parse(cookie?.replace(/^o/, "") ?? "")

/** Says why a request is refused. The last part of the path is the name of the endpoint. */
const logRefused = (wire: Wire.Request, why: string) =>
  Refusals.log(wire.path.slice(wire.path.lastIndexOf("/") + 1), why)

/** The web login that the cookies of a request stand for: `skey`, and `uin` of the same account. */
export const webLogin = (
  wire: Wire.Request
): Effect.Effect<Option.Option<Sessions.WebLogin>, never, Sessions.Sessions> =>
  Effect.gen(function* () {
    const cookies = Wire.cookies(wire)
    const uin = accountOf(cookies.get("uin"))
    const skey = cookies.get("skey") ?? ""
    const login = yield* (yield* Sessions.Sessions).find("skey", skey)
    const found = Option.filter(login, ({ account }) => Option.contains(uin, account))
    if (skey === "") yield* logRefused(wire, "no cookie skey")
    else if (Option.isNone(login)) yield* logRefused(wire, "a cookie skey of no login")
    else if (Option.isNone(found)) yield* logRefused(wire, "a cookie uin that is not of the skey's login")
    return found
  })

/**
 * The web login that a ptwebqq belongs to; where a client has none, the one of its cookies. One from before the server was
 * started anew counts, where the world has kept it.
 */
export const loginOf = (
  ptwebqq: Ids.Ptwebqq,
  wire: Wire.Request
): Effect.Effect<Option.Option<Sessions.WebLogin>, never, Sessions.Sessions> =>
  Effect.gen(function* () {
    const sessions = yield* Sessions.Sessions
    const token = Redacted.value(ptwebqq)
    const find = token === "" ? webLogin(wire) : sessions.find("ptwebqq", token)
    const login = yield* find
    if (Option.isSome(login)) return login
    const back = yield* sessions.comeBack({ ptwebqq: token, skey: Wire.cookies(wire).get("skey") ?? "" })
    return Option.isSome(back) ? yield* find : login
  })

/**
 * Strict: the cookies must be those of the login that the token belongs to. Otherwise the token alone will do, because
 * some old clients lose cookies.
 */
export const cookiesFit = (
  wire: Wire.Request,
  login: Sessions.WebLogin
): Effect.Effect<boolean, never, Options.Options | Sessions.Sessions> =>
  Effect.gen(function* () {
    const { strict } = yield* Options.Options
    if (!strict) return true
    const found = yield* webLogin(wire)
    const fits = Option.exists(found, ({ id }) => id === login.id)
    if (Option.isSome(found) && !fits) yield* logRefused(wire, "cookies of another login")
    return fits
  })

/** The tokens of a channel request. */
interface ChannelTokens {
  readonly psessionid: Ids.Psessionid
  readonly clientid: Ids.ClientId
}

type Checked<A, R> = Effect.Effect<{ readonly reply: Envelope.Envelope<A> }, never, R | Needs>

/** What answering a request of a session needs. */
export type Needs = Options.Options | Sessions.Sessions | World.World

/** A request of a session's client. */
const heard = (session: Sessions.ChannelSession) =>
  Effect.flatMap(Sessions.Sessions, (sessions) =>
    Effect.flatMap(sessions.heard(session), (back) => (back ? Delivery.welcomeBack(session) : Effect.void))
  )

/**
 * Runs for the session of a psessionid, ended or not, whose clientid and, if strict, cookies fit. `unknown` answers a
 * psessionid of no session.
 */
export const channelSession = <A, R>(
  tokens: ChannelTokens,
  wire: Wire.Request,
  use: (session: Sessions.ChannelSession) => Effect.Effect<Envelope.Envelope<A>, never, R>,
  unknown: Envelope.Refused = notOnChannel
): Checked<A, R> =>
  Effect.gen(function* () {
    const found = yield* (yield* Sessions.Sessions).named(Redacted.value(tokens.psessionid))
    if (Option.isNone(found)) {
      yield* logRefused(wire, "a psessionid of no session")
      return { reply: unknown }
    }
    const { clientid, session } = found.value
    if (clientid !== tokens.clientid) {
      yield* logRefused(wire, "a clientid of another session")
      return { reply: notOnChannel }
    }
    // The last words of a session that has ended are for whoever has its token: its cookies may be void by now.
    if (!Live.hasEnded(session) && !(yield* cookiesFit(wire, session.login))) return { reply: notOnChannel }
    yield* heard(session)
    return { reply: yield* use(session) }
  })

/** {@link channelSession} for sessions that have not ended. */
export const liveChannelSession = <A, R>(
  tokens: ChannelTokens,
  wire: Wire.Request,
  use: (session: Sessions.ChannelSession) => Effect.Effect<Envelope.Envelope<A>, never, R>
): Checked<A, R> =>
  channelSession<A, R>(tokens, wire, (session) => (Live.hasEnded(session) ? Effect.succeed(ended) : use(session)))

/** Runs for the account of a vfwebqq whose login is online and, if strict, whose cookies fit. */
export const contactSession = <A, R>(
  vfwebqq: Ids.Vfwebqq,
  wire: Wire.Request,
  use: (login: Sessions.WebLogin) => Effect.Effect<Envelope.Envelope<A>, never, R>
): Checked<A, R> =>
  Effect.gen(function* () {
    const sessions = yield* Sessions.Sessions
    const login = yield* sessions.find("vfwebqq", Redacted.value(vfwebqq))
    if (Option.isNone(login)) {
      yield* logRefused(wire, "a vfwebqq of no login")
      return { reply: noSuchToken }
    }
    const session = Option.filter(
      sessions.current(login.value.account),
      (current) => current.login.id === login.value.id
    )
    if (Option.isNone(session)) {
      yield* logRefused(wire, "a vfwebqq of a login that is not online")
      return { reply: noSuchToken }
    }
    if (!(yield* cookiesFit(wire, login.value))) return { reply: noCookies }
    yield* heard(session.value)
    const reply = yield* use(login.value)
    if (reply._tag === "Refused" && reply.retcode === wrongHash) yield* logRefused(wire, "the hash is not right")
    return { reply }
  })

/** The answer to a login2 or getvfwebqq whose cookies are not those of a web login. */
export const noWebLogin = notOnChannel
