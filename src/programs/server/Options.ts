/**
 * How the server behaves.
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Dialects from "../../protocol/dialect/Dialects.ts"

/**
 * - `aliases`: every session calls people and groups by numbers of its own, as the real service did; true if not given.
 *   If false, the uin of a person is the QQ number.
 * - `silence`: a session without a request or a held poll for so long counts as offline until its next
 *   request, and friends are told at most as much later; 5 minutes if not given.
 * - `allEvents`: send all kinds of events to clients of SmartQQ's time, too, of which some do not survive them; `strict` if
 *   not given. Those of `d.web2.qq.com`, and those that ask for it, get them anyway.
 * - `loginLifetime`: how long the cookies of a login are good after they were used last; 30 days if not given.
 * - `captchaCode`: the answer of every captcha, for tests; random if not given.
 * - `captchaAfter`: how many wrong passwords in a row bring on the captcha; 3 if not given, 0 for always.
 * - `strict`: refuse what the documents forbid (missing cookies or Referer, a wrong host or method, a wrong hash)
 *   instead of tolerating what old clients do.
 * - `escapeText`: sessions of d1.web2.qq.com get the texts of messages HTML-escaped, as the service did; true if not given.
 * - `holdPoll`: how long a poll waits for events; at most 55 seconds, because old clients give up after 60.
 * - `dialect`: whose rules hold in strict mode.
 */
export class Options extends Context.Tag("effect-webqq/server/Options")<
  Options,
  {
    readonly strict: boolean
    readonly aliases: boolean
    readonly silence: Duration.Duration
    readonly allEvents: boolean
    readonly loginLifetime: Duration.Duration
    readonly captchaAfter: number
    readonly captchaCode: Option.Option<string>
    readonly escapeText: boolean
    readonly holdPoll: Duration.Duration
    readonly dialect: Dialects.Dialect
  }
>() {}

export interface Input {
  readonly strict?: boolean
  readonly aliases?: boolean
  readonly silence?: Duration.DurationInput
  readonly allEvents?: boolean
  readonly loginLifetime?: Duration.DurationInput
  readonly captchaAfter?: number
  readonly captchaCode?: string
  readonly escapeText?: boolean
  readonly holdPoll?: Duration.DurationInput
  readonly dialect?: Dialects.Dialect
}

export const layer = (input: Input = {}): Layer.Layer<Options> =>
  Layer.succeed(Options, {
    strict: input.strict ?? false,
    aliases: input.aliases ?? true,
    silence: Duration.decode(input.silence ?? "5 minutes"),
    allEvents: input.allEvents ?? input.strict ?? false,
    captchaCode: Option.fromNullable(input.captchaCode),
    loginLifetime: Duration.decode(input.loginLifetime ?? "30 days"),
    captchaAfter: input.captchaAfter ?? 3,
    escapeText: input.escapeText ?? true,
    holdPoll: Duration.min(Duration.decode(input.holdPoll ?? "55 seconds"), Duration.seconds(55)),
    dialect: input.dialect ?? Dialects.webqq2013
  })
