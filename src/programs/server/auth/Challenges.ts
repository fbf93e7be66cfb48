/**
 * What logins must answer: verification codes and captchas.
 */
import { hexToBytes } from "@noble/hashes/utils.js"
import * as Arr from "effect/Array"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import type * as Ids from "../../../schema/Ids.ts"
import * as Bounded from "../Bounded.ts"
import * as Options from "../Options.ts"
import * as CaptchaImage from "../pictures/CaptchaImage.ts"
import * as Steady from "../Steady.ts"
import * as Tokens from "../Tokens.ts"
import * as Captchas from "./Captchas.ts"
import * as LoginCodes from "./LoginCodes.ts"
import * as Seal from "./Seal.ts"
import * as Throttle from "./Throttle.ts"

/**
 * What `check` says: the salt of the password proof, and a code with its token `verifysession`; with a captcha, `code` is
 * its name and there is no token yet.
 */
export interface Issued {
  readonly salt: Uint8Array
  readonly code: string
  readonly token: string
}

/** What was answered rightly. `use`: once the password is looked at; false if others were before. */
export interface Answered {
  readonly salt: Uint8Array
  readonly use: Effect.Effect<boolean>
}

/**
 * - `issue(account, salt, captcha)`: what `check` says. The salt may be another one: that of a code that was given out
 *   before.
 * - `picture(account, capCd)`: a new picture for a captcha of the account (for some captcha, if `capCd` is not given).
 *   Nothing if `capCd` is of none.
 * - `redeem(account, code, tokens)`: whether what was typed is good. A picture is good for one answer, right or wrong, that
 *   comes with its token. Without a token that is known it is a guess at the account's latest pictures, which a strict
 *   server does not take; a tolerant one slows wrong guesses down, and a wrong one spends nothing.
 */
export class Challenges extends Context.Tag("effect-webqq/server/Challenges")<
  Challenges,
  {
    readonly issue: (account: Ids.QQ, salt: Uint8Array, captcha: boolean) => Effect.Effect<Issued>
    readonly picture: (
      account: Ids.QQ,
      capCd: string | undefined,
      salt: Uint8Array
    ) => Effect.Effect<Option.Option<{ readonly png: Uint8Array; readonly verifysession: string }>>
    readonly redeem: (
      account: Ids.QQ,
      code: string,
      tokens: ReadonlyArray<string>
    ) => Effect.Effect<Either.Either<Answered, Throttle.Failure>>
  }
>() {}

/** Codes of an account that are good at the same time: logins may run side by side. Of very many accounts one each. */
export const codesAtMost = 16
/** Pictures of which it is remembered that they were answered. */
const answeredAtMost = 10_000

const nonce = Effect.map(Tokens.hex(8), hexToBytes)
const noise = Effect.map(Effect.replicateEffect(Random.nextIntBetween(0, 256), CaptchaImage.noiseBytes), (bytes) =>
  Uint8Array.from(bytes)
)

/** The codes of all accounts, those first that were asked for longest ago. Accounts of the world only get into it. */
const codesByAccount = () => {
  const codes = new Map<Ids.QQ, LoginCodes.State>()
  const put = (account: Ids.QQ, state: LoginCodes.State): void => {
    codes.delete(account)
    if (state.length > 0) codes.set(account, state)
  }
  /** Two at a time, so that they go faster than they come. */
  const sweep = (now: number): void => {
    for (const [account, state] of Arr.take(codes, 2)) {
      if (state.every(({ givenAt }) => now - givenAt > LoginCodes.lifetime)) codes.delete(account)
    }
  }
  return { of: (account: Ids.QQ): LoginCodes.State => codes.get(account) ?? [], put, sweep, size: () => codes.size }
}

