/**
 * The calls to the contact host.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as ContactsSchema from "../schema/Contacts.ts"
import * as Dialect from "../services/Dialect.ts"
import * as Session from "../services/Session.ts"
import * as Call from "./Call.ts"
import * as FriendHash from "./crypto/FriendHash.ts"
import type * as Errors from "./Errors.ts"
import * as Descriptions from "./endpoint/Api.ts"
import * as Ptlogin from "./Ptlogin.ts"

/**
 * The own profile (seed 2, "获取个人信息"). The server knows whose from the cookies; a session is required all the same,
 * because without a login there is nothing to ask for.
 */
export const getSelfInfo2: Effect.Effect<
  ContactsSchema.SelfInfo,
  Errors.SessionError,
  Call.Services | Session.Session
> = Effect.gen(function* () {
  yield* Session.Session
  return yield* Call.result(Descriptions.getSelfInfo2, { t: yield* Ptlogin.timestamp })
})

/**
 * The friend list (seed 1, "更新好友列表"; seed 2, "好友信息"); `Contacts.friends` of the schema room joins its parts.
 *
 * The hash is made from the own number and the current ptwebqq. Fails with `Rejected`, retcode 50, when the server
 * wants another variant of it.
 */
export const getUserFriends2: Effect.Effect<
  ContactsSchema.UserFriends,
  Errors.SessionError,
  Call.Services | Session.Session
> = Effect.gen(function* () {
  const dialect = yield* Dialect.Dialect
  const session = yield* Session.Session
  const { account, ptwebqq, vfwebqq } = yield* session.get
  const hash = FriendHash.variants[dialect.friendHash](String(account), Redacted.value(ptwebqq))
  return yield* Call.result(Descriptions.getUserFriends2, {
    r: { ...(dialect.friendsHello ? { h: "hello" } : {}), hash: Redacted.make(hash), vfwebqq }
  })
})
