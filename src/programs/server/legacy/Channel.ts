/**
 * What else old clients ask the channel host for: status, typing, window shakes, files (protocol notes, sections 4.4 and
 * 4.6).
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Envelope from "../../../schema/Envelope.ts"
import * as Ids from "../../../schema/Ids.ts"
import type * as PollEvent from "../../../schema/PollEvent.ts"
import * as Delivery from "../Delivery.ts"
import type * as Frames from "../Frames.ts"
import * as Sessions from "../Sessions.ts"
import * as Status from "../Status.ts"
import * as Tokens from "../Tokens.ts"
import * as World from "../World.ts"
import * as Extra from "./Extra.ts"

const { session } = Extra

/** `offline` is how lwqq logs out. */
const changeStatus2 = Extra.channel(
  "change_status2",
  Schema.Struct({ ...session, newstatus: Extra.text }),
  (one, { newstatus, psessionid }) =>
    Effect.gen(function* () {
      const status = Status.fromText(newstatus)
      if (status === "offline") {
        yield* Delivery.confirm(one, Redacted.value(psessionid))
        yield* (yield* Sessions.Sessions).leave(one)
      } else yield* one.set((state) => ({ ...state, status }))
      yield* Delivery.announce(one.login.account, status)
      return Extra.done
    })
)

/** A notice of a friend that is no message, with the common members of all events. */
const notice =
  (pollType: string, msgType: number, msgId: number, from: Ids.QQ, to: Ids.QQ) =>
  ({ aliases }: Frames.View): PollEvent.Frame => ({
    poll_type: pollType,
    value: {
      msg_id: msgId,
      from_uin: aliases.uinOf(from),
      to_uin: aliases.uinOf(to),
      msg_id2: msgId,
      msg_type: msgType,
      reply_ip: 4294967295
    }
  })

/** Tells a friend what the session's person does; only servers that send all events do. */
const tell = (name: string, pollType: string, msgType: number) =>
  Extra.channel(name, Schema.Struct({ ...session, to_uin: Ids.Uin }), ({ login }, { to_uin }) =>
    Effect.gen(function* () {
      const to = login.aliases.accountOf(to_uin)
      const isFriend = Option.isSome(to) && (yield* (yield* World.World).isFriend(login.account, to.value))
      if (!isFriend) return Extra.refused("not a friend")
      const msgId = yield* Random.nextIntBetween(1, 65536)
      yield* Delivery.notify(to.value, notice(pollType, msgType, msgId, login.account, to.value))
      return Extra.done
    })
  )

const inputNotify2 = tell("input_notify2", "input_notify", 121)
const shake2 = tell("shake2", "shake_message", 9)

/** Nothing can be uploaded with it. */
const getGfaceSig2 = Extra.channel("get_gface_sig2", Schema.Struct(session), () =>
  Effect.gen(function* () {
    return Envelope.ok<unknown>({ reply: 0, gface_key: yield* Tokens.hex(8), gface_sig: yield* Tokens.hex(32) })
  })
)

/** A request for something that no web client could do any more, or that this server has not. */
const unserved = (name: string) =>
  Extra.channel(name, Schema.Struct(session), () => Effect.succeed(Extra.refused(`${name} is not served here`)))

export const extras = [
  changeStatus2,
  inputNotify2,
  shake2,
  getGfaceSig2,
  unserved("op_group_join_req"),
  unserved("get_file2"),
  unserved("refuse_file2"),
  unserved("notify_offfile2"),
  unserved("send_offfile2")
]
