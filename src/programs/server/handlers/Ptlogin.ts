/**
 * The login host: check, login, and the chain behind it.
 */
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as PasswordMd5 from "../../../protocol/crypto/PasswordMd5.ts"
import * as PasswordTea from "../../../protocol/crypto/PasswordTea.ts"
import * as Descriptions from "../../../protocol/endpoint/Ptlogin.ts"
import type * as Ids from "../../../schema/Ids.ts"
import type * as Ptui from "../../../schema/Ptui.ts"
import * as Challenges from "../auth/Challenges.ts"
import * as Throttle from "../auth/Throttle.ts"
import * as Options from "../Options.ts"
import * as Route from "../Route.ts"
import * as Sessions from "../Sessions.ts"
import * as Tokens from "../Tokens.ts"
import * as Wire from "../Wire.ts"
import * as World from "../World.ts"

/** Clients must use the salt of the reply: a strict server makes sure by giving a random one for the later scheme. */
const newSalt = (account: Ids.QQ, tea: boolean) =>
  Effect.gen(function* () {
    const { strict } = yield* Options.Options
    return strict && tea ? hexToBytes(yield* Tokens.hex(8)) : PasswordMd5.saltOf(account)
  })

/** All that a login page of any time had for clients to find, at once (protocol notes, section 2.1). */
const loginPage = (appid: string, style: string, loginSig: string): string => `<!DOCTYPE html>
<html><head><title>WebQQ</title><script>
var g_appid=encodeURIComponent("${appid}");
var g_daid=encodeURIComponent("164");
var g_style=encodeURIComponent("${style}");
var g_login_sig=encodeURIComponent("${loginSig}");
var g_pt_version=encodeURIComponent("10203");
var g_mibao_css=encodeURIComponent("m_webqq");
</script></head><body><form id="login_form">
<input type="hidden" name="aid" value="${appid}" />
</form></body></html>
`

const onlyDigits = (text: string): string => text.replace(/\D/g, "")

/** A login page with a signature of its own, for whatever program and look it was asked. */
export const newLoginPage = ({ appid, style }: { readonly appid: string; readonly style: string }) =>
  Effect.gen(function* () {
    const loginSig = yield* Tokens.longKey
    return {
      reply: loginPage(onlyDigits(appid), onlyDigits(style), loginSig),
      setCookies: [Wire.setCookie("pt_login_sig", loginSig, "ptlogin2.qq.com")]
    }
  })

const uilogin = Route.make(Descriptions.uilogin, newLoginPage)

/** "The account number is not valid": what `check` says to all that it cannot answer. */
const noAccount: Ptui.CheckVC = { code: "2", verifyCode: "", salt: new Uint8Array(8) }

const check = Route.make(
  Descriptions.check,
  ({ pt_tea, uin }) =>
    Effect.gen(function* () {
      const { captchaAfter, strict } = yield* Options.Options
      const challenges = yield* Challenges.Challenges
      const account = yield* (yield* World.World).account(uin)
      const tea = pt_tea !== undefined
      const salt = yield* newSalt(uin, tea)
      if (Option.isNone(account)) return { reply: { ...noAccount, salt } }
      const captcha = (yield* Throttle.Throttle).wrong("password", uin) >= captchaAfter
      const issued = yield* challenges.issue(uin, salt, captcha)
      const reply: Ptui.CheckVC = { code: captcha ? "1" : "0", verifyCode: issued.code, salt: issued.salt }
      // The older dialect has three arguments, the later one five.
      const verifysession = Redacted.make(issued.token)
      return { reply: tea ? { ...reply, verifysession, isRandSalt: strict } : reply }
    }),
  () => noAccount
)

/** The protocol has no error in the form of a picture. */
export const noPicture = new Uint8Array()

/** The cookie belongs to all of qq.com: the login host must see it too. */
const getimage = Route.make(
  Descriptions.getimage,
  ({ cap_cd, uin }) =>
    Effect.gen(function* () {
      const picture = yield* (yield* Challenges.Challenges).picture(uin, cap_cd, PasswordMd5.saltOf(uin))
      if (Option.isNone(picture)) return { reply: noPicture }
      return {
        reply: picture.value.png,
        setCookies: [Wire.setCookie("verifysession", picture.value.verifysession, "qq.com")]
      }
    }),
  () => noPicture
)

