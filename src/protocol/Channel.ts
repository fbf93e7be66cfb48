/**
 * The calls to the channel host, but for the sends (`Messages`).
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import * as Schema from "effect/Schema"
import type * as ChannelSchema from "../schema/Channel.ts"
import type * as Groups from "../schema/Groups.ts"
import * as Ids from "../schema/Ids.ts"
import * as PollEvent from "../schema/PollEvent.ts"
import * as CookieStore from "../services/CookieStore.ts"
import * as Dialect from "../services/Dialect.ts"
import * as Session from "../services/Session.ts"
import * as Call from "./Call.ts"
import type * as Dialects from "./dialect/Dialect.ts"
import type * as Errors from "./Errors.ts"
import * as Descriptions from "./endpoint/Channel.ts"
import * as Ptlogin from "./Ptlogin.ts"
import * as Retcode from "./Retcode.ts"

/** The form fields that stand beside `r` where the dialect repeats them. */
export const formFields = (
  dialect: Dialects.Dialect,
  { clientid, psessionid }: Pick<Session.Credentials, "clientid" | "psessionid">
): { readonly clientid?: Ids.ClientId; readonly psessionid?: Ids.Psessionid } =>
  dialect.channelForm ? { clientid, psessionid } : {}

/** What stands in the form before there is a psessionid: a word in the older dialects. */
const theWordNull = Schema.decodeSync(Ids.Psessionid)("null")
const nothing = Schema.decodeSync(Ids.Psessionid)("")

/**
 * Goes online: turns the web login (cookie `ptwebqq`) into a session (seed 1, "登录").
 *
 * `status` is the name of a status such as "online"; `clientid` is chosen by the client. Fails with `SessionLost` when
 * the cookies of the web login are missing or too old.
 */
export const login2 = (options: {
  readonly ptwebqq: Ids.Ptwebqq
  readonly clientid: Ids.ClientId
  readonly status?: string
}): Effect.Effect<ChannelSchema.Login2, Errors.SessionError, Call.Services> =>
  Effect.gen(function* () {
    const { clientid, ptwebqq, status = "online" } = options
    const dialect = yield* Dialect.Dialect
    const events = dialect.allEvents ? { events: Descriptions.allEvents } : {}
    return yield* Call.result(
      Descriptions.login2,
      dialect.channelForm
        ? {
            r: { status, ptwebqq, passwd_sig: "", clientid, psessionid: null },
            clientid,
            psessionid: theWordNull,
            ...events
          }
        : { r: { ptwebqq, clientid, psessionid: nothing, status }, ...events }
    )
  })

/** The cookie lives on the whole of qq.com, so any of its hosts may set it. */
const adopt = (token: Ids.Ptwebqq) =>
  Effect.gen(function* () {
    const session = yield* Session.Session
    const store = yield* CookieStore.CookieStore
    const dialect = yield* Dialect.Dialect
    // The cookie first: whoever sees the session change may keep both.
    yield* store.set(new URL(dialect.origins.channel), "ptwebqq", token)
    yield* session.update({ ptwebqq: token })
  })

/** The wire has the newest frame first (protocol notes, section 5.1). */
const eventsOf =
  ({ escapedText }: Dialects.Dialect) =>
  (frames: ReadonlyArray<PollEvent.Frame>): ReadonlyArray<PollEvent.PollEvent> =>
    frames.map(escapedText ? PollEvent.fromEscapedFrame : PollEvent.fromFrame).reverse()

/**
 * The answer to one long poll: its events, oldest first; without any, whether the retcode may also mean that the session
 * is over (a client that left, that is not online, whose login expired).
 */
export interface Polled {
  readonly events: ReadonlyArray<PollEvent.PollEvent>
  readonly doubtful: boolean
}

const polled = (events: ReadonlyArray<PollEvent.PollEvent>, doubtful = false): Polled => ({ events, doubtful })

