/**
 * The sends.
 */
import * as Effect from "effect/Effect"
import * as Match from "effect/Match"
import type * as Content from "../schema/Content.ts"
import type * as Envelope from "../schema/Envelope.ts"
import type * as Ids from "../schema/Ids.ts"
import * as Dialect from "../services/Dialect.ts"
import * as MessageIds from "../services/MessageIds.ts"
import * as Session from "../services/Session.ts"
import * as Call from "./Call.ts"
import * as Channel from "./Channel.ts"
import * as Errors from "./Errors.ts"
import * as Descriptions from "./endpoint/Channel.ts"
import * as Retcode from "./Retcode.ts"

/** A send is never repeated here: after a lost answer nobody knows whether the message went out. */
const lostAnswer = Match.type<Errors.CallError>().pipe(
  Match.tagsExhaustive({
    TransportError: ({ detail, endpoint, reason, status }) =>
      new Errors.DeliveryUnknown({ endpoint, detail: status === undefined ? detail || reason : `HTTP ${status}` }),
    UnexpectedResponse: ({ endpoint, expected }) => new Errors.DeliveryUnknown({ endpoint, detail: expected })
  })
)

const confirm = (endpoint: string, reply: Envelope.Envelope<unknown>): Effect.Effect<void, Errors.SendError> => {
  if (reply._tag === "Ok" || Retcode.isSent(reply.retcode)) return Effect.void
  return Effect.fail(
    reply.retcode === Retcode.uncertain
      ? new Errors.DeliveryUnknown({ endpoint, retcode: reply.retcode, detail: `retcode ${reply.retcode}` })
      : Retcode.toError(endpoint, reply)
  )
}

/**
 * Sends a message to a friend (seed 1, "发送好友消息"; seed 2, "好友消息") and gives its number.
 *
 * `to` is the friend's uin of this session, from the friend list or a received message. Fails with `DeliveryUnknown`
 * when the message may or may not have gone out (retcode 1202, or no readable answer), `Rejected` when the server said
 * no, `SessionLost` when it wants a new login.
 */
export const sendBuddyMsg2 = (options: {
  readonly to: Ids.Uin
  readonly content: Content.Content
}): Effect.Effect<Ids.MsgId, Errors.SendError, Call.Services | Session.Session | MessageIds.MessageIds> =>
  Effect.gen(function* () {
    const dialect = yield* Dialect.Dialect
    const session = yield* Session.Session
    const credentials = yield* session.get
    const { clientid, psessionid } = credentials
    const msgId = yield* (yield* MessageIds.MessageIds).next
    const reply = yield* Call.call(Descriptions.sendBuddyMsg2, {
      r: { to: options.to, face: dialect.face, content: options.content, msg_id: msgId, clientid, psessionid },
      ...Channel.formFields(dialect, credentials)
    }).pipe(Effect.mapError(lostAnswer))
    yield* confirm("send_buddy_msg2", reply)
    return msgId
  })
