/**
 * The calls to the login host: `check`, `login`, and the chain of redirects behind it.
 */
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import type * as Ids from "../schema/Ids.ts"
import type * as Ptui from "../schema/Ptui.ts"
import * as Dialect from "../services/Dialect.ts"
import * as Call from "./Call.ts"
import * as PasswordMd5 from "./crypto/PasswordMd5.ts"
import * as PasswordTea from "./crypto/PasswordTea.ts"
import * as Errors from "./Errors.ts"
import * as Descriptions from "./endpoint/Ptlogin.ts"
import * as Secrets from "./Secrets.ts"

/**
 * Asks for the verification code and the salt of an account (seed 1, "检查是否需要验证码").
 *
 * Fails with `CaptchaRequired` when a captcha is wanted, with `UnknownAccount` when the number is not valid.
 */
export const check = (
  account: Ids.QQ
): Effect.Effect<Ptui.CheckVC, Errors.CallError | Errors.CaptchaRequired | Errors.UnknownAccount, Call.Services> =>
  Effect.gen(function* () {
    const dialect = yield* Dialect.Dialect
    const request = Descriptions.CheckRequest.make({
      ...(dialect.password === "tea" ? { pt_tea: "1" } : {}),
      uin: account,
      appid: dialect.appid,
      u1: dialect.checkUrl,
      js_ver: dialect.jsVer,
      r: String(yield* Random.next)
    })
    const reply = yield* Call.call(Descriptions.check, request)
    if (reply.code === "1") return yield* new Errors.CaptchaRequired({ account })
    if (reply.code === "2") return yield* new Errors.UnknownAccount({ account })
    return reply
  })

const refusal = (account: number, { code, message }: Ptui.PtuiCB) => {
  const says = Secrets.excerpt(message)
  switch (code) {
    case "3":
      return new Errors.WrongPassword({ account, code, says })
    case "4":
      return new Errors.WrongCaptcha({ account, says })
    case "10":
      return new Errors.UnknownAccount({ account })
    case "2":
    case "6":
    case "19":
    case "71":
      return new Errors.AccountBlocked({ account, code, says })
    default:
      return new Errors.LoginRefused({ account, code, says })
  }
}

/** A frozen account gets code 0 and a page of the security centre instead of a signature. */
const isFrozen = (url: string): boolean => URL.canParse(url) && new URL(url).hostname === "aq.qq.com"

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
 * the answer to {@link check}, whose salt and code go into the proof; `password` is hashed here and nowhere kept.
 *
 * Gives the accepted reply, whose `url` has to be followed with {@link checkSig}. Fails with the refusal that ptuiCB's
 * code stands for.
 */
export const login = (options: {
  readonly account: Ids.QQ
  readonly password: Redacted.Redacted
  readonly check: Ptui.CheckVC
}): Effect.Effect<
  Ptui.PtuiCB,
  | Errors.CallError
  | Errors.WrongPassword
  | Errors.WrongCaptcha
  | Errors.UnknownAccount
  | Errors.AccountBlocked
  | Errors.LoginRefused,
  Call.Services
> =>
  Effect.gen(function* () {
    const { account, check } = options
    const dialect = yield* Dialect.Dialect
    const proof = yield* proofs[dialect.password](PasswordMd5.digest(Redacted.value(options.password)), check)
    const request = Descriptions.LoginRequest.make({
      u: account,
      verifycode: check.verifyCode,
      aid: dialect.appid,
      u1: dialect.loginUrl,
      js_ver: dialect.jsVer,
      ...proof
    })
    const reply = yield* Call.call(Descriptions.login, request)
    if (reply.code !== "0") return yield* refusal(account, reply)
    if (isFrozen(Redacted.value(reply.url))) {
      return yield* new Errors.AccountBlocked({ account, code: reply.code, says: Secrets.excerpt(reply.message) })
    }
    return reply
  })

/** More hops than any known chain; a server that leads on is going in circles. */
const maximumHops = 10

const parse = (text: string, base?: URL): URL | undefined =>
  URL.canParse(text, base?.href) ? new URL(text, base?.href) : undefined

const notFollowed = (expected: string) =>
  new Errors.UnexpectedResponse({ endpoint: "check_sig", expected, received: "" })

/**
 * Follows the URL of an accepted login hop by hop, so that no cookie of the chain is lost (seed 1,
 * "请求校验密码所返回的连接"). Gives the number of requests that it took.
 *
 * Fails with `UntrustedHost` when the way leads to a host that the dialect does not list.
 */
export const checkSig = (
  url: Redacted.Redacted
): Effect.Effect<number, Errors.CallError | Errors.UntrustedHost, Call.Services> =>
  Effect.gen(function* () {
    const dialect = yield* Dialect.Dialect
    const headers = Call.withHeaders(dialect, dialect.headers.check_sig)
    let next = parse(Redacted.value(url))
    if (next === undefined) return yield* notFollowed("a URL as the third argument of ptuiCB")
    for (let hops = 1; hops <= maximumHops; hops++) {
      if (!/^https?:$/.test(next.protocol) || !dialect.followHosts.includes(next.host)) {
        return yield* new Errors.UntrustedHost({ endpoint: "check_sig", host: next.host || next.protocol })
      }
      const { response } = yield* Call.send("check_sig", headers(HttpClientRequest.get(next.href)))
      const { status } = response
      if (status >= 400) {
        return yield* new Errors.TransportError({ endpoint: "check_sig", reason: "StatusCode", status })
      }
      const location = response.headers.location
      if (status < 300 || location === undefined) return hops
      next = parse(location, next)
      if (next === undefined) return yield* notFollowed("a URL in the Location header")
    }
    return yield* notFollowed(`an end after ${maximumHops} redirects`)
  }).pipe(Effect.withSpan("WebQQ.check_sig", { captureStackTrace: false }))

/** Unix time in ms as the text that `t` parameters carry. */
export const timestamp: Effect.Effect<string> = Effect.map(Clock.currentTimeMillis, String)
