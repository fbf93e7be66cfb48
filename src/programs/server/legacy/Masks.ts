/**
 * How somebody wants to hear of groups and discussion groups, as clients set it (protocol notes, section 4.1).
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Record from "effect/Record"
import * as Schema from "effect/Schema"
import { Decimal } from "../../../schema/Decimal.ts"
import * as Envelope from "../../../schema/Envelope.ts"
import * as Ids from "../../../schema/Ids.ts"
import * as Lenient from "../../../schema/Lenient.ts"
import * as Hosts from "../Hosts.ts"
import * as Access from "../handlers/Access.ts"
import type * as Sessions from "../Sessions.ts"
import * as World from "../World.ts"
import * as Extra from "./Extra.ts"

type Items = Readonly<Record<string, unknown>>

const readMask = Schema.decodeUnknownOption(Schema.compose(Lenient.Integer, Schema.Literal(0, 1, 2)))
const readNumber = Schema.decodeUnknownOption(Decimal)

/** What is no number of theirs, no mask, or the client's own affair (`idx`, `port`) is left out; `cAll` is for all. */
const masksIn = (
  of: World.Mask["of"],
  items: Items,
  own: (number: number) => Option.Option<number>
): ReadonlyArray<World.Mask> =>
  Arr.filterMap(Record.toEntries(items), ([name, value]) =>
    Option.gen(function* () {
      const mask = yield* readMask(value)
      if (name === "cAll") return { of, mask, number: Option.none<number>() }
      return { of, mask, number: Option.some(yield* Option.flatMap(readNumber(name), own)) }
    })
  )

const Items = Lenient.or(Schema.Record({ key: Schema.String, value: Schema.Unknown }), {})

const chosen = (
  { account, aliases }: Sessions.WebLogin,
  { discumask, groupmask }: { readonly groupmask: Items; readonly discumask: Items }
) =>
  Effect.gen(function* () {
    const world = yield* World.World
    const groups = (yield* world.groups(account)).map(({ number }) => number)
    const dids = (yield* world.discussions(account)).map(({ did }) => Number(did))
    const group = (gid: number) =>
      Option.filter(aliases.groupOfGid(Ids.GroupId.make(gid)), (number) => groups.includes(number))
    return [
      ...masksIn("group", groupmask, group),
      ...masksIn(
        "discussion",
        discumask,
        Option.liftPredicate((did: number) => dids.includes(did))
      )
    ]
  })

const messagefilter = Extra.make(
  { name: "messagefilter", hosts: Hosts.cgi, paths: ["/keycgi/qqweb/uac/messagefilter.do"] },
  Schema.Struct({
    vfwebqq: Extra.vfwebqq,
    itemlist: Schema.parseJson(Schema.Struct({ groupmask: Items, discumask: Items }))
  }),
  Extra.envelope(Access.refusedByApi(Extra.malformed)),
  ({ itemlist, vfwebqq }, wire) =>
    Effect.map(
      Access.contactSession(vfwebqq, wire, (login) =>
        Effect.gen(function* () {
          yield* (yield* World.World).mask(login.account, yield* chosen(login, itemlist))
          return Envelope.ok<unknown>("ok")
        })
      ),
      ({ reply }) => Extra.envelope(reply)
    )
)

export const extras = [messagefilter]