/** {@link poll2}, and what its retcode leaves open. */
export const poll: Effect.Effect<Polled, Errors.SessionError, Call.Services | Session.Session> = Effect.gen(
  function* () {
    const dialect = yield* Dialect.Dialect
    const session = yield* Session.Session
    const credentials = yield* session.get
    const { clientid, psessionid } = credentials
    const r =
      dialect.poll === "ids"
        ? { clientid, psessionid, key: 0, ids: [] }
        : { ptwebqq: credentials.ptwebqq, clientid, psessionid, key: "" }
    yield* Ref.set(session.unconfirmed, false)
    const reply = yield* Call.call(
      Descriptions.poll2,
      { r, ...formFields(dialect, credentials) },
      // The server holds a poll for about a minute; Tencent's own client gave up after two.
      { timeout: "120 seconds" }
    )
    const frames = reply._tag === "Ok" ? reply.result : Option.getOrElse(reply.result, () => [])
    const events = eventsOf(dialect)(frames)
    if (events.length > 0) yield* Ref.set(session.unconfirmed, true)
    if (reply._tag === "Ok") return polled(events)
    const meaning = Retcode.meaningOf(Descriptions.poll2, reply)
    if (meaning === "rotated" && Option.isSome(reply.p)) {
      // What is no token would spoil every later request: then the one that we have has to do.
      yield* Option.match(Ids.ptwebqqOf(reply.p.value), {
        onNone: () => Effect.logWarning("poll2: the new ptwebqq is no token; the old one stays"),
        onSome: adopt
      })
      return polled(events)
    }
    const isHarmless =
      meaning === "idle" ||
      meaning === "doubtful" ||
      (events.length > 0 && (meaning === "rotated" || meaning === "unclear"))
    return isHarmless
      ? polled(events, meaning === "doubtful")
      : yield* Effect.fail(Retcode.toError(Descriptions.poll2, reply))
  }
)

/**
 * One long poll (seed 1, "获取消息"; seed 2, "消息获取"): the events of the answer, oldest first. None when the server
 * ended the poll without events (retcode 102 and others that clients found harmless) or replaced ptwebqq (116), which is
 * stored in the session at once.
 *
 * Fails with `SessionLost` for the retcodes that mean "log in again", with `ServerBusy` for 112 and 113, and with
 * `Rejected` for one that nobody knows; events beside it are given all the same.
 */
export const poll2: Effect.Effect<
  ReadonlyArray<PollEvent.PollEvent>,
  Errors.SessionError,
  Call.Services | Session.Session
> = Effect.map(poll, ({ events }) => events)

/** Ends the session on the channel server (seed 2, "logout2"). */
export const logout2: Effect.Effect<void, Errors.SessionError, Call.Services | Session.Session> = Effect.gen(
  function* () {
    const session = yield* Session.Session
    const { clientid, psessionid } = yield* session.get
    yield* Call.done(
      Descriptions.logout2,
      { ids: "", clientid, psessionid, t: yield* Ptlogin.timestamp },
      { timeout: "5 seconds" }
    )
  }
)

/**
 * The friends that are online (protocol notes, section 4.1). Cheap, and so the way to ask whether a session still holds;
 * asked for first after login2, because poll2 was answered with 103 otherwise.
 */
export const getOnlineBuddies2: Effect.Effect<
  ChannelSchema.OnlineBuddies,
  Errors.SessionError,
  Call.Services | Session.Session
> = Effect.gen(function* () {
  const session = yield* Session.Session
  const { clientid, psessionid, vfwebqq } = yield* session.get
  const t = yield* Ptlogin.timestamp
  return yield* Call.result(Descriptions.getOnlineBuddies2, { vfwebqq, clientid, psessionid, t })
})

/** The latest conversations (protocol notes, section 4.1): friend, group or discussion by `type` 0, 1, 2. */
export const getRecentList2: Effect.Effect<
  ChannelSchema.RecentList,
  Errors.SessionError,
  Call.Services | Session.Session
> = Effect.gen(function* () {
  const session = yield* Session.Session
  const { clientid, psessionid, vfwebqq } = yield* session.get
  return yield* Call.result(Descriptions.getRecentList2, { r: { vfwebqq, clientid, psessionid } })
})

/**
 * The members of a discussion group (seed 2, "讨论组成员"); `Groups.discussionMembers` of the schema room joins the
 * parts of the reply.
 */
export const getDiscuInfo = (
  did: Ids.DiscussionId
): Effect.Effect<Groups.DiscuInfo, Errors.SessionError, Call.Services | Session.Session> =>
  Effect.gen(function* () {
    const session = yield* Session.Session
    const { clientid, psessionid, vfwebqq } = yield* session.get
    const t = yield* Ptlogin.timestamp
    return yield* Call.result(Descriptions.getDiscuInfo, { did, vfwebqq, clientid, psessionid, t })
  })

/**
 * One heartbeat (seed 1, "心跳"): `count` is how many were sent before. The answer is ignored; only the transport can
 * fail. Sent every minute until 2014.
 */
export const getMsgTip = (count: number): Effect.Effect<void, Errors.CallError, Call.Services | Session.Session> =>
  Effect.gen(function* () {
    yield* Session.Session
    const request = Descriptions.MsgTipRequest.make({ rc: String(count), t: yield* Ptlogin.timestamp })
    yield* Call.call(Descriptions.getMsgTip, request, { timeout: "10 seconds" })
  })
