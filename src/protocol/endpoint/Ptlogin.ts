/**
 * Descriptions of the login host's endpoints (protocol notes, sections 2.2 to 2.5; seed 1, "登录流程").
 */
import * as Schema from "effect/Schema"
import * as Ids from "../../schema/Ids.ts"
import * as Ptui from "../../schema/Ptui.ts"
import * as Endpoint from "./Endpoint.ts"

const javascript = "text/javascript; charset=utf-8"
const html = "text/html; charset=utf-8"

/** A parameter that is always written, with this value unless the caller has another, and that old clients may omit. */
const constant = (value: string) =>
  Schema.optionalWith(Schema.String, { default: () => value }).pipe(Schema.withConstructorDefault(() => value))

/** The parameters of {@link check}; the constructor fills in the constants. */
export const CheckRequest = Schema.Struct({
  uin: Ids.text(Ids.QQ),
  appid: constant("1003903"),
  u1: constant("http://web2.qq.com/loginproxy.html"),
  login_sig: constant(""),
  js_ver: constant("10040"),
  js_type: constant("0"),
  r: constant("0")
})

/** Does this account need a captcha? Gives the verification code and the salt of the password proof. */
export const check = Endpoint.make({
  name: "check",
  method: "GET",
  host: "check",
  path: "/check",
  request: CheckRequest,
  reply: Ptui.CheckVC,
  contentType: javascript
})

/** The parameters of {@link login}; the constructor fills in the constants. */
export const LoginRequest = Schema.Struct({
  u: Ids.text(Ids.QQ),
  p: Schema.Redacted(Schema.String),
  verifycode: Schema.String,
  webqq_type: constant("10"),
  remember_uin: constant("1"),
  login2qq: constant("1"),
  aid: constant("1003903"),
  u1: constant("http://www.qq.com/loginproxy.html?login2qq=1&webqq_type=10"),
  h: constant("1"),
  action: constant("4-5-8246"),
  ptredirect: constant("0"),
  ptlang: constant("2052"),
  from_ui: constant("1"),
  daid: constant("164"),
  pttype: constant("1"),
  dumy: constant(""),
  fp: constant("loginerroralert"),
  mibao_css: constant("m_webqq"),
  t: constant("1"),
  g: constant("1"),
  js_type: constant("0"),
  js_ver: constant("10040"),
  login_sig: constant("")
})

/** Checks the password proof. */
export const login = Endpoint.make({
  name: "login",
  method: "GET",
  host: "login",
  path: "/login",
  request: LoginRequest,
  reply: Ptui.PtuiCB,
  contentType: javascript
})

/** The parameters of {@link checkSig}; the constructor fills in the constants. */
export const CheckSigRequest = Schema.Struct({
  pttype: constant("1"),
  uin: Ids.text(Ids.QQ),
  service: constant("login"),
  nodirect: constant("0"),
  ptsigx: Schema.Redacted(Schema.String),
  s_url: constant("http://www.qq.com/loginproxy.html?login2qq=1&webqq_type=10"),
  f_url: constant(""),
  ptlang: constant("2052"),
  ptredirect: constant("100"),
  aid: constant("1003903"),
  daid: constant("164"),
  j_later: constant("0"),
  low_login_hour: constant("0"),
  regmaster: constant("0"),
  pt_login_type: constant("1"),
  pt_aid: constant("0"),
  pt_aaid: constant("0"),
  pt_light: constant("0")
})

/** The URL that a successful login names: it sets the cookies of the other domains and leads on to `s_url`. */
export const checkSig = Endpoint.make({
  name: "check_sig",
  method: "GET",
  host: "checkSig",
  path: "/check_sig",
  request: CheckSigRequest,
  reply: Schema.String,
  contentType: html
})

/** The page at the end of the chain; its body means nothing. */
export const loginproxy = Endpoint.make({
  name: "loginproxy",
  method: "GET",
  host: "page",
  path: "/loginproxy.html",
  request: Schema.Struct({}),
  reply: Schema.String,
  contentType: html
})
