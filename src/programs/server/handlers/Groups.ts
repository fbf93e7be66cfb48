/**
 * Groups and discussion groups.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Descriptions from "../../../protocol/endpoint/Api.ts"
import * as ChannelDescriptions from "../../../protocol/endpoint/Channel.ts"
import * as Envelope from "../../../schema/Envelope.ts"
import type * as Groups from "../../../schema/Groups.ts"
import * as Ids from "../../../schema/Ids.ts"
import type * as Aliases from "../Aliases.ts"
import * as Options from "../Options.ts"
import * as Route from "../Route.ts"
import * as Sessions from "../Sessions.ts"
import * as Status from "../Status.ts"
import * as World from "../World.ts"
import * as Access from "./Access.ts"
import * as Contacts from "./Contacts.ts"

/** What a gid instead of a code was answered with (protocol notes, section 4.1), and so is any group of somebody else. */
export const noSuchGroup = Envelope.refused(6)

/** The number under which a client reads and sets what holds for all groups, or all discussion groups. */
const everything = 1000

/** The masks of one kind, of those that `numberOf` knows. */
const masksOf = (account: Ids.QQ, kind: World.Mask["of"], numberOf: (own: number) => Option.Option<number>) =>
  Effect.map(
    Effect.flatMap(World.World, (world) => world.masks(account)),
    (masks) =>
      Arr.filterMap(masks, ({ mask, number, of }) =>
        of === kind
          ? Option.map(Option.match(number, { onNone: () => Option.some(everything), onSome: numberOf }), (shown) => ({
              number: shown,
              mask
            }))
          : Option.none()
      )
  )

const getGroupNameListMask2 = Route.make(
  Descriptions.getGroupNameListMask2,
  ({ r }, wire) =>
    Access.contactSession(r.vfwebqq, wire, (login) =>
      Effect.gen(function* () {
        const { dialect, strict } = yield* Options.Options
        // The first document sends no hash here.
        const wanted = strict && dialect.name !== "webqq-2013"
        if (r.hash === undefined ? wanted : !(yield* Contacts.hashFits(login, r.hash))) return Contacts.wrongHash
        const groups = yield* (yield* World.World).groups(login.account)
        const isIn = (number: number) => groups.some((group) => group.number === number)
        const masks = yield* masksOf(login.account, "group", (own) =>
          isIn(own) ? Option.some(login.aliases.gidOf(own)) : Option.none()
        )
        return Envelope.ok({
          gmasklist: masks.map(({ mask, number }) => ({ gid: Ids.GroupId.make(number), mask })),
          gnamelist: groups.map(({ name, number }) => ({
            flag: 0,
            name,
            gid: login.aliases.gidOf(number),
            code: login.aliases.codeOf(number)
          })),
          gmarklist: []
        })
      })
    ),
  Access.refusedByApi
)

/** Which of these people are there, and in what status. */
export const present = (members: ReadonlyArray<World.Account>) =>
  Effect.gen(function* () {
    const sessions = yield* Sessions.Sessions
    const found = yield* Effect.forEach(members, ({ number }) => sessions.online(number))
    return Arr.getSomes(found)
      .map(({ get, login }) => ({ account: login.account, status: Status.visible(get().status) }))
      .filter(({ status }) => status !== "offline")
  })
type Present = Effect.Effect.Success<ReturnType<typeof present>>

/** A group without its members. */
export const groupHead = (group: World.Group, { codeOf, gidOf, uinOf }: Aliases.Aliases) => ({
  face: 0,
  memo: "",
  class: 25,
  fingermemo: "",
  code: codeOf(group.number),
  createtime: 0,
  flag: 0,
  level: 0,
  name: group.name,
  gid: gidOf(group.number),
  owner: uinOf(group.owner),
  option: 2
})

/** Members that are there, in what status. Client type 41 is the web. */
export const groupStats = (there: Present, { uinOf }: Aliases.Aliases) =>
  Arr.map(there, ({ account, status }) => ({ client_type: 41, uin: uinOf(account), stat: Status.codeOf(status) }))

