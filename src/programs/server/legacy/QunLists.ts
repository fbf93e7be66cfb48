/**
 * The lists of qun.qq.com and qinfo.clt.qq.com (protocol notes, section 4.9).
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Entities from "../../../schema/Entities.ts"
import * as Lenient from "../../../schema/Lenient.ts"
import * as Delivery from "../Delivery.ts"
import * as Categories from "../handlers/Categories.ts"
import * as World from "../World.ts"
import * as Qun from "./Qun.ts"

const nothing = Schema.Struct({})

/** By category: 0 is the default one and has no name. People are called as the owner calls them. */
const getFriendList = Qun.call("manage", ["get_friend_list"], nothing, (login) =>
  Effect.gen(function* () {
    const friends = yield* (yield* World.World).friends(login.account)
    const inCategory = Arr.groupBy(friends, ({ category }) => String(Categories.indexOf(login, category)))
    const mems = (index: number) =>
      (inCategory[String(index)] ?? []).map(({ account, remark }) => ({
        name: Entities.escape(Option.getOrElse(remark, () => account.nick)),
        uin: account.number
      }))
    const named = Categories.all(login).map((name, i) => [
      String(i + 1),
      { gname: Entities.escape(name), mems: mems(i + 1) }
    ])
    return { ec: 0, result: { 0: { mems: mems(0) }, ...Object.fromEntries(named) } }
  })
)

const getGroupList = Qun.call("manage", ["get_group_list"], nothing, ({ account }) =>
  Effect.gen(function* () {
    const groups = yield* (yield* World.World).groups(account)
    const as = (role: number) =>
      groups
        .filter((group) =>
          group.members.some((member) => member.account.number === account && Qun.roleOf(group, member) === role)
        )
        .map(({ name, number, owner }) => ({ gc: number, gn: Entities.escape(name), owner }))
    return { ec: 0, create: as(Qun.Role.owner), manage: as(Qun.Role.admin), join: as(Qun.Role.member) }
  })
)

const genders: Readonly<Record<World.Account["profile"]["gender"], number>> = { male: 0, female: 1, unknown: 255 }
const genderOf = ({ profile }: World.Account): number => genders[profile.gender]

const cardOf = ({ card }: World.Member): string => Entities.escape(Option.getOrElse(card, () => ""))

/** Nobody keeps when somebody joined or last spoke, or earns levels. */
const memberRow = (group: World.Group) => (member: World.Member) => ({
  uin: member.account.number,
  nick: Entities.escape(member.account.nick),
  card: cardOf(member),
  role: Qun.roleOf(group, member),
  g: genderOf(member.account),
  flag: 0,
  join_time: 0,
  last_speak_time: 0,
  lv: { level: 1, point: 0 },
  qage: 0,
  tags: ""
})

const levelNames = (prefix: string) => ({ [`${prefix}1`]: "潜水" })

const searchGroupMembers = Qun.call(
  "manage",
  ["search_group_members"],
  Schema.Struct({ ...Qun.gc, st: Lenient.zero, end: Lenient.or(Lenient.Integer, 2000) }),
  (login, { end, gc, st }) =>
    Qun.within(login, gc, (group) =>
      Effect.gen(function* () {
        const rows = group.members.map(memberRow(group))
        return {
          ec: 0,
          adm_max: 10,
          adm_num: rows.filter(({ role }) => role === Qun.Role.admin).length,
          count: rows.length,
          max_count: 2000,
          search_count: rows.length,
          svr_time: yield* Delivery.seconds,
          vecsize: 1,
          levelname: levelNames(""),
          mems: rows.slice(Math.max(0, st), Math.max(0, end) + 1)
        }
      })
    )
)

const byNumber = <A>(members: ReadonlyArray<World.Member>, value: (member: World.Member) => A) =>
  Object.fromEntries(members.map((member) => [String(member.account.number), value(member)]))

const getGroupMembers = Qun.call(
  "info",
  ["get_group_members_new", "get_group_members"],
  Schema.Struct(Qun.gc),
  (login, { gc }) =>
    Qun.within(login, gc, (group) =>
      Effect.gen(function* () {
        const friends = yield* (yield* World.World).friends(login.account)
        const remarks = Arr.getSomes(
          friends.map(({ account, remark }) =>
            Option.map(remark, (name) => [String(account.number), Entities.escape(name)])
          )
        )
        const { members } = group
        return {
          ec: 0,
          owner: group.owner,
          adm: members.filter((member) => Qun.roleOf(group, member) === Qun.Role.admin).map((m) => m.account.number),
          mems: members.map(({ account }) => ({
            u: account.number,
            n: Entities.escape(account.nick),
            b: 0,
            g: genderOf(account)
          })),
          cards: byNumber(
            members.filter(({ card }) => Option.isSome(card)),
            cardOf
          ),
          remarks: Object.fromEntries(remarks),
          join: byNumber(members, () => 0),
          times: byNumber(members, () => 0),
          lv: byNumber(members, () => ({ l: 1, p: 0 })),
          levelname: levelNames("lvln"),
          friends: friends.map(({ account }) => account.number)
        }
      })
    )
)

export const extras = [getFriendList, getGroupList, searchGroupMembers, getGroupMembers]
