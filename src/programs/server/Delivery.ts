/**
 * How letters and notices reach the sessions of an account.
 *
 * A letter is kept in the world before its sender is answered, and until the recipient's next request shows that it
 * arrived. So no acknowledged letter is lost, whatever happens in between; one may come twice.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Ids from "../../schema/Ids.ts"
import type * as PollEvent from "../../schema/PollEvent.ts"
import * as Frames from "./Frames.ts"
import type * as Letter from "./Letter.ts"
import * as Options from "./Options.ts"
import * as Sessions from "./Sessions.ts"
import * as Status from "./Status.ts"
import * as World from "./World.ts"

type Needs = Options.Options | Sessions.Sessions | World.World

/** Unix time in seconds. */
export const seconds: Effect.Effect<number> = Effect.map(Clock.currentTimeMillis, (now) => Math.floor(now / 1000))

const offer = (
  { client, login, outbox }: Sessions.ChannelSession,
  frame: (view: Frames.View) => PollEvent.Frame,
  key?: number
): Effect.Effect<void> => outbox.offer(frame({ ...client, aliases: login.aliases }), key)

/** A letter that the client would not survive waits for a session of another one. */
const hand = (session: Sessions.ChannelSession, { key, letter }: World.Kept) =>
  letter.place._tag === "Session" && !session.client.temporary
    ? Effect.void
    : offer(session, (view) => Frames.ofLetter(letter, view), key)

const push = (kept: World.Kept) =>
  Effect.gen(function* () {
    const session = yield* (yield* Sessions.Sessions).online(kept.letter.to)
    // Where older ones are still to be read, this one is read after them.
    if (Option.isSome(session) && !session.value.behind) yield* hand(session.value, kept)
  })

/**
 * Keeps letters, and gives them to those recipients who are online. Gives back how many were taken in: the others'
 * recipients have too many waiting.
 */
export const deliver = (letters: ReadonlyArray<Letter.Letter>): Effect.Effect<number, never, Needs> =>
  Effect.gen(function* () {
    const kept = yield* (yield* World.World).keep(letters)
    yield* Effect.forEach(kept, push, { discard: true })
    return kept.length
    // A sender who hangs up must not leave the recipient without what is kept.
  }).pipe(Effect.uninterruptible)

/** A frame that is no message, and that some old clients do not survive: only for servers that send all events. */
export const notify = (
  to: Ids.QQ,
  frame: (view: Frames.View) => PollEvent.Frame
): Effect.Effect<void, never, Sessions.Sessions | Options.Options> =>
  Effect.gen(function* () {
    const { allEvents } = yield* Options.Options
    const session = yield* (yield* Sessions.Sessions).online(to)
    if (allEvents && Option.isSome(session)) yield* offer(session.value, frame)
  })

/** Letters that are read from the world at once: a long absence must not stop the server. */
const pageSize = 200

/** Hands on the next letters of those that the world keeps. */
const readOn = (session: Sessions.ChannelSession) =>
  Effect.gen(function* () {
    // What is kept while this reads is handed on by who keeps it; the outbox knows it if it is read here too.
    session.behind = false
    const page = yield* (yield* World.World).kept(session.login.account, { after: session.readTo, most: pageSize })
    yield* Effect.forEach(page, (kept) => hand(session, kept), { discard: true })
    session.readTo = page.at(-1)?.key ?? session.readTo
    session.behind = page.length === pageSize
  }).pipe(Effect.uninterruptible)

/** Fetches more letters when those are gone that were fetched before. */
export const refill = (session: Sessions.ChannelSession): Effect.Effect<void, never, World.World> =>
  Effect.whileLoop({
    while: () => session.behind && session.outbox.isEmpty(),
    body: () => readOn(session),
    step: () => {}
  })

/** What waited for the account of a session: letters and friend requests. */
export const deliverWaiting = (session: Sessions.ChannelSession): Effect.Effect<void, never, Needs> =>
  Effect.gen(function* () {
    const world = yield* World.World
    const { account } = session.login
    yield* readOn(session)
    for (const request of yield* world.requests(account)) {
      yield* notify(account, (view) => Frames.request(request, view))
    }
  })

/** Somebody who was away is back. */
export const welcomeBack = (session: Sessions.ChannelSession): Effect.Effect<void, never, Needs> =>
  Effect.zipRight(deliverWaiting(session), announce(session.login.account, session.status))

/** What the last answer brought has arrived, as a request of the client shows; even if that request breaks off here. */
export const confirm = ({ outbox }: Sessions.ChannelSession): Effect.Effect<void, never, World.World> =>
  Effect.gen(function* () {
    const keys = yield* outbox.arrived
    if (keys.length > 0) yield* (yield* World.World).arrived(keys)
  }).pipe(Effect.uninterruptible)

/** Tells the friends of an account that it came, went or changed its status (a name such as "online"). */
export const announce = (account: Ids.QQ, status: string): Effect.Effect<void, never, Needs> =>
  Effect.gen(function* () {
    const friends = yield* (yield* World.World).friends(account)
    yield* Effect.forEach(
      friends,
      (friend) => notify(friend.account.number, (view) => Frames.status(account, Status.visible(status), view)),
      { discard: true }
    )
  })
