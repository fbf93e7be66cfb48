/**
 * Every request beyond the endpoint descriptions.
 */
import type * as Options from "../Options.ts"
import type * as Sessions from "../Sessions.ts"
import type * as World from "../World.ts"
import * as Channel from "./Channel.ts"
import * as Discussions from "./Discussions.ts"
import type * as Extra from "./Extra.ts"
import * as Groups from "./Groups.ts"
import * as Login from "./Login.ts"
import * as Masks from "./Masks.ts"
import * as Pages from "./Pages.ts"
import * as Pictures from "./Pictures.ts"
import * as Profiles from "./Profiles.ts"
import * as QunChanges from "./QunChanges.ts"
import * as QunLists from "./QunLists.ts"
import * as Requests from "./Requests.ts"

export const extras: ReadonlyArray<Extra.Extra<Options.Options | Sessions.Sessions | World.World>> = [
  ...Pages.extras,
  ...Login.extras,
  ...Channel.extras,
  ...Profiles.extras,
  ...Requests.extras,
  ...Groups.extras,
  ...Discussions.extras,
  ...Masks.extras,
  ...Pictures.extras,
  ...QunLists.extras,
  ...QunChanges.extras
]
