/**
 * What old clients ask about groups beyond their lists, by the group's code (protocol notes, section 4.1).
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Envelope from "../../../schema/Envelope.ts"
import * as Ids from "../../../schema/Ids.ts"
import * as Bounds from "../Bounds.ts"
import * as Groups from "../handlers/Groups.ts"
import type * as Sessions from "../Sessions.ts"
import * as World from "../World.ts"
import * as Extra from "./Extra.ts"

const { vfwebqq } = Extra
const group = { vfwebqq, gcode: Ids.GroupCode }

/** Answers about a group that the login is in. */
const within = <R>(
  login: Sessions.WebLogin,
  gcode: Ids.GroupCode,
  tell: (group: World.Group) => Effect.Effect<Envelope.Envelope<unknown>, never, R>
) =>
  Effect.flatMap(
    Groups.groupByCode(login, gcode),
    Option.match({
      onNone: () => Effect.succeed<Envelope.Envelope<unknown>>(Groups.noSuchGroup),
      onSome: tell
    })
  )

const getGroupPublicInfo2 = Extra.contact("get_group_public_info2", Schema.Struct(group), (login, { gcode }) =>
  within(login, gcode, (found) =>
    Effect.succeed(Envelope.ok<unknown>({ ginfo: Groups.groupHead(found, login.aliases) }))
  )
)

/** `gcode` is a JSON list of one code. */
const getGroupInfo = Extra.contact(
  "get_group_info",
  Schema.Struct({ vfwebqq, gcode: Schema.parseJson(Schema.Tuple(Ids.GroupCode)) }),
  (login, { gcode: [gcode] }) =>
    within(login, gcode, ({ number }) =>
      Effect.succeed(Envelope.ok<unknown>([{ gid: login.aliases.gidOf(number), gcode, memo: "" }]))
    )
)

const getGroupMemberStat2 = Extra.contact("get_group_member_stat2", Schema.Struct(group), (login, { gcode }) =>
  within(login, gcode, (found) =>
    Effect.map(Groups.present(found.members.map(({ account }) => account)), (there) =>
      Envelope.ok<unknown>({ stats: Groups.groupStats(there, login.aliases) })
    )
  )
)

const seatOf = ({ members }: World.Group, account: Ids.QQ) =>
  Arr.findFirst(members, (member) => member.account.number === account)

/** Of a card only the name is kept. */
const getSelfBusinessCard2 = Extra.contact("get_self_business_card2", Schema.Struct(group), (login, { gcode }) =>
  within(login, gcode, (found) => {
    const name = Option.flatMap(seatOf(found, login.account), ({ card }) => card)
    const muin = login.aliases.uinOf(login.account)
    const rest = { phone: "", email: "", remark: "", gender: 0 }
    return Effect.succeed(Envelope.ok<unknown>({ gcode, muin, name: Option.getOrElse(name, () => ""), ...rest }))
  })
)

/** Without `name` the card stays; an empty one takes it away. */
const updateGroupBusinessCard2 = Extra.contact(
  "update_group_business_card2",
  Schema.Struct({ ...group, name: Schema.optional(Schema.String) }),
  (login, { gcode, name }) =>
    within(login, gcode, (found) =>
      Effect.gen(function* () {
        const seat = seatOf(found, login.account)
        if (name === undefined || Option.isNone(seat)) return Extra.done
        if (!Bounds.isName(name)) return Bounds.tooLong
        const card = Option.liftPredicate(name, (text) => text !== "")
        yield* (yield* World.World).seat(found.number, login.account, { card, admin: seat.value.admin })
        return Extra.done
      })
    )
)

/** A remark for a group is accepted, and not kept. */
const updateGroupInfo2 = Extra.contact("update_group_info2", Schema.Struct(group), (login, { gcode }) =>
  within(login, gcode, () => Effect.succeed(Extra.done))
)

const quitGroup2 = Extra.contact("quit_group2", Schema.Struct(group), (login, { gcode }) =>
  within(login, gcode, ({ number }) =>
    Effect.gen(function* () {
      const left = yield* (yield* World.World).unseat(number, login.account)
      return left ? Extra.done : Extra.refused("the owner cannot leave")
    })
  )
)

/** Nobody joins by asking: the code of a group is told only to those who are in it. */
const applyJoinGroup2 = Extra.contact("apply_join_group2", Schema.Struct({ vfwebqq }), () =>
  Effect.succeed(Extra.refused("this group takes nobody in"))
)

export const extras = [
  getGroupPublicInfo2,
  getGroupInfo,
  getGroupMemberStat2,
  getSelfBusinessCard2,
  updateGroupBusinessCard2,
  updateGroupInfo2,
  quitGroup2,
  applyJoinGroup2
]
