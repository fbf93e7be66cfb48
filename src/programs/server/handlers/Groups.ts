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
import * as Delivery from "../Delivery.ts"
import * as Options from "../Options.ts"
import * as Route from "../Route.ts"
import * as Sessions from "../Sessions.ts"
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
          gnamelist: groups.map(({ code, gid, name }) => ({ flag: 0, name, gid, code })),
          gmarklist: []
        })
      })
    ),
  Access.refusedByApi
)

/** Status code 10 is "online", client type 41 the web. */
const groupInfo = (group: World.Group, isOnline: (account: World.Account) => boolean): Groups.GroupInfo => {
  const people = Arr.map(group.members, (member) => ({ ...member, uin: Delivery.uinOf(member.account.number) }))
  const cards = Arr.filterMap(people, ({ card, uin }) => Option.map(card, (name) => ({ muin: uin, card: name })))
  return {
    ginfo: {
      face: 0,
      memo: "",
      class: 25,
      fingermemo: "",
      code: group.code,
      createtime: 0,
      flag: 0,
      level: 0,
      name: group.name,
      gid: group.gid,
      owner: Delivery.uinOf(group.owner),
      members: Arr.map(people, ({ admin, uin }) => ({ muin: uin, mflag: admin ? 1 : 0 })),
      option: 2
    },
    minfo: Arr.map(people, ({ account, uin }) => ({
      nick: account.nick,
      province: "",
      gender: "unknown",
      uin,
      country: "",
      city: ""
    })),
    stats: Arr.filterMap(people, ({ account, uin }) =>
      isOnline(account) ? Option.some({ client_type: 41, uin, stat: 10 }) : Option.none()
    ),
    // The key is absent when nobody has a card.
    ...(cards.length === 0 ? {} : { cards }),
    vipinfo: Arr.map(people, ({ uin }) => ({ vip_level: 0, u: uin, is_vip: 0 }))
  }
}

const onlineTest = Effect.map(
  Sessions.Sessions,
  (sessions) =>
    ({ number }: World.Account) =>
      Option.isSome(sessions.online(number))
)

const getGroupInfoExt2 = Route.make(
  Descriptions.getGroupInfoExt2,
  ({ gcode, vfwebqq }, wire) =>
    Access.contactSession(vfwebqq, wire, ({ account }) =>
      Effect.gen(function* () {
        const group = (yield* (yield* World.World).groups(account)).find(({ code }) => code === gcode)
        return group === undefined ? noSuchGroup : Envelope.ok(groupInfo(group, yield* onlineTest))
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
  isOnline: (account: World.Account) => boolean
): Groups.DiscuInfo => {
  const people = Arr.map(members, (account) => ({ account, uin: Delivery.uinOf(account.number) }))
  return {
    info: {
      did,
      discu_name: name,
      discu_owner: Delivery.uinOf(owner),
      info_seq: 0,
      mem_list: Arr.map(people, ({ account, uin }) => ({ mem_uin: uin, ruin: account.number }))
    },
    mem_status: Arr.filterMap(people, ({ account, uin }) =>
      isOnline(account) ? Option.some({ uin, status: "online", client_type: 41 }) : Option.none()
    ),
    mem_info: Arr.map(people, ({ account, uin }) => ({ uin, nick: account.nick }))
  }
}

const getDiscuInfo = Route.make(
  ChannelDescriptions.getDiscuInfo,
  ({ clientid, did, psessionid }, wire) =>
    Access.liveChannelSession({ clientid, psessionid }, wire, ({ login }) =>
      Effect.gen(function* () {
        const discussions = yield* (yield* World.World).discussions(login.account)
        const discussion = discussions.find((one) => one.did === did)
        return discussion === undefined ? noSuchGroup : Envelope.ok(discuInfo(discussion, yield* onlineTest))
      })
    ),
  Access.refusedByChannel
)

export const routes = [getGroupNameListMask2, getGroupInfoExt2, getDiscusList, getDiscuInfo]
