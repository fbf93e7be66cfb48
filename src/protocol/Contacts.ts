/**
 * The calls to the contact host.
 */
import type * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as ContactsSchema from "../schema/Contacts.ts"
import type * as Groups from "../schema/Groups.ts"
import * as Ids from "../schema/Ids.ts"
import * as Printable from "../schema/Printable.ts"
import * as Dialect from "../services/Dialect.ts"
import * as Session from "../services/Session.ts"
import * as Call from "./Call.ts"
import * as FriendHash from "./crypto/FriendHash.ts"
import type * as Errors from "./Errors.ts"
import * as Descriptions from "./endpoint/Api.ts"
import * as Ptlogin from "./Ptlogin.ts"
import * as Retcode from "./Retcode.ts"

/** What every call for a session fails with, and needs. */
type SessionCall<A> = Effect.Effect<A, Errors.SessionError, Call.Services | Session.Session>

/**
 * The own profile (seed 2, "获取个人信息"). The server knows whose from the cookies; a session is required all the same,
 * because without a login there is nothing to ask for.
 */
export const getSelfInfo2: SessionCall<ContactsSchema.SelfInfo> = Effect.gen(function* () {
  yield* Session.Session
  return yield* Call.result(Descriptions.getSelfInfo2, { t: yield* Ptlogin.timestamp })
})

const noPsessionid = Schema.decodeSync(Ids.Psessionid)("")

/**
 * The token of the contact endpoints (seed 2, "获取vfwebqq码"). Asked for on the way to a session, so it takes what the
 * web login gave instead of a session.
 */
export const getvfwebqq = (options: {
  readonly ptwebqq: Ids.Ptwebqq
  readonly clientid: Ids.ClientId
}): Effect.Effect<Ids.Vfwebqq, Errors.SessionError, Call.Services> =>
  Effect.gen(function* () {
    const t = yield* Ptlogin.timestamp
    const reply = yield* Call.result(Descriptions.getvfwebqq, { ...options, psessionid: noPsessionid, t })
    return reply.vfwebqq
  })

/** The variants in the order in which to try them: what worked before, or the dialect's, then the others. */
const candidates = (first: FriendHash.Variant): Arr.NonEmptyReadonlyArray<FriendHash.Variant> => {
  const known: ReadonlyArray<FriendHash.Variant> = ["P", "O", "Q", "N"]
  return [first, ...known.filter((variant) => variant !== first)]
}

/**
 * Calls with the contact-list hash, one variant after the other while the server answers retcode 50. The one that
 * worked is remembered in the session. Fails with the last refusal when none is right.
 */
const withHash = <A>(call: (hash: Redacted.Redacted, vfwebqq: Ids.Vfwebqq) => SessionCall<A>): SessionCall<A> =>
  Effect.gen(function* () {
    const dialect = yield* Dialect.Dialect
    const session = yield* Session.Session
    const { account, friendHash, ptwebqq, vfwebqq } = yield* session.get
    const attempt = (variant: FriendHash.Variant) =>
      call(Redacted.make(FriendHash.variants[variant](String(account), Redacted.value(ptwebqq))), vfwebqq).pipe(
        Effect.zipLeft(friendHash === variant ? Effect.void : session.update({ friendHash: variant }))
      )
    const [first, ...others] = candidates(friendHash ?? dialect.friendHash)
    return yield* others.reduce(
      (result, variant) =>
        Effect.catchIf(result, Retcode.isWrongHash, (error) =>
          Effect.zipRight(
            Effect.logDebug(Printable.text`${error.endpoint}: trying hash variant ${variant}`),
            attempt(variant)
          )
        ),
      attempt(first)
    )
  })

/**
 * The friend list (seed 1, "更新好友列表"; seed 2, "好友信息"); `Contacts.friends` of the schema room joins its parts.
 *
 * The hash is made from the own number and the current ptwebqq, in the dialect's variant first and then in the others.
 */
