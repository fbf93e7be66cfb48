/**
 * The hosts that clients of WebQQ ask for, in groups by what they serve (protocol notes, sections 1.2, 4.8, 4.9 and 8).
 * One list for certificates, hosts files and the requests beyond the endpoint descriptions; those that are described go
 * by their paths.
 */

/** `face0` to `face10`: older clients count from 1 to 10, newer ones take the last digit of the uin. */
const faces = (domain: string): ReadonlyArray<string> => Array.from({ length: 11 }, (_, n) => `face${n}.${domain}`)

/** Login pages: the first, and the one of style 40. */
export const loginPages: ReadonlyArray<string> = ["ui.ptlogin2.qq.com", "xui.ptlogin2.qq.com"]

/** Login, QR login and coming back without a password, and over https check. */
export const login: ReadonlyArray<string> = ["ssl.ptlogin2.qq.com"]

/** check over http. */
const check: ReadonlyArray<string> = ["check.ptlogin2.qq.com"]

/** Logging out of ptlogin2. */
export const logout: ReadonlyArray<string> = ["ptlogin2.qq.com"]

/** check_sig: the address stands in the answer to a login. */
const checkSig: ReadonlyArray<string> = ["ptlogin4.web2.qq.com"]

/** The picture of a captcha. */
const captcha: ReadonlyArray<string> = ["ssl.captcha.qq.com", "captcha.qq.com"]

/** `/api/`: contacts, profiles, getvfwebqq. */
export const api: ReadonlyArray<string> = ["s.web2.qq.com"]

/** `/channel/`: login2, poll2 and all that is sent. `d1` since the end of 2015. */
export const channel: ReadonlyArray<string> = ["d.web2.qq.com", "d1.web2.qq.com"]

/** WebQQ and SmartQQ themselves, with the heartbeat and group pictures. */
export const webqq: ReadonlyArray<string> = ["web.qq.com", "web2.qq.com", "w.qq.com"]

/** Where check_sig may lead to, and where phones confirm QR codes. */
export const www: ReadonlyArray<string> = ["www.qq.com"]

/** Search, filters and the log of a group. */
export const cgi: ReadonlyArray<string> = ["cgi.web2.qq.com"]

/** Calls that know the real numbers of groups and members. */
export const groupManagement: ReadonlyArray<string> = ["qun.qq.com"]

/** More such calls, with answers of another shape. */
export const groupInfo: ReadonlyArray<string> = ["qinfo.clt.qq.com"]

/** The daily sign-in of a group. */
export const groupSign: ReadonlyArray<string> = ["qiandao.qun.qq.com"]

/** Avatars by what a session calls people and groups. */
export const avatars: ReadonlyArray<string> = [...faces("web.qq.com"), ...faces("qun.qq.com")]

/** The own avatar, by the real number. */
export const ownAvatar: ReadonlyArray<string> = ["q.qlogo.cn"]

/** Pictures and files on their way to the server. */
const uploads: ReadonlyArray<string> = ["weboffline.ftn.qq.com", "up.web2.qq.com", "file1.web.qq.com"]

/** Tencent's counter of visits, which a client tells of failed polls. */
export const visits: ReadonlyArray<string> = ["pinghot.qq.com"]

/** The address in a QR code. */
const qrCode: ReadonlyArray<string> = ["txz.qq.com"]

/** Every host, in the order above. */
export const all: ReadonlyArray<string> = [
  ...loginPages,
  ...login,
  ...check,
  ...logout,
  ...checkSig,
  ...captcha,
  ...api,
  ...channel,
  ...webqq,
  ...www,
  ...cgi,
  ...groupManagement,
  ...groupInfo,
  ...groupSign,
  ...avatars,
  ...ownAvatar,
  ...uploads,
  ...visits,
  ...qrCode
]

/** The domains under which all of them are. */
export const domains: ReadonlyArray<string> = ["qq.com", "qlogo.cn"]
