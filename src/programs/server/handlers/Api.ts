/**
 * The contact host: the own profile and the friend list.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as FriendHash from "../../../protocol/crypto/FriendHash.ts"
import * as Descriptions from "../../../protocol/endpoint/Api.ts"
import type * as Contacts from "../../../schema/Contacts.ts"
import * as Envelope from "../../../schema/Envelope.ts"
import * as Ids from "../../../schema/Ids.ts"
import * as Options from "../Options.ts"
import * as Route from "../Route.ts"
import * as Sessions from "../Sessions.ts"
import type * as Wire from "../Wire.ts"
import * as World from "../World.ts"
import * as Access from "./Access.ts"

/** The token or the cookies are not those of a session. */
const notLoggedIn = Envelope.refused(100000)
/** Cookies or headers are missing. */
const forbidden = Envelope.refused(100101)
const wrongHash = Envelope.refused(50)
const malformed = Envelope.refused(100006)

const refused = (refusal: Wire.Refusal) => (refusal._tag === "Malformed" ? malformed : forbidden)

/** The number of the avatar picture that everybody has here. */
const face = 564

const selfInfo = ({ nick, number, signature }: World.Account): Contacts.SelfInfo => ({
  uin: number,
  account: number,
  nick,
  lnick: signature,
  face,
  birthday: { year: 0, month: 0, day: 0 },
  gender: "unknown",
  country: "",
  province: "",
  city: "",
  phone: "",
  mobile: "",
  email: "",
  homepage: "",
  occupation: "",
  college: "",
  personal: "",
  allow: 1,
  blood: 0,
  constel: 0,
  shengxiao: 0,
  vip_info: 0
})

const getSelfInfo2 = Route.make(
  Descriptions.getSelfInfo2,
  (_, wire) =>
    Effect.gen(function* () {
      const login = yield* Access.webLogin(wire)
      if (Option.isNone(login)) return { reply: forbidden }
      const account = yield* (yield* World.World).account(login.value.account)
      return { reply: Option.match(account, { onNone: () => notLoggedIn, onSome: (a) => Envelope.ok(selfInfo(a)) }) }
    }),
  refused
)

/** `friends`, `info` and `vipinfo` stand in the same order: Tencent's own client joined them by index. */
const userFriends = (friends: ReadonlyArray<World.Friend>): Contacts.UserFriends => {
  const names = Arr.dedupe(Arr.getSomes(Arr.map(friends, ({ category }) => category)))
  const people = Arr.map(friends, (friend) => ({ ...friend, uin: Ids.Uin.make(friend.account.number) }))
  return {
    friends: Arr.map(people, ({ category, uin }) => ({
      uin,
      flag: 0,
      // Index 0 is the default category, which is not listed.
      categories: Option.match(category, { onNone: () => 0, onSome: (name) => names.indexOf(name) + 1 })
    })),
    marknames: Arr.filterMap(people, ({ remark, uin }) =>
      Option.map(remark, (markname) => ({ uin, markname, type: 0 }))
    ),
    categories: Arr.map(names, (name, i) => ({ index: i + 1, sort: i + 1, name })),
    vipinfo: Arr.map(people, ({ uin }) => ({ u: uin, is_vip: 0, vip_level: 0 })),
    info: Arr.map(people, ({ account, uin }) => ({ uin, nick: account.nick, face, flag: 0 }))
  }
}

const hashFits = (login: Sessions.WebLogin, hash: string, { dialect, strict }: Options.Options["Type"]): boolean => {
  const { variants } = FriendHash
  const accepted = strict ? [variants[dialect.friendHash]] : Object.values(variants)
  return accepted.some((variant) => variant(String(login.account), login.ptwebqq) === hash.toUpperCase())
}

const getUserFriends2 = Route.make(
  Descriptions.getUserFriends2,
  ({ r }, wire) =>
    Effect.gen(function* () {
      const session = (yield* Sessions.Sessions).byVfwebqq(Redacted.value(r.vfwebqq))
      if (Option.isNone(session)) return { reply: notLoggedIn }
      const { login } = session.value
      if (!(yield* Access.cookiesFit(wire, login))) return { reply: forbidden }
      if (!hashFits(login, Redacted.value(r.hash), yield* Options.Options)) return { reply: wrongHash }
      return { reply: Envelope.ok(userFriends(yield* (yield* World.World).friends(login.account))) }
    }),
  refused
)

export const routes = [getSelfInfo2, getUserFriends2]
