/**
 * What makes guessing passwords slow: each account's wrong ones are counted, and after some of them every further attempt
 * is looked at later and later, one after the other.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Ids from "../../schema/Ids.ts"
import * as Bounded from "./Bounded.ts"
import * as Options from "./Options.ts"

/** `TooMany`: the attempt would have had to wait too long, and its password was not looked at. */
export type Failure = "Wrong" | "TooMany"

/**
 * - `attempt(account, look)`: waits for the account's turn, looks whether the password fits, and remembers it. `look`
 *   gives something if it does; it runs after the wait, so that it sees the password of that time. A right one makes up for
 *   the wrong ones before.
 * - `wrongPasswords(account)`: how many in a row.
 */
export class Brake extends Context.Tag("effect-webqq/server/Brake")<
  Brake,
  {
    readonly attempt: <A, R>(
      account: Ids.QQ,
      look: Effect.Effect<Option.Option<A>, never, R>
    ) => Effect.Effect<Either.Either<A, Failure>, never, R>
    readonly wrongPasswords: (account: Ids.QQ) => number
  }
>() {}

/** Wrong passwords after the first captcha that are answered at once. */
const delayAfter = 3
/** Wrong passwords that are answered at once however late the captcha comes. */
const delayAfterAtMost = 10
/** The longest wait, in ms: old clients and ours give up after 30 seconds. */
const longest = 28_000

interface Entry {
  wrong: number
  /** Attempts that wait: until they are looked at, each may turn out wrong. */
  waiting: number
  /** When the last of them is looked at, as unix time in ms. */
  notBefore: number
}

export const make: Effect.Effect<Brake["Type"], never, Options.Options> = Effect.map(
  Options.Options,
  ({ captchaAfter }) => {
    const entries = new Map<Ids.QQ, Entry>()
    const free = Math.min(captchaAfter + delayAfter, delayAfterAtMost)

    const entryOf = (account: Ids.QQ): Entry => {
      const entry = entries.get(account) ?? { wrong: 0, waiting: 0, notBefore: 0 }
      Bounded.put(entries, account, entry, Bounded.accounts)
      return entry
    }

    const delay = ({ waiting, wrong }: Entry): number =>
      wrong + waiting < free ? 0 : Math.min(1000 * 2 ** (wrong + waiting - free), longest)

    const counted = <A>(account: Ids.QQ, found: Option.Option<A>): Either.Either<A, Failure> => {
      if (Option.isSome(found)) entries.delete(account)
      else entryOf(account).wrong++
      return Either.fromOption(found, () => "Wrong")
    }

    return Brake.of({
      attempt: <A, R>(account: Ids.QQ, look: Effect.Effect<Option.Option<A>, never, R>) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => {
          const entry = entryOf(account)
          const wait = Math.max(entry.notBefore - now, 0) + delay(entry)
          if (wait > longest) return Effect.succeed(Either.left<Failure>("TooMany"))
          const looked = Effect.map(look, (found) => counted(account, found))
          if (wait === 0) return looked
          entry.notBefore = now + wait
          entry.waiting++
          return Effect.ensuring(
            Effect.sleep(wait),
            Effect.sync(() => entry.waiting--)
          ).pipe(Effect.zipRight(looked))
        }),
      wrongPasswords: (account) => entries.get(account)?.wrong ?? 0
    })
  }
)

export const layer: Layer.Layer<Brake, never, Options.Options> = Layer.effect(Brake, make)
