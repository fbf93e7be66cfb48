/**
 * The channel host: going online, polling, the heartbeat, going offline.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Descriptions from "../../../protocol/endpoint/Channel.ts"
import * as Envelope from "../../../schema/Envelope.ts"
import * as Ids from "../../../schema/Ids.ts"
import * as Delivery from "../Delivery.ts"
import * as Options from "../Options.ts"
import * as Refusals from "../Refusals.ts"
import * as Route from "../Route.ts"
import * as Sessions from "../Sessions.ts"
import * as Status from "../Status.ts"
import * as Tokens from "../Tokens.ts"
import type * as Wire from "../Wire.ts"
import * as World from "../World.ts"
import * as Access from "./Access.ts"

/** Where getvfwebqq gives the token that holds, login2's own must not be used: a strict server gives one that fails. */
const vfwebqqOf = ({ vfwebqq }: Sessions.WebLogin) =>
  Effect.gen(function* () {
    const { dialect, strict } = yield* Options.Options
    return Schema.decodeSync(Ids.Vfwebqq)(
      strict && dialect.vfwebqqFrom === "getvfwebqq" ? yield* Tokens.hex(40) : vfwebqq
    )
  })

/**
 * What a client is used to. The shape of messages: strict, that of the dialect; otherwise by whether its login2 still has
 * the `passwd_sig` of the older ones, as clients of either time answer to numbers that only their own shape has.
 * Temporary sessions: the service refused them at the time of d1.web2.qq.com, and two of its clients die of their
 * messages (protocol notes, section 5.1). Texts were escaped there.
 */
const habits = (passwdSig: string | undefined, { host }: Wire.Request) =>
  Effect.map(Options.Options, ({ allEvents, dialect, escapeText, strict }) => ({
    slim: strict ? dialect.name === "smartqq-2015" : passwdSig === undefined,
    escaped: escapeText && host === "d1.web2.qq.com",
    textless: strict,
    temporary: allEvents || host !== "d1.web2.qq.com"
  }))

const login2 = Route.make(
  Descriptions.login2,
  ({ r }, wire) =>
    Effect.gen(function* () {
      const sessions = yield* Sessions.Sessions
      const login = yield* Access.loginOf(r.ptwebqq, wire)
      if (Option.isNone(login)) yield* Refusals.log("login2", "a ptwebqq of no login")
      if (Option.isNone(login) || !(yield* Access.cookiesFit(wire, login.value))) return { reply: Access.noWebLogin }
      const { account } = login.value
      const status = Status.fromText(r.status)
      const client = { clientid: r.clientid, ...(yield* habits(r.passwd_sig, wire)) }
      const session = yield* sessions.open(login.value, client, status)
      yield* Delivery.deliverWaiting(session)
      yield* Delivery.announce(account, status)
      return {
        reply: Envelope.ok({
          uin: account,
          cip: 2130706433,
          index: 1075,
          port: 43332,
          status,
          vfwebqq: yield* vfwebqqOf(login.value),
          psessionid: Schema.decodeSync(Ids.Psessionid)(session.psessionid),
          user_state: 0,
          f: 0
        })
      }
    }),
  Access.refusedByChannel
)

/** Clients pass each object on as keyword arguments: no keys beyond these. */
const getOnlineBuddies2 = Route.make(
  Descriptions.getOnlineBuddies2,
  (request, wire) =>
    Access.liveChannelSession(request, wire, (session) =>
      Effect.gen(function* () {
        const sessions = yield* Sessions.Sessions
        const friends = yield* (yield* World.World).friends(session.login.account)
        session.warm.online = true
        const present = yield* Effect.forEach(friends, ({ account }) => sessions.online(account.number))
        return Envelope.ok(
          Arr.getSomes(present)
            .filter(({ status }) => Status.visible(status) !== "offline")
            .map(({ login, status }) => ({
              uin: session.login.aliases.uinOf(login.account),
              status,
              client_type: 41
            }))
        )
      })
    ),
  Access.refusedByChannel
)

/** Nobody's conversations are kept here. */
const getRecentList2 = Route.make(
  Descriptions.getRecentList2,
  ({ r }, wire) =>
    Access.contactSession(r.vfwebqq, wire, ({ account }) =>
      Effect.gen(function* () {
        const session = yield* (yield* Sessions.Sessions).online(account)
        if (Option.isSome(session)) session.value.warm.recent = true
        return Envelope.ok([])
      })
    ),
  Access.refusedByChannel
)

/** As SmartQQ did: before the list of online friends was asked for, a poll is refused with 103. */
const isCold = ({ warm }: Sessions.ChannelSession) =>
  Effect.map(Options.Options, ({ dialect, strict }) => strict && dialect.name === "smartqq-2015" && !warm.online)

/** Events of one poll answer. One is what every old client survives: some read only the first. */
const eventsPerPoll = (strict: boolean) => (strict ? 50 : 1)

/** An idle poll ends with 102 for the older dialects, whose `r` has no ptwebqq, and without events for the later one. */
const idle = (ptwebqq: Ids.Ptwebqq | undefined) => (ptwebqq === undefined ? Envelope.refused(102) : Envelope.ok([]))

const heldPoll = (session: Sessions.ChannelSession, ptwebqq: Ids.Ptwebqq | undefined) =>
  Effect.gen(function* () {
    const { holdPoll, strict } = yield* Options.Options
    if (yield* isCold(session)) return Access.noWebLogin
    const { outbox } = session
    // A client that hangs up before it is answered has not got its events.
    const outcome = yield* Effect.onInterrupt(outbox.poll(holdPoll, eventsPerPoll(strict)), () => outbox.lost)
    yield* (yield* Sessions.Sessions).heard(session)
    switch (outcome._tag) {
      case "Frames":
        return Envelope.ok(outcome.frames)
      case "Idle":
        return idle(ptwebqq)
      case "Closed":
        return Access.endedSession
    }
  })

const poll2 = Route.make(
  Descriptions.poll2,
  ({ r }, wire) =>
    Effect.gen(function* () {
      let onLost: Effect.Effect<void> = Effect.void
      const answer = yield* Access.channelSession(r, wire, (session) => {
        onLost = session.outbox.lost
        const ready = Effect.zipRight(Delivery.confirm(session), Delivery.refill(session))
        return Effect.zipRight(ready, heldPoll(session, r.ptwebqq))
      })
      return { ...answer, onLost }
    }),
  Access.refusedByChannel
)

const logout2 = Route.make(
  Descriptions.logout2,
  (request, wire) =>
    Access.liveChannelSession(request, wire, (session) =>
      Effect.gen(function* () {
        yield* Delivery.confirm(session)
        yield* (yield* Sessions.Sessions).close(session)
        yield* Delivery.announce(session.login.account, "offline")
        return Envelope.ok("ok")
      })
    ),
  Access.refusedByChannel
)

/** Clients ignore the answer; any 200 will do. */
const getMsgTip = Route.make(
  Descriptions.getMsgTip,
  () => Effect.succeed({ reply: '{"retcode":0}' }),
  () => '{"retcode":103}'
)

export const routes = [login2, getOnlineBuddies2, getRecentList2, poll2, logout2, getMsgTip]
