/**
 * Finding people in the own friend list, whose uins are new in every session.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Call from "../protocol/Call.ts"
import * as Calls from "../protocol/Contacts.ts"
import type * as Errors from "../protocol/Errors.ts"
import * as Contacts from "../schema/Contacts.ts"
import type * as Ids from "../schema/Ids.ts"
import type * as Session from "../services/Session.ts"

type FriendCall<A> = Effect.Effect<A, Errors.SessionError, Session.Session | Call.Services>

/** A friend with the real number. */
export interface Known extends Contacts.Friend {
  readonly account: Ids.QQ
}

/**
 * The friends with their QQ numbers: one request for the list, and one for each friend, four at a time. (The real service
 * stopped to tell numbers in April 2017: protocol notes, section 4.1.)
 */
export const known: FriendCall<ReadonlyArray<Known>> = Effect.flatMap(Calls.getUserFriends2, (reply) =>
  Effect.forEach(
    Contacts.friends(reply),
    (friend) => Effect.map(Calls.getFriendUin2(friend.uin), (account) => ({ ...friend, account })),
    { concurrency: 4 }
  )
)

/**
 * The friend with a QQ number, if there is one.
 *
 * @example
 * import { Effect, Option } from "effect"
 * import { Content, Friends, Ids, Messages } from "effect-webqq"
 *
 * const greet = Effect.gen(function* () {
 *   const friend = yield* Friends.byNumber(Ids.QQ.make(10002))
 *   if (Option.isSome(friend)) {
 *     yield* Messages.sendBuddyMsg2({ to: friend.value.uin, content: Content.make(["你好"]) })
 *   }
 * })
 */
export const byNumber = (account: Ids.QQ): FriendCall<Option.Option<Known>> =>
  Effect.map(known, (friends) => Option.fromNullable(friends.find((friend) => friend.account === account)))

/**
 * The friends of a name: those whose remark name or nick it is, else the one whose QQ number it is. Several people may
 * have one nick.
 */
export const called = (name: string): FriendCall<ReadonlyArray<Contacts.Friend>> =>
  Effect.gen(function* () {
    const friends = Contacts.friends(yield* Calls.getUserFriends2)
    const found = friends.filter(({ markname, nick }) => nick === name || Option.contains(markname, name))
    if (found.length > 0 || !/^\d+$/.test(name)) return found
    return (yield* known).filter(({ account }) => String(account) === name)
  })
