/**
 * What makes guessing slow: wrong answers are counted for each account, and after some of them every further attempt is
 * looked at later and later, one after the other.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Ids from "../../../schema/Ids.ts"
import * as Bounded from "../Bounded.ts"
import * as Options from "../Options.ts"
import * as Steady from "../Steady.ts"

/** The longest wait, in ms: old clients and ours give up after 30 seconds. */
export const longest = 28_000

/** What is known of one account's attempts. */
export interface State {
  /** Wrong ones in a row. */
  readonly wrong: number
  /** Attempts of which it is not known yet: each may turn out wrong. */
  readonly waiting: number
  /** When the last of them is looked at, by the steady clock in ms. */
  readonly notBefore: number
}

export const fresh: State = { wrong: 0, waiting: 0, notBefore: Number.NEGATIVE_INFINITY }

/**
 * Somebody attempts. How long until it is looked at, in ms; or nothing, if that would be later than {@link longest}, and
 * then it is not. `free` wrong ones cost nothing.
 */
export const ask = (state: State, free: number, now: number): readonly [State, Option.Option<number>] => {
  const { notBefore, waiting, wrong } = state
  const delay = wrong + waiting < free ? 0 : Math.min(1000 * 2 ** (wrong + waiting - free), longest)
  const wait = Math.max(notBefore - now, 0) + delay
  if (wait > longest) return [state, Option.none()]
  return [{ ...state, waiting: waiting + 1, notBefore: now + wait }, Option.some(wait)]
}

/** An attempt was given up: how it would have ended is not known, but its turn is not given back. */
export const leave = (state: State): State => ({ ...state, waiting: Math.max(0, state.waiting - 1) })

/** An attempt was looked at. A right one makes up for the wrong ones before. */
export const told = (state: State, right: boolean): State => ({ ...leave(state), wrong: right ? 0 : state.wrong + 1 })

/** `TooMany`: the attempt would have had to wait too long, and was not looked at. */
export type Failure = "Wrong" | "TooMany"

/** What is guessed: the password; or the letters of a captcha by somebody who shows no picture's token. */
export type Secret = "password" | "captcha"

/**
 * - `attempt(secret, account, look)`: waits for its turn, looks whether the answer is right, and remembers it. `look` gives
 *   something if it is; it runs after the wait, so that it sees the account of that time.
 * - `wrong(secret, account)`: how many wrong ones in a row.
 */
export class Throttle extends Context.Tag("effect-webqq/server/Throttle")<
  Throttle,
  {
    readonly attempt: <A, R>(
      secret: Secret,
      account: Ids.QQ,
      look: Effect.Effect<Option.Option<A>, never, R>
    ) => Effect.Effect<Either.Either<A, Failure>, never, R>
    readonly wrong: (secret: Secret, account: Ids.QQ) => number
  }
>() {}

/** Wrong passwords after the first captcha that are answered at once. */
const freeAfterCaptcha = 3
/** Wrong answers that are answered at once, however late the captcha comes. */
const freeAtMost = 10

const make: Effect.Effect<Throttle["Type"], never, Options.Options> = Effect.map(
  Options.Options,
  ({ captchaAfter }) => {
    const free: Readonly<Record<Secret, number>> = {
      password: Math.min(captchaAfter + freeAfterCaptcha, freeAtMost),
      captcha: freeAtMost
    }
    const states = new Map<string, State>()
    const keyOf = (secret: Secret, account: Ids.QQ) => `${secret} ${account}`
    const stateOf = (key: string): State => states.get(key) ?? fresh
    const change = (key: string, to: State): void => {
      if (to.wrong === 0 && to.waiting === 0) states.delete(key)
      else Bounded.put(states, key, to, Bounded.accounts)
    }

    return Throttle.of({
      attempt: <A, R>(secret: Secret, account: Ids.QQ, look: Effect.Effect<Option.Option<A>, never, R>) =>
        Effect.flatMap(Steady.millis, (now) => {
          const key = keyOf(secret, account)
          const [asked, wait] = ask(stateOf(key), free[secret], now)
          if (Option.isNone(wait)) return Effect.succeed(Either.left<Failure>("TooMany"))
          change(key, asked)
          return (wait.value === 0 ? look : Effect.delay(look, wait.value)).pipe(
            Effect.onExit((exit) =>
              Effect.sync(() => {
                const state = stateOf(key)
                change(key, Exit.isSuccess(exit) ? told(state, Option.isSome(exit.value)) : leave(state))
              })
            ),
            Effect.map(Either.fromOption((): Failure => "Wrong"))
          )
        }),
      wrong: (secret, account) => stateOf(keyOf(secret, account)).wrong
    })
  }
)

export const layer: Layer.Layer<Throttle, never, Options.Options> = Layer.effect(Throttle, make)
