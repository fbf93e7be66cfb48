/**
 * Running a bot: handlers for what people write, in order within a conversation and side by side between conversations.
 */
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import * as Stream from "effect/Stream"
import type * as Call from "../protocol/Call.ts"
import type * as Errors from "../protocol/Errors.ts"
import * as Messages from "../protocol/Messages.ts"
import * as Poll from "../protocol/Poll.ts"
import * as Recovery from "../protocol/Recovery.ts"
import * as Content from "../schema/Content.ts"
import type * as Ids from "../schema/Ids.ts"
import * as PollEvent from "../schema/PollEvent.ts"
import * as Printable from "../schema/Printable.ts"
import * as Split from "../schema/Split.ts"
import type * as MessageIds from "../services/MessageIds.ts"
import * as SentLog from "../services/SentLog.ts"
import * as Session from "../services/Session.ts"
import type * as Signatures from "../services/Signatures.ts"
import * as OwnWords from "./bot/OwnWords.ts"
import * as Conversations from "./Conversations.ts"
import * as Heartbeat from "./Heartbeat.ts"

/** What sending an answer needs. */
export type Services = Call.Services | Session.Session | MessageIds.MessageIds | Signatures.Signatures

/** What sending an answer fails with. */
export type ReplyError = Errors.SendError | Errors.SessionError

/**
 * Answers where the message came from: the friend, the group, the discussion group, or the person of a temporary
 * session. Text is read as people type it (`Content.fromText`: `[微笑]` becomes a face); `Content.plain` says it as it is.
 * A long answer goes out in pieces. Gives the numbers of the messages.
 */
export type Reply = (answer: string | Content.Content) => Effect.Effect<ReadonlyArray<Ids.MsgId>, ReplyError, Services>

/** What a bot does with one kind of message. */
export type Handler<M, E, R> = (message: M, reply: Reply) => Effect.Effect<unknown, E, R>

/**
 * - `onFriendMessage`, `onGroupMessage`, `onDiscussionMessage`, `onSessionMessage`: for what people write. A handler that
 *   fails is logged with what it was given, and the bot goes on.
 * - `onEvent`: for every event, messages included, before its handler; in the order of delivery.
 * - `concurrency`: how many conversations are handled at once; 16 if not given.
 * - `pending`: how many messages may wait for their handlers before polling pauses; 1000 if not given.
 * - `ownMessages`: whether messages of the own account, which some servers send back, are handled; false if not given. Own
 *   messages are known by their sender, or as echoes of what was sent (see `bot/Echoes.ts`).
 * - `confirm`: when the next poll goes out, which tells the server that the messages of the last one have arrived; what is
 *   not confirmed comes again after a crash. Not before each of their handlers is done or has run for `afterRunning`
 *   (2 seconds), but at most `atMost` (1 minute) after the messages came. Longer loses less to a crash; shorter lets one
 *   slow conversation hold up the others less.
 */
interface Common<E, R> {
  readonly onFriendMessage?: Handler<PollEvent.BuddyMessage, E, R>
  readonly onGroupMessage?: Handler<PollEvent.GroupMessage, E, R>
  readonly onDiscussionMessage?: Handler<PollEvent.DiscuMessage, E, R>
  readonly onSessionMessage?: Handler<PollEvent.SessMessage, E, R>
  readonly onEvent?: (event: Poll.Event) => Effect.Effect<unknown, E, R>
  readonly concurrency?: number
  readonly pending?: number
  readonly ownMessages?: boolean
  readonly confirm?: { readonly afterRunning?: Duration.DurationInput; readonly atMost?: Duration.DurationInput }
}

/**
 * Of a bot that ends when its session is lost.
 *
 * - `poll`: retries and logout; see `Poll.Options`.
 */
export interface Options<E, R> extends Common<E, R> {
  readonly poll?: Poll.Options
}

/**
 * Of a bot that comes back.
 *
 * - `poll`: with the recovery, which also serves replies that meet a lost session; see `Poll.Recovering`.
 */
export interface Recovering<E, R, PE, PR> extends Common<E, R> {
  readonly poll: Poll.Recovering<PE, PR>
}

const conversationOf = (message: PollEvent.Message): string => {
  switch (message._tag) {
    case "BuddyMessage":
      return `friend ${message.fromUin}`
    case "GroupMessage":
      return `group ${message.gid}`
    case "DiscuMessage":
      return `discussion ${message.did}`
    case "SessMessage":
      return `stranger ${message.fromUin}`
  }
}