const groupInfo = (group: World.Group, there: Present, aliases: Aliases.Aliases): Groups.GroupInfo => {
  const people = Arr.map(group.members, (member) => ({ ...member, uin: aliases.uinOf(member.account.number) }))
  const cards = Arr.filterMap(people, ({ card, uin }) => Option.map(card, (name) => ({ muin: uin, card: name })))
  return {
    ginfo: {
      ...groupHead(group, aliases),
      members: Arr.map(people, ({ admin, uin }) => ({ muin: uin, mflag: admin ? 1 : 0 }))
    },
    minfo: Arr.map(people, ({ account, uin }) => ({
      nick: account.nick,
      province: account.profile.province,
      gender: account.profile.gender,
      uin,
      country: account.profile.country,
      city: account.profile.city
    })),
    stats: groupStats(there, aliases),
    // The key is absent when nobody has a card.
    ...(cards.length === 0 ? {} : { cards }),
    vipinfo: Arr.map(people, ({ uin }) => ({ vip_level: 0, u: uin, is_vip: 0 }))
  }
}

/** A group by its number, if the account is in it. */
export const groupOf = (account: Ids.QQ, number: number) =>
  Effect.gen(function* () {
    const group = yield* (yield* World.World).group(number)
    return Option.filter(group, ({ members }) => members.some((member) => member.account.number === account))
  })

/** A group by its code, if the login is in it. */
export const groupByCode = ({ account, aliases }: Sessions.WebLogin, gcode: Ids.GroupCode) =>
  Option.match(aliases.groupOfCode(gcode), {
    onNone: () => Effect.succeedNone,
    onSome: (number) => groupOf(account, number)
  })

const getGroupInfoExt2 = Route.make(
  Descriptions.getGroupInfoExt2,
  ({ gcode, vfwebqq }, wire) =>
    Access.contactSession(vfwebqq, wire, (login) =>
      Effect.gen(function* () {
        const group = yield* groupByCode(login, gcode)
        if (Option.isNone(group)) return noSuchGroup
        const there = yield* present(group.value.members.map(({ account }) => account))
        return Envelope.ok(groupInfo(group.value, there, login.aliases))
      })
    ),
  Access.refusedByApi
)

/** The discussion groups of an account. */
export const discusList = (account: Ids.QQ) =>
  Effect.gen(function* () {
    const discussions = yield* (yield* World.World).discussions(account)
    const masks = yield* masksOf(account, "discussion", (own) =>
      Option.liftPredicate(own, (number) => discussions.some(({ did }) => did === number))
    )
    return Envelope.ok({
      dnamelist: discussions.map(({ did, name }) => ({ name, did })),
      dmasklist: masks.map(({ mask, number }) => ({ did: Ids.DiscussionId.make(number), mask }))
    })
  })

const getDiscusList = Route.make(
  Descriptions.getDiscusList,
  ({ vfwebqq }, wire) => Access.contactSession(vfwebqq, wire, ({ account }) => discusList(account)),
  Access.refusedByApi
)

const discuInfo = (
  { did, members, name, owner }: World.Discussion,
  there: Present,
  { uinOf }: Aliases.Aliases
): Groups.DiscuInfo => {
  const people = Arr.map(members, (account) => ({ account, uin: uinOf(account.number) }))
  return {
    info: {
      did,
      discu_name: name,
      discu_owner: uinOf(owner),
      info_seq: 0,
      mem_list: Arr.map(people, ({ account, uin }) => ({ mem_uin: uin, ruin: account.number }))
    },
    mem_status: Arr.map(there, ({ account, status }) => ({ uin: uinOf(account), status, client_type: 41 })),
    mem_info: Arr.map(people, ({ account, uin }) => ({ uin, nick: account.nick }))
  }
}

const getDiscuInfo = Route.make(
  ChannelDescriptions.getDiscuInfo,
  ({ clientid, did, psessionid }, wire) =>
    Access.liveChannelSession({ clientid, psessionid }, wire, ({ login }) =>
      Effect.gen(function* () {
        const found = yield* (yield* World.World).discussion(did)
        if (Option.isNone(found) || !found.value.members.some(({ number }) => number === login.account)) {
          return noSuchGroup
        }
        return Envelope.ok(discuInfo(found.value, yield* present(found.value.members), login.aliases))
      })
    ),
  Access.refusedByChannel
)

export const routes = [getGroupNameListMask2, getGroupInfoExt2, getDiscusList, getDiscuInfo]
