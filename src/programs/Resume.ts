/**
 * Keeping a session, and coming back to it cheaply.
 */
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import type * as Call from "../protocol/Call.ts"
import * as Channel from "../protocol/Channel.ts"
import * as CookieJar from "../protocol/CookieJar.ts"
import type * as Errors from "../protocol/Errors.ts"
import * as Persist from "../protocol/Persist.ts"
import * as CookieStore from "../services/CookieStore.ts"
import * as Dialect from "../services/Dialect.ts"
import * as MessageIds from "../services/MessageIds.ts"
import * as Session from "../services/Session.ts"
import * as SessionStore from "../services/SessionStore.ts"
import * as Login from "./Login.ts"

const keep = (atEnd: boolean) =>
  Effect.gen(function* () {
    const session = yield* Session.Session
    const store = yield* SessionStore.SessionStore
    yield* store.save({
      version: 1,
      dialect: (yield* Dialect.Dialect).name,
      credentials: yield* session.get,
      cookies: yield* (yield* CookieStore.CookieStore).jar,
      lastMsgId: yield* (yield* MessageIds.MessageIds).last,
      savedAt: yield* Clock.currentTimeMillis,
      clean: atEnd && !(yield* Ref.get(session.unconfirmed))
    })
  })

/** Keeps the session as it is now, in the middle of it: who comes back does not know what was received after that. */
export const save: Effect.Effect<
  void,
  never,
  Call.Services | Session.Session | MessageIds.MessageIds | SessionStore.SessionStore
> = keep(false)

/** The kept session if it is of this dialect and, where wanted, of this account; any other is put aside. */
const loadFitting = (account: Option.Option<number>) =>
  Effect.gen(function* () {
    const store = yield* SessionStore.SessionStore
    const { name } = yield* Dialect.Dialect
    const saved = yield* store.load
    if (Option.isNone(saved)) return saved
    if (saved.value.dialect !== name) {
      yield* store.setAside(`is of the dialect ${saved.value.dialect}`)
      return Option.none<SessionStore.Saved>()
    }
    if (Option.isSome(account) && saved.value.credentials.account !== account.value) {
      yield* store.setAside("is of another account")
      return Option.none<SessionStore.Saved>()
    }
    return saved
  })

/**
 * - `account`: whose session to come back to; anybody's if not given.
 * - `login`: how to log in when there is nothing to come back to.
 * - `patience`: whether it waits for its server, as `Login.patiently` does; not if not given.
 * - `sendSpacing`: see `Login.LayerOptions`; only for {@link layer}.
 */
export interface Options<E, R> {
  readonly account?: number
  readonly login: Effect.Effect<Session.Credentials, E, R>
  readonly patience?: Login.PatienceOptions
  readonly sendSpacing?: Duration.DurationInput
  readonly onStep?: Login.OnStep
}

/** Where a way back leads: to the kept session, or to a new one, in which no request was made yet. */
interface Back {
  readonly credentials: Session.Credentials
  readonly isNew: boolean
}

const toNew = <E, R>(login: Effect.Effect<Session.Credentials, E, R>): Effect.Effect<Back, E, R> =>
  Effect.map(login, (credentials) => ({ credentials, isNew: true }))

/**
 * Restores a kept session and asks once whether it holds; if not, or if its program did not end well, goes by `login2` on
 * its cookies: then what had arrived and was not handled comes again.
 */
const comeBack = ({ clean, cookies, credentials }: SessionStore.Saved, onStep: Login.OnStep) =>
  Effect.gen(function* () {
    yield* (yield* CookieStore.CookieStore).restore(cookies)
    const anew = toNew(Login.withCookies({ clientid: credentials.clientid, onStep }))
    const goOn = Effect.gen(function* () {
      yield* Effect.provideService(
        Persist.begin(Channel.getOnlineBuddies2),
        Session.Session,
        yield* Session.make(credentials)
      )
      yield* onStep(Login.Step.Resumed({ account: credentials.account }))
      return { credentials, isNew: false } satisfies Back
    })
    return yield* (clean === true ? Effect.catchTag(goOn, "SessionLost", () => anew) : anew).pipe(
      Effect.asSome,
      // The server is there, but wants a whole new login.
      Effect.catchTags({
        SessionLost: () => Effect.succeedNone,
        Rejected: () => Effect.succeedNone,
        UnexpectedResponse: () => Effect.succeedNone
      })
    )
  })

