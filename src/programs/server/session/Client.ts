/**
 * What a client is like, by what it sends. Clients of all times come to one server: this is where they are told apart.
 */
import type * as Dialect from "../../../protocol/dialect/Dialect.ts"
import * as Descriptions from "../../../protocol/endpoint/Channel.ts"
import type * as Frames from "../Frames.ts"

/**
 * - The shape of messages that it is used to; see `Frames`.
 * - `allEvents`: it survives events besides messages to friends, groups and discussion groups. Two of SmartQQ's time die of
 *   them (protocol notes, section 5.1), and the service itself refused temporary sessions by then.
 */
export interface Client extends Frames.Shape {
  readonly allEvents: boolean
}

/** What is looked at: the host of the `login2`, and two of its parameters. */
export interface Opening {
  readonly host: string
  /** `passwd_sig`, which went out of use with the older dialects. */
  readonly passwdSig: string | undefined
  /** `events`, by which a client of ours says that it wants all of them. */
  readonly events: string | undefined
}

/** What the server itself is set to. */
export interface Settings {
  readonly strict: boolean
  readonly allEvents: boolean
  readonly escapeText: boolean
  readonly dialect: Dialect.Dialect
}

/** The channel host of WebQQ. SmartQQ's is `d1.web2.qq.com`; by any other host nobody can be told. */
const webqq = "d.web2.qq.com"
const smartqq = "d1.web2.qq.com"
/** And this is where SmartQQ began. */
const firstSmartqq = "w.qq.com"

/** Clients of either time answer to numbers that only messages of their own shape have. */
const isSlim = ({ passwdSig }: Opening, { dialect, strict }: Settings): boolean =>
  strict ? dialect.name === "smartqq-2015" : passwdSig === undefined

const survivesAll = ({ events, host, passwdSig }: Opening, settings: Settings): boolean =>
  settings.allEvents ||
  events === Descriptions.allEvents ||
  host === webqq ||
  (passwdSig !== undefined && host !== smartqq && host !== firstSmartqq)

export const of = (opening: Opening, settings: Settings): Client => ({
  slim: isSlim(opening, settings),
  escaped: settings.escapeText && opening.host === smartqq,
  textless: settings.strict,
  allEvents: survivesAll(opening, settings)
})

/**
 * Whether a client whose psessionid is not known is told to go online again (121). Those of WebQQ's time do so, and log in
 * from the start if that is refused. Of SmartQQ's time some die of it, and all that ever log in again do it on 103 (protocol
 * notes, section 6.2). Only older polls have `ids`.
 */
export const relinks = (poll: { readonly host: string; readonly ids: unknown }): boolean =>
  poll.host === webqq || poll.ids !== undefined

/**
 * How an idle poll ends: with 102 for the older dialects, whose `r` has no ptwebqq, without events for the later one.
 */
export const wantsEmptyList = (ptwebqq: unknown): boolean => ptwebqq !== undefined
