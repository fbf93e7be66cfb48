/**
 * The channel host: going online, polling, the heartbeat, going offline.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Descriptions from "../../../protocol/endpoint/Channel.ts"
import * as Envelope from "../../../schema/Envelope.ts"
import * as Ids from "../../../schema/Ids.ts"
import * as Delivery from "../Delivery.ts"
import * as Options from "../Options.ts"
import * as Route from "../Route.ts"
import * as Sessions from "../Sessions.ts"
import * as Tokens from "../Tokens.ts"
import * as Access from "./Access.ts"

/** Where getvfwebqq gives the token that holds, login2's own must not be used: a strict server gives one that fails. */
const vfwebqqOf = ({ vfwebqq }: Sessions.WebLogin) =>
  Effect.gen(function* () {
    const { dialect, strict } = yield* Options.Options
    return Schema.decodeSync(Ids.Vfwebqq)(
      strict && dialect.vfwebqqFrom === "getvfwebqq" ? yield* Tokens.hex(40) : vfwebqq
    )
  })

const login2 = Route.make(
  Descriptions.login2,
  ({ r }, wire) =>
    Effect.gen(function* () {
      const sessions = yield* Sessions.Sessions
      const login = sessions.find("ptwebqq", Redacted.value(r.ptwebqq))
      if (Option.isNone(login) || !(yield* Access.cookiesFit(wire, login.value))) return { reply: Access.noWebLogin }
      const { account } = login.value
      const { psessionid } = yield* sessions.open(login.value, r.clientid)
      yield* Delivery.deliverWaiting(account)
      yield* Delivery.announce(account, r.status)
      return {
        reply: Envelope.ok({
          uin: account,
          cip: 2130706433,
          index: 1075,
          port: 43332,
          status: r.status,
          vfwebqq: yield* vfwebqqOf(login.value),
          psessionid: Schema.decodeSync(Ids.Psessionid)(psessionid),
          user_state: 0,
          f: 0
        })
      }
    }),
  Access.refusedByChannel
)

/** Events of one poll answer. One is what every old client survives: some read only the first. */
const eventsPerPoll = (strict: boolean) => (strict ? 50 : 1)

/** An idle poll ends with 102 for the older dialects, whose `r` has no ptwebqq, and without events for the later one. */
const idle = (ptwebqq: Ids.Ptwebqq | undefined) => (ptwebqq === undefined ? Envelope.refused(102) : Envelope.ok([]))

const poll2 = Route.make(
  Descriptions.poll2,
  ({ r }, wire) =>
    Access.channelSession(r, wire, ({ outbox }) =>
      Effect.gen(function* () {
        const { holdPoll, strict } = yield* Options.Options
        const outcome = yield* outbox.poll(holdPoll, eventsPerPoll(strict))
        switch (outcome._tag) {
          case "Frames":
            return Envelope.ok(outcome.frames)
          case "Idle":
            return idle(r.ptwebqq)
          case "Closed":
            return Access.endedSession
        }
      })
    ),
  Access.refusedByChannel
)

const logout2 = Route.make(
  Descriptions.logout2,
  (request, wire) =>
    Access.liveChannelSession(request, wire, (session) =>
      Effect.gen(function* () {
        yield* (yield* Sessions.Sessions).close(session)
        yield* Delivery.announce(session.login.account, "offline")
        return Envelope.ok("ok")
      })
    ),
  Access.refusedByChannel
)

/** Clients ignore the answer; any 200 will do. */
const getMsgTip = Route.make(Descriptions.getMsgTip, () => Effect.succeed({ reply: '{"retcode":0}' }))

export const routes = [login2, poll2, logout2, getMsgTip]