export const getUserFriends2: SessionCall<ContactsSchema.UserFriends> = Effect.gen(function* () {
  const { friendsHello } = yield* Dialect.Dialect
  return yield* withHash((hash, vfwebqq) =>
    Call.result(Descriptions.getUserFriends2, { r: { ...(friendsHello ? { h: "hello" } : {}), hash, vfwebqq } })
  )
})

/**
 * The group list (seed 1, "获取群列表"; seed 2, "群信息"); `Groups.groups` of the schema room joins its parts. The hash
 * is sent in every dialect: the first document does without, servers since 2014-06 do not.
 */
export const getGroupNameListMask2: SessionCall<Groups.GroupList> = withHash((hash, vfwebqq) =>
  Call.result(Descriptions.getGroupNameListMask2, { r: { vfwebqq, hash } })
)

/**
 * A group and its members (seed 1, "获取群中的成员"; seed 2, "群成员"); `Groups.members` of the schema room joins the
 * parts of the reply. `gcode` is the code of the group, not its gid: with a gid servers answered retcode 6.
 */
export const getGroupInfoExt2 = (gcode: Ids.GroupCode): SessionCall<Groups.GroupInfo> =>
  Effect.gen(function* () {
    const session = yield* Session.Session
    const { vfwebqq } = yield* session.get
    return yield* Call.result(Descriptions.getGroupInfoExt2, { gcode, vfwebqq, t: yield* Ptlogin.timestamp })
  })

/** The discussion groups (seed 2, "讨论组信息"). */
export const getDiscusList: SessionCall<Groups.DiscusList> = Effect.gen(function* () {
  const session = yield* Session.Session
  const { clientid, psessionid, vfwebqq } = yield* session.get
  const t = yield* Ptlogin.timestamp
  return yield* Call.result(Descriptions.getDiscusList, { clientid, psessionid, vfwebqq, t })
})

/** The real QQ number of a person, from the uin of this session (seed 2, "通过UIN获取QQ号"). */
export const getFriendUin2 = (tuin: Ids.Uin): SessionCall<Ids.QQ> =>
  Effect.gen(function* () {
    const session = yield* Session.Session
    const { vfwebqq } = yield* session.get
    const t = yield* Ptlogin.timestamp
    return (yield* Call.result(Descriptions.getFriendUin2, { tuin, type: "1", vfwebqq, t })).account
  })

/** Sets the own signature, the line under the nick (seed 1, "设置QQ签名"). */
export const setLongNick2 = (nlk: string): SessionCall<void> =>
  Effect.gen(function* () {
    const session = yield* Session.Session
    const { vfwebqq } = yield* session.get
    yield* Call.done(Descriptions.setLongNick2, { r: { nlk, vfwebqq } })
  })

/**
 * Accepts a friend request and adds its sender (seed 1, "确认添加好友请求"). `account` is the real number from the
 * `SystemMessage`; `markname` is the remark name to give, if any.
 */
export const allowAndAdd2 = (options: { readonly account: Ids.QQ; readonly markname?: string }): SessionCall<void> =>
  Effect.gen(function* () {
    const session = yield* Session.Session
    const { vfwebqq } = yield* session.get
    const { account, markname = "" } = options
    yield* Call.done(Descriptions.allowAndAdd2, { r: { account, gid: 0, mname: markname, vfwebqq } })
  })

/** Accepts a friend request without adding its sender (protocol notes, section 4.1). */
export const allowAddedRequest2 = (account: Ids.QQ): SessionCall<void> =>
  Effect.gen(function* () {
    const session = yield* Session.Session
    const { vfwebqq } = yield* session.get
    yield* Call.done(Descriptions.allowAddedRequest2, { r: { account, vfwebqq } })
  })

/** Refuses a friend request, with words for its sender (protocol notes, section 4.1). */
export const denyAddedRequest2 = (options: { readonly account: Ids.QQ; readonly reason?: string }): SessionCall<void> =>
  Effect.gen(function* () {
    const session = yield* Session.Session
    const { vfwebqq } = yield* session.get
    const { account, reason = "" } = options
    yield* Call.done(Descriptions.denyAddedRequest2, { r: { account, vfwebqq, msg: reason } })
  })
