/**
 * Pages that clients fetch and do not read (protocol notes, sections 1.2, 2.1 and 4.9).
 */
import * as Ptlogin from "../handlers/Ptlogin.ts"
import * as Extra from "./Extra.ts"

const page = Extra.html(Ptlogin.page)

const home = Extra.constant(
  {
    name: "home",
    hosts: ["w.qq.com", "web.qq.com", "web2.qq.com", "www.qq.com", "qun.qq.com"],
    // Such paths mean something else on every host.
    onlyThere: true,
    paths: ["/", "/index.html", "/webqq.html"]
  },
  page
)

/** The frame through which a browser asks: most requests name it as their Referer. */
const cfproxy = Extra.constant(
  { name: "cfproxy", hosts: ["d.web2.qq.com", "d1.web2.qq.com"], paths: ["/cfproxy.html"] },
  page
)

/** The pages from which the group calls are made. */
const member = Extra.constant(
  {
    name: "member",
    hosts: ["qun.qq.com", "qinfo.clt.qq.com"],
    paths: ["/member.html", "/qinfo_v3/member.html"]
  },
  page
)

/** Tencent's counter of visits, which one client tells of failed polls. */
const pingd = Extra.constant({ name: "pingd", hosts: ["pinghot.qq.com"], paths: ["/pingd"] }, Extra.html(""))

export const extras = [home, cfproxy, member, pingd]
