/**
 * The contact host: the own profile, the friend list, real numbers, friend requests.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as FriendHash from "../../../protocol/crypto/FriendHash.ts"
import * as Descriptions from "../../../protocol/endpoint/Api.ts"
import type * as Contacts from "../../../schema/Contacts.ts"
import * as Envelope from "../../../schema/Envelope.ts"
import * as Ids from "../../../schema/Ids.ts"
import * as Delivery from "../Delivery.ts"
import * as Options from "../Options.ts"
import * as Route from "../Route.ts"
import * as Sessions from "../Sessions.ts"
import * as World from "../World.ts"
import * as Access from "./Access.ts"

/** The contact-list hash is not right. */
export const wrongHash = Envelope.refused(50)
const ok = Envelope.ok("ok")

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
      if (Option.isNone(login)) return { reply: Access.noCookies }
      const account = yield* (yield* World.World).account(login.value.account)
      return {
        reply: Option.match(account, { onNone: () => Access.noCookies, onSome: (a) => Envelope.ok(selfInfo(a)) })
      }
    }),
  Access.refusedByApi
)

const getvfwebqq = Route.make(
  Descriptions.getvfwebqq,
  ({ ptwebqq }, wire) =>
    Effect.gen(function* () {
      const login = (yield* Sessions.Sessions).find("ptwebqq", Redacted.value(ptwebqq))
      if (Option.isNone(login) || !(yield* Access.cookiesFit(wire, login.value))) return { reply: Access.noWebLogin }
      return { reply: Envelope.ok({ vfwebqq: Schema.decodeSync(Ids.Vfwebqq)(login.value.vfwebqq) }) }
    }),
  Access.refusedByApi
)

/** `friends`, `info` and `vipinfo` stand in the same order: Tencent's own client joined them by index. */
const userFriends = (friends: ReadonlyArray<World.Friend>): Contacts.UserFriends => {
  const names = Arr.dedupe(Arr.getSomes(Arr.map(friends, ({ category }) => category)))
  const people = Arr.map(friends, (friend) => ({ ...friend, uin: Delivery.uinOf(friend.account.number) }))
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

/** Strict: the dialect's variant. Otherwise any of the four that were ever in force. */
export const hashFits = (
  login: Sessions.WebLogin,
  hash: Redacted.Redacted
): Effect.Effect<boolean, never, Options.Options> =>
  Effect.map(Options.Options, ({ dialect, strict }) => {
    const accepted = strict ? [FriendHash.variants[dialect.friendHash]] : Object.values(FriendHash.variants)
    const given = Redacted.value(hash).toUpperCase()
    return accepted.some((variant) => variant(String(login.account), login.ptwebqq) === given)
  })

const getUserFriends2 = Route.make(
  Descriptions.getUserFriends2,
  ({ r }, wire) =>
    Access.contactSession(r.vfwebqq, wire, (login) =>
      Effect.gen(function* () {
        if (!(yield* hashFits(login, r.hash))) return wrongHash
        return Envelope.ok(userFriends(yield* (yield* World.World).friends(login.account)))
      })
    ),
  Access.refusedByApi
)

const getFriendUin2 = Route.make(
  Descriptions.getFriendUin2,
  ({ tuin, type, vfwebqq }, wire) =>
    Access.contactSession(vfwebqq, wire, ({ account }) =>
      Effect.gen(function* () {
        const world = yield* World.World
        // Type 4 asks for a group, by its code or, in one client, by its gid.
        const groups = type === "4" ? yield* world.groups(account) : []
        const group = groups.find(({ code, gid }) => Number(code) === tuin || Number(gid) === tuin)
        if (group !== undefined) {
          return Envelope.ok({ uiuin: "", account: Ids.QQ.make(group.number), uin: tuin })
        }
        const person = yield* world.account(Delivery.accountOf(tuin))
        return Option.match(person, {
          onNone: () => Envelope.refused(100000),
          onSome: ({ number }) => Envelope.ok({ uiuin: "", account: number, uin: tuin })
        })
      })
    ),
  Access.refusedByApi
)

const setLongNick2 = Route.make(
  Descriptions.setLongNick2,
  ({ r }, wire) =>
    Access.contactSession(r.vfwebqq, wire, ({ account }) =>
      Effect.gen(function* () {
        yield* (yield* World.World).sign(account, r.nlk)
        return ok
      })
    ),
  Access.refusedByApi
)

/** Tells the sender of a friend request how it ended. */
const tellSender = (from: Ids.QQ, to: Ids.QQ, type: string, msg: string) =>
  Delivery.notify(to, {
    poll_type: "system_message",
    value: { seq: 1, type, uiuin: "", from_uin: Delivery.uinOf(from), account: from, msg, stat: 10, client_type: 1 }
  })

const answerRequest = (
  login: Sessions.WebLogin,
  sender: Ids.QQ,
  outcome: World.Outcome,
  told: { readonly type: string; readonly msg: string }
) =>
  Effect.gen(function* () {
    const answered = yield* (yield* World.World).answer({ from: sender, to: login.account }, outcome)
    if (!answered) return Envelope.refused(1, { errmsg: "no such request" })
    yield* tellSender(login.account, sender, told.type, told.msg)
    return ok
  })

const allowAndAdd2 = Route.make(
  Descriptions.allowAndAdd2,
  ({ r }, wire) =>
    Access.contactSession(r.vfwebqq, wire, (login) => {
      const remark = r.mname === "" ? Option.none<string>() : Option.some(r.mname)
      return answerRequest(login, r.account, World.Outcome.Added({ remark }), { type: "verify_pass_add", msg: "" })
    }),
  Access.refusedByApi
)

const allowAddedRequest2 = Route.make(
  Descriptions.allowAddedRequest2,
  ({ r }, wire) =>
    Access.contactSession(r.vfwebqq, wire, (login) =>
      answerRequest(login, r.account, World.Outcome.Allowed(), { type: "verify_pass", msg: "" })
    ),
  Access.refusedByApi
)

const denyAddedRequest2 = Route.make(
  Descriptions.denyAddedRequest2,
  ({ r }, wire) =>
    Access.contactSession(r.vfwebqq, wire, (login) =>
      answerRequest(login, r.account, World.Outcome.Denied(), { type: "verify_rejected", msg: r.msg })
    ),
  Access.refusedByApi
)

export const routes = [
  getSelfInfo2,
  getvfwebqq,
  getUserFriends2,
  getFriendUin2,
  setLongNick2,
  allowAndAdd2,
  allowAddedRequest2,
  denyAddedRequest2
]
