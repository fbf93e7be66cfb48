import * as Dialect from "./Dialect.ts"
import { webqq2013 } from "./Webqq2013.ts"

const web2 = "http://web2.qq.com/loginproxy.html"
const loginPage = { daid: "164", style: "5", css: "m_webqq", appid: "1003903", target: web2, t: "" }
const page: Dialect.Headers = { referer: Dialect.loginPageUrl(loginPage) }
const api: Dialect.Headers = {
  referer: "http://s.web2.qq.com/proxy.html?v=20110412001&callback=1&id=3",
  origin: "http://s.web2.qq.com"
}
const channel: Dialect.Headers = {
  referer: "http://d.web2.qq.com/proxy.html?v=20110331002&callback=1&id=2",
  origin: "http://d.web2.qq.com"
}

/**
 * The WebQQ of 2014 and early 2015, for which the second document points to PiWebQQ: the password travels by RSA inside
 * TEA, everything else as before; era B of the protocol notes.
 */
export const webqq2014: Dialect.Dialect = {
  ...webqq2013,
  name: "webqq-2014",
  jsVer: "10116",
  headers: {
    ...Dialect.byHost(page, api, channel),
    uilogin: { referer: "http://web2.qq.com/webqq.html" },
    login2: { ...api, origin: "http://d.web2.qq.com" }
  },
  origins: { ...webqq2013.origins, page: "http://web.qq.com" },
  loginUrl: "http://web.qq.com/loginproxy.html?login2qq=1&webqq_type=10",
  loginPage,
  fetchLoginPage: true,
  password: "tea",
  heartbeat: false,
  face: 600,
  clientId: () => 8534174,
  firstMsgId: () => 38200000
}