export const refusedLogin = (code: string, message: string, sub = "0"): Ptui.PtuiCB => ({
  code,
  sub,
  url: Redacted.make(""),
  target: "0",
  message,
  nick: ""
})

/** The sub-code 101 says that the next try will need a captcha. */
const wrongPassword = (captchaNext: boolean) =>
  refusedLogin("3", "您输入的帐号或密码不正确，请重新输入。", captchaNext ? "101" : "0")
const wrongCode = refusedLogin("4", "您输入的验证码不正确，请重新输入。")
const tooMany = refusedLogin("6", "您的操作过于频繁，请稍后再试。")
/** Code 0, but with a page of the security centre instead of a signature. */
export const frozen: Ptui.PtuiCB = {
  ...refusedLogin("0", "您的帐号暂时无法登录，请前往安全中心解除限制。"),
  url: Redacted.make("https://aq.qq.com/007")
}
const badRequest = refusedLogin("7", "很遗憾，网络连接出现异常，请您稍后再试。(1)")

const oUin = (account: Ids.QQ): string => `o${String(account).padStart(10, "0")}`

/** The cookies of qq.com: set by `login` and again, with the same values, by `check_sig`. */
const qqCookies = (login: Sessions.WebLogin): ReadonlyArray<string> => [
  Wire.setCookie("pt2gguin", oUin(login.account), "qq.com"),
  Wire.setCookie("uin", oUin(login.account), "qq.com"),
  Wire.setCookie("skey", login.skey, "qq.com"),
  Wire.setCookie("ptwebqq", login.ptwebqq, "qq.com")
]

/** Cookies of the login host itself, once each and without `=` or blank (protocol notes, section 2.6). */
const loginHostCookies = ({ account, superkey, supertoken }: Sessions.WebLogin, nick: string) =>
  Effect.gen(function* () {
    return [
      Wire.setCookie("superuin", oUin(account), "ptlogin2.qq.com"),
      Wire.setCookie("superkey", superkey, "ptlogin2.qq.com"),
      Wire.setCookie("supertoken", supertoken, "ptlogin2.qq.com"),
      Wire.setCookie("pt_recent_uins", yield* Tokens.hex(32), "ptlogin2.qq.com"),
      Wire.setCookie(`ptnick_${account}`, bytesToHex(utf8ToBytes(nick)), "ptlogin2.qq.com"),
      Wire.setCookie("ptisp", "ctc", "qq.com"),
      Wire.setCookie("RK", yield* Tokens.hex(5), "qq.com"),
      Wire.setCookie("ptcz", yield* Tokens.hex(32), "qq.com")
    ]
  })

/** Both schemes are accepted at any time; the length tells them apart. `code` is what the client sent. */
const proofFits = (proof: string, passwordDigest: Uint8Array, salt: Uint8Array, code: string): boolean =>
  proof.length === 32
    ? proof.toUpperCase() === PasswordMd5.proof(passwordDigest, salt, code)
    : PasswordTea.verify({ proof, passwordDigest, salt, verifyCode: code })

/** The tokens that may have come with a picture: as a parameter, and as a cookie. */
const pictureTokens = (given: Redacted.Redacted | undefined, wire: Wire.Request): ReadonlyArray<string> =>
  [given === undefined ? undefined : Redacted.value(given), Wire.cookies(wire).get("verifysession")].filter(
    (token) => token !== undefined
  )

/** What the address that an accepted login leads to says about how it was made (protocol notes, section 2.5). */
export const byPassword = { service: "login", aid: "1003903", pt_login_type: "1" }
export const byQrCode = { service: "ptqrlogin", aid: "501004106", pt_login_type: "3" }

/** The login host's part of an accepted login. */
export const acceptedReply = (account: World.Account, wanted: string, way: typeof byPassword) =>
  Effect.gen(function* () {
    const login = yield* (yield* Sessions.Sessions).accept(account.number)
    const reply: Ptui.PtuiCB = {
      code: "0",
      sub: "0",
      url: Redacted.make(checkSigUrl(login, wanted, way)),
      target: "0",
      message: "登录成功！",
      nick: account.nick
    }
    return { reply, setCookies: [...qqCookies(login), ...(yield* loginHostCookies(login, account.nick))] }
  })

