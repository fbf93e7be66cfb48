import * as Dialect from "./Dialect.ts"
import { webqq2013 } from "./Webqq2013.ts"

const appid = "501004106"
const loginPage = {
  daid: "164",
  style: "16",
  css: "m_webqq",
  appid,
  target: "http://w.qq.com/proxy.html",
  t: "20131024001"
}
const page: Dialect.Headers = { referer: Dialect.loginPageUrl(loginPage) }
const api: Dialect.Headers = {
  referer: "http://s.web2.qq.com/proxy.html?v=20130916001&callback=1&id=1",
  origin: "http://s.web2.qq.com"
}
const channel: Dialect.Headers = {
  referer: "http://d1.web2.qq.com/proxy.html?v=20151105001&callback=1&id=2",
  origin: "http://d1.web2.qq.com"
}

/**
 * SmartQQ, 2015 to the end, of the second document, with the channel host `d1` of Tencent's own client; era C of the
 * protocol notes.
 */
export const smartqq2015: Dialect.Dialect = {
  ...webqq2013,
  name: "smartqq-2015",
  appid,
  jsVer: "10203",
  uiStyle: "16",
  userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/49.0.2623.87 Safari/537.36",
  origins: { ...webqq2013.origins, page: "http://w.qq.com", channel: "http://d1.web2.qq.com" },
  headers: {
    ...Dialect.byHost(page, api, channel),
    uilogin: { referer: "http://w.qq.com/" }
  },
  checkUrl: "http://w.qq.com/proxy.html",
  loginUrl: "http://w.qq.com/proxy.html?login2qq=1&webqq_type=10",
  loginPage,
  fetchLoginPage: true,
  password: "tea",
  vfwebqqFrom: "getvfwebqq",
  friendsHello: false,
  channelForm: false,
  escapedText: true,
  poll: "ptwebqq",
  heartbeat: false,
  face: 522,
  clientId: () => 53999199,
  firstMsgId: Dialect.msgIdByTime
}
