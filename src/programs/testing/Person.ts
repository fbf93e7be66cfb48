/**
 * Somebody in a test who talks to the bot and hears what it says.
 */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Mailbox from "effect/Mailbox"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type * as Call from "../../protocol/Call.ts"
import * as Contacts from "../../protocol/Contacts.ts"
import type * as Errors from "../../protocol/Errors.ts"
import * as Messages from "../../protocol/Messages.ts"
import * as Poll from "../../protocol/Poll.ts"
import * as Content from "../../schema/Content.ts"
import * as Groups from "../../schema/Groups.ts"
import type * as Ids from "../../schema/Ids.ts"
import * as PollEvent from "../../schema/PollEvent.ts"
import * as Friends from "../Friends.ts"
import * as Login from "../Login.ts"

/** What the calls of somebody who is logged in need. */
export type Services = Login.LoggedIn | Call.Services

type Sent = Effect.Effect<Ids.MsgId, Errors.SendError | Errors.SessionError>
type Kind = Poll.Event["_tag"]

/**
 * - `does(effect)`: runs any Effect of the library as this person.
 * - `say(to, text)`: a message to a friend, by remark, nick or QQ number. Text is read as people type it: `[微笑]`
 *   becomes a face (`Content.fromText`).
 * - `sayIn(place, text)`: a message to a group or a discussion group, by its name.
 * - `next`: the next event, and {@link nextOf}`(kind)` the next of a kind, events of other kinds before it being skipped.
 *   Waits for it; fails with what ended the session, such as `Kicked`.
 * - `nextText`: the text of the next message, wherever it is said; faces as `[微笑]`.
 * - `heard`: every event so far, whether or not it was asked for; `texts`: those of the messages among them.
 *
 * A friend or a group that does not exist is a mistake in the test, and a defect.
 */
export interface Person {
  readonly nick: string
  readonly account: Ids.QQ
  readonly does: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, Exclude<R, Services>>
  readonly say: (to: string, text: string | Content.Content) => Sent
  readonly sayIn: (place: string, text: string | Content.Content) => Sent
  readonly next: Effect.Effect<Poll.Event, Poll.End>
  readonly nextOf: <K extends Kind>(kind: K) => Effect.Effect<Extract<Poll.Event, { readonly _tag: K }>, Poll.End>
  readonly nextText: Effect.Effect<string, Poll.End>
  readonly heard: Effect.Effect<ReadonlyArray<Poll.Event>>
  readonly texts: Effect.Effect<ReadonlyArray<string>>
}

const contentOf = (text: string | Content.Content): Content.Content =>
  typeof text === "string" ? Content.fromText(text) : text

/** The only one; the test is wrong if there is none, or more than one. */
const only = <A>(found: ReadonlyArray<A>, what: string): Effect.Effect<A> => {
  const [one] = found
  return one !== undefined && found.length === 1
    ? Effect.succeed(one)
    : Effect.dieMessage(`${found.length === 0 ? "there is no" : "there is more than one"} ${what}`)
}

const say = (me: string, to: string, text: string | Content.Content) =>
  Effect.gen(function* () {
    const friend = yield* only(yield* Friends.called(to), `friend of ${me} called ${to}`)
    return yield* Messages.sendBuddyMsg2({ to: friend.uin, content: contentOf(text) })
  })

const sayIn = (me: string, place: string, text: string | Content.Content) =>
  Effect.gen(function* () {
    const content = contentOf(text)
    const groups = Groups.groups(yield* Contacts.getGroupNameListMask2).map(({ gid, name }) => ({
      name,
      send: Messages.sendQunMsg2({ gid, content })
    }))
    const discussions = (yield* Contacts.getDiscusList).dnamelist.map(({ did, name }) => ({
      name,
      send: Messages.sendDiscuMsg2({ did, content })
    }))
    const named = [...groups, ...discussions].filter(({ name }) => name === place)
    return yield* (yield* only(named, `group of ${me} called ${place}`)).send
  })

/** Listens from now on, in the scope. */
const listen = Effect.gen(function* () {
  const heard: Array<Poll.Event> = []
  // Faults are meant for the bot: this person gets over a lost session.
  const events = Poll.events({ recover: Login.relogin }).pipe(
    Stream.tap((event) => Effect.sync(() => heard.push(event))),
    Stream.catchAll((end) => (end._tag === "RecoveryFailed" ? Stream.die(end) : Stream.fail(end)))
  )
  // Without a bound: nobody is held up because a test does not look.
  const mailbox = yield* Mailbox.fromStream(events, { capacity: Number.POSITIVE_INFINITY })
  return { heard, mailbox }
})

const isKind =
  <K extends Kind>(kind: K) =>
  (event: Poll.Event): event is Extract<Poll.Event, { readonly _tag: K }> =>
    event._tag === kind

export const make = (options: {
  readonly nick: string
  readonly account: Ids.QQ
  readonly services: Context.Context<Services>
}): Effect.Effect<Person, never, Scope.Scope> =>
  Effect.gen(function* () {
    const { account, nick, services } = options
    const { heard, mailbox } = yield* Effect.provide(listen, services)
    // A poll stream ends only by failing.
    const next = Effect.catchTag(mailbox.take, "NoSuchElementException", Effect.die)

    const nextThat = <A extends Poll.Event>(wanted: (event: Poll.Event) => event is A): Effect.Effect<A, Poll.End> =>
      Effect.flatMap(next, (event) => (wanted(event) ? Effect.succeed(event) : nextThat(wanted)))

    return {
      nick,
      account,
      does: (effect) => Effect.provide(effect, services),
      say: (to, text) => Effect.provide(say(nick, to, text), services),
      sayIn: (place, text) => Effect.provide(sayIn(nick, place, text), services),
      next,
      nextOf: (kind) => nextThat(isKind(kind)),
      nextText: Effect.map(nextThat(PollEvent.isMessage), ({ content }) => Content.toText(content)),
      heard: Effect.sync(() => [...heard]),
      texts: Effect.sync(() => heard.filter(PollEvent.isMessage).map(({ content }) => Content.toText(content)))
    }
  })