const encodeCheckSig = Schema.encodeSync(Descriptions.checkSig.request)

/** The address that an accepted login leads to; `wanted` is where it leads in the end. */
export const checkSigUrl = ({ account, ptsigx }: Sessions.WebLogin, wanted: string, way: typeof byPassword): string => {
  const request = Descriptions.CheckSigRequest.make({
    uin: account,
    ptsigx: Redacted.make(ptsigx),
    s_url: wanted,
    ...way
  })
  return `http://ptlogin4.web2.qq.com/check_sig?${new URLSearchParams(encodeCheckSig(request))}`
}

const login = Route.make(
  Descriptions.login,
  ({ p, pt_verifysession_v1, u, u1, verifycode }, wire) =>
    Effect.gen(function* () {
      const challenges = yield* Challenges.Challenges
      const world = yield* World.World
      const account = yield* world.account(u)
      if (Option.isNone(account)) return { reply: wrongPassword(false) }
      if (account.value.frozen) return { reply: frozen }
      const challenge = yield* challenges.redeem(u, verifycode, pictureTokens(pt_verifysession_v1, wire))
      if (Either.isLeft(challenge)) return { reply: challenge.left === "TooMany" ? tooMany : wrongCode }
      const { salt, use } = challenge.right
      const throttle = yield* Throttle.Throttle
      const fits = ({ passwordDigest }: World.Account) =>
        proofFits(Redacted.value(p), Redacted.value(passwordDigest), salt, verifycode)
      // The account is read again after the wait: it may have another password by then, or be frozen.
      const proven = yield* throttle.attempt(
        "password",
        u,
        Effect.if(use, {
          onTrue: () => Effect.map(world.account(u), Option.filter(fits)),
          onFalse: () => Effect.succeedNone
        })
      )
      if (Either.isRight(proven)) {
        return proven.right.frozen ? { reply: frozen } : yield* acceptedReply(proven.right, u1, byPassword)
      }
      if (proven.left === "TooMany") return { reply: tooMany }
      return { reply: wrongPassword(throttle.wrong("password", u) >= (yield* Options.Options).captchaAfter) }
    }),
  () => badRequest
)

/** The chain may lead only within qq.com: anything else would make the server an open redirector. */
const isWithinQQ = (url: string): boolean =>
  URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && /(^|\.)qq\.com$/.test(new URL(url).hostname)

/** Where check_sig leads. A text that a header cannot carry, or that is read in two ways, goes out as URLs are spelt. */
const leadsTo = (url: string): string => {
  if (!isWithinQQ(url)) return "http://www.qq.com/loginproxy.html"
  return /^[!-[\]-~]+$/.test(url) ? url : new URL(url).href
}

/** Without ` src="`: two clients take one for a detour of the login (protocol notes, section 2.5). */
export const page = "<!DOCTYPE html><html><head><title>WebQQ</title></head><body></body></html>\n"

const checkSig = Route.make(
  Descriptions.checkSig,
  ({ ptsigx, s_url, uin }) =>
    Effect.gen(function* () {
      const found = yield* (yield* Sessions.Sessions).find("ptsigx", Redacted.value(ptsigx))
      if (Option.isNone(found) || found.value.account !== uin) return { reply: page }
      return {
        reply: "",
        location: leadsTo(s_url),
        setCookies: [
          ...qqCookies(found.value),
          Wire.setCookie("p_uin", oUin(uin), "web2.qq.com"),
          Wire.setCookie("p_skey", yield* Tokens.longKey, "web2.qq.com"),
          Wire.setCookie("pt4_token", yield* Tokens.longKey, "web2.qq.com"),
          Wire.setCookie("p_uin", "", "qq.com"),
          Wire.setCookie("p_skey", "", "qq.com"),
          Wire.setCookie("pt4_token", "", "qq.com")
        ]
      }
    }),
  () => page
)

const loginproxy = Route.make(Descriptions.loginproxy, () => Effect.succeed({ reply: page }))
const proxy = Route.make(Descriptions.proxy, () => Effect.succeed({ reply: page }))

export const routes = [uilogin, check, getimage, login, checkSig, loginproxy, proxy]
