/**
 * Making and changing discussion groups (protocol notes, section 4.1).
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import * as Envelope from "../../../schema/Envelope.ts"
import * as Ids from "../../../schema/Ids.ts"
import * as Lenient from "../../../schema/Lenient.ts"
import * as Bounds from "../Bounds.ts"
import * as Groups from "../handlers/Groups.ts"
import type * as Sessions from "../Sessions.ts"
import * as World from "../World.ts"
import * as Extra from "./Extra.ts"

const { session } = Extra

/** More than Tencent's clients could choose. */
const membersAtMost = 100
/** Discussion groups of one owner. */
const ownedAtMost = 50

const discussion = { ...session, did: Ids.DiscussionId }
/** Friends, and members of groups; the groups themselves (`mem_list_g`) tell nothing more. */
const chosen = { mem_list: Lenient.list(Ids.Uin), mem_list_u: Lenient.list(Ids.Uin) }

type Reply = Envelope.Envelope<unknown>

/** One after the other, so that nobody else makes or fills a group between counting and changing. */
const inTurn = Effect.unsafeMakeSemaphore(1).withPermits(1)

/** Friends of an account, and everybody in its groups. */
const acquaintances = (account: Ids.QQ) =>
  Effect.gen(function* () {
    const world = yield* World.World
    const friends = (yield* world.friends(account)).map((friend) => friend.account.number)
    const mates = (yield* world.groups(account)).flatMap(({ members }) => members.map((one) => one.account.number))
    return new Set([...friends, ...mates])
  })

/**
 * The accounts that a client chose for a discussion group with these members, or why they cannot be in it: the login has
 * not heard of them, or they have nothing to do with its account, or they are too many.
 */
const accountsOf = (
  { account, aliases }: Sessions.WebLogin,
  { mem_list, mem_list_u }: { readonly mem_list: ReadonlyArray<Ids.Uin>; readonly mem_list_u: ReadonlyArray<Ids.Uin> },
  members: ReadonlyArray<Ids.QQ>
) =>
  Effect.gen(function* () {
    const known = Option.all(Arr.map([...mem_list, ...mem_list_u], aliases.accountOf))
    if (Option.isNone(known)) return Either.left(Extra.nobody)
    const all = new Set([...members, ...known.value])
    if (all.size > membersAtMost) return Either.left(Extra.refused("too many members"))
    const welcome = new Set([...members, ...(yield* acquaintances(account))])
    return known.value.every((one) => welcome.has(one))
      ? Either.right(known.value)
      : Either.left(Extra.refused("neither a friend nor in a common group"))
  })

/** Does something with a discussion group that the session's account is in. */
const within = <R>(
  { login }: Sessions.ChannelSession,
  did: Ids.DiscussionId,
  change: (found: World.Discussion, world: World.World["Type"]) => Effect.Effect<Reply, never, R>
) =>
  Effect.gen(function* () {
    const world = yield* World.World
    const found = Option.filter(yield* world.discussion(did), ({ members }) =>
      members.some(({ number }) => number === login.account)
    )
    return Option.isSome(found) ? yield* change(found.value, world) : Groups.noSuchGroup
  })

/** A new number; the numbers of a world file are in the same range, so it may be taken. */
const newDid = Effect.map(Random.nextIntBetween(1_000_000_000, 2 ** 31), (number) => Ids.DiscussionId.make(number))

const createDiscu = Extra.channel(
  "create_discu",
  Schema.Struct({ ...session, ...chosen, discu_name: Extra.text }),
  ({ login }, { discu_name, ...lists }) =>
    Effect.gen(function* () {
      if (!Bounds.isName(discu_name)) return Bounds.tooLong
      const world = yield* World.World
      const owned = (yield* world.discussions(login.account)).filter(({ owner }) => owner === login.account)
      if (owned.length >= ownedAtMost) return Extra.refused("too many discussion groups")
      const members = yield* accountsOf(login, lists, [login.account])
      if (Either.isLeft(members)) return members.left
      const did = yield* newDid
      if (!(yield* world.convene({ did, name: discu_name, owner: login.account }))) return Extra.refused("try again")
      yield* world.invite(did, members.right)
      return Envelope.ok<unknown>({ did })
    }).pipe(inTurn)
)

const modifyDiscuInfo = Extra.channel(
  "modify_discu_info",
  Schema.Struct({ ...discussion, discu_name: Extra.text }),
  (member, { did, discu_name }) =>
    within(member, did, (_, world) =>
      Bounds.isName(discu_name) ? Effect.as(world.rename(did, discu_name), Extra.done) : Effect.succeed(Bounds.tooLong)
    )
)

/** Adds people; those who are there already stay. */
const changeDiscuMem = Extra.channel(
  "change_discu_mem",
  Schema.Struct({ ...discussion, ...chosen }),
  (member, { did, ...lists }) =>
    within(member, did, ({ members }, world) =>
      Effect.gen(function* () {
        const numbers = members.map(({ number }) => number)
        const added = yield* accountsOf(member.login, lists, numbers)
        if (Either.isLeft(added)) return added.left
        yield* world.invite(did, added.right)
        return Extra.done
      })
    ).pipe(inTurn)
)

/**
 * Not for the owner, as with groups: nobody takes a discussion group away, so one that its owner has left would stay and
 * count for nobody.
 */
const quitDiscu = Extra.channel("quit_discu", Schema.Struct(discussion), (member, { did }) =>
  within(member, did, ({ owner }, world) =>
    owner === member.login.account
      ? Effect.succeed(Extra.refused("the owner cannot leave"))
      : Effect.as(world.leave(did, member.login.account), Extra.done)
  )
)

/** The older name of get_discus_list, which was on the channel host. */
const getDiscuListNew2 = Extra.channel("get_discu_list_new2", Schema.Struct(session), ({ login }) =>
  Groups.discusList(login.account)
)

export const extras = [createDiscu, modifyDiscuInfo, changeDiscuMem, quitDiscu, getDiscuListNew2]
