/**
 * Bringing a lost session back: whatever logs in gives credentials, and they are put into the session here.
 */
import * as Effect from "effect/Effect"
import * as Session from "../services/Session.ts"
import type * as Call from "./Call.ts"
import * as Errors from "./Errors.ts"
import { warmUp } from "./WarmUp.ts"

/** Any way to log in. */
export type Recover<E, R> = Effect.Effect<Session.Credentials, E, R>

/** The login, which fails with `OtherAccount` when it was of another account than the session. */
export const ofSameAccount = <E, R>(recover: Recover<E, R>): Recover<E | Errors.OtherAccount, R | Session.Session> =>
  Effect.gen(function* () {
    const expected = (yield* (yield* Session.Session).get).account
    const found = yield* recover
    return found.account === expected ? found : yield* new Errors.OtherAccount({ expected, account: found.account })
  })

const adopt = (found: Session.Credentials) =>
  Effect.gen(function* () {
    const session = yield* Session.Session
    // A login that knows the session may have put them there itself.
    if (found === (yield* session.get)) return
    const { account: _, ...tokens } = found
    yield* session.update(tokens)
    // If the session is lost again meanwhile, the next request of it will tell.
    yield* Effect.ignore(warmUp)
  })

/**
 * For whoever was told that the session is lost, and had seen these credentials: logs in again, gives the session its
 * new tokens and makes the requests of the warm-up. However many ask at once, one login is made (`Session.heal`).
 *
 * Fails with `OtherAccount`, and changes nothing, when the login was of another account than the session.
 */
export const heal = <E, R>(
  seen: Session.Credentials,
  recover: Recover<E, R>
): Effect.Effect<void, E | Errors.OtherAccount, R | Call.Services | Session.Session> =>
  Effect.flatMap(Session.Session, (session) => session.heal(seen, Effect.flatMap(ofSameAccount(recover), adopt)))
