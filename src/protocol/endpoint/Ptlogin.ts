/**
 * Descriptions of the login host's endpoints (protocol notes, sections 2.2 to 2.5; seed 1, "登录流程").
 */
import * as Schema from "effect/Schema"
import * as Ids from "../../schema/Ids.ts"
import * as Ptui from "../../schema/Ptui.ts"
import * as Endpoint from "./Endpoint.ts"

const javascript = "text/javascript; charset=utf-8"
const html = "text/html; charset=utf-8"

/**
 * The parameters of {@link check}, in the order of Tencent's own page; the constructor fills in the constants. `pt_tea`
 * asks for the password scheme of 2014.
 */
export const CheckRequest = Schema.Struct({
  pt_tea: Schema.optional(Schema.String),
  uin: Ids.text(Ids.QQ),
  appid: Endpoint.constant("1003903"),
  js_ver: Endpoint.constant("10040"),
  js_type: Endpoint.constant("0"),
  login_sig: Endpoint.constant(""),
  u1: Endpoint.constant("http://web2.qq.com/loginproxy.html"),
  r: Endpoint.constant("0")
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

/**
 * The parameters of {@link login}, in the order of Tencent's own page; the constructor fills in the constants. The last
 * four travel since 2014.
 */
export const LoginRequest = Schema.Struct({
  u: Ids.text(Ids.QQ),
  p: Schema.Redacted(Schema.String),
  verifycode: Schema.String,
  webqq_type: Endpoint.constant("10"),
  remember_uin: Endpoint.constant("1"),
  login2qq: Endpoint.constant("1"),
  aid: Endpoint.constant("1003903"),
  u1: Endpoint.constant("http://www.qq.com/loginproxy.html?login2qq=1&webqq_type=10"),
  h: Endpoint.constant("1"),
  ptredirect: Endpoint.constant("0"),
  ptlang: Endpoint.constant("2052"),
  daid: Endpoint.constant("164"),
  from_ui: Endpoint.constant("1"),
  pttype: Endpoint.constant("1"),
  dumy: Endpoint.constant(""),
  fp: Endpoint.constant("loginerroralert"),
  action: Endpoint.constant("4-5-8246"),
  mibao_css: Endpoint.constant("m_webqq"),
  t: Endpoint.constant("1"),
  g: Endpoint.constant("1"),
  js_type: Endpoint.constant("0"),
  js_ver: Endpoint.constant("10040"),
  login_sig: Endpoint.constant(""),
  pt_uistyle: Schema.optional(Schema.String),
  pt_randsalt: Schema.optional(Schema.String),
  pt_vcode_v1: Schema.optional(Schema.String),
  pt_verifysession_v1: Schema.optional(Schema.Redacted(Schema.String))
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
  pttype: Endpoint.constant("1"),
  uin: Ids.text(Ids.QQ),
  service: Endpoint.constant("login"),
  nodirect: Endpoint.constant("0"),
  ptsigx: Schema.Redacted(Schema.String),
  s_url: Endpoint.constant("http://www.qq.com/loginproxy.html?login2qq=1&webqq_type=10"),
  f_url: Endpoint.constant(""),
  ptlang: Endpoint.constant("2052"),
  ptredirect: Endpoint.constant("100"),
  aid: Endpoint.constant("1003903"),
  daid: Endpoint.constant("164"),
  j_later: Endpoint.constant("0"),
  low_login_hour: Endpoint.constant("0"),
  regmaster: Endpoint.constant("0"),
  pt_login_type: Endpoint.constant("1"),
  pt_aid: Endpoint.constant("0"),
  pt_aaid: Endpoint.constant("0"),
  pt_light: Endpoint.constant("0")
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

/** The same page of the later dialect. */
export const proxy = Endpoint.make({
  name: "proxy",
  method: "GET",
  host: "page",
  path: "/proxy.html",
  request: Schema.Struct({}),
  reply: Schema.String,
  contentType: html
})
