/**
 * The sends.
 */
import * as Effect from "effect/Effect"
import * as Match from "effect/Match"
import * as Schedule from "effect/Schedule"
import type * as Content from "../schema/Content.ts"
import type * as Envelope from "../schema/Envelope.ts"
import type * as Ids from "../schema/Ids.ts"
import type * as PollEvent from "../schema/PollEvent.ts"
import type * as Signature from "../schema/Signature.ts"
import * as Dialect from "../services/Dialect.ts"
import * as MessageIds from "../services/MessageIds.ts"
import * as SendLimiter from "../services/SendLimiter.ts"
import * as SentLog from "../services/SentLog.ts"
import * as Session from "../services/Session.ts"
import * as Signatures from "../services/Signatures.ts"
import * as Call from "./Call.ts"
import * as Channel from "./Channel.ts"
import * as Errors from "./Errors.ts"
import type * as Endpoint from "./endpoint/Endpoint.ts"
import * as Descriptions from "./endpoint/Messages.ts"
import * as Ptlogin from "./Ptlogin.ts"
import * as Retcode from "./Retcode.ts"

/** A send is not repeated unasked: after a lost answer nobody knows whether the message went out. */
const lostAnswer = Match.type<Errors.CallError>().pipe(
  Match.tagsExhaustive({
    TransportError: ({ detail, endpoint, reason, status }) =>
      new Errors.DeliveryUnknown({ endpoint, detail: status === undefined ? detail || reason : `HTTP ${status}` }),
    UnexpectedResponse: ({ endpoint, expected }) => new Errors.DeliveryUnknown({ endpoint, detail: expected })
  })
)

/** What the retcode of a send says. */
const confirm = (
  endpoint: Retcode.Described,
  reply: Envelope.Envelope<unknown>
): Effect.Effect<void, Errors.SendError> => {
  if (reply._tag === "Ok") return Effect.void
  const { retcode } = reply
  const meaning = Retcode.meaningOf(endpoint, reply)
  if (meaning === "done") return Effect.void
  return Effect.fail(
    meaning === "uncertain"
      ? new Errors.DeliveryUnknown({ endpoint: endpoint.name, retcode, detail: `retcode ${retcode}` })
      : Retcode.toError(endpoint, reply)
  )
}

/** What a send of any kind needs and fails with. */
type Send = Effect.Effect<Ids.MsgId, Errors.SendError, Call.Services | Session.Session | MessageIds.MessageIds>

/** The members that every send has, with a message number of their own. */
interface Common {
  readonly face: number
  readonly content: Content.Content
  readonly msg_id: Ids.MsgId
  readonly clientid: Ids.ClientId
  readonly psessionid: Ids.Psessionid
}

/**
 * - `resend`: when to send again after `DeliveryUnknown`, with the same number. Not at all if not given, because the
 *   message may then arrive twice.
 */
export interface Options {
  readonly resend?: Schedule.Schedule<unknown, Errors.DeliveryUnknown>
}

const isUnknown = (error: Errors.SendError): error is Errors.DeliveryUnknown => error._tag === "DeliveryUnknown"

const resending = <A, R>(send: Effect.Effect<A, Errors.SendError, R>, { resend }: Options) =>
  resend === undefined
    ? send
    : Effect.retry(send, {
        while: isUnknown,
        // Only unknown deliveries reach the schedule.
        schedule: Schedule.mapInput(resend, (error: Errors.SendError) => error as Errors.DeliveryUnknown)
      })

const send = <R>(
  endpoint: Endpoint.Json<
    {
      readonly r: R
      readonly clientid?: Ids.ClientId | undefined
      readonly psessionid?: Ids.Psessionid | undefined
    },
    unknown
  >,
  content: Content.Content,
  options: Options,
  target: (common: Common) => R,
  place?: SentLog.Place
): Send =>
  Effect.gen(function* () {
    const { around } = yield* SentLog.SentLog
    const dialect = yield* Dialect.Dialect
    const session = yield* Session.Session
    const { limit } = yield* SendLimiter.SendLimiter
    const msg_id = yield* (yield* MessageIds.MessageIds).next
    const attempt = Effect.gen(function* () {
      const credentials = yield* session.get
      const { clientid, psessionid } = credentials
      const reply = yield* Call.call(endpoint, {
        r: target({ face: dialect.face, content, msg_id, clientid, psessionid }),
        ...Channel.formFields(dialect, credentials)
      }).pipe(Effect.mapError(lostAnswer))
      yield* confirm(endpoint, reply)
    })
    const logged = place === undefined ? attempt : around(place, content, attempt)
    yield* resending(limit(logged), options)
    return msg_id
  })

