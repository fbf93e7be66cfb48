/** Every endpoint description, for the server, the docs and the tests that keep them complete. */
import * as Api from "./Api.ts"
import * as Channel from "./Channel.ts"
import type * as Endpoint from "./Endpoint.ts"
import * as Ptlogin from "./Ptlogin.ts"

export const all: ReadonlyArray<Endpoint.Any> = [
  Ptlogin.check,
  Ptlogin.login,
  Ptlogin.checkSig,
  Ptlogin.loginproxy,
  Channel.login2,
  Channel.poll2,
  Channel.sendBuddyMsg2,
  Channel.logout2,
  Api.getSelfInfo2,
  Api.getUserFriends2
]
