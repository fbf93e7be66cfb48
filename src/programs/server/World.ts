/**
 * The state of the embedded server's world: accounts, friendships, groups, requests, and messages that have not arrived
 * yet. Behind a tag, so that another backend can take the place of the one in memory.
 *
 * People and groups stand here under their permanent numbers; what a session calls them is the business of `Aliases`.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import type * as Ids from "../../schema/Ids.ts"
import * as Bounds from "./Bounds.ts"
import type * as Letter from "./Letter.ts"
import type * as Profile from "./Profile.ts"

/** Of the password only its MD5 is kept: it is what both of the protocol's password proofs are made from. */
export interface Account {
  readonly number: Ids.QQ
  readonly nick: string
  readonly signature: string
  readonly profile: Profile.Profile
  /** May not log in, whatever the password. */
  readonly frozen: boolean
  readonly passwordDigest: Redacted.Redacted<Uint8Array>
}

/** How somebody keeps a friend. No category means the default one. */
export interface Entry {
  readonly category: Option.Option<string>
  readonly remark: Option.Option<string>
}

/** An entry of somebody's friend list. */
export interface Friend extends Entry {
  readonly account: Account
}

/** How somebody is in a group; `card` is the name carried there. */
export interface Seat {
  readonly card: Option.Option<string>
  readonly admin: boolean
}

/** A member of a group. */
export interface Member extends Seat {
  readonly account: Account
}

/** A group. `number` is what people type. The owner is a member, and the first. */
export interface Group {
  readonly number: number
  readonly name: string
  readonly owner: Ids.QQ
  readonly members: ReadonlyArray<Member>
}

/** A discussion group. The owner is a member, and the first. */
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
 * How somebody wants to hear of a group or discussion group: 0 with a notice, 1 without, 2 not at all. It is the clients who
 * do so. `number` is that of the group or the did; none means all of the kind.
 */
export interface Mask {
  readonly of: "group" | "discussion"
  readonly number: Option.Option<number>
  readonly mask: 0 | 1 | 2
}

/** A letter that is kept until it has arrived. Keys rise in the order of keeping. */
export interface Kept {
  readonly key: number
  readonly letter: Letter.Letter
}

/**
 * The web login with which an account went online last, as it outlives the server: of its cookies there are only hashes (32
 * bytes in hex). `seed` is what its names for people and groups are made from; `usedAt` unix time in ms.
 */
export interface KeptLogin {
  readonly account: Ids.QQ
  readonly ptwebqq: string
  readonly skey: string
  readonly seed: number
  readonly usedAt: number
}

/** Kept letters per recipient, and their bytes. Beyond it nothing more is taken in for the recipient. */
export const keptAtMost = Bounds.lettersAtMost
export const keptBytesAtMost = Bounds.letterBytesAtMost

/** A part of what is kept: the letters behind a key (0: all), and how many of them at most. */
export interface Page {
  readonly after: number
  readonly most: number
}

/** All that is kept. */
export const everything: Page = { after: 0, most: keptAtMost }

/** What of an account can be changed, apart from the password. */
export type Changes = Partial<Pick<Account, "nick" | "signature" | "profile" | "frozen">>

/**
 * Reading:
 * - `account(number)`: the account, if there is one. `accounts`: all of them, by number.
 * - `friends(owner)`: the owner's friend list, in the order of making friends. `isFriend(owner, other)`: whether it has
 *   the other one.
 * - `groups(member)`, `discussions(member)`: those that an account is in. `group(number)`, `discussion(did)`: one of them.
 * - `requests(to)`: friend requests that wait for an answer. `masks(owner)`: those that were set, in the order of the first
 *   time.
 *
 * Changing; false means that there is nothing (or already something) of that name, and that nothing was changed:
 * - `register(account)`, `setPassword(number, digest)`, `change(number, changes)`.
 * - `befriend(owner, friend, entry)`: a new entry of the owner's list; the friend's own list stays.
 *   `reenter(owner, friend, changes)` changes what it says, `unfriend(owner, friend)` removes it.
 * - `ask(request)`: a friend request; a repeated one replaces the older. `settle(request)` ends it.
 * - `found(group)`: a group with its owner as the only member. `seat(number, member, seat)`: a member, new or with
 *   another card or role. `unseat(number, member)`: leaves; not for the owner.
 * - `mask(owner, masks)`: sets these, all or none; others stay. Whether there is such a group is not looked at.
 * - `convene(discussion)`, `rename(did, name)`, `invite(did, members)`, `leave(did, member)`: discussion groups.
 *
 * Logins:
 * - `keepLogin(login)`: in the place of the one that is kept of its account. `login(by, hash)`: the one with that hash.
 *   `forgetLogin(account)`.
 *
 * Letters:
 * - `keep(letters)`: keeps them, all or none. Gives them back with their keys; missing are those whose recipient has
 *   {@link keptAtMost} already, or {@link keptBytesAtMost}. Once this is done, they survive whatever the backend survives.
 * - `kept(recipient, page)`: what has not arrived yet, oldest first; all of it if no page is given. `waiting(recipient)`: how
 *   much that is.
 * - `arrived(keys)`: these have arrived and need not be kept.
 */
