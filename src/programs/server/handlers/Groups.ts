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
import type * as Aliases from "../Aliases.ts"
import * as Options from "../Options.ts"
import * as Route from "../Route.ts"
import * as Sessions from "../Sessions.ts"
import * as Status from "../Status.ts"
import * as World from "../World.ts"
import * as Access from "./Access.ts"
import * as Contacts from "./Contacts.ts"

/** What a gid instead of a code was answered with (protocol notes, section 4.1), and so is any group of somebody else. */
const noSuchGroup = Envelope.refused(6)

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
        return Envelope.ok({
          gmasklist: [],
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
const present = (members: ReadonlyArray<World.Account>) =>
  Effect.gen(function* () {
    const sessions = yield* Sessions.Sessions
    const found = yield* Effect.forEach(members, ({ number }) => sessions.online(number))
    return Arr.getSomes(found)
      .map(({ login, status }) => ({ account: login.account, status: Status.visible(status) }))
      .filter(({ status }) => status !== "offline")
  })
type Present = Effect.Effect.Success<ReturnType<typeof present>>

/** Client type 41 is the web. */
const groupInfo = (group: World.Group, there: Present, { codeOf, gidOf, uinOf }: Aliases.Aliases): Groups.GroupInfo => {
  const people = Arr.map(group.members, (member) => ({ ...member, uin: uinOf(member.account.number) }))
  const cards = Arr.filterMap(people, ({ card, uin }) => Option.map(card, (name) => ({ muin: uin, card: name })))
  return {
    ginfo: {
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
      members: Arr.map(people, ({ admin, uin }) => ({ muin: uin, mflag: admin ? 1 : 0 })),
      option: 2
    },
    minfo: Arr.map(people, ({ account, uin }) => ({
      nick: account.nick,
      province: account.profile.province,
      gender: account.profile.gender,
      uin,
      country: account.profile.country,
      city: account.profile.city
    })),
    stats: Arr.map(there, ({ account, status }) => ({
      client_type: 41,
      uin: uinOf(account),
      stat: Status.codeOf(status)
    })),
    // The key is absent when nobody has a card.
    ...(cards.length === 0 ? {} : { cards }),
    vipinfo: Arr.map(people, ({ uin }) => ({ vip_level: 0, u: uin, is_vip: 0 }))
  }
}

const getGroupInfoExt2 = Route.make(
  Descriptions.getGroupInfoExt2,
  ({ gcode, vfwebqq }, wire) =>
    Access.contactSession(vfwebqq, wire, ({ account, aliases }) =>
      Effect.gen(function* () {
        const world = yield* World.World
        const number = aliases.groupOfCode(gcode)
        const group = Option.isSome(number) ? yield* world.group(number.value) : Option.none()
        const members = Option.match(group, { onNone: () => [], onSome: (g) => g.members.map((m) => m.account) })
        if (Option.isNone(group) || !members.some(({ number }) => number === account)) return noSuchGroup
        return Envelope.ok(groupInfo(group.value, yield* present(members), aliases))
      })
    ),
  Access.refusedByApi
)

const getDiscusList = Route.make(
  Descriptions.getDiscusList,
  ({ vfwebqq }, wire) =>
    Access.contactSession(vfwebqq, wire, ({ account }) =>
      Effect.gen(function* () {
        const discussions = yield* (yield* World.World).discussions(account)
        return Envelope.ok({ dnamelist: discussions.map(({ did, name }) => ({ name, did })), dmasklist: [] })
      })
    ),
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
