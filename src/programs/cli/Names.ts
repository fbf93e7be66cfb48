/**
 * What people and groups are called, whose numbers are new in every session and say nothing to a person.
 */
import * as Effect from "effect/Effect"
import type * as Call from "../../protocol/Call.ts"
import * as Calls from "../../protocol/Contacts.ts"
import * as Contacts from "../../schema/Contacts.ts"
import * as Groups from "../../schema/Groups.ts"
import type * as Ids from "../../schema/Ids.ts"
import type * as Session from "../../services/Session.ts"
import * as Print from "./Print.ts"

export interface Names {
  readonly person: (uin: Ids.Uin) => string
  readonly group: (gid: Ids.GroupId) => string
  readonly discussion: (did: Ids.DiscussionId) => string
}

const lookup =
  <K>(names: ReadonlyMap<K, string>) =>
  (key: K): string => {
    const name = names.get(key)
    return name === undefined ? `${key}` : Print.oneLine(name)
  }

/** The names in the lists of a session; a list that cannot be had leaves the numbers. */
export const load: Effect.Effect<Names, never, Session.Session | Call.Services> = Effect.gen(function* () {
  const friends = yield* Effect.option(Calls.getUserFriends2)
  const groups = yield* Effect.option(Calls.getGroupNameListMask2)
  const discussions = yield* Effect.option(Calls.getDiscusList)
  return {
    person: lookup(
      new Map(
        friends._tag === "Some"
          ? Contacts.friends(friends.value).map((one) => [one.uin, Contacts.displayName(one)])
          : []
      )
    ),
    group: lookup(new Map(groups._tag === "Some" ? Groups.groups(groups.value).map((one) => [one.gid, one.name]) : [])),
    discussion: lookup(
      new Map(discussions._tag === "Some" ? discussions.value.dnamelist.map((one) => [one.did, one.name]) : [])
    )
  }
})
