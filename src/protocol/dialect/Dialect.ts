/**
 * What a dialect of the protocol is: hosts, headers, constants and conventions of a time, as a value that client and
 * server read (protocol notes, section 1).
 */
import type * as FriendHash from "../crypto/FriendHash.ts"
import type * as Endpoint from "../endpoint/Endpoint.ts"

/** `Referer` and `Origin`, each where the documents name one. */
export interface Headers {
  readonly referer?: string
  readonly origin?: string
}

/**
 * - `name`: the documents' name for the time.
 * - `appid`, `jsVer`: what the login page sent as `appid`/`aid` and `js_ver`.
 * - `uiStyle`: the style of the login page (`pt_uistyle`).
 * - `origins`: scheme and host of every role, for the client.
 * - `followHosts`: the only hosts to which a redirect or a ptuiCB URL may lead.
 * - `headers`: by endpoint; `captchaLogin` replaces those of `login` after a captcha.
 * - `loginPage`: the login page; fetched for its `login_sig` where `fetchLoginPage` is true.
 * - `checkUrl`, `loginUrl`: the parameter `u1` of `check` and of `login`.
 * - `password`: the scheme of the password proof.
 * - `friendHash`: the variant of the contact-list hash to try first.
 * - `vfwebqqFrom`: which endpoint gives the `vfwebqq` that holds.
 * - `friendsHello`: whether the friend list is asked for with `h: "hello"`.
 * - `channelForm`: whether `clientid` and `psessionid` are repeated as form fields beside `r`.
 * - `escapedText`: whether the texts of messages come HTML-escaped; they are resolved once, when they are read.
 * - `poll`: whether poll2's `r` has `key: 0, ids: []`, or `ptwebqq` and an empty `key`.
 * - `allEvents`: whether login2 asks a server of ours for the events that it keeps from the clients of SmartQQ's time.
 * - `heartbeat`: whether `get_msg_tip` is sent.
 * - `face`: the avatar number that sends carry; cosmetic.
 * - `clientId`: the client's number from a random one of [0, 1).
 * - `firstMsgId`: the number after which message ids begin, from unix time in ms.
 */
export interface Dialect {
  readonly name: "webqq-2013" | "webqq-2014" | "smartqq-2015"
  readonly appid: string
  readonly jsVer: string
  readonly uiStyle: string
  readonly userAgent: string
  readonly origins: Readonly<Record<Endpoint.Role, string>>
  readonly followHosts: ReadonlyArray<string>
  readonly headers: Readonly<Record<Endpoint.Name, Headers>> & { readonly captchaLogin: Headers }
  readonly checkUrl: string
  readonly loginUrl: string
  readonly loginPage: LoginPage
  readonly password: "md5" | "tea"
  readonly friendHash: FriendHash.Variant
  readonly fetchLoginPage: boolean
  readonly vfwebqqFrom: "login2" | "getvfwebqq"
  readonly friendsHello: boolean
  readonly channelForm: boolean
  readonly escapedText: boolean
  readonly poll: "ids" | "ptwebqq"
  readonly allEvents: boolean
  readonly heartbeat: boolean
  readonly face: number
  readonly clientId: (random: number) => number
  readonly firstMsgId: (now: number) => number
}

/**
 * Message ids begin with the last four digits of the unix time in seconds, times 10000, as in Tencent's own client
 * (protocol notes, section 1.4).
 */
export const msgIdByTime = (now: number): number => (Math.floor(now / 1000) % 10000) * 10000

/**
 * Where a login may lead in every dialect: the login hosts of all times, and WebQQ's own pages (protocol notes, sections
 * 1.2, 2.5, 2.11 and 8). Accounts moved between the dialects, so chains led across them.
 */
export const followHosts: ReadonlyArray<string> = [
  "ptlogin2.qq.com",
  "check.ptlogin2.qq.com",
  "ssl.ptlogin2.qq.com",
  "ui.ptlogin2.qq.com",
  "xui.ptlogin2.qq.com",
  "ptlogin2.web2.qq.com",
  "ssl.ptlogin2.web2.qq.com",
  "ptlogin4.web2.qq.com",
  "connect.qq.com",
  "d.web2.qq.com",
  "d1.web2.qq.com",
  "s.web2.qq.com",
  "qun.qq.com",
  "w.qq.com",
  "web.qq.com",
  "web2.qq.com",
  "www.qq.com"
]

/** What distinguishes the login pages of the dialects: its style, and where it leads. An empty `daid` leaves it out. */
export interface LoginPage {
  readonly daid: string
  readonly style: string
  readonly css: string
  readonly appid: string
  readonly target: string
  readonly t: string
}

/** The URL of a login page: the Referer of most calls to the login hosts. */
export const loginPageUrl = (options: LoginPage): string =>
  `https://ui.ptlogin2.qq.com/cgi-bin/login?${options.daid === "" ? "" : `daid=${options.daid}&`}target=self` +
  `&style=${options.style}&mibao_css=${options.css}&appid=${options.appid}&enable_qlogin=0&no_verifyimg=1` +
  `&s_url=${encodeURIComponent(options.target)}&f_url=loginerroralert&strong_login=1&login_state=10&t=${options.t}`

/** The headers of all endpoints where they do not differ within a host; `page` is for the login hosts. */
export const byHost = (
  page: Headers,
  api: Headers,
  channel: Headers
): Record<Endpoint.Name | "captchaLogin", Headers> => ({
  captchaLogin: page,
  check: page,
  check_sig: page,
  getimage: page,
  login: page,
  loginproxy: page,
  proxy: page,
  ptqrlogin: page,
  ptqrshow: page,
  uilogin: {},
  allow_added_request2: api,
  allow_and_add2: api,
  deny_added_request2: api,
  get_c2cmsg_sig2: channel,
  get_discu_info: channel,
  get_discus_list: api,
  get_friend_uin2: api,
  get_group_info_ext2: api,
  get_group_name_list_mask2: api,
  get_msg_tip: {},
  get_online_buddies2: channel,
  get_recent_list2: channel,
  get_self_info2: api,
  get_user_friends2: api,
  getvfwebqq: api,
  login2: channel,
  logout2: channel,
  poll2: channel,
  send_buddy_msg2: channel,
  send_discu_msg2: channel,
  send_qun_msg2: channel,
  send_sess_msg2: channel,
  set_long_nick2: api
})
