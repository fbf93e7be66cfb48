/**
 * The state of the embedded server's world: accounts, friendships, groups, requests, and messages that wait for their
 * recipient. Behind a tag, so that another backend can take the place of the one in memory.
 */
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import type * as Content from "../../schema/Content.ts"
import type * as Ids from "../../schema/Ids.ts"

/** Of the password only its MD5 is kept: it is what the protocol's password proofs are made from. */
export interface Account {
  readonly number: Ids.QQ
  readonly nick: string
  readonly signature: string
  /** May not log in, whatever the password. */
  readonly frozen: boolean
  readonly passwordDigest: Redacted.Redacted<Uint8Array>
}

/** An entry of somebody's friend list. No category means the default one. */
export interface Friend {
  readonly account: Account
  readonly category: Option.Option<string>
  readonly remark: Option.Option<string>
}

/** A member of a group; `card` is the name carried there. */
export interface Member {
  readonly account: Account
  readonly card: Option.Option<string>
  readonly admin: boolean
}

/** A group: `number` is what people type, `gid` and `code` are the protocol's own names for it. The owner is a member. */
export interface Group {
  readonly gid: Ids.GroupId
  readonly code: Ids.GroupCode
  readonly number: number
  readonly name: string
  readonly owner: Ids.QQ
  readonly members: ReadonlyArray<Member>
}

/** A discussion group. The owner is a member. */
export interface Discussion {
  readonly did: Ids.DiscussionId
  readonly name: string
  readonly owner: Ids.QQ
  readonly members: ReadonlyArray<Account>
}

/** Somebody who asked to become a friend. */
export interface FriendRequest {
  readonly from: Ids.QQ
  readonly to: Ids.QQ
  readonly message: string
}

/**
 * How a friend request ends. `Allowed`: its sender has the other one as a friend, but not the other way round. `Added`:
 * both do, and the sender gets the remark name.
 */
export type Outcome = Data.TaggedEnum<{
  Denied: {}
  Allowed: {}
  Added: { readonly remark: Option.Option<string> }
}>
export const Outcome = Data.taggedEnum<Outcome>()

/** A message to a friend on its way. `time` is unix time in seconds. */
export interface Message {
  readonly from: Ids.QQ
  readonly to: Ids.QQ
  readonly msgId: Ids.MsgId
  readonly time: number
  readonly content: Content.Content
}

/**
 * - `account(number)`: the account, if there is one.
 * - `friends(owner)`: the owner's friend list, in its order.
 * - `groups(member)`, `discussions(member)`: those that an account is in.
 * - `requests(to)`: friend requests that wait for an answer.
 * - `answer(request, outcome)`: ends a request. False if there is no such request.
 * - `sign(number, signature)`: changes the signature.
 * - `keep(message)`: keeps a message for a recipient who is not there.
 * - `takeKept(recipient)`: the kept messages, oldest first; they are kept no longer.
 */
export class World extends Context.Tag("effect-webqq/server/World")<
  World,
  {
    readonly account: (number: Ids.QQ) => Effect.Effect<Option.Option<Account>>
    readonly friends: (owner: Ids.QQ) => Effect.Effect<ReadonlyArray<Friend>>
    readonly groups: (member: Ids.QQ) => Effect.Effect<ReadonlyArray<Group>>
    readonly discussions: (member: Ids.QQ) => Effect.Effect<ReadonlyArray<Discussion>>
    readonly requests: (to: Ids.QQ) => Effect.Effect<ReadonlyArray<FriendRequest>>
    readonly answer: (
      request: { readonly from: Ids.QQ; readonly to: Ids.QQ },
      outcome: Outcome
    ) => Effect.Effect<boolean>
    readonly sign: (number: Ids.QQ, signature: string) => Effect.Effect<void>
    readonly keep: (message: Message) => Effect.Effect<void>
    readonly takeKept: (recipient: Ids.QQ) => Effect.Effect<ReadonlyArray<Message>>
  }
>() {}
