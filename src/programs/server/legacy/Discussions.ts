/**
 * Making and changing discussion groups (protocol notes, section 4.1).
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import * as Envelope from "../../../schema/Envelope.ts"
import * as Ids from "../../../schema/Ids.ts"
import * as Lenient from "../../../schema/Lenient.ts"
import * as Groups from "../handlers/Groups.ts"
import type * as Sessions from "../Sessions.ts"
import * as World from "../World.ts"
import * as Extra from "./Extra.ts"

const { session } = Extra

/** More than Tencent's clients could choose. */
const membersAtMost = 100

const discussion = { ...session, did: Ids.DiscussionId }
/** Friends, and members of groups; the groups themselves (`mem_list_g`) tell nothing more. */
const chosen = { mem_list: Lenient.list(Ids.Uin), mem_list_u: Lenient.list(Ids.Uin) }

/** The accounts that a client chose, if all of them are people of whom the login has heard. */
const accountsOf = (
  { aliases }: Sessions.WebLogin,
  { mem_list, mem_list_u }: { readonly mem_list: ReadonlyArray<Ids.Uin>; readonly mem_list_u: ReadonlyArray<Ids.Uin> }
): Option.Option<ReadonlyArray<Ids.QQ>> =>
  Option.filter(
    Option.all(Arr.map([...mem_list, ...mem_list_u], aliases.accountOf)),
    ({ length }) => length <= membersAtMost
  )

/** Does something with a discussion group that the session's account is in. */
const within = <R>(
  { login }: Sessions.ChannelSession,
  did: Ids.DiscussionId,
  change: (world: World.World["Type"]) => Effect.Effect<Envelope.Envelope<unknown>, never, R>
) =>
  Effect.gen(function* () {
    const world = yield* World.World
    const found = yield* world.discussion(did)
    const isIn = Option.exists(found, ({ members }) => members.some(({ number }) => number === login.account))
    return isIn ? yield* change(world) : Groups.noSuchGroup
  })

/** A new number; the numbers of a world file are in the same range, so it may be taken. */
const newDid = Effect.map(Random.nextIntBetween(1_000_000_000, 2 ** 31), (number) => Ids.DiscussionId.make(number))

const createDiscu = Extra.channel(
  "create_discu",
  Schema.Struct({ ...session, ...chosen, discu_name: Extra.text }),
  ({ login }, { discu_name, ...lists }) =>
    Effect.gen(function* () {
      const world = yield* World.World
      const members = accountsOf(login, lists)
      if (Option.isNone(members)) return Extra.nobody
      const did = yield* newDid
      if (!(yield* world.convene({ did, name: discu_name, owner: login.account }))) return Extra.refused("try again")
      yield* world.invite(did, members.value)
      return Envelope.ok<unknown>({ did })
    })
)

const modifyDiscuInfo = Extra.channel(
  "modify_discu_info",
  Schema.Struct({ ...discussion, discu_name: Extra.text }),
  (member, { did, discu_name }) => within(member, did, (world) => Effect.as(world.rename(did, discu_name), Extra.done))
)

/** Adds people; those who are there already stay. */
const changeDiscuMem = Extra.channel(
  "change_discu_mem",
  Schema.Struct({ ...discussion, ...chosen }),
  (member, { did, ...lists }) =>
    within(member, did, (world) =>
      Option.match(accountsOf(member.login, lists), {
        onNone: () => Effect.succeed<Envelope.Envelope<unknown>>(Extra.nobody),
        onSome: (members) => Effect.as(world.invite(did, members), Extra.done)
      })
    )
)

const quitDiscu = Extra.channel("quit_discu", Schema.Struct(discussion), (member, { did }) =>
  within(member, did, (world) => Effect.as(world.leave(did, member.login.account), Extra.done))
)

/** The older name of get_discus_list, which was on the channel host. */
const getDiscuListNew2 = Extra.channel("get_discu_list_new2", Schema.Struct(session), ({ login }) =>
  Groups.discusList(login.account)
)

export const extras = [createDiscu, modifyDiscuInfo, changeDiscuMem, quitDiscu, getDiscuListNew2]
