/**
 * The login host beyond password and QR code: the later login page, coming back without a password, logging out
 * (protocol notes, sections 2.1, 2.6 and 2.10).
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as StringHash from "../../../protocol/crypto/StringHash.ts"
import * as Delivery from "../Delivery.ts"
import * as Hosts from "../Hosts.ts"
import * as Access from "../handlers/Access.ts"
import * as Ptlogin from "../handlers/Ptlogin.ts"
import * as Sessions from "../Sessions.ts"
import * as Wire from "../Wire.ts"
import * as World from "../World.ts"
import * as Extra from "./Extra.ts"

/** The page of style 40, with all that the one before had. */
const xlogin = Extra.make(
  { name: "xlogin", hosts: Hosts.loginPages, paths: ["/cgi-bin/xlogin"] },
  Schema.Struct({ appid: Extra.text, style: Extra.text }),
  Wire.response(400, "the request is not acceptable\n"),
  (params) =>
    Effect.map(Ptlogin.newLoginPage(params), ({ reply, setCookies }) => ({ ...Extra.html(reply), setCookies }))
)

/** `1` is "nobody can come back so"; the client then shows a QR code. */
const strangers = Extra.script("ptui_auth_CB('1','')")

/**
 * Where the cookies of an earlier login lead, if they are good: the same login again, with what waits for it. All three
 * must be: of the token there are too few, and its hash has no more.
 */
const comingBack = (token: Redacted.Redacted, wire: Wire.Request) =>
  Effect.gen(function* () {
    const cookies = Wire.cookies(wire)
    const uin = Access.accountOf(cookies.get("superuin"))
    const login = Option.filter(
      yield* (yield* Sessions.Sessions).find("superkey", cookies.get("superkey") ?? ""),
      ({ account, supertoken }) =>
        Option.contains(uin, account) &&
        cookies.get("supertoken") === supertoken &&
        Redacted.value(token) === String(StringHash.time33(supertoken))
    )
    if (Option.isNone(login)) return Option.none<Sessions.WebLogin>()
    const account = yield* (yield* World.World).account(login.value.account)
    return Option.exists(account, ({ frozen }) => !frozen) ? login : Option.none<Sessions.WebLogin>()
  })

/** An https address, as this call has it. The client appends `s_url` and other parameters itself. */
const authUrl = (login: Sessions.WebLogin): string =>
  Ptlogin.checkSigUrl(login, "http://w.qq.com/proxy.html", Ptlogin.byQrCode).replace(/^http:/, "https:")

const pt4Auth = Extra.make(
  { name: "pt4_auth", hosts: Hosts.login, paths: ["/pt4_auth"] },
  Schema.Struct({ auth_token: Schema.Redacted(Schema.String) }),
  strangers,
  ({ auth_token }, wire) =>
    Effect.map(
      comingBack(auth_token, wire),
      Option.match({
        onNone: () => strangers,
        onSome: (login) => Extra.script(`ptui_auth_CB('0','${authUrl(login)}')`)
      })
    )
)

/** Ends the session. The cookies stay good: the one client that calls this comes back with them. */
const logout = Extra.make(
  { name: "logout", hosts: Hosts.logout, paths: ["/logout"] },
  Schema.Struct({ pt4_hkey: Extra.text }),
  Extra.html(Ptlogin.page),
  ({ pt4_hkey }, wire) =>
    Effect.gen(function* () {
      const sessions = yield* Sessions.Sessions
      const login = Option.filter(
        yield* Access.webLogin(wire),
        ({ skey }) => pt4_hkey === String(StringHash.time33(skey))
      )
      const session = Option.filter(
        Option.flatMap(login, ({ account }) => sessions.current(account)),
        (current) => Option.exists(login, ({ id }) => id === current.login.id)
      )
      if (Option.isSome(session)) {
        yield* sessions.leave(session.value)
        yield* Delivery.announce(session.value.login.account, "offline")
      }
      return Extra.html(Ptlogin.page)
    })
)

export const extras = [xlogin, pt4Auth, logout]
