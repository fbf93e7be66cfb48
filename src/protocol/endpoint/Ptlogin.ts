/**
 * Descriptions of the login host's endpoints (protocol notes, sections 2.2 to 2.5; seed 1, "登录流程").
 */
import * as Schema from "effect/Schema"
import * as Ids from "../../schema/Ids.ts"
import * as Ptui from "../../schema/Ptui.ts"
import * as Endpoint from "./Endpoint.ts"

const javascript = "text/javascript; charset=utf-8"
const html = "text/html; charset=utf-8"

/** The parameters of {@link uilogin}, in Tencent's order; the constructor fills in the constants. */
export const UiLoginRequest = Schema.Struct({
  daid: Endpoint.constant("164"),
  target: Endpoint.constant("self"),
  style: Endpoint.constant("5"),
  mibao_css: Endpoint.constant("m_webqq"),
  appid: Endpoint.constant("1003903"),
  enable_qlogin: Endpoint.constant("0"),
  no_verifyimg: Endpoint.constant("1"),
  s_url: Endpoint.constant("http://web2.qq.com/loginproxy.html"),
  f_url: Endpoint.constant("loginerroralert"),
  strong_login: Endpoint.constant("1"),
  login_state: Endpoint.constant("10"),
  t: Endpoint.constant("20130723001")
})

/** The login page; clients take `login_sig` from its text or from the cookie `pt_login_sig`. */
export const uilogin = Endpoint.make({
  name: "uilogin",
  method: "GET",
  host: "ui",
  path: "/cgi-bin/login",
  request: UiLoginRequest,
  reply: Schema.String,
  contentType: html
})

/** The picture of a captcha; the answer sets the cookie `verifysession`. `cap_cd` is checkVC's second argument. */
export const getimage = Endpoint.make({
  name: "getimage",
  method: "GET",
  host: "captcha",
  path: "/getimage",
  request: Schema.Struct({
    aid: Endpoint.constant("1003903"),
    r: Endpoint.constant("0"),
    uin: Ids.text(Ids.QQ),
    cap_cd: Schema.optional(Schema.String)
  }),
  reply: Endpoint.Bytes,
  contentType: "image/png",
  binary: true,
  bytesAtMost: Endpoint.pictureBytesAtMost
})

/** The parameters of {@link ptqrshow}; the constructor fills in the constants. */
export const PtqrshowRequest = Schema.Struct({
  appid: Endpoint.constant("501004106"),
  e: Endpoint.constant("0"),
  l: Endpoint.constant("M"),
  s: Endpoint.constant("5"),
  d: Endpoint.constant("72"),
  v: Endpoint.constant("4"),
  t: Endpoint.constant("0")
})

/** A new QR code to log in with, as a PNG; the answer sets the cookie `qrsig`. */
export const ptqrshow = Endpoint.make({
  name: "ptqrshow",
  method: "GET",
  host: "login",
  path: "/ptqrshow",
  request: PtqrshowRequest,
  reply: Endpoint.Bytes,
  contentType: "image/png",
  binary: true,
  bytesAtMost: Endpoint.pictureBytesAtMost
})

/**
 * The parameters of {@link ptqrlogin}; the constructor fills in the constants. `ptqrtoken` is the hash33 of the cookie
 * `qrsig`; clients before 2017 do without.
 */
export const PtqrloginRequest = Schema.Struct({
  ptqrtoken: Schema.optional(Schema.String),
  webqq_type: Endpoint.constant("10"),
  remember_uin: Endpoint.constant("1"),
  login2qq: Endpoint.constant("1"),
  aid: Endpoint.constant("501004106"),
  u1: Endpoint.constant("http://w.qq.com/proxy.html?login2qq=1&webqq_type=10"),
  ptredirect: Endpoint.constant("0"),
  ptlang: Endpoint.constant("2052"),
  daid: Endpoint.constant("164"),
  from_ui: Endpoint.constant("1"),
  pttype: Endpoint.constant("1"),
  dumy: Endpoint.constant(""),
  fp: Endpoint.constant("loginerroralert"),
  action: Endpoint.constant("0-0-157510"),
  mibao_css: Endpoint.constant("m_webqq"),
  t: Endpoint.constant("1"),
  g: Endpoint.constant("1"),
  js_type: Endpoint.constant("0"),
  js_ver: Endpoint.constant("10203"),
  login_sig: Endpoint.constant(""),
  pt_randsalt: Endpoint.constant("0")
})

/** How far the QR login is: code 66 waiting, 67 scanned, 65 expired, 0 confirmed. */
export const ptqrlogin = Endpoint.make({
  name: "ptqrlogin",
  method: "GET",
  host: "login",
  path: "/ptqrlogin",
  request: PtqrloginRequest,
  reply: Ptui.PtuiCB,
  contentType: javascript
})

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
