/**
 * The calls to the login hosts: the page, `check`, the captcha, `login`. What follows is in `CheckSig`, the QR login in
 * `QrLogin`.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Ids from "../schema/Ids.ts"
import type * as Ptui from "../schema/Ptui.ts"
import * as CookieStore from "../services/CookieStore.ts"
import * as Dialect from "../services/Dialect.ts"
import * as Call from "./Call.ts"
import * as PasswordMd5 from "./crypto/PasswordMd5.ts"
import * as PasswordTea from "./crypto/PasswordTea.ts"
import * as Errors from "./Errors.ts"
import type * as Endpoint from "./endpoint/Endpoint.ts"
import * as Descriptions from "./endpoint/Ptlogin.ts"
import * as PtuiCode from "./PtuiCode.ts"
import * as Secrets from "./Secrets.ts"

/**
 * Asks for the verification code and the salt of an account (seed 1, "检查是否需要验证码"). Code "1" of the answer means
 * that a captcha is wanted. `loginSig` is from {@link uilogin}, in the dialects that fetch the page.
 *
 * Fails with `UnknownAccount` when the number is not valid.
 */
export const check = (
  account: Ids.QQ,
  loginSig = ""
): Effect.Effect<Ptui.CheckVC, Errors.CallError | Errors.UnknownAccount, Call.Services> =>
  Effect.gen(function* () {
    const dialect = yield* Dialect.Dialect
    const request = Descriptions.CheckRequest.make({
      ...(dialect.password === "tea" ? { pt_tea: "1" } : {}),
      uin: account,
      appid: dialect.appid,
      js_ver: dialect.jsVer,
      login_sig: loginSig,
      u1: dialect.checkUrl,
      r: yield* randomText
    })
    const reply = yield* Call.call(Descriptions.check, request)
    if (reply.code === "2") return yield* new Errors.UnknownAccount({ account })
    // Both go on into URLs.
    if (isToken(reply.verifyCode) && isToken(Redacted.value(reply.verifysession ?? noToken))) return reply
    const expected = `verifyCode: Expected tokens of at most ${Ids.tokenAtMost} characters`
    return yield* new Errors.UnexpectedResponse({ endpoint: "check", expected, received: "" })
  })

const { isToken } = Ids
const noToken = Redacted.make("")

/** The `r` of many requests: a random number of [0, 1). */
const randomText: Effect.Effect<string> = Effect.map(Random.next, String)

/** Cookies of the login hosts, as a request to the host of `role` would send them. What is no token is none. */
const cookie = (role: Endpoint.Role, name: string) =>
  Effect.gen(function* () {
    const { origins } = yield* Dialect.Dialect
    const found = yield* (yield* CookieStore.CookieStore).get(new URL(origins[role]), name)
    return Option.filter(found, (value) => isToken(Redacted.value(value)))
  })

const loginSigInPage = /g_login_sig\s*=\s*encodeURIComponent\s*\(\s*"([^"]*)"/

/**
 * Fetches the login page for its `login_sig`: the page's variable, else the cookie `pt_login_sig`, else nothing, which
 * servers accept since 2015 (protocol notes, section 2.1).
 */
export const uilogin: Effect.Effect<string, Errors.CallError, Call.Services> = Effect.gen(function* () {
  const { loginPage } = yield* Dialect.Dialect
  const request = Descriptions.UiLoginRequest.make({
    daid: loginPage.daid,
    style: loginPage.style,
    mibao_css: loginPage.css,
    appid: loginPage.appid,
    s_url: loginPage.target,
    t: loginPage.t
  })
  const page = yield* Call.call(Descriptions.uilogin, request)
  const written = loginSigInPage.exec(page)?.[1] ?? ""
  if (written !== "" && isToken(written)) return written
  return Option.match(yield* cookie("ui", "pt_login_sig"), { onNone: () => "", onSome: Redacted.value })
})

/** A captcha to solve: the picture, and the token that goes with the answer. */
export interface Captcha {
  readonly image: Uint8Array
  readonly verifysession: Redacted.Redacted
}

/** No picture begins as a page does; a gateway's page must not be shown as one. */
const mayBePicture = ([first]: Uint8Array): boolean => first !== undefined && first !== "<".charCodeAt(0)

/**
 * Fetches the picture of a captcha (seed 1, "获取验证码"). `capCd` is checkVC's second argument, which the later dialects
 * send along. The cookie `verifysession` of the answer is kept, and given back because the later password scheme sends
 * it as a parameter.
 */
