import * as Dialect from "./Dialect.ts"

const appid = "1003903"
const web = "http://web.qq.com/loginproxy.html"
const web2 = "http://web2.qq.com/loginproxy.html"
const loginPage = { daid: "164", style: "5", css: "m_webqq", appid, target: web2, t: "20130723001" }

const page: Dialect.Headers = { referer: Dialect.loginPageUrl(loginPage) }
const api: Dialect.Headers = {
  referer: "http://s.web2.qq.com/proxy.html?v=20110412001&callback=1&id=3",
  origin: "http://s.web2.qq.com"
}
const channel: Dialect.Headers = {
  referer: "http://d.web2.qq.com/proxy.html?v=20110331002&callback=1&id=2",
  origin: "http://d.web2.qq.com"
}
/** The document sends the contact host's Referer with login2 and with messages to people; so did its author's code. */
const channelFromApi: Dialect.Headers = { ...api, origin: "http://d.web2.qq.com" }

/** The 2013 WebQQ of the first document: MD5 password, era A of the protocol notes. */
export const webqq2013: Dialect.Dialect = {
  name: "webqq-2013",
  appid,
  jsVer: "10040",
  uiStyle: "5",
  userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:24.0) Gecko/20100101 Firefox/24.0",
  origins: {
    ui: "https://ui.ptlogin2.qq.com",
    captcha: "https://ssl.captcha.qq.com",
    check: "https://ssl.ptlogin2.qq.com",
    login: "https://ssl.ptlogin2.qq.com",
    checkSig: "http://ptlogin4.web2.qq.com",
    page: "http://www.qq.com",
    channel: "http://d.web2.qq.com",
    api: "http://s.web2.qq.com",
    heartbeat: "http://web.qq.com"
  },
  followHosts: Dialect.followHosts,
  headers: {
    ...Dialect.byHost(page, api, channel),
    login: {
      referer: Dialect.loginPageUrl({ ...loginPage, daid: "", css: "mwebqq", target: web, t: "20130221001" })
    },
    captchaLogin: { referer: Dialect.loginPageUrl({ ...loginPage, t: "20130903001" }) },
    login2: channelFromApi,
    send_buddy_msg2: channelFromApi,
    send_sess_msg2: channelFromApi,
    get_c2cmsg_sig2: { ...channel, referer: "http://d.web2.qq.com/proxy.html?v=20110331002&callback=1&id=3" },
    set_long_nick2: { ...api, referer: "http://s.web2.qq.com/proxy.html?v=20110412001&callback=1&id=1" }
  },
  loginPage,
  fetchLoginPage: false,
  checkUrl: web2,
  loginUrl: "http://www.qq.com/loginproxy.html?login2qq=1&webqq_type=10",
  password: "md5",
  friendHash: "P",
  vfwebqqFrom: "login2",
  friendsHello: true,
  channelForm: true,
  escapedText: false,
  poll: "ids",
  allEvents: false,
  heartbeat: true,
  face: 564,
  clientId: (random) => 11111111 + Math.floor(random * 88888888),
  firstMsgId: Dialect.msgIdByTime
}