/** Whether the own account wrote it: here, or on another device. In a group, 0 is nobody in particular. */
const isOwn = (message: PollEvent.Message, account: Ids.QQ): boolean =>
  message._tag === "GroupMessage" || message._tag === "DiscuMessage"
    ? Number(message.senderUin) === Number(account)
    : Number(message.fromUin) === 0 || Number(message.fromUin) === Number(account)

const send = (message: PollEvent.Message, content: Content.Content) => {
  switch (message._tag) {
    case "BuddyMessage":
      return Messages.sendBuddyMsg2({ to: message.fromUin, content })
    case "GroupMessage":
      return Messages.sendQunMsg2({ gid: message.gid, content })
    case "DiscuMessage":
      return Messages.sendDiscuMsg2({ did: message.did, content })
    case "SessMessage":
      return Messages.sendSessMsg2({ to: message.fromUin, common: message.common, content })
  }
}

/** The {@link Reply} to a message. */
const replyTo =
  (message: PollEvent.Message, heal: Healing): Reply =>
  (answer) =>
    Effect.forEach(
      Split.content(typeof answer === "string" ? Content.fromText(answer) : answer),
      (piece): Effect.Effect<Ids.MsgId, ReplyError, Services> => heal(send(message, piece))
    )

/** Sends, and where the server says that the session is lost, brings it back and sends once more: nothing went out. */
type Healing = <A>(send: Effect.Effect<A, ReplyError, Services>) => Effect.Effect<A, ReplyError, Services>

const healing =
  <PE>(recover: Recovery.Recover<PE, never> | undefined): Healing =>
  (send) =>
    Effect.gen(function* () {
      if (recover === undefined) return yield* send
      const seen = yield* (yield* Session.Session).get
      return yield* Effect.catchTag(send, "SessionLost", (lost) =>
        // Why a recovery failed is told by the end of the poll loop.
        Recovery.heal(seen, recover).pipe(
          Effect.mapError(() => lost),
          Effect.zipRight(send)
        )
      )
    })

/** A recovery that failed is not run again, whoever asks: a refused password must not be sent for every message. */
const onlyUntilFailed = <PE, PR>(recover: Recovery.Recover<PE, PR>): Effect.Effect<Recovery.Recover<PE, PR>> =>
  Effect.map(Ref.make(Option.none<PE>()), (failed) =>
    Effect.flatMap(
      Ref.get(failed),
      Option.match({
        onSome: Effect.fail<PE>,
        onNone: () => Effect.tapError(recover, (failure) => Ref.set(failed, Option.some(failure)))
      })
    )
  )

/** What the bot does with a message, if anything. The handler is not called before this runs: it may throw. */
const dispatch = <E, R>(options: Common<E, R>, message: PollEvent.Message, heal: Healing) => {
  const by = <M extends PollEvent.Message>(handler: Handler<M, E, R> | undefined, it: M) =>
    handler === undefined ? undefined : Effect.suspend(() => handler(it, replyTo(it, heal)))
  switch (message._tag) {
    case "BuddyMessage":
      return by(options.onFriendMessage, message)
    case "GroupMessage":
      return by(options.onGroupMessage, message)
    case "DiscuMessage":
      return by(options.onDiscussionMessage, message)
    case "SessMessage":
      return by(options.onSessionMessage, message)
  }
}

/**
 * A handler's failure is no reason for the bot to stop, and neither is one that interrupts itself; a bot that is
 * interrupted does not come here. What was written stays out of the log.
 */
const guarded = <E, R>(event: Poll.Event, handled: Effect.Effect<unknown, E, R>): Effect.Effect<void, never, R> =>
  Effect.catchAllCause(Effect.asVoid(handled), (cause) =>
    Effect.logError("a handler failed", Printable.lines(Cause.pretty(cause))).pipe(
      Effect.annotateLogs({
        event: event._tag,
        ...(PollEvent.isMessage(event)
          ? { conversation: conversationOf(event), msgId: Option.getOrNull(event.msgId) }
          : {})
      })
    )
  )

/** What is done with a message: when it has begun, and when it is done. */
interface Work {
  readonly begun: Effect.Effect<void>
  readonly done: Effect.Effect<void>
}

