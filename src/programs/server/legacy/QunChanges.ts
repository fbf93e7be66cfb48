/**
 * What owners and administrators change through qun.qq.com and qinfo.clt.qq.com (protocol notes, section 4.9).
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Ids from "../../../schema/Ids.ts"
import * as Lenient from "../../../schema/Lenient.ts"
import * as Bounds from "../Bounds.ts"
import * as Hosts from "../Hosts.ts"
import type * as Sessions from "../Sessions.ts"
import * as World from "../World.ts"
import * as Extra from "./Extra.ts"
import * as Qun from "./Qun.ts"

/** A group and one of its members, and what the login is there. */
const withMember = <R>(
  login: Sessions.WebLogin,
  { gc, u }: { readonly gc: number; readonly u: Ids.QQ },
  use: (found: {
    readonly group: World.Group
    readonly member: World.Member
    readonly own: number
  }) => Effect.Effect<Qun.Reply, never, R>
) =>
  Qun.within(login, gc, (group, own) =>
    Option.match(
      Arr.findFirst(group.members, ({ account }) => account.number === u),
      { onNone: () => Effect.succeed(Qun.notInGroup), onSome: (member) => use({ group, member, own }) }
    )
  )

/** One's own card, or for owner and administrators anybody's. Without a name the card is taken away. */
const setGroupCard = Qun.call(
  "info",
  ["set_group_card"],
  Schema.Struct({ ...Qun.gc, u: Ids.QQ, name: Extra.text }),
  (login, params) =>
    withMember(login, params, ({ group, member, own }) =>
      Effect.gen(function* () {
        if (params.u !== login.account && own === Qun.Role.member) return Qun.notPermitted
        if (!Bounds.isName(params.name)) return Qun.refused
        const card = Option.liftPredicate(params.name, (name) => name !== "")
        yield* (yield* World.World).seat(group.number, params.u, { card, admin: member.admin })
        return Qun.done
      })
    )
)

/** What one client takes for "not permitted" here. */
const onlyOwner: Qun.Reply = { ec: 14 }

/** `op` 1 makes an administrator, 0 takes it back. */
const setGroupAdmin = Qun.call(
  "info",
  ["set_group_admin"],
  Schema.Struct({ ...Qun.gc, u: Ids.QQ, op: Lenient.zero }),
  (login, params) =>
    withMember(login, params, ({ group, member, own }) =>
      Effect.gen(function* () {
        if (own !== Qun.Role.owner || params.u === group.owner) return onlyOwner
        yield* (yield* World.World).seat(group.number, params.u, { card: member.card, admin: params.op === 1 })
        return Qun.done
      })
    )
)

const numbers = Schema.decodeUnknownOption(Schema.Array(Ids.QQ))

/** `ul` is one number, or several with `|` between them: all of them leave, or none does. */
const deleteGroupMember = (site: "manage" | "info") =>
  Qun.call(site, ["delete_group_member"], Schema.Struct({ ...Qun.gc, ul: Extra.text }), (login, { gc, ul }) =>
    Qun.within(login, gc, (group, own) =>
      Effect.gen(function* () {
        const world = yield* World.World
        const chosen = Option.getOrElse(numbers(ul.split("|")), (): ReadonlyArray<Ids.QQ> => [])
        const rows = group.members.filter(({ account }) => chosen.includes(account.number))
        if (rows.length === 0 || rows.length < new Set(chosen).size) return Qun.notInGroup
        // Owners remove anybody, administrators those below them; nobody removes the owner.
        if (!rows.every((member) => own < Qun.roleOf(group, member))) return Qun.notPermitted
        yield* Effect.forEach(rows, ({ account }) => world.unseat(gc, account.number), { discard: true })
        return Qun.done
      })
    )
  )

/** Nobody is added without being asked, nobody is silenced. */
const unserved = (site: "manage" | "info", name: string) =>
  Qun.call(site, [name], Schema.Struct({}), () => Effect.succeed(Qun.refused))

const sign = Extra.constant({ name: "sign", hosts: Hosts.groupSign, paths: ["/cgi-bin/sign"] }, Extra.json(Qun.refused))

export const extras = [
  setGroupCard,
  setGroupAdmin,
  deleteGroupMember("manage"),
  deleteGroupMember("info"),
  unserved("manage", "add_group_member"),
  unserved("info", "set_group_shutup"),
  sign
]
