/**
 * What the commands do to the World and to the sessions.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import type * as Redacted from "effect/Redacted"
import * as Content from "../../../schema/Content.ts"
import * as Ids from "../../../schema/Ids.ts"
import * as Delivery from "../Delivery.ts"
import * as Friendships from "../Friendships.ts"
import type * as Letter from "../Letter.ts"
import * as Profile from "../Profile.ts"
import * as Sessions from "../Sessions.ts"
import * as World from "../World.ts"
import type * as Api from "./Api.ts"
import * as Problems from "./Problems.ts"

const noAccount = (number: Ids.QQ) => new Problems.NoSuch({ what: "account", number })
const noGroup = (number: number) => new Problems.NoSuch({ what: "group", number })

const accountOf = (number: Ids.QQ) =>
  Effect.flatMap(World.World, (world) =>
    Effect.flatMap(
      world.account(number),
      Effect.mapError(() => noAccount(number))
    )
  )

const groupOf = (number: number) =>
  Effect.flatMap(World.World, (world) =>
    Effect.flatMap(
      world.group(number),
      Effect.mapError(() => noGroup(number))
    )
  )

/** All accounts, by number. */
export const listAccounts = Effect.gen(function* () {
  const sessions = yield* Sessions.Sessions
  return yield* Effect.forEach(yield* (yield* World.World).accounts, ({ frozen, nick, number, signature }) =>
    Effect.map(sessions.online(number), (session) => ({
      number,
      nick,
      signature,
      frozen,
      online: Option.isSome(session)
    }))
  )
})

/** A new account, without friends. */
export const addAccount = (
  account: Pick<World.Account, "number" | "nick" | "signature"> & {
    readonly digest: Redacted.Redacted<Uint8Array>
  }
): Effect.Effect<void, Problems.AlreadyThere, World.World> =>
  Effect.gen(function* () {
    const { digest, nick, number, signature } = account
    const added = yield* (yield* World.World).register({
      number,
      nick,
      signature,
      profile: Profile.blank,
      frozen: false,
      passwordDigest: digest
    })
    if (!added) yield* new Problems.AlreadyThere({ what: "account", number })
  })

/** Ends the session of an account and forgets its logins, so that neither can go on. */
const signOut = (account: Ids.QQ) =>
  Effect.gen(function* () {
    const sessions = yield* Sessions.Sessions
    const wasThere = Option.isSome(sessions.current(account))
    yield* sessions.revoke(account)
    if (wasThere) yield* Delivery.announce(account, "offline")
  })

/** Another password. Whoever is logged in with the old one is signed out. */
export const setPassword = (number: Ids.QQ, digest: Redacted.Redacted<Uint8Array>) =>
  Effect.gen(function* () {
    if (!(yield* (yield* World.World).setPassword(number, digest))) return yield* noAccount(number)
    yield* signOut(number)
  })

/** May not log in any more, and is signed out; or may log in again. */
export const freeze = (number: Ids.QQ, frozen: boolean) =>
  Effect.gen(function* () {
    if (!(yield* (yield* World.World).change(number, { frozen }))) return yield* noAccount(number)
    if (frozen) yield* signOut(number)
  })

/** Makes two accounts friends of each other. Where one has the other already, that entry stays as it is. */
export const befriend = (account: Ids.QQ, friend: Ids.QQ, entry: World.Entry) =>
  Effect.gen(function* () {
    yield* accountOf(account)
    yield* accountOf(friend)
    if (account === friend) {
      return yield* new Problems.Impossible({ why: `${account} cannot be a friend of itself.` })
    }
    const one = yield* Friendships.begin(account, friend, entry)
    const other = yield* Friendships.begin(friend, account, World.plainEntry)
    if (!one && !other) yield* new Problems.AlreadyRelated({ account, to: friend, as: "friend" })
  })

/** Ends a friendship on both sides. */
export const unfriend = (account: Ids.QQ, friend: Ids.QQ) =>
  Effect.gen(function* () {
    const one = yield* Friendships.end(account, friend)
    const other = yield* Friendships.end(friend, account)
    if (!one && !other) yield* new Problems.NotRelated({ account, to: friend, as: "friend" })
  })

const plainSeat: World.Seat = { card: Option.none(), admin: false }

/** A group with its members; nothing is done if one of them is no account. */
export const createGroup = (group: Omit<World.Group, "members">, members: ReadonlyArray<Ids.QQ>) =>
  Effect.gen(function* () {
    const world = yield* World.World
    yield* Effect.forEach([group.owner, ...members], accountOf, { discard: true })
    if (!(yield* world.found(group))) {
      yield* new Problems.AlreadyThere({ what: "group", number: group.number })
    }
    const others = members.filter((member) => member !== group.owner)
    yield* Effect.forEach(others, (member) => world.seat(group.number, member, plainSeat), { discard: true })
  })

