/**
 * Profiles of other people, and how the owner of a list keeps them (protocol notes, sections 4.1 and 4.2).
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Envelope from "../../../schema/Envelope.ts"
import * as Ids from "../../../schema/Ids.ts"
import * as Lenient from "../../../schema/Lenient.ts"
import * as Bounds from "../Bounds.ts"
import * as Friendships from "../Friendships.ts"
import * as Categories from "../handlers/Categories.ts"
import * as Contacts from "../handlers/Contacts.ts"
import * as Sessions from "../Sessions.ts"
import * as Status from "../Status.ts"
import * as World from "../World.ts"
import * as Extra from "./Extra.ts"

const { vfwebqq } = Extra
const person = { vfwebqq, tuin: Ids.Uin }

/** Somebody of whom the login has heard. */
const somebody = ({ aliases }: Sessions.WebLogin, uin: Ids.Uin) =>
  Effect.flatMap(World.World, (world) =>
    Option.match(aliases.accountOf(uin), { onNone: () => Effect.succeedNone, onSome: world.account })
  )

const about = <A, R>(
  login: Sessions.WebLogin,
  uin: Ids.Uin,
  tell: (account: World.Account) => Effect.Effect<A, never, R>
) =>
  Effect.flatMap(
    somebody(login, uin),
    Option.match({
      onNone: () => Effect.succeed<Envelope.Envelope<unknown>>(Extra.nobody),
      onSome: (account) => Effect.map(tell(account), (result) => Envelope.ok<unknown>(result))
    })
  )

/** The own profile has two members more. */
export const profileOf = (account: World.Account, { aliases }: Sessions.WebLogin) =>
  Effect.gen(function* () {
    const session = yield* (yield* Sessions.Sessions).online(account.number)
    const status = Option.match(session, { onNone: () => "offline", onSome: ({ get }) => Status.visible(get().status) })
    const { account: _, lnick: __, ...profile } = Contacts.selfInfo(account)
    return { ...profile, uin: aliases.uinOf(account.number), stat: Status.codeOf(status), client_type: 41 }
  })

const getFriendInfo2 = Extra.contact("get_friend_info2", Schema.Struct(person), (login, { tuin }) =>
  about(login, tuin, (account) => profileOf(account, login))
)

/** `token` goes into `add_need_verify2`, which does without it here. */
const getStrangerInfo2 = Extra.contact("get_stranger_info2", Schema.Struct(person), (login, { tuin }) =>
  about(login, tuin, (account) => Effect.map(profileOf(account, login), (profile) => ({ ...profile, token: "" })))
)

const getSingleLongNick2 = Extra.contact("get_single_long_nick2", Schema.Struct(person), (login, { tuin }) =>
  about(login, tuin, ({ signature }) => Effect.succeed([{ uin: tuin, lnick: signature }]))
)

/** Nobody earns levels here. */
const getQqLevel2 = Extra.contact("get_qq_level2", Schema.Struct(person), (login, { tuin }) =>
  about(login, tuin, () => Effect.succeed({ tuin, level: 0, days: 0, hours: 0, remainDays: 0 }))
)

/** 1: who is asked decides. Everybody does. */
const getAllowInfo2 = Extra.contact("get_allow_info2", Schema.Struct(person), (login, { tuin }) =>
  about(login, tuin, () => Effect.succeed({ allow: 1 }))
)

/** Changes the entry of a friend. */
const reenter = (login: Sessions.WebLogin, uin: Ids.Uin, changes: Partial<World.Entry>) =>
  Effect.gen(function* () {
    const friend = login.aliases.accountOf(uin)
    if (Option.isNone(friend)) return Extra.nobody
    return (yield* (yield* World.World).reenter(login.account, friend.value, changes)) ? Extra.done : Extra.nobody
  })

/** An empty name takes the remark away. */
const changeMarkName2 = Extra.contact(
  "change_mark_name2",
  Schema.Struct({ ...person, markname: Extra.text }),
  (login, { markname, tuin }) =>
    Bounds.isName(markname)
      ? reenter(login, tuin, { remark: Option.liftPredicate(markname, (name) => name !== "") })
      : Effect.succeed(Bounds.tooLong)
)

const modifyFriendGroup = Extra.contact(
  "modify_friend_group",
  Schema.Struct({ ...person, newid: Lenient.Integer }),
  (login, { newid, tuin }) =>
    Option.match(Categories.byIndex(login, newid), {
      onNone: () => Effect.succeed(Extra.refused("no such category")),
      onSome: (category) => reenter(login, tuin, { category })
    })
)

/** `delType` 1 keeps the owner in the other one's list, 2 removes both. */
const deleteFriend = Extra.contact(
  "delete_friend",
  Schema.Struct({ ...person, delType: Lenient.zero }),
  (login, { delType, tuin }) =>
    Option.match(login.aliases.accountOf(tuin), {
      onNone: () => Effect.succeed<Envelope.Envelope<unknown>>(Extra.nobody),
      onSome: (friend) =>
        Effect.gen(function* () {
          const dropped = yield* Friendships.end(login.account, friend)
          if (dropped && delType === 2) yield* Friendships.end(friend, login.account)
          return dropped ? Extra.done : Extra.nobody
        })
    })
)

export const extras = [
  getFriendInfo2,
  getStrangerInfo2,
  getSingleLongNick2,
  getQqLevel2,
  getAllowInfo2,
  changeMarkName2,
  modifyFriendGroup,
  deleteFriend
]
