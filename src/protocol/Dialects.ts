/**
 * The dialects of the protocol as values (protocol notes, section 1): what hosts are called, which headers each
 * endpoint wants, and the constants of the time. Client and server read the same value.
 */
import type * as FriendHash from "./crypto/FriendHash.ts"
import type * as Endpoint from "./endpoint/Endpoint.ts"

/** `Referer` and, where the documents name one, `Origin`. */
export interface Headers {
  readonly referer: string
  readonly origin?: string
}

/**
 * - `origins`: scheme and host of every role, for the client.
 * - `followHosts`: the only hosts to which a redirect or a ptuiCB URL may lead.
 * - `headers`: by endpoint; `captchaLogin` replaces those of `login` after a captcha.
 * - `channelForm`: whether `clientid` and `psessionid` are repeated as form fields beside `r`.
 * - `poll`: which members poll2's `r` has.
 * - `idleRetcode`: how the server ends a poll without events.
 */
export interface Dialect {
  readonly name: "webqq-2013"
  readonly appid: string
  readonly userAgent: string
  readonly origins: Readonly<Record<Endpoint.Role, string>>
  readonly followHosts: ReadonlyArray<string>
  readonly headers: Readonly<Record<Endpoint.Name, Headers>> & { readonly captchaLogin: Headers }
  readonly checkUrl: string
  readonly loginUrl: string
  readonly jsVer: string
  readonly password: "md5"
  readonly friendHash: FriendHash.Variant
  readonly friendsHello: boolean
  readonly channelForm: boolean
  readonly poll: "ids"
  readonly idleRetcode: number
  readonly face: number
}

const loginPage = (options: {
  readonly daid: boolean
  readonly css: string
  readonly url: string
  readonly t: string
}) =>
  `https://ui.ptlogin2.qq.com/cgi-bin/login?${options.daid ? "daid=164&" : ""}target=self&style=5&mibao_css=${options.css}` +
  `&appid=1003903&enable_qlogin=0&no_verifyimg=1&s_url=${encodeURIComponent(options.url)}` +
  `&f_url=loginerroralert&strong_login=1&login_state=10&t=${options.t}`

const web = "http://web.qq.com/loginproxy.html"
const web2 = "http://web2.qq.com/loginproxy.html"
const page = { referer: loginPage({ daid: true, css: "m_webqq", url: web2, t: "20130723001" }) }
const api: Headers = {
  referer: "http://s.web2.qq.com/proxy.html?v=20110412001&callback=1&id=3",
  origin: "http://s.web2.qq.com"
}
const channel: Headers = {
  referer: "http://d.web2.qq.com/proxy.html?v=20110331002&callback=1&id=2",
  origin: "http://d.web2.qq.com"
}
/** The first document sends the contact host's Referer with these two, and so did its author's code. */
const channelFromApi: Headers = { referer: api.referer, origin: "http://d.web2.qq.com" }

/** The 2013 WebQQ of the first document: MD5 password, era A of the protocol notes. */
export const webqq2013: Dialect = {
  name: "webqq-2013",
  appid: "1003903",
  userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:24.0) Gecko/20100101 Firefox/24.0",
  origins: {
    check: "https://ssl.ptlogin2.qq.com",
    login: "https://ssl.ptlogin2.qq.com",
    checkSig: "http://ptlogin4.web2.qq.com",
    page: "http://www.qq.com",
    channel: "http://d.web2.qq.com",
    api: "http://s.web2.qq.com"
  },
  followHosts: [
    "ptlogin4.web2.qq.com",
    "ptlogin2.qq.com",
    "ssl.ptlogin2.qq.com",
    "ui.ptlogin2.qq.com",
    "web.qq.com",
    "web2.qq.com",
    "www.qq.com"
  ],
  headers: {
    check: page,
    login: { referer: loginPage({ daid: false, css: "mwebqq", url: web, t: "20130221001" }) },
    captchaLogin: { referer: loginPage({ daid: true, css: "m_webqq", url: web2, t: "20130903001" }) },
    check_sig: page,
    loginproxy: page,
    login2: channelFromApi,
    get_self_info2: api,
    get_user_friends2: api,
    poll2: channel,
    send_buddy_msg2: channelFromApi,
    logout2: channel
  },
  checkUrl: web2,
  loginUrl: "http://www.qq.com/loginproxy.html?login2qq=1&webqq_type=10",
  jsVer: "10040",
  password: "md5",
  friendHash: "P",
  friendsHello: true,
  channelForm: true,
  poll: "ids",
  idleRetcode: 102,
  face: 564
}

/** Every dialect, by name. */
export const all: ReadonlyArray<Dialect> = [webqq2013]