export class World extends Context.Tag("effect-webqq/server/World")<
  World,
  {
    readonly account: (number: Ids.QQ) => Effect.Effect<Option.Option<Account>>
    readonly accounts: Effect.Effect<ReadonlyArray<Account>>
    readonly friends: (owner: Ids.QQ) => Effect.Effect<ReadonlyArray<Friend>>
    readonly isFriend: (owner: Ids.QQ, other: Ids.QQ) => Effect.Effect<boolean>
    readonly groups: (member: Ids.QQ) => Effect.Effect<ReadonlyArray<Group>>
    readonly group: (number: number) => Effect.Effect<Option.Option<Group>>
    readonly discussions: (member: Ids.QQ) => Effect.Effect<ReadonlyArray<Discussion>>
    readonly discussion: (did: Ids.DiscussionId) => Effect.Effect<Option.Option<Discussion>>
    readonly requests: (to: Ids.QQ) => Effect.Effect<ReadonlyArray<FriendRequest>>

    readonly masks: (owner: Ids.QQ) => Effect.Effect<ReadonlyArray<Mask>>

    readonly register: (account: Account) => Effect.Effect<boolean>
    readonly setPassword: (number: Ids.QQ, digest: Redacted.Redacted<Uint8Array>) => Effect.Effect<boolean>
    readonly change: (number: Ids.QQ, changes: Changes) => Effect.Effect<boolean>
    readonly befriend: (owner: Ids.QQ, friend: Ids.QQ, entry: Entry) => Effect.Effect<boolean>
    readonly reenter: (owner: Ids.QQ, friend: Ids.QQ, changes: Partial<Entry>) => Effect.Effect<boolean>
    readonly unfriend: (owner: Ids.QQ, friend: Ids.QQ) => Effect.Effect<boolean>
    readonly ask: (request: FriendRequest) => Effect.Effect<boolean>
    readonly settle: (request: Pick<FriendRequest, "from" | "to">) => Effect.Effect<boolean>
    readonly mask: (owner: Ids.QQ, masks: ReadonlyArray<Mask>) => Effect.Effect<boolean>
    readonly found: (group: Omit<Group, "members">) => Effect.Effect<boolean>
    readonly seat: (number: number, member: Ids.QQ, seat: Seat) => Effect.Effect<boolean>
    readonly unseat: (number: number, member: Ids.QQ) => Effect.Effect<boolean>
    readonly convene: (discussion: Omit<Discussion, "members">) => Effect.Effect<boolean>
    readonly rename: (did: Ids.DiscussionId, name: string) => Effect.Effect<boolean>
    readonly invite: (did: Ids.DiscussionId, members: ReadonlyArray<Ids.QQ>) => Effect.Effect<boolean>
    readonly leave: (did: Ids.DiscussionId, member: Ids.QQ) => Effect.Effect<boolean>

    readonly keepLogin: (login: KeptLogin) => Effect.Effect<void>
    readonly login: (by: "ptwebqq" | "skey", hash: string) => Effect.Effect<Option.Option<KeptLogin>>
    readonly forgetLogin: (account: Ids.QQ) => Effect.Effect<void>

    readonly keep: (letters: ReadonlyArray<Letter.Letter>) => Effect.Effect<ReadonlyArray<Kept>>
    readonly kept: (recipient: Ids.QQ, page?: Page) => Effect.Effect<ReadonlyArray<Kept>>
    readonly waiting: (recipient: Ids.QQ) => Effect.Effect<number>
    readonly arrived: (keys: ReadonlyArray<number>) => Effect.Effect<void>
  }
>() {}

/** No category and no remark. */
export const plainEntry: Entry = { category: Option.none(), remark: Option.none() }
