/**
 * What logins must answer: verification codes and captchas.
 */
import * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import type * as Ids from "../../schema/Ids.ts"
import * as Bounded from "./Bounded.ts"
import * as Options from "./Options.ts"
import * as CaptchaImage from "./pictures/CaptchaImage.ts"
import * as Tokens from "./Tokens.ts"

/**
 * What `check` gave out for one login: the salt of the password proof, the code that belongs into it, and the token
 * `verifysession`. With a captcha, `capCd` names it, and there is no code before its picture was fetched; code, token and
 * time are those of the latest picture.
 */
export interface Challenge {
  readonly salt: Uint8Array
  readonly code: Option.Option<string>
  readonly capCd: Option.Option<string>
  readonly verifysession: string
  readonly issuedAt: number
}

/**
 * - `issue(account, salt, captcha)`: a new challenge, with or without a captcha.
 * - `picture(account, capCd)`: a new picture for the account's captcha (the latest, if `capCd` is not given).
 * - `redeem(account, code, tokens)`: takes the challenge of a code, if it was issued, and lately. Where several have the
 *   same code, it is the one whose `verifysession` is among the tokens that came with the code, else the latest. Strict:
 *   the token of a captcha must be among them. After a wrong or late answer the captcha of the token needs a new picture;
 *   without a token that is known the account's latest captcha does, but not if strict.
 */
export class Challenges extends Context.Tag("effect-webqq/server/Challenges")<
  Challenges,
  {
    readonly issue: (account: Ids.QQ, salt: Uint8Array, captcha: boolean) => Effect.Effect<Challenge>
    readonly picture: (
      account: Ids.QQ,
      capCd: string | undefined
    ) => Effect.Effect<Option.Option<{ readonly png: Uint8Array; readonly verifysession: string }>>
    readonly redeem: (
      account: Ids.QQ,
      code: string,
      tokens: ReadonlyArray<string>
    ) => Effect.Effect<Option.Option<Challenge>>
  }
>() {}

/** How long a code is good, in ms. */
const lifetime = 5 * 60 * 1000
/** A picture is good for one answer. */
const spent = (challenge: Challenge): Challenge =>
  Option.isSome(challenge.capCd) ? { ...challenge, code: Option.none() } : challenge

/** Challenges that are remembered per account: logins may run side by side. */
const rememberAtMost = 64
/** Younger ones, in ms, are not pushed out by others: whoever asked is about to answer. */
const young = 60 * 1000
/** But there must be an end: so many are remembered of an account even if all are young. */
const youngAtMost = 4096

/** Those of a list, oldest first, that are to be remembered. */
const remembered = (list: ReadonlyArray<Challenge>, now: number): ReadonlyArray<Challenge> =>
  list.length <= rememberAtMost
    ? list
    : list
        .slice(-youngAtMost)
        .filter(({ issuedAt }, i, { length }) => i >= length - rememberAtMost || now - issuedAt < young)

const captchaCode = Effect.map(
  Effect.replicateEffect(Random.nextIntBetween(0, CaptchaImage.alphabet.length), CaptchaImage.length),
  (indexes) => indexes.map((i) => CaptchaImage.alphabet.charAt(i)).join("")
)

const noise = Effect.map(Effect.replicateEffect(Random.nextIntBetween(0, 256), CaptchaImage.noiseBytes), (bytes) =>
  Uint8Array.from(bytes)
)

export const make: Effect.Effect<Challenges["Type"], never, Options.Options> = Effect.map(
  Options.Options,
  (options) => {
    const challenges = new Map<Ids.QQ, ReadonlyArray<Challenge>>()
    const of = (account: Ids.QQ) => challenges.get(account) ?? []
    const keep = (account: Ids.QQ, list: ReadonlyArray<Challenge>): void => {
      if (list.length === 0) challenges.delete(account)
      else Bounded.put(challenges, account, list, Bounded.accounts)
    }

    const issue = (account: Ids.QQ, salt: Uint8Array, captcha: boolean) =>
      Effect.gen(function* () {
        const challenge: Challenge = {
          salt,
          code: captcha ? Option.none() : Option.some(yield* Tokens.verifyCode),
          capCd: captcha ? Option.some(yield* Tokens.longKey) : Option.none(),
          verifysession: yield* Tokens.hex(48),
          issuedAt: yield* Clock.currentTimeMillis
        }
        keep(account, remembered([...of(account), challenge], challenge.issuedAt))
        return challenge
      })

    const picture = (account: Ids.QQ, capCd: string | undefined) =>
      Effect.gen(function* () {
        const wanted = Arr.findLast(
          of(account),
          (challenge) =>
            Option.isSome(challenge.capCd) && (capCd === undefined || Option.contains(challenge.capCd, capCd))
        )
        if (Option.isNone(wanted)) return Option.none()
        const code = Option.isSome(options.captchaCode) ? options.captchaCode.value : yield* captchaCode
        const verifysession = yield* Tokens.hex(48)
        const issuedAt = yield* Clock.currentTimeMillis
        const drawn: Challenge = { ...wanted.value, code: Option.some(code), verifysession, issuedAt }
        keep(account, [...of(account).filter((other) => other !== wanted.value), drawn])
        return Option.some({ png: CaptchaImage.png({ code, noise: yield* noise }), verifysession })
      })

    const redeem = (account: Ids.QQ, code: string, tokens: ReadonlyArray<string>) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const typed = code.toUpperCase()
        const isMeant = ({ verifysession }: Challenge) => tokens.includes(verifysession)
        const mayRedeem = (challenge: Challenge) =>
          !options.strict || Option.isNone(challenge.capCd) || isMeant(challenge)
        const fitting = of(account).filter(
          (challenge) =>
            now - challenge.issuedAt <= lifetime &&
            Option.exists(challenge.code, (text) => text.toUpperCase() === typed) &&
            mayRedeem(challenge)
        )
        const redeemed = Option.orElse(Arr.findLast(fitting, isMeant), () => Arr.last(fitting))
        const named = Arr.findLast(of(account), isMeant)
        const latest = options.strict ? Option.none() : Arr.findLast(of(account), ({ capCd }) => Option.isSome(capCd))
        const wrong = Option.getOrUndefined(Option.orElse(named, () => latest))
        keep(
          account,
          Option.isSome(redeemed)
            ? of(account).filter((challenge) => challenge !== redeemed.value)
            : of(account).map((challenge) => (challenge === wrong ? spent(challenge) : challenge))
        )
        return redeemed
      })

    return Challenges.of({ issue, picture, redeem })
  }
)

export const layer: Layer.Layer<Challenges, never, Options.Options> = Layer.effect(Challenges, make)