const isMember = ({ members }: World.Group, number: Ids.QQ): boolean =>
  members.some(({ account }) => account.number === number)

/** A new member of a group. */
export const join = (number: number, account: Ids.QQ, seat: World.Seat) =>
  Effect.gen(function* () {
    yield* accountOf(account)
    if (isMember(yield* groupOf(number), account)) {
      yield* new Problems.AlreadyRelated({ account, to: number, as: "member" })
    }
    yield* (yield* World.World).seat(number, account, seat)
  })

/** A member less; the owner cannot go. */
export const leave = (number: number, account: Ids.QQ) =>
  Effect.gen(function* () {
    const group = yield* groupOf(number)
    if (group.owner === account) {
      yield* new Problems.Impossible({ why: `${account} owns ${number} and cannot leave it.` })
    }
    if (!(yield* (yield* World.World).unseat(number, account))) {
      yield* new Problems.NotRelated({ account, to: number, as: "member" })
    }
  })

/** Where a message goes, and whom it reaches there. */
const audience = (from: Ids.QQ, to: Api.Target) =>
  Effect.gen(function* () {
    const world = yield* World.World
    if (to._tag === "Friend") {
      yield* accountOf(to.number)
      if (!(yield* world.isFriend(from, to.number))) {
        yield* new Problems.NotRelated({ account: from, to: to.number, as: "friend" })
      }
      return { place: { _tag: "Friend" } satisfies Letter.Place, everybody: [to.number] }
    }
    if (to._tag === "Group") {
      const { members } = yield* groupOf(to.number)
      return { place: to, everybody: members.map(({ account }) => account.number) }
    }
    const { members } = yield* Effect.mapError(
      yield* world.discussion(to.did),
      () => new Problems.NoSuch({ what: "discussion group", number: to.did })
    )
    return { place: to, everybody: members.map(({ number }) => number) }
  })

/** Message numbers as clients choose them; a repeated one would be dropped by its recipients. */
const newMsgId = Effect.map(Random.nextIntBetween(10_000_000, 2 ** 31), (id) => Ids.MsgId.make(id))

/** Says something in somebody's name, as if a client of it had sent it. */
export const say = (from: Ids.QQ, to: Api.Target, text: string) =>
  Effect.gen(function* () {
    yield* accountOf(from)
    const { everybody, place } = yield* audience(from, to)
    if (to._tag !== "Friend" && !everybody.includes(from)) {
      yield* new Problems.NotRelated({ account: from, to: to._tag === "Group" ? to.number : to.did, as: "member" })
    }
    const recipients = everybody.filter((number) => number !== from)
    const message = { from, place, msgId: yield* newMsgId, time: yield* Delivery.seconds }
    const content = Content.fromText(text)
    const taken = yield* Delivery.deliver(recipients.map((to) => ({ ...message, to, content })))
    if (to._tag === "Friend" && taken === 0) {
      yield* new Problems.Impossible({ why: `Too many messages wait for ${to.number} already.` })
    }
    return { recipients: recipients.length, missed: recipients.length - taken }
  })

const lineOf = (sessions: Sessions.Sessions["Type"], { nick, number }: World.Account) =>
  Effect.gen(function* () {
    const session = sessions.current(number)
    if (Option.isNone(session)) return Option.none()
    const present = yield* sessions.online(number)
    const waiting = yield* (yield* World.World).waiting(number)
    const { seen, since, status } = session.value.get()
    return Option.some({
      account: number,
      nick,
      status,
      since,
      seen: seen.unix,
      away: Option.isNone(present),
      waiting
    })
  })

/** The sessions that have not ended, by account. */
export const listSessions = Effect.gen(function* () {
  const sessions = yield* Sessions.Sessions
  const lines = yield* Effect.forEach(yield* (yield* World.World).accounts, (account) => lineOf(sessions, account))
  return lines.flatMap(Option.toArray)
})

/** Ends the session of an account with the frame that says so, and tells its friends. */
export const kick = (account: Ids.QQ) =>
  Effect.gen(function* () {
    yield* accountOf(account)
    const sessions = yield* Sessions.Sessions
    const session = yield* Effect.mapError(sessions.current(account), () => new Problems.NoSession({ account }))
    yield* sessions.kick(session)
    yield* Delivery.announce(account, "offline")
  })
