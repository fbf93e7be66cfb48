/**
 * The channel host: going online, polling, the heartbeat, going offline.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
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
import * as Client from "../session/Client.ts"
import * as RefusedPolls from "../session/LiveRefusals.ts"
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

/** What a client is like, by what its login2 sends. */
const clientOf = (
  r: { readonly passwd_sig?: string | undefined },
  events: string | undefined,
  { host }: Wire.Request
) => Effect.map(Options.Options, (settings) => Client.of({ host, events, passwdSig: r.passwd_sig }, settings))

const login2 = Route.make(
  Descriptions.login2,
  ({ events, r }, wire) =>
    Effect.gen(function* () {
      const sessions = yield* Sessions.Sessions
      const login = yield* Access.loginOf(r.ptwebqq, wire)
      if (Option.isNone(login)) yield* Refusals.log("login2", "a ptwebqq of no login")
      if (Option.isNone(login) || !(yield* Access.cookiesFit(wire, login.value))) return { reply: Access.noWebLogin }
      const { account } = login.value
      const status = Status.fromText(r.status)
      const client = yield* clientOf(r, events, wire)
      const { psessionid, session, wasOnline } = yield* sessions.open(login.value, {
        clientid: r.clientid,
        client,
        status
      })
      yield* Delivery.deliverWaiting(session)
      if (!wasOnline) yield* Delivery.announce(account, status)
      return {
        reply: Envelope.ok({
          uin: account,
          cip: 2130706433,
          index: 1075,
          port: 43332,
          status,
          vfwebqq: yield* vfwebqqOf(login.value),
          psessionid: Schema.decodeSync(Ids.Psessionid)(psessionid),
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
        yield* session.set((state) => ({ ...state, warm: { ...state.warm, online: true } }))
        const present = yield* Effect.forEach(friends, ({ account }) => sessions.online(account.number))
        return Envelope.ok(
          Arr.getSomes(present)
            .map(({ get, login }) => ({
              uin: session.login.aliases.uinOf(login.account),
              status: Status.visible(get().status),
              client_type: 41
            }))
            .filter(({ status }) => status !== "offline")
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
        if (Option.isSome(session)) {
          yield* session.value.set((state) => ({ ...state, warm: { ...state.warm, recent: true } }))
        }
        return Envelope.ok([])
      })
    ),
  Access.refusedByChannel
)

/** As SmartQQ did: before the list of online friends was asked for, a poll is refused with 103. */
const isCold = (session: Sessions.ChannelSession) =>
  Effect.map(
    Options.Options,
    ({ dialect, strict }) => strict && dialect.name === "smartqq-2015" && !session.get().warm.online
  )

/** Events of one poll answer. One is what every old client survives: some read only the first. */
const eventsPerPoll = (strict: boolean) => (strict ? 50 : 1)

/** How polls are refused: "go online again" for a psessionid of no session; "not online" for one that was ended. */
const relink = Envelope.refused(121)
const notOnline = Envelope.refused(110)

/** An idle poll ends as its client knows it: see `Client`. */
const idle = (ptwebqq: Ids.Ptwebqq | undefined) =>
  Client.wantsEmptyList(ptwebqq) ? Envelope.ok([]) : Envelope.refused(102)

interface Poll {
  readonly psessionid: Ids.Psessionid
  readonly ptwebqq?: Ids.Ptwebqq | undefined
}

/** The answer of a poll, and what to do when it does not arrive. */
const heldPoll = (session: Sessions.ChannelSession, { psessionid, ptwebqq }: Poll) =>
  Effect.gen(function* () {
    const { holdPoll, strict } = yield* Options.Options
    const reader = Redacted.value(psessionid)
    yield* Delivery.confirm(session, reader)
    yield* Delivery.refill(session)
    if (yield* isCold(session)) return { reply: Access.noWebLogin, lost: Effect.void }
    const { lost, outcome } = yield* session.poll({ reader, hold: holdPoll, most: eventsPerPoll(strict) })
    yield* (yield* Sessions.Sessions).heard(session)
    switch (outcome._tag) {
      case "Frames":
        return { reply: Envelope.ok(outcome.frames), lost }
      case "Idle":
        return { reply: idle(ptwebqq), lost }
      case "Ended":
        return { reply: notOnline, lost }
    }
  })

/** Some clients repeat a refused poll at once, and never stop. */
const slowDown = (wire: Wire.Request) => Effect.flatMap(RefusedPolls.RefusedPolls, ({ refused }) => refused(wire))

const isRefusal = (reply: Envelope.Envelope<unknown>) => reply._tag === "Refused" && reply.retcode !== 102

const poll2 = Route.make(
  Descriptions.poll2,
  ({ r }, wire) =>
    Effect.gen(function* () {
      let onLost: Effect.Effect<void> = Effect.void
      const held = (session: Sessions.ChannelSession) =>
        Effect.map(heldPoll(session, r), ({ lost, reply }) => {
          onLost = lost
          return reply
        })
      const unknown = Client.relinks({ host: wire.host, ids: r.ids }) ? relink : Access.noWebLogin
      const answer = yield* Access.channelSession(r, wire, held, unknown)
      if (isRefusal(answer.reply)) yield* slowDown(wire)
      return { ...answer, onLost }
    }),
  Access.refusedByChannel,
  slowDown
)

/** The cookies go with the session. */
const logout2 = Route.make(
  Descriptions.logout2,
  (request, wire) =>
    Access.liveChannelSession(request, wire, (session) =>
      Effect.gen(function* () {
        yield* Delivery.confirm(session, Redacted.value(request.psessionid))
        yield* (yield* Sessions.Sessions).logOut(session)
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
