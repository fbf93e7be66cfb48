/**
 * How words and notices reach the sessions of an account. Here the uin of a person is the QQ number, on which no client
 * may rely.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Dialects from "../../protocol/dialect/Dialect.ts"
import * as Ids from "../../schema/Ids.ts"
import * as PollEvent from "../../schema/PollEvent.ts"
import * as Options from "./Options.ts"
import * as Sessions from "./Sessions.ts"
import * as World from "./World.ts"

/** Unix time in seconds. */
export const seconds: Effect.Effect<number> = Effect.map(Clock.currentTimeMillis, (now) => Math.floor(now / 1000))

/** The uin under which sessions see an account. */
export const uinOf = (account: Ids.QQ): Ids.Uin => Ids.Uin.make(account)

/** The account behind a uin. */
export const accountOf = (uin: Ids.Uin): Ids.QQ => Ids.QQ.make(uin)

/** Gives a frame to an account's session; false if the account is not online. */
export const push = (to: Ids.QQ, frame: PollEvent.Frame): Effect.Effect<boolean, never, Sessions.Sessions> =>
  Effect.flatMap(Sessions.Sessions, (sessions) =>
    Option.match(sessions.online(to), {
      onNone: () => Effect.succeed(false),
      onSome: (session) => Effect.as(session.outbox.offer(frame), true)
    })
  )

/** A frame that is no message, and that some old clients do not survive: only for servers that send all events. */
export const notify = (
  to: Ids.QQ,
  frame: PollEvent.Frame
): Effect.Effect<void, never, Sessions.Sessions | Options.Options> =>
  Effect.flatMap(Options.Options, ({ allEvents }) => (allEvents ? push(to, frame) : Effect.void))

/** 9 is a friend's message until 2015; later the number is always 0. */
const buddyFrame = (message: World.Message, dialect: Dialects.Dialect): PollEvent.Frame =>
  PollEvent.messageFrame({
    msg_id: message.msgId,
    from_uin: uinOf(message.from),
    to_uin: uinOf(message.to),
    msg_type: dialect.name === "smartqq-2015" ? 0 : 9,
    time: message.time,
    content: message.content
  })

/** Delivers a message to a friend, or keeps it until the next login. */
export const deliver = (
  message: World.Message
): Effect.Effect<void, never, Options.Options | Sessions.Sessions | World.World> =>
  Effect.gen(function* () {
    const { dialect } = yield* Options.Options
    if (yield* push(message.to, buddyFrame(message, dialect))) return
    yield* (yield* World.World).keep(message)
  })

/** Friend requests are told at the login and when they come. */
const requestFrame = ({ from, message }: World.FriendRequest): PollEvent.Frame => ({
  poll_type: "system_message",
  value: {
    seq: 1,
    type: "verify_required",
    uiuin: "",
    from_uin: uinOf(from),
    account: from,
    msg: message,
    allow: 1,
    stat: 10,
    client_type: 1
  }
})

/** What waited for an account: kept messages and friend requests. */
export const deliverWaiting = (
  account: Ids.QQ
): Effect.Effect<void, never, Sessions.Sessions | World.World | Options.Options> =>
  Effect.gen(function* () {
    const world = yield* World.World
    yield* Effect.forEach(yield* world.takeKept(account), deliver, { discard: true })
    const requests = yield* world.requests(account)
    yield* Effect.forEach(requests, (request) => notify(account, requestFrame(request)), { discard: true })
  })

/** Tells the friends of an account that it came or went; `status` is a name such as "online". */
export const announce = (
  account: Ids.QQ,
  status: string
): Effect.Effect<void, never, Sessions.Sessions | World.World | Options.Options> =>
  Effect.gen(function* () {
    const friends = yield* (yield* World.World).friends(account)
    const frame = { poll_type: "buddies_status_change", value: { uin: uinOf(account), status, client_type: 41 } }
    yield* Effect.forEach(friends, (friend) => notify(friend.account.number, frame), { discard: true })
  })
