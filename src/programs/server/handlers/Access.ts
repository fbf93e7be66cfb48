/**
 * Whether a request may act for a session.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Ids from "../../../schema/Ids.ts"
import * as Options from "../Options.ts"
import * as Sessions from "../Sessions.ts"
import * as Wire from "../Wire.ts"

/** The web login that the cookies of a request stand for: `skey`, and `uin` of the same account. */
export const webLogin = (
  wire: Wire.Request
): Effect.Effect<Option.Option<Sessions.WebLogin>, never, Sessions.Sessions> =>
  Effect.map(Sessions.Sessions, (sessions) => {
    const cookies = Wire.cookies(wire)
    const uin = Number(cookies.get("uin")?.replace(/^o0*/, ""))
    return Option.filter(sessions.find("skey", cookies.get("skey") ?? ""), ({ account }) => account === uin)
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
    return !strict || Option.contains(yield* webLogin(wire), login)
  })

/** The live session of a psessionid whose clientid and, if strict, cookies fit. */
export const channelSession = (
  r: { readonly psessionid: string; readonly clientid: Ids.ClientId },
  wire: Wire.Request
): Effect.Effect<Option.Option<Sessions.ChannelSession>, never, Options.Options | Sessions.Sessions> =>
  Effect.gen(function* () {
    const found = (yield* Sessions.Sessions).byPsessionid(r.psessionid)
    if (Option.isNone(found)) return Option.none()
    const { clientid, login } = found.value
    return clientid === r.clientid && (yield* cookiesFit(wire, login)) ? found : Option.none()
  })
