/**
 * Sessions that live as long as a layer, from any way to log in.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Call from "../../protocol/Call.ts"
import * as Channel from "../../protocol/Channel.ts"
import type * as Errors from "../../protocol/Errors.ts"
import { warmUp } from "../../protocol/WarmUp.ts"
import type * as Dialect from "../../services/Dialect.ts"
import * as MessageIds from "../../services/MessageIds.ts"
import * as SendLimiter from "../../services/SendLimiter.ts"
import * as Session from "../../services/Session.ts"
import * as Signatures from "../../services/Signatures.ts"
import { noStep, type OnStep, Step } from "./Step.ts"
import { type PasswordOptions, type QrOptions, withPassword, withQrCode } from "./Ways.ts"

/** What a login layer provides: the session, and what belongs to it. */
export type LoggedIn = Session.Session | MessageIds.MessageIds | Signatures.Signatures | SendLimiter.SendLimiter

/**
 * Logs out when its scope closes. The server may be gone by then, so this neither fails nor waits for long: a finalizer
 * is uninterruptible, and so the request is made interruptible again for its time limit to hold.
 */
const logout = (session: Session.Session["Type"], onStep: OnStep) =>
  Channel.logout2.pipe(
    Effect.provideService(Session.Session, session),
    Effect.interruptible,
    Effect.timeout("5 seconds"),
    Effect.zipRight(onStep(Step.LoggedOut())),
    Effect.catchAll((error) => Effect.logDebug("logout failed", error.message))
  )

/**
 * - `logout`: whether to log out when the layer's scope closes; true if not given. False where the session is kept.
 * - `messageIds`: the numbers of messages; those of the dialect if not given.
 * - `sendSpacing`: the least time between two messages; half a second if not given, 0 for none.
 * - `warmUp`: whether the requests of {@link warmUp} are made; true if not given. False where the login made them.
 */
export interface LayerOptions {
  readonly sendSpacing?: Duration.DurationInput
  readonly logout?: boolean
  readonly messageIds?: Layer.Layer<MessageIds.MessageIds, never, Dialect.Dialect>
  readonly warmUp?: boolean
  readonly onStep?: OnStep
}

/** A session for as long as the layer lives, from any way to log in; the requests of {@link warmUp} are made. */
export const layer = <E, R>(
  login: Effect.Effect<Session.Credentials, E, R>,
  options: LayerOptions = {}
): Layer.Layer<LoggedIn, E | Errors.SessionLost, R | Call.Services> =>
  Layer.mergeAll(
    Layer.scoped(
      Session.Session,
      Effect.acquireRelease(
        // A login takes several requests, so an interruption can end it; but not between its end and the promise to log
        // out.
        Effect.flatMap(Effect.interruptible(login), Session.make),
        (session) => (options.logout === false ? Effect.void : logout(session, options.onStep ?? noStep))
      ).pipe(
        Effect.tap((session) =>
          options.warmUp === false ? Effect.void : Effect.provideService(warmUp, Session.Session, session)
        )
      )
    ),
    options.messageIds ?? MessageIds.layer,
    Signatures.layer,
    SendLimiter.layer(options.sendSpacing)
  )

/**
 * A session by password.
 *
 * @example
 * program.pipe(Effect.provide(Login.layerPassword({ account, password })))
 */
export const layerPassword = (options: PasswordOptions): Layer.Layer<LoggedIn, Errors.LoginError, Call.Services> =>
  layer(withPassword(options), options)

/** A session by QR code. */
export const layerQrCode = (options: QrOptions): Layer.Layer<LoggedIn, Errors.LoginError, Call.Services> =>
  layer(withQrCode(options), options)
