/**
 * A message on its way to one recipient, under permanent numbers: what is kept until it has arrived.
 */
import * as Schema from "effect/Schema"
import * as Content from "../../schema/Content.ts"
import * as Ids from "../../schema/Ids.ts"

const Group = Schema.TaggedStruct("Group", { number: Schema.Int })
const Discussion = Schema.TaggedStruct("Discussion", { did: Ids.DiscussionId })

/** What two people who are no friends have in common: a group, or a discussion group. */
export const Common = Schema.Union(Group, Discussion)
export type Common = typeof Common.Type

/** Where something was said: to a friend, in a group, in a discussion group, or in a temporary session. */
export const Place = Schema.Union(
  Schema.TaggedStruct("Friend", {}),
  Group,
  Discussion,
  Schema.TaggedStruct("Session", { common: Common })
)
export type Place = typeof Place.Type

/** `time` is unix time in seconds, by the server's clock. */
export const Letter = Schema.Struct({
  from: Ids.QQ,
  to: Ids.QQ,
  place: Place,
  msgId: Ids.MsgId,
  time: Schema.Int,
  content: Content.Received
})
export type Letter = typeof Letter.Type
