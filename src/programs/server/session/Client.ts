/**
 * What a client is like, by what it sends. Clients of all times come to one server: this is where they are told apart.
 */
import type * as Dialect from "../../../protocol/dialect/Dialect.ts"

/**
 * - `slim`: it expects messages as they have been since December 2015.
 * - `allEvents`: it survives events besides messages to friends, groups and discussion groups. Two of SmartQQ's time die of
 *   them (protocol notes, section 5.1), and the service itself refused temporary sessions by then.
 */
export interface Client {
  readonly slim: boolean
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
  readonly dialect: Dialect.Dialect
}

/** The value of `events` that asks for all of them. */
export const allEvents = "all"

/** The channel host of WebQQ. SmartQQ's is `d1.web2.qq.com`; by any other host nobody can be told. */
const webqq = "d.web2.qq.com"
const smartqq: ReadonlyArray<string> = ["d1.web2.qq.com", "w.qq.com"]

/** Clients of either time answer to numbers that only messages of their own shape have. */
const isSlim = ({ passwdSig }: Opening, { dialect, strict }: Settings): boolean =>
  strict ? dialect.name === "smartqq-2015" : passwdSig === undefined

const survivesAll = ({ events, host, passwdSig }: Opening, settings: Settings): boolean =>
  settings.allEvents || events === allEvents || host === webqq || (passwdSig !== undefined && !smartqq.includes(host))

export const of = (opening: Opening, settings: Settings): Client => ({
  slim: isSlim(opening, settings),
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
