/**
 * Avatars, and pictures in messages: since 2014 web clients could receive but not send those, so nobody here ever sent
 * one (protocol notes, sections 4.2 and 4.8).
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Ids from "../../../schema/Ids.ts"
import * as Lenient from "../../../schema/Lenient.ts"
import * as Hosts from "../Hosts.ts"
import * as Avatar from "../pictures/Avatar.ts"
import * as Sessions from "../Sessions.ts"
import * as Extra from "./Extra.ts"

const avatar = (number: number) => Extra.png(Avatar.png(number))
const placeholder = Extra.png(Avatar.placeholder)

/**
 * Type 1 is a person, 4 a group by its code or gid. A login sees the pictures of permanent numbers; without a token, or
 * for numbers of another login, the number itself has one.
 */
const getface = Extra.make(
  { name: "getface", hosts: Hosts.avatars, paths: ["/cgi/svr/face/getface"] },
  Schema.Struct({
    type: Lenient.zero,
    uin: Schema.compose(Lenient.Integer, Schema.NonNegativeInt),
    vfwebqq: Extra.text
  }),
  placeholder,
  ({ type, uin, vfwebqq }) =>
    Effect.gen(function* () {
      const login = yield* (yield* Sessions.Sessions).find("vfwebqq", vfwebqq)
      const number = Option.flatMap(login, ({ aliases }) =>
        type === 4
          ? Option.orElse(aliases.groupOfCode(Ids.GroupCode.make(uin)), () => aliases.groupOfGid(Ids.GroupId.make(uin)))
          : Option.map(aliases.accountOf(Ids.Uin.make(uin)), Number)
      )
      return avatar(Option.getOrElse(number, () => uin))
    })
)

/** The avatar of a QQ number (`nk`). */
const qlogo = Extra.make(
  { name: "qlogo", hosts: Hosts.ownAvatar, paths: ["/g"] },
  Schema.Struct({ nk: Ids.QQ }),
  placeholder,
  ({ nk }) => Effect.succeed(avatar(nk))
)

const sent = Extra.constant(
  {
    name: "sent_picture",
    hosts: [...Hosts.channel, ...Hosts.webqq],
    paths: ["/channel/get_offpic2", "/channel/get_cface2", "/cgi-bin/get_group_pic"]
  },
  placeholder
)

export const extras = [getface, qlogo, sent]