const unnarrowed = <E, R, PE, PR>(
  options: Options<E, R> | Recovering<E, R, PE, PR>
): Effect.Effect<void, Poll.RecoveringEnd<PE>, Call.Services | Session.Session | R | PR> =>
  Effect.gen(function* () {
    const { account } = yield* (yield* Session.Session).get
    const conversations = yield* Conversations.make({
      concurrency: options.concurrency ?? 16,
      pending: options.pending ?? 1000
    })
    const { onEvent, poll = {} } = options
    const context = yield* Effect.context<PR | Session.Session>()
    const recover =
      poll.recover === undefined
        ? undefined
        : Effect.provide(yield* onlyUntilFailed(Recovery.ofSameAccount(poll.recover)), context)
    const heal = healing(recover)
    const ownWords = yield* OwnWords.make
    const { afterRunning = "2 seconds", atMost = "1 minute" } = options.confirm ?? {}

    /** Queues what is done with a message; says when that has begun, and when it is done. */
    const take = (message: PollEvent.Message) =>
      Effect.gen(function* () {
        const isEcho = yield* ownWords.hear(message)
        const ignoresOwn = options.ownMessages !== true
        const handled = dispatch(options, message, heal)
        if (handled === undefined || (ignoresOwn && isOwn(message, account))) return []
        const [begun, done] = yield* Effect.all([Deferred.make<void>(), Deferred.make<void>()])
        const unlessOwn = Effect.unlessEffect(
          handled,
          Effect.map(isEcho, (itIs) => itIs && ignoresOwn)
        )
        const work = Effect.zipRight(Deferred.succeed(begun, undefined), guarded(message, unlessOwn)).pipe(
          Effect.provideService(SentLog.SentLog, ownWords.log),
          Effect.ensuring(Deferred.succeed(done, undefined))
        )
        yield* conversations.run(conversationOf(message), work)
        return [{ begun: Deferred.await(begun), done: Deferred.await(done) }]
      })

    const settled = (works: ReadonlyArray<Work>) =>
      works.length === 0
        ? Effect.void
        : Effect.forEach(works, ({ begun }) => begun, { discard: true }).pipe(
            Effect.zipRight(
              Effect.timeoutOption(
                Effect.forEach(works, ({ done }) => done, { discard: true }),
                afterRunning
              )
            ),
            Effect.timeoutOption(atMost)
          )

    const receive = (event: Poll.Event) =>
      Effect.gen(function* () {
        if (onEvent !== undefined) {
          yield* guarded(
            event,
            Effect.suspend(() => onEvent(event))
          )
        }
        return PollEvent.isMessage(event) ? yield* take(event) : []
      })

    yield* Effect.forkScoped(Heartbeat.run)
    yield* Poll.events(recover === undefined ? { ...poll, recover } : { ...poll, recover }).pipe(
      Stream.chunks,
      Stream.runForEach((events) => Effect.flatMap(Effect.forEach(events, receive), (taken) => settled(taken.flat()))),
      // What was taken in before the end is handled all the same.
      Effect.tapError(() => conversations.settled)
    )
  }).pipe(Effect.scoped, Effect.annotateLogs({ package: "effect-webqq", module: "Bot" }))

/**
 * Runs a bot until its session ends; the failure says how it ended (see `Poll.events`). In the older dialects the
 * heartbeat runs beside it. Messages of one conversation are handled one after the other, in order.
 *
 * @example
 * Bot.run({ onFriendMessage: (message, reply) => reply(message.content) })
 */
export function run<E = never, R = never>(
  options: Options<E, R>
): Effect.Effect<void, Poll.End, Call.Services | Session.Session | R>
export function run<E, R, PE, PR>(
  options: Recovering<E, R, PE, PR>
): Effect.Effect<void, Poll.RecoveringEnd<PE>, Call.Services | Session.Session | R | PR>
export function run<E, R, PE, PR>(
  options: Options<E, R> | Recovering<E, R, PE, PR>
): Effect.Effect<void, Poll.RecoveringEnd<PE>, Call.Services | Session.Session | R | PR>
export function run<E, R, PE, PR>(
  options: Options<E, R> | Recovering<E, R, PE, PR>
): Effect.Effect<void, Poll.RecoveringEnd<PE>, Call.Services | Session.Session | R | PR> {
  return unnarrowed(options)
}
