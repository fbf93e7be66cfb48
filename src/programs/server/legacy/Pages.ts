/**
 * Pages that clients fetch and do not read (protocol notes, sections 1.2, 2.1 and 4.9).
 */

import * as Hosts from "../Hosts.ts"
import * as Ptlogin from "../handlers/Ptlogin.ts"
import * as Extra from "./Extra.ts"

const page = Extra.html(Ptlogin.page)

const home = Extra.constant(
  {
    name: "home",
    hosts: [...Hosts.webqq, ...Hosts.www, ...Hosts.groupManagement],
    // Such paths mean something else on every host.
    onlyThere: true,
    paths: ["/", "/index.html", "/webqq.html"]
  },
  page
)

/** The frame through which a browser asks: most requests name it as their Referer. */
const cfproxy = Extra.constant({ name: "cfproxy", hosts: Hosts.channel, paths: ["/cfproxy.html"] }, page)

/** The pages from which the group calls are made. */
const member = Extra.constant(
  {
    name: "member",
    hosts: [...Hosts.groupManagement, ...Hosts.groupInfo],
    paths: ["/member.html", "/qinfo_v3/member.html"]
  },
  page
)

/** Tencent's counter of visits, which one client tells of failed polls. */
const pingd = Extra.constant({ name: "pingd", hosts: Hosts.visits, paths: ["/pingd"] }, Extra.html(""))

export const extras = [home, cfproxy, member, pingd]