/**
 * Sends a message to a friend (seed 1, "发送好友消息"; seed 2, "好友消息") and gives its number.
 *
 * `to` is the friend's uin of this session, from the friend list or a received message. Fails with `DeliveryUnknown`
 * when the message may or may not have gone out (retcode 1202, or no readable answer), `Rejected` when the server said
 * no, `SessionLost` when it wants a new login.
 */
export const sendBuddyMsg2 = (options: { readonly to: Ids.Uin; readonly content: Content.Content } & Options): Send =>
  send(Descriptions.sendBuddyMsg2, options.content, options, (common) => ({ to: options.to, ...common }))

/**
 * Sends a message to a group (seed 1, "发送群消息"; seed 2, "群消息") and gives its number. `gid` is the group's id of
 * this session, not its code. Fails as {@link sendBuddyMsg2} does.
 */
export const sendQunMsg2 = (
  options: { readonly gid: Ids.GroupId; readonly content: Content.Content } & Options
): Send =>
  send(Descriptions.sendQunMsg2, options.content, options, (common) => ({ group_uin: options.gid, ...common }), options)

/**
 * Sends a message to a discussion group (seed 2, "讨论组消息") and gives its number. Fails as {@link sendBuddyMsg2}
 * does.
 */
export const sendDiscuMsg2 = (
  options: { readonly did: Ids.DiscussionId; readonly content: Content.Content } & Options
): Send =>
  send(Descriptions.sendDiscuMsg2, options.content, options, (common) => ({ did: options.did, ...common }), options)

/** The group or discussion group that is shared with the recipient of a temporary session. */
export type CommonGroup = PollEvent.Common

const idOf = (common: CommonGroup): number => (common._tag === "Group" ? common.gid : common.did)
/** 0 for a group, 1 for a discussion group. */
const serviceType = (common: CommonGroup): 0 | 1 => (common._tag === "Group" ? 0 : 1)

/**
 * The signature for writing to somebody with whom a group is shared (seed 1, "获取临时消息群签名"; seed 2, "临时对话").
 * Asks the server every time; {@link sendSessMsg2} keeps what it gets.
 */
export const getC2cmsgSig2 = (options: {
  readonly to: Ids.Uin
  readonly common: CommonGroup
}): Effect.Effect<Signature.GroupSig, Errors.SessionError, Call.Services | Session.Session> =>
  Effect.gen(function* () {
    const session = yield* Session.Session
    const { clientid, psessionid } = yield* session.get
    const reply = yield* Call.result(Descriptions.getC2cmsgSig2, {
      id: idOf(options.common),
      to_uin: options.to,
      service_type: serviceType(options.common),
      clientid,
      psessionid,
      t: yield* Ptlogin.timestamp
    })
    return reply.value
  })

/**
 * Sends a message to somebody who is no friend, through a group or discussion group that both are in (seed 1,
 * "发送临时消息"; seed 2, "临时对话"), and gives its number. The signature is fetched once per recipient and kept; a
 * refused send forgets it.
 *
 * Fails as {@link sendBuddyMsg2} does, and with `TransportError` when the signature could not be had.
 */
export const sendSessMsg2 = (
  options: {
    readonly to: Ids.Uin
    readonly common: CommonGroup
    readonly content: Content.Content
  } & Options
): Effect.Effect<
  Ids.MsgId,
  Errors.SendError | Errors.SessionError,
  Call.Services | Session.Session | MessageIds.MessageIds | Signatures.Signatures
> =>
  Effect.gen(function* () {
    const { common, content, to } = options
    const signatures = yield* Signatures.Signatures
    const recipient = `${common._tag} ${idOf(common)} ${to}`
    const group_sig = yield* signatures.get(recipient, getC2cmsgSig2(options))
    return yield* send(Descriptions.sendSessMsg2, content, options, (members) => ({
      to,
      group_sig,
      ...members,
      service_type: serviceType(common)
    })).pipe(Effect.tapErrorTag("Rejected", () => signatures.forget(recipient)))
  })
