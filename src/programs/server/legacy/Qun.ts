/**
 * What the calls of qun.qq.com and qinfo.clt.qq.com have in common: real numbers, cookies instead of tokens, and `ec`
 * instead of `retcode` (protocol notes, section 4.9).
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as StringHash from "../../../protocol/crypto/StringHash.ts"
import * as Lenient from "../../../schema/Lenient.ts"
import * as Hosts from "../Hosts.ts"
import * as Access from "../handlers/Access.ts"
import * as Groups from "../handlers/Groups.ts"
import type * as Sessions from "../Sessions.ts"
import type * as Wire from "../Wire.ts"
import type * as World from "../World.ts"
import * as Extra from "./Extra.ts"

/** The body of an answer: `ec` 0 and more, or another `ec`. */
export type Reply = Readonly<Record<string, unknown>> & { readonly ec: number }

export const done: Reply = { ec: 0 }
/** Cookies or `bkn` are not those of a login. No source tells the number. */
export const notLoggedIn: Reply = { ec: 4 }
/** A parameter cannot be read or is too long, or the call is not served. No source tells the number. */
export const refused: Reply = { ec: 1 }
/** 3 and 11 are what one client takes for "not permitted"; here 11 says that the account is not in the group. */
export const notPermitted: Reply = { ec: 3 }
export const notInGroup: Reply = { ec: 11 }

/** A group number as its parameter. */
export const gc = { gc: Schema.compose(Lenient.Integer, Schema.Positive) }

const path = { manage: "/cgi-bin/qun_mgr/", info: "/cgi-bin/qun_info/" }
const hosts = { manage: Hosts.groupManagement, info: Hosts.groupInfo }

/** The login of a request whose `bkn` shows that its sender can read the cookies. */
const loginOf = (wire: Wire.Request) =>
  Effect.map(
    Access.webLogin(wire),
    Option.filter(({ skey }) => wire.params.bkn === String(StringHash.bkn(skey)))
  )

/** A call of qun.qq.com (`manage`) or qinfo.clt.qq.com (`info`) under one or two names. */
export const call = <A, I, R>(
  site: "manage" | "info",
  names: readonly [string, ...ReadonlyArray<string>],
  params: Schema.Schema<A, I>,
  use: (login: Sessions.WebLogin, params: A) => Effect.Effect<Reply, never, R>
): Extra.Extra<R | Sessions.Sessions> =>
  Extra.make(
    { name: names[0], hosts: hosts[site], paths: names.map((name) => `${path[site]}${name}`) },
    params,
    Extra.json(refused),
    (read, wire) =>
      Effect.flatMap(
        loginOf(wire),
        Option.match({
          onNone: () => Effect.succeed(Extra.json(notLoggedIn)),
          onSome: (login) => Effect.map(use(login, read), Extra.json)
        })
      )
  )

/** What somebody is in a group, as these answers number it. */
export const Role = { owner: 0, admin: 1, member: 2 } as const

export const roleOf = (group: World.Group, { account, admin }: World.Member): number =>
  account.number === group.owner ? Role.owner : admin ? Role.admin : Role.member

/** A group that the login is in, with its own role there. */
export const within = <R>(
  { account }: Sessions.WebLogin,
  number: number,
  use: (group: World.Group, own: number) => Effect.Effect<Reply, never, R>
) =>
  Effect.gen(function* () {
    const group = yield* Groups.groupOf(account, number)
    if (Option.isNone(group)) return notInGroup
    const own = Arr.findFirst(group.value.members, (member) => member.account.number === account)
    return yield* use(
      group.value,
      Option.match(own, { onNone: () => Role.member, onSome: (member) => roleOf(group.value, member) })
    )
  })
