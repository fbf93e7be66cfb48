/**
 * The channel host: going online, polling, sending, going offline.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Descriptions from "../../../protocol/endpoint/Channel.ts"
import * as Envelope from "../../../schema/Envelope.ts"
import * as Ids from "../../../schema/Ids.ts"
import * as PollEvent from "../../../schema/PollEvent.ts"
import * as Options from "../Options.ts"
import * as Route from "../Route.ts"
import * as Sessions from "../Sessions.ts"
import type * as Wire from "../Wire.ts"
import * as World from "../World.ts"
import * as Access from "./Access.ts"

/** Not valid on this server: the answer to unknown tokens, foreign cookies and forbidden requests. */
const notLoggedIn = Envelope.refused(103)
/** Logged in elsewhere or logged out. */
const ended = Envelope.refused(121)
const malformed = Envelope.refused(100006)

const refused = (refusal: Wire.Refusal) => (refusal._tag === "Malformed" ? malformed : notLoggedIn)

/** Events of one poll answer. One is what every old client survives: some read only the first. */
const eventsPerPoll = (strict: boolean) => (strict ? 50 : 1)

const frameOf = (message: World.Message): PollEvent.Frame =>
  PollEvent.messageFrame({
    msg_id: message.msgId,
    // Here the uin of a person is the QQ number, which a client may not rely on.
    from_uin: Ids.Uin.make(message.from),
    to_uin: Ids.Uin.make(message.to),
    msg_type: 9,
    time: message.time,
    content: message.content
  })

const deliverKept = (session: Sessions.ChannelSession) =>
  Effect.gen(function* () {
    const kept = yield* (yield* World.World).takeKept(session.login.account)
    yield* Effect.forEach(kept, (message) => session.outbox.offer(frameOf(message)), { discard: true })
  })

const login2 = Route.make(
  Descriptions.login2,
  ({ r }, wire) =>
    Effect.gen(function* () {
      const sessions = yield* Sessions.Sessions
      const login = sessions.find("ptwebqq", Redacted.value(r.ptwebqq))
      if (Option.isNone(login) || !(yield* Access.cookiesFit(wire, login.value))) return { reply: notLoggedIn }
      const session = yield* sessions.open(login.value, r.clientid)
      yield* deliverKept(session)
      return {
        reply: Envelope.ok({
          uin: login.value.account,
          cip: 2130706433,
          index: 1075,
          port: 43332,
          status: r.status,
          vfwebqq: Schema.decodeSync(Ids.Vfwebqq)(session.vfwebqq),
          psessionid: Schema.decodeSync(Ids.Psessionid)(session.psessionid),
          user_state: 0,
          f: 0
        })
      }
    }),
  refused
)

const poll2 = Route.make(
  Descriptions.poll2,
  ({ r }, wire) =>
    Effect.gen(function* () {
      const { dialect, holdPoll, strict } = yield* Options.Options
      const found = yield* Access.channelSession({ ...r, psessionid: Redacted.value(r.psessionid) }, wire)
      if (Option.isNone(found)) return { reply: notLoggedIn }
      const outcome = yield* found.value.outbox.poll(holdPoll, eventsPerPoll(strict))
      switch (outcome._tag) {
        case "Frames":
          return { reply: Envelope.ok(outcome.frames) }
        case "Idle":
          return { reply: Envelope.refused(dialect.idleRetcode) }
        case "Closed":
          return { reply: ended }
      }
    }),
  refused
)

const deliver = (message: World.Message) =>
  Effect.gen(function* () {
    const recipient = (yield* Sessions.Sessions).online(message.to)
    yield* Option.match(recipient, {
      onNone: () => Effect.flatMap(World.World, (world) => world.keep(message)),
      onSome: (session) => session.outbox.offer(frameOf(message))
    })
  })

const sendBuddyMsg2 = Route.make(
  Descriptions.sendBuddyMsg2,
  ({ r }, wire) =>
    Effect.gen(function* () {
      const found = yield* Access.channelSession({ ...r, psessionid: Redacted.value(r.psessionid) }, wire)
      if (Option.isNone(found)) return { reply: notLoggedIn }
      if (found.value.ended) return { reply: ended }
      const from = found.value.login.account
      const friends = yield* (yield* World.World).friends(from)
      const friend = friends.find(({ account }) => Number(account.number) === Number(r.to))
      if (friend === undefined) return { reply: Envelope.refused(1, { errmsg: "not a friend" }) }
      const time = Math.floor((yield* Clock.currentTimeMillis) / 1000)
      yield* deliver({ from, to: friend.account.number, msgId: r.msg_id, time, content: r.content })
      return { reply: Envelope.ok("ok") }
    }),
  refused
)

const logout2 = Route.make(
  Descriptions.logout2,
  (request, wire) =>
    Effect.gen(function* () {
      const found = yield* Access.channelSession({ ...request, psessionid: Redacted.value(request.psessionid) }, wire)
      if (Option.isNone(found)) return { reply: notLoggedIn }
      yield* (yield* Sessions.Sessions).close(found.value)
      return { reply: Envelope.ok("ok") }
    }),
  refused
)

export const routes = [login2, poll2, sendBuddyMsg2, logout2]
