/**
 * The verification codes that `check` gives out where no captcha is wanted (protocol notes, section 2.2). A value, and what
 * happens to it.
 */
import * as Arr from "effect/Array"
import * as Option from "effect/Option"

/** What a login must bring along: the code, and the salt of its password proof. `token` tells it from others. */
export interface Fresh {
  readonly salt: Uint8Array
  readonly code: string
  readonly token: string
}

/** A code that was given out. `uses`: the logins for which it still is good, one for each time. Times in ms. */
export interface Code extends Fresh {
  readonly givenAt: number
  readonly uses: number
}

/** The codes of one account, oldest first. */
export type State = ReadonlyArray<Code>

/** How long a code is good, in ms. */
export const lifetime = 5 * 60 * 1000

const live = (state: State, now: number): State => state.filter(({ givenAt }) => now - givenAt <= lifetime)

/**
 * Gives out a code. Of those that are good none is forgotten for a new one, or whoever asks often for somebody's
 * account would keep its owner from logging in: beyond `atMost` of them, the latest is given out again, for one more
 * login.
 */
export const issue = (state: State, fresh: Fresh, atMost: number, now: number): readonly [State, Code] => {
  const codes = live(state, now)
  const latest = codes.at(-1)
  const code: Code =
    codes.length >= atMost && latest !== undefined
      ? { ...latest, uses: latest.uses + 1, givenAt: now }
      : { ...fresh, uses: 1, givenAt: now }
  return [[...(codes.length >= atMost ? codes.slice(0, -1) : codes), code], code]
}

/** The code that was typed, in any case. Where several are alike, the one of a given token, else the latest. */
export const find = (state: State, typed: string, tokens: ReadonlyArray<string>, now: number): Option.Option<Code> => {
  const fitting = live(state, now).filter(({ code }) => code === typed.toUpperCase())
  return Option.orElse(
    Arr.findLast(fitting, ({ token }) => tokens.includes(token)),
    () => Arr.last(fitting)
  )
}

/** Spends one use of a code; false if none is left. */
export const spend = (state: State, token: string, now: number): readonly [State, boolean] => {
  const codes = live(state, now)
  const spent = codes.map((code) => (code.token === token ? { ...code, uses: code.uses - 1 } : code))
  return [spent.filter(({ uses }) => uses > 0), codes.some((code) => code.token === token)]
}
