/** Every endpoint description, for the server, the docs and the tests that keep them complete. */
import * as Api from "./Api.ts"
import * as Channel from "./Channel.ts"
import type * as Endpoint from "./Endpoint.ts"
import * as Messages from "./Messages.ts"
import * as Ptlogin from "./Ptlogin.ts"

export const all: ReadonlyArray<Endpoint.Any> = [
  Ptlogin.uilogin,
  Ptlogin.check,
  Ptlogin.getimage,
  Ptlogin.login,
  Ptlogin.ptqrshow,
  Ptlogin.ptqrlogin,
  Ptlogin.checkSig,
  Ptlogin.loginproxy,
  Ptlogin.proxy,
  Channel.login2,
  Channel.poll2,
  Channel.logout2,
  Channel.getOnlineBuddies2,
  Channel.getRecentList2,
  Channel.getDiscuInfo,
  Channel.getMsgTip,
  Messages.sendBuddyMsg2,
  Messages.sendQunMsg2,
  Messages.sendDiscuMsg2,
  Messages.sendSessMsg2,
  Messages.getC2cmsgSig2,
  Api.getSelfInfo2,
  Api.getvfwebqq,
  Api.getUserFriends2,
  Api.getGroupNameListMask2,
  Api.getGroupInfoExt2,
  Api.getDiscusList,
  Api.getFriendUin2,
  Api.setLongNick2,
  Api.allowAndAdd2,
  Api.allowAddedRequest2,
  Api.denyAddedRequest2
]
