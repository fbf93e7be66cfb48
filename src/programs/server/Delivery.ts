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
import * as Bounds from "./Bounds.ts"
import * as Frames from "./Frames.ts"
import type * as Letter from "./Letter.ts"
import * as Sessions from "./Sessions.ts"
import * as Status from "./Status.ts"
import * as Mailbox from "./session/Mailbox.ts"
import * as World from "./World.ts"

type Needs = Sessions.Sessions | World.World

/** Unix time in seconds. */
export const seconds: Effect.Effect<number> = Effect.map(Clock.currentTimeMillis, (now) => Math.floor(now / 1000))

const viewOf = (session: Sessions.ChannelSession): Frames.View => ({
  ...session.get().client,
  aliases: session.login.aliases
})

/** A letter that the client would not survive waits for a session of another one. */
const isFor = (session: Sessions.ChannelSession, { place }: Letter.Letter): boolean =>
  place._tag !== "Session" || session.get().client.allEvents

const push = ({ key, letter }: World.Kept) =>
  Effect.gen(function* () {
    const session = yield* (yield* Sessions.Sessions).online(letter.to)
    if (Option.isSome(session) && isFor(session.value, letter)) {
      yield* session.value.offer(Frames.ofLetter(letter, viewOf(session.value)), key)
    }
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

/** A frame that is no message: only for clients that survive it. */
export const notify = (
  to: Ids.QQ,
  frame: (view: Frames.View) => PollEvent.Frame
): Effect.Effect<void, never, Sessions.Sessions> =>
  Effect.gen(function* () {
    const session = yield* (yield* Sessions.Sessions).online(to)
    if (Option.isSome(session) && session.value.get().client.allEvents) {
      yield* session.value.offer(frame(viewOf(session.value)))
    }
  })

/** Hands on the next letters of those that the world keeps: a long absence must not stop the server. */
const readOn = (session: Sessions.ChannelSession) =>
  Effect.gen(function* () {
    yield* session.reading
    const { readTo } = session.get().mailbox
    const page = { after: readTo, most: Bounds.lettersAtOnce }
    const kept = yield* (yield* World.World).kept(session.login.account, page)
    const items = kept.flatMap(({ key, letter }) =>
      isFor(session, letter) ? Mailbox.item(Frames.ofLetter(letter, viewOf(session)), key) : []
    )
    yield* session.page(items, { last: kept.at(-1)?.key ?? readTo, more: kept.length === page.most })
  }).pipe(Effect.uninterruptible)

/** Fetches more letters when those are gone that were fetched before. */
export const refill = (session: Sessions.ChannelSession): Effect.Effect<void, never, World.World> =>
  Effect.whileLoop({
    while: () => Mailbox.wantsMore(session.get().mailbox),
    body: () => readOn(session),
    step: () => {}
  })

/** What waited for the account of a session: letters and friend requests. */
export const deliverWaiting = (session: Sessions.ChannelSession): Effect.Effect<void, never, Needs> =>
  Effect.gen(function* () {
    const world = yield* World.World
    const { account } = session.login
    yield* readOn(session)
    yield* refill(session)
    for (const request of yield* world.requests(account)) {
      yield* notify(account, (view) => Frames.request(request, view))
    }
  })

/** Somebody who was away is back. */
export const welcomeBack = (session: Sessions.ChannelSession): Effect.Effect<void, never, Needs> =>
  Effect.zipRight(deliverWaiting(session), announce(session.login.account, session.get().status))

/**
 * What the last answer brought has arrived, if this reader (psessionid) got it, as its next request shows; even if that
 * request breaks off here.
 */
export const confirm = (session: Sessions.ChannelSession, reader: string): Effect.Effect<void, never, World.World> =>
  Effect.gen(function* () {
    const keys = yield* session.confirm(reader)
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