export const getimage = (options: {
  readonly account: Ids.QQ
  readonly capCd: string
}): Effect.Effect<Captcha, Errors.CallError, Call.Services> =>
  Effect.gen(function* () {
    const { appid, password } = yield* Dialect.Dialect
    const image = yield* Call.call(Descriptions.getimage, {
      aid: appid,
      r: yield* randomText,
      uin: options.account,
      ...(password === "md5" ? {} : { cap_cd: options.capCd })
    })
    if (!mayBePicture(image)) {
      return yield* new Errors.UnexpectedResponse({ endpoint: "getimage", expected: "a picture", received: "" })
    }
    const newer = yield* cookie("captcha", "verifysession")
    const older = yield* cookie("captcha", "ptvfsession")
    return {
      image,
      verifysession: Option.getOrElse(
        Option.orElse(newer, () => older),
        () => Redacted.make("")
      )
    }
  })

/** The parameters in which the two password schemes differ. */
const proofs = {
  md5: (digest: Uint8Array, { salt, verifyCode }: Ptui.CheckVC) =>
    Effect.succeed({ p: Redacted.make(PasswordMd5.proof(digest, salt, verifyCode)) }),
  tea: (digest: Uint8Array, { isRandSalt, salt, verifyCode, verifysession }: Ptui.CheckVC) =>
    Effect.gen(function* () {
      const { uiStyle } = yield* Dialect.Dialect
      const rsaPadding = yield* randomBytes(128)
      const teaPadding = yield* randomBytes(10)
      return {
        p: Redacted.make(PasswordTea.proof({ passwordDigest: digest, salt, verifyCode, rsaPadding, teaPadding })),
        pt_uistyle: uiStyle,
        pt_randsalt: isRandSalt === true ? "1" : "0",
        pt_vcode_v1: "0",
        pt_verifysession_v1: verifysession ?? Redacted.make("")
      }
    })
}

const randomBytes = (count: number): Effect.Effect<Uint8Array> =>
  Effect.map(Effect.replicateEffect(Random.nextIntBetween(0, 256), count), (bytes) => Uint8Array.from(bytes))

/**
 * Sends the password proof in the dialect's scheme (seed 1, "校验密码"; protocol notes, sections 3.1 and 3.2). `check` is
 * the answer to {@link check}, whose salt and code go into the proof; after a captcha, its `verifyCode` is what was typed
 * and its `verifysession` that of the picture, and `captcha` is true: then another page is the Referer. `password` is
 * hashed here and nowhere kept.
 *
 * Gives the accepted reply, whose `url` has to be followed with `CheckSig.checkSig`. Fails with the refusal that ptuiCB's
 * code stands for.
 */
export const login = (options: {
  readonly account: Ids.QQ
  readonly password: Redacted.Redacted
  readonly check: Ptui.CheckVC
  readonly loginSig?: string
  readonly captcha?: boolean
}): Effect.Effect<Ptui.PtuiCB, Errors.CallError | PtuiCode.Refusal, Call.Services> =>
  Effect.gen(function* () {
    const { account, check } = options
    const dialect = yield* Dialect.Dialect
    const proof = yield* proofs[dialect.password](PasswordMd5.digest(Redacted.value(options.password)), check)
    const request = Descriptions.LoginRequest.make({
      u: account,
      // Lower case is what old clients sent for a typed code; the proof takes it in upper case.
      verifycode: options.captcha === true ? check.verifyCode.toLowerCase() : check.verifyCode,
      login_sig: options.loginSig ?? "",
      aid: dialect.appid,
      u1: dialect.loginUrl,
      js_ver: dialect.jsVer,
      ...proof
    })
    const { captchaLogin } = dialect.headers
    const reply = yield* Call.call(
      Descriptions.login,
      request,
      options.captcha === true ? { headers: captchaLogin } : undefined
    )
    return yield* accepted(account, reply)
  })

/** A frozen account gets code 0 and a page of the security centre instead of a signature. */
const isFrozen = (url: string): boolean => URL.canParse(url) && new URL(url).hostname === "aq.qq.com"

/** The reply if it lets in, else the error that it stands for. */
export const accepted = (account: number, reply: Ptui.PtuiCB): Effect.Effect<Ptui.PtuiCB, PtuiCode.Refusal> => {
  if (reply.code !== "0") return Effect.fail(PtuiCode.toError(account, reply))
  if (!isFrozen(Redacted.value(reply.url))) return Effect.succeed(reply)
  const says = Secrets.excerpt(reply.message)
  return Effect.fail(new Errors.AccountBlocked({ account, reason: "Frozen", code: reply.code, says }))
}

/** Unix time in ms as the text that `t` parameters carry. */
export const timestamp: Effect.Effect<string> = Effect.map(Clock.currentTimeMillis, String)
