/**
 * Finding people by their number, and asking them to become friends (protocol notes, section 4.1).
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Envelope from "../../../schema/Envelope.ts"
import * as Ids from "../../../schema/Ids.ts"
import * as Bounds from "../Bounds.ts"
import * as Delivery from "../Delivery.ts"
import * as Frames from "../Frames.ts"
import * as World from "../World.ts"
import * as Extra from "./Extra.ts"
import { profileOf } from "./Profiles.ts"

const { vfwebqq } = Extra

/**
 * `tuin` is a QQ number here; nobody is found by a mail address. The captcha that the real service wanted first is not
 * asked for. The person found has a uin of this session from now on.
 */
const searchQqByUin2 = Extra.contact("search_qq_by_uin2", Schema.Struct({ vfwebqq, tuin: Ids.QQ }), (login, { tuin }) =>
  Effect.gen(function* () {
    const found = yield* (yield* World.World).account(tuin)
    if (Option.isNone(found)) return Extra.nobody
    return Envelope.ok<unknown>({ ...(yield* profileOf(found.value, login)), account: tuin, token: "" })
  })
)

/** `account` is the QQ number. The other one is told when online, and finds the request at the next login otherwise. */
const addNeedVerify2 = Extra.contact(
  "add_need_verify2",
  Schema.Struct({ vfwebqq, account: Ids.QQ, msg: Extra.text }),
  ({ account: from }, { account: to, msg: message }) =>
    Effect.gen(function* () {
      if (!Bounds.isWords(message)) return Bounds.tooLong
      const world = yield* World.World
      if (from === to || (yield* world.isFriend(from, to))) return Extra.refused("nobody to ask")
      if (!(yield* world.ask({ from, to, message }))) return Extra.nobody
      yield* Delivery.notify(to, (view) => Frames.request({ from, to, message }, view))
      return Extra.done
    })
)

/** Everybody here wants to be asked. */
const addNoVerify2 = Extra.contact("add_no_verify2", Schema.Struct({ vfwebqq }), () =>
  Effect.succeed(Extra.refused("this account wants to be asked"))
)

export const extras = [searchQqByUin2, addNeedVerify2, addNoVerify2]
