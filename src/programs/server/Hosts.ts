/**
 * The hosts that clients of WebQQ ask for, in groups by what they serve (protocol notes, sections 1.2, 4.8, 4.9 and 8).
 * One list for certificates, hosts files and routes.
 */

/** `face0` to `face10`: older clients count from 1 to 10, newer ones take the last digit of the uin. */
const faces = (domain: string): ReadonlyArray<string> => Array.from({ length: 11 }, (_, n) => `face${n}.${domain}`)

/** Login pages, check, login, QR login and log-out of ptlogin2. Over http the page asks `check.`, over https `ssl.`. */
export const ptlogin: ReadonlyArray<string> = [
  "ui.ptlogin2.qq.com",
  "xui.ptlogin2.qq.com",
  "ssl.ptlogin2.qq.com",
  "check.ptlogin2.qq.com",
  "ptlogin2.qq.com"
]

/** check_sig: the address stands in the answer to a login. */
export const checkSig: ReadonlyArray<string> = ["ptlogin4.web2.qq.com"]

/** The picture of a captcha. */
export const captcha: ReadonlyArray<string> = ["ssl.captcha.qq.com", "captcha.qq.com"]

/** `/api/`: contacts, profiles, getvfwebqq. */
export const api: ReadonlyArray<string> = ["s.web2.qq.com"]

/** `/channel/`: login2, poll2 and all that is sent. `d1` since the end of 2015. */
export const channel: ReadonlyArray<string> = ["d.web2.qq.com", "d1.web2.qq.com"]

/** The pages of WebQQ and SmartQQ, with the heartbeat and group pictures; `www` is where check_sig may lead to. */
export const pages: ReadonlyArray<string> = ["web.qq.com", "web2.qq.com", "w.qq.com", "www.qq.com"]

/** Search, filters and the log of a group. */
export const cgi: ReadonlyArray<string> = ["cgi.web2.qq.com"]

/** The calls that know real numbers of groups and members, and the daily sign-in of a group. */
export const groups: ReadonlyArray<string> = ["qun.qq.com", "qinfo.clt.qq.com", "qiandao.qun.qq.com"]

/** Avatars, and at `q.qlogo.cn` the own one. */
export const avatars: ReadonlyArray<string> = [...faces("web.qq.com"), ...faces("qun.qq.com"), "q.qlogo.cn"]

/** Pictures and files on their way to the server. */
export const uploads: ReadonlyArray<string> = ["weboffline.ftn.qq.com", "up.web2.qq.com", "file1.web.qq.com"]

/** Tencent's counter of visits, which a client tells of failed polls, and the address in a QR code. */
export const others: ReadonlyArray<string> = ["pinghot.qq.com", "txz.qq.com"]

/** Every host, in the order above. */
export const all: ReadonlyArray<string> = [
  ...ptlogin,
  ...checkSig,
  ...captcha,
  ...api,
  ...channel,
  ...pages,
  ...cgi,
  ...groups,
  ...avatars,
  ...uploads,
  ...others
]

/** The domains under which all of them are. */
export const domains: ReadonlyArray<string> = ["qq.com", "qlogo.cn"]
