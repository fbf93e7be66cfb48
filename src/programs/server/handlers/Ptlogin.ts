/**
 * The login host: check, login, and the chain behind it.
 */
import { hexToBytes } from "@noble/hashes/utils.js"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as PasswordMd5 from "../../../protocol/crypto/PasswordMd5.ts"
import * as PasswordTea from "../../../protocol/crypto/PasswordTea.ts"
import * as Descriptions from "../../../protocol/endpoint/Ptlogin.ts"
import type * as Ids from "../../../schema/Ids.ts"
import type * as Ptui from "../../../schema/Ptui.ts"
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

const check = Route.make(Descriptions.check, ({ pt_tea, uin }) =>
  Effect.gen(function* () {
    const { strict } = yield* Options.Options
    const account = yield* (yield* World.World).account(uin)
    const tea = pt_tea !== undefined
    const salt = yield* newSalt(uin, tea)
    if (Option.isNone(account)) return { reply: { code: "2", verifyCode: "", salt } }
    const { code, verifysession } = yield* (yield* Sessions.Sessions).challenge(uin, salt)
    const reply: Ptui.CheckVC = { code: "0", verifyCode: code, salt }
    // The older dialect has three arguments, the later one five.
    return { reply: tea ? { ...reply, verifysession: Redacted.make(verifysession), isRandSalt: strict } : reply }
  })
)

const refusedLogin = (code: string, message: string, sub = "0"): Ptui.PtuiCB => ({
  code,
  sub,
  url: Redacted.make(""),
  target: "0",
  message,
  nick: ""
})

const wrongPassword = refusedLogin("3", "您输入的帐号或密码不正确，请重新输入。")
const wrongCode = refusedLogin("4", "您输入的验证码不正确，请重新输入。")
const badRequest = refusedLogin("7", "很遗憾，网络连接出现异常，请您稍后再试。(1)")

const oUin = (account: Ids.QQ): string => `o${String(account).padStart(10, "0")}`

/** The cookies of qq.com: set by `login` and again, with the same values, by `check_sig`. */
const qqCookies = (login: Sessions.WebLogin): ReadonlyArray<string> => [
  Wire.setCookie("pt2gguin", oUin(login.account), "qq.com"),
  Wire.setCookie("uin", oUin(login.account), "qq.com"),
  Wire.setCookie("skey", login.skey, "qq.com"),
  Wire.setCookie("ptwebqq", login.ptwebqq, "qq.com")
]

/** Cookies of the login host itself, once each (protocol notes, section 2.6). */
const loginHostCookies = (login: Sessions.WebLogin) =>
  Effect.gen(function* () {
    return [
      Wire.setCookie("superuin", oUin(login.account), "ptlogin2.qq.com"),
      Wire.setCookie("superkey", yield* Tokens.longKey, "ptlogin2.qq.com"),
      Wire.setCookie("supertoken", String(yield* Tokens.hex(4)), "ptlogin2.qq.com"),
      Wire.setCookie("ptisp", "ctc", "qq.com")
    ]
  })

/** Both schemes are accepted at any time; the length tells them apart. */
const proofFits = (proof: string, passwordDigest: Uint8Array, { code, salt }: Sessions.Challenge): boolean =>
  proof.length === 32
    ? proof.toUpperCase() === PasswordMd5.proof(passwordDigest, salt, code)
    : PasswordTea.verify({ proof, passwordDigest, salt, verifyCode: code })

const encodeCheckSig = Schema.encodeSync(Descriptions.checkSig.request)

const checkSigUrl = ({ account, ptsigx }: Sessions.WebLogin, wanted: string): string => {
  const request = Descriptions.CheckSigRequest.make({ uin: account, ptsigx: Redacted.make(ptsigx), s_url: wanted })
  return `http://ptlogin4.web2.qq.com/check_sig?${new URLSearchParams(encodeCheckSig(request))}`
}

const login = Route.make(
  Descriptions.login,
  ({ p, u, u1, verifycode }) =>
    Effect.gen(function* () {
      const sessions = yield* Sessions.Sessions
      const account = yield* (yield* World.World).account(u)
      if (Option.isNone(account)) return { reply: wrongPassword }
      const challenge = yield* sessions.redeem(u, verifycode)
      if (Option.isNone(challenge)) return { reply: wrongCode }
      const { nick, passwordDigest } = account.value
      if (!proofFits(Redacted.value(p), Redacted.value(passwordDigest), challenge.value))
        return { reply: wrongPassword }
      const accepted = yield* sessions.accept(u)
      return {
        setCookies: [...qqCookies(accepted), ...(yield* loginHostCookies(accepted))],
        reply: {
          code: "0",
          sub: "0",
          url: Redacted.make(checkSigUrl(accepted, u1)),
          target: "0",
          message: "登录成功！",
          nick
        }
      }
    }),
  () => badRequest
)

/** The chain may lead only within qq.com: anything else would make the server an open redirector. */
const isWithinQQ = (url: string): boolean =>
  URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && /(^|\.)qq\.com$/.test(new URL(url).hostname)

const page = "<!DOCTYPE html><html><head><title>WebQQ</title></head><body></body></html>\n"

const checkSig = Route.make(Descriptions.checkSig, ({ ptsigx, s_url, uin }) =>
  Effect.gen(function* () {
    const found = (yield* Sessions.Sessions).find("ptsigx", Redacted.value(ptsigx))
    const location = isWithinQQ(s_url) ? s_url : "http://www.qq.com/loginproxy.html"
    if (Option.isNone(found) || found.value.account !== uin) return { reply: page }
    return {
      reply: "",
      location,
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
  })
)

const loginproxy = Route.make(Descriptions.loginproxy, () => Effect.succeed({ reply: page }))
const proxy = Route.make(Descriptions.proxy, () => Effect.succeed({ reply: page }))

export const routes = [check, login, checkSig, loginproxy, proxy]
