/**
 * Finding people in the own friend list, whose uins are new in every session.
 */
import * as Arr from "effect/Array"
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

/** What became of looking up everybody's number: who is known, and why others are not. */
const lookedUp = Effect.gen(function* () {
  const friends = Contacts.friends(yield* Calls.getUserFriends2)
  const [failures, found] = yield* Effect.partition(
    friends,
    (friend) => Effect.map(Calls.getFriendUin2(friend.uin), (account): Known => ({ ...friend, account })),
    { concurrency: 4 }
  )
  return { found, failure: Arr.head(failures) }
})

/**
 * The friends with their QQ numbers: one request for the list, and one for each friend, four at a time. (The real service
 * stopped to tell numbers in April 2017: protocol notes, section 4.1.) A friend whose number cannot be had is left out;
 * fails when that is so of all of them.
 */
export const known: FriendCall<ReadonlyArray<Known>> = Effect.flatMap(lookedUp, ({ failure, found }) =>
  Option.isSome(failure) && found.length === 0 ? Effect.fail(failure.value) : Effect.succeed(found)
)

/**
 * The friend with a QQ number, if there is one. Fails when that is not known, because the number of somebody else could
 * not be had.
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
  Effect.flatMap(lookedUp, ({ failure, found }) => {
    const friend = Arr.findFirst(found, (one) => one.account === account)
    return Option.isNone(friend) && Option.isSome(failure) ? Effect.fail(failure.value) : Effect.succeed(friend)
  })

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
