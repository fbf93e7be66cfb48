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
import * as Bounds from "../Bounds.ts"
import * as Delivery from "../Delivery.ts"
import * as Frames from "../Frames.ts"
import * as Friendships from "../Friendships.ts"
import * as Options from "../Options.ts"
import * as Refusals from "../Refusals.ts"
import * as Route from "../Route.ts"
import type * as Sessions from "../Sessions.ts"
import * as World from "../World.ts"
import * as Access from "./Access.ts"
import * as Categories from "./Categories.ts"

/** The contact-list hash is not right. */
export const wrongHash = Envelope.refused(50)
const ok = Envelope.ok("ok")

export const selfInfo = ({ nick, number, profile, signature }: World.Account): Contacts.SelfInfo => ({
  ...profile,
  uin: number,
  account: number,
  nick,
  lnick: signature,
  allow: 1,
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
      const login = yield* Access.loginOf(ptwebqq, wire)
      if (Option.isNone(login)) yield* Refusals.log("getvfwebqq", "a ptwebqq of no login")
      if (Option.isNone(login) || !(yield* Access.cookiesFit(wire, login.value))) return { reply: Access.noWebLogin }
      return { reply: Envelope.ok({ vfwebqq: Schema.decodeSync(Ids.Vfwebqq)(login.value.vfwebqq) }) }
    }),
  Access.refusedByApi
)

/** `friends`, `info` and `vipinfo` stand in the same order: Tencent's own client joined them by index. */
const userFriends = (friends: ReadonlyArray<World.Friend>, login: Sessions.WebLogin): Contacts.UserFriends => {
  const people = Arr.map(friends, (friend) => ({ ...friend, uin: login.aliases.uinOf(friend.account.number) }))
  return {
    friends: Arr.map(people, ({ category, uin }) => ({
      uin,
      flag: 0,
      categories: Categories.indexOf(login, category)
    })),
    marknames: Arr.filterMap(people, ({ remark, uin }) =>
      Option.map(remark, (markname) => ({ uin, markname, type: 0 }))
    ),
    // Index 0 is the default category, which is not listed.
    categories: Arr.map(Categories.all(login), (name, i) => ({ index: i + 1, sort: i + 1, name })),
    vipinfo: Arr.map(people, ({ uin }) => ({ u: uin, is_vip: 0, vip_level: 0 })),
    info: Arr.map(people, ({ account, uin }) => ({ uin, nick: account.nick, face: account.profile.face, flag: 0 }))
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
        return Envelope.ok(userFriends(yield* (yield* World.World).friends(login.account), login))
      })
    ),
  Access.refusedByApi
)

const getFriendUin2 = Route.make(
  Descriptions.getFriendUin2,
  ({ tuin, type, vfwebqq }, wire) =>
    Access.contactSession(vfwebqq, wire, ({ aliases }) => {
      // Type 4 asks for a group, by its code or, in one client, by its gid; another one asks with type 1 for groups, too.
      const group = Option.orElse(aliases.groupOfCode(Ids.GroupCode.make(tuin)), () =>
        aliases.groupOfGid(Ids.GroupId.make(tuin))
      )
      const person: Option.Option<number> = aliases.accountOf(tuin)
      const asked = type === "4" ? group : Option.orElse(person, () => group)
      return Effect.succeed(
        Option.match(asked, {
          onNone: () => Envelope.refused(100000),
          onSome: (number) => Envelope.ok({ uiuin: "", account: Ids.QQ.make(number), uin: tuin })
        })
      )
    }),
  Access.refusedByApi
)

/** Characters of a signature. */
const signatureAtMost = 500

const setLongNick2 = Route.make(
  Descriptions.setLongNick2,
  ({ r }, wire) =>
    Access.contactSession(r.vfwebqq, wire, ({ account }) =>
      Effect.gen(function* () {
        if (r.nlk.length > signatureAtMost) return Envelope.refused(1, { errmsg: "the signature is too long" })
        yield* (yield* World.World).change(account, { signature: r.nlk })
        return ok
      })
    ),
  Access.refusedByApi
)

/** How a friend request ended. `mutual`: its sender is in the friend list of the account that answered, too, so called. */
interface Outcome {
  readonly type: "verify_pass" | "verify_pass_add" | "verify_rejected"
  readonly msg: string
  readonly mutual: Option.Option<Pick<World.Entry, "remark">>
}

/** The friendship first: a server that is killed in between may ask again, but forgets nothing. */
const answerRequest = ({ account }: Sessions.WebLogin, sender: Ids.QQ, { msg, mutual, type }: Outcome) =>
  Effect.gen(function* () {
    const world = yield* World.World
    const requests = yield* world.requests(account)
    if (!requests.some(({ from }) => from === sender)) return Envelope.refused(1, { errmsg: "no such request" })
    if (Option.isSome(mutual)) {
      const { remark } = mutual.value
      const isNew = yield* Friendships.begin(account, sender, { ...World.plainEntry, remark })
      if (!isNew && Option.isSome(remark)) yield* world.reenter(account, sender, { remark })
    }
    yield* Delivery.notify(sender, (view) => Frames.settled(account, type, msg, view))
    // Who asked may have the other one already, in a category and under a name of their own.
    if (type !== "verify_rejected") yield* Friendships.begin(sender, account, World.plainEntry)
    yield* world.settle({ from: sender, to: account })
    return ok
  }).pipe(Effect.uninterruptible)

const allowAndAdd2 = Route.make(
  Descriptions.allowAndAdd2,
  ({ r }, wire) =>
    Access.contactSession(r.vfwebqq, wire, (login) => {
      if (!Bounds.isName(r.mname)) return Effect.succeed(Bounds.tooLong)
      const remark = Option.liftPredicate((name: string) => name !== "")(r.mname)
      return answerRequest(login, r.account, { type: "verify_pass_add", msg: "", mutual: Option.some({ remark }) })
    }),
  Access.refusedByApi
)

const allowAddedRequest2 = Route.make(
  Descriptions.allowAddedRequest2,
  ({ r }, wire) =>
    Access.contactSession(r.vfwebqq, wire, (login) =>
      answerRequest(login, r.account, { type: "verify_pass", msg: "", mutual: Option.none() })
    ),
  Access.refusedByApi
)

const denyAddedRequest2 = Route.make(
  Descriptions.denyAddedRequest2,
  ({ r }, wire) =>
    Access.contactSession(r.vfwebqq, wire, (login) =>
      Bounds.isWords(r.msg)
        ? answerRequest(login, r.account, { type: "verify_rejected", msg: r.msg, mutual: Option.none() })
        : Effect.succeed(Bounds.tooLong)
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