const back = <E, R>(saved: Option.Option<SessionStore.Saved>, options: Options<E, R>) =>
  Effect.gen(function* () {
    if (Option.isSome(saved)) {
      const found = yield* comeBack(saved.value, options.onStep ?? (() => Effect.void))
      if (Option.isSome(found)) return found.value
      yield* (yield* CookieStore.CookieStore).restore(CookieJar.empty)
    }
    return yield* toNew(options.login)
  }).pipe(
    (way) => (options.patience === undefined ? way : Login.patiently(way, options.patience)),
    Effect.withSpan("WebQQ.resume", { captureStackTrace: false })
  )

/**
 * Comes back to the kept session with one cheap request (the list of online friends), where its program had ended well;
 * failing that by `login2` on its cookies; failing that by the given login. A server that cannot be reached, or that has too much to do, is a failure,
 * not a reason to log in anew.
 */
export const resume = <E, R>(
  options: Options<E, R>
): Effect.Effect<
  Session.Credentials,
  E | Errors.TransportError | Errors.ServerBusy,
  R | Call.Services | SessionStore.SessionStore
> =>
  Effect.gen(function* () {
    const saved = yield* loadFitting(Option.fromNullable(options.account))
    return (yield* back(saved, options)).credentials
  })

/** A session that goes on needs no second warm-up: one request has shown that it holds. */
const warmedUp = ({ credentials, isNew }: Back) =>
  Effect.gen(function* () {
    if (isNew) yield* Effect.provideService(Login.warmUp, Session.Session, yield* Session.make(credentials))
    return credentials
  })

/** Message numbers go on where the kept session stopped. */
const messageIdsAfter = Option.match({
  onNone: () => MessageIds.layer,
  onSome: ({ lastMsgId }: SessionStore.Saved) => Layer.effect(MessageIds.MessageIds, MessageIds.make(lastMsgId))
})

/**
 * Keeps a session after its login, whenever its tokens change, once a minute, and at the end. A kept session that cannot
 * be read, or is not this one's, is put aside before.
 */
export const layerKeeping: Layer.Layer<
  never,
  never,
  Call.Services | Session.Session | MessageIds.MessageIds | SessionStore.SessionStore
> = Layer.scopedDiscard(
  Effect.gen(function* () {
    const session = yield* Session.Session
    const kept = yield* session.get
    const oneByOne = yield* Effect.makeSemaphore(1)
    // Otherwise an earlier state could be written after a later one.
    const inTurn = oneByOne.withPermits(1)
    const saved = inTurn(save)
    yield* loadFitting(Option.some(kept.account))
    yield* saved
    yield* Effect.addFinalizer(() => inTurn(keep(true)))
    const changed = Stream.dropWhile(session.changes, (credentials) => credentials === kept)
    yield* Effect.forkScoped(Stream.runForEach(changed, () => saved))
    yield* Effect.forkScoped(Effect.repeat(Effect.delay(saved, "1 minute"), Schedule.forever))
  })
)

/**
 * A session that is kept: {@link resume}d when the layer is built, saved as it changes, and not logged out at the end,
 * so that the next run can come back to it.
 */
export const layer = <E, R>(
  options: Options<E, R>
): Layer.Layer<
  Login.LoggedIn,
  E | Errors.TransportError | Errors.ServerBusy | Errors.SessionLost,
  R | Call.Services | SessionStore.SessionStore
> =>
  layerKeeping.pipe(
    Layer.provideMerge(
      Layer.unwrapEffect(
        Effect.map(loadFitting(Option.fromNullable(options.account)), (saved) =>
          Login.layer(Effect.flatMap(back(saved, options), warmedUp), {
            logout: false,
            warmUp: false,
            messageIds: messageIdsAfter(saved),
            ...(options.sendSpacing === undefined ? {} : { sendSpacing: options.sendSpacing }),
            ...(options.onStep === undefined ? {} : { onStep: options.onStep })
          })
        )
      )
    )
  )