const make = Effect.gen(function* () {
  const options = yield* Options.Options
  const throttle = yield* Throttle.Throttle
  const key = yield* Seal.newKey
  const codes = codesByAccount()
  const answered = new Map<string, true>()
  const latest = new Map<Ids.QQ, Captchas.Latest>()

  const asFixed = (picture: Captchas.Picture): Captchas.Picture => ({
    ...picture,
    code: Option.getOrElse(options.captchaCode, () => picture.code)
  })

  const newCode = (account: Ids.QQ, salt: Uint8Array) =>
    Effect.gen(function* () {
      const now = yield* Steady.millis
      const fresh = { salt, code: yield* Tokens.verifyCode, token: yield* Tokens.hex(48) }
      codes.sweep(now)
      const atMost = codes.size() < Bounded.accounts ? codesAtMost : 1
      const [state, code] = LoginCodes.issue(codes.of(account), fresh, atMost, now)
      codes.put(account, state)
      return code
    })

  const issue = (account: Ids.QQ, salt: Uint8Array, captcha: boolean): Effect.Effect<Issued> =>
    captcha
      ? Effect.map(nonce, (bytes) => ({ salt, code: Captchas.name(key, account, salt, bytes), token: "" }))
      : newCode(account, salt)

  const picture = (account: Ids.QQ, capCd: string | undefined, usual: Uint8Array) =>
    Effect.gen(function* () {
      const salt = capCd === undefined ? Option.some(usual) : Captchas.saltOf(key, account, capCd)
      if (Option.isNone(salt)) return Option.none()
      const now = yield* Steady.millis
      const drawn = asFixed(Captchas.draw(key, account, salt.value, yield* nonce, now))
      if (!options.strict) {
        const list = Captchas.remember(latest.get(account) ?? [], drawn, now)
        Bounded.put(latest, account, list, Bounded.accounts)
      }
      const png = CaptchaImage.png({ code: drawn.code, noise: yield* noise })
      return Option.some({ png, verifysession: drawn.token })
    })

  /** Nobody answers a picture twice. */
  const spend = (account: Ids.QQ, { token }: Captchas.Picture): boolean => {
    if (answered.has(token)) return false
    Bounded.put(answered, token, true, answeredAtMost)
    const list = latest.get(account)
    if (list !== undefined)
      latest.set(
        account,
        list.filter((other) => other.token !== token)
      )
    return true
  }

  const byCode = (account: Ids.QQ, code: string, tokens: ReadonlyArray<string>, now: number) =>
    Option.map(
      LoginCodes.find(codes.of(account), code, tokens, now),
      ({ salt, token }): Answered => ({
        salt,
        use: Effect.map(Steady.millis, (then) => {
          const [state, isSpent] = LoginCodes.spend(codes.of(account), token, then)
          codes.put(account, state)
          return isSpent
        })
      })
    )

  const byGuess = (account: Ids.QQ, code: string) =>
    throttle.attempt(
      "captcha",
      account,
      Effect.map(Steady.millis, (now) =>
        Option.filter(Captchas.guess(latest.get(account) ?? [], code, now), (one) => spend(account, one))
      )
    )

  const redeem = (account: Ids.QQ, code: string, tokens: ReadonlyArray<string>) =>
    Effect.gen(function* () {
      const now = yield* Steady.millis
      const known = byCode(account, code, tokens, now)
      if (Option.isSome(known)) return Either.right(known.value)
      const named = Option.map(
        Arr.findFirst(tokens, (token) => Captchas.byToken(key, account, token)),
        asFixed
      )
      const captcha = Option.isSome(named)
        ? Either.liftPredicate(
            named.value,
            (one) => spend(account, one) && Captchas.isRight(one, code, now),
            (): Throttle.Failure => "Wrong"
          )
        : latest.has(account) && Captchas.isMeant(code)
          ? yield* byGuess(account, code)
          : Either.left<Throttle.Failure>("Wrong")
      return Either.map(captcha, ({ salt }): Answered => ({ salt, use: Effect.succeed(true) }))
    })

  return Challenges.of({ issue, picture, redeem })
})

export const layer: Layer.Layer<Challenges, never, Options.Options | Throttle.Throttle> = Layer.effect(Challenges, make)
