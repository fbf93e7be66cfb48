/**
 * A session on the channel: a value, and what happens to it.
 */
import * as Option from "effect/Option"
import type * as Ids from "../../../schema/Ids.ts"
import type * as PollEvent from "../../../schema/PollEvent.ts"
import * as Bounds from "../Bounds.ts"
import type * as Client from "./Client.ts"
import * as Mailbox from "./Mailbox.ts"
import type * as Moment from "./Moment.ts"

/** One of the psessionids of a session, and the number under which the client asked for it. */
export interface Name {
  readonly psessionid: string
  readonly clientid: Ids.ClientId
}

/**
 * - `names`: oldest first. Each `login2` on the same cookies gives one more, and all of them are good: some clients go on
 *   with the one before.
 * - `warm`: which of the requests that Tencent's own client makes after a login were made.
 * - `status`: a name such as "online". `since`: unix time of the login (ms); `seen`: of the last request.
 * - `presence`: `gone` once it was found silent for too long, `away` when its friends know it. Letters wait in the world
 *   until its next request.
 */
export interface ChannelSession<P> {
  readonly names: ReadonlyArray<Name>
  readonly client: Client.Client
  readonly warm: { readonly online: boolean; readonly recent: boolean }
  readonly status: string
  readonly since: number
  readonly seen: Moment.Moment
  readonly presence: "here" | "gone" | "away"
  readonly mailbox: Mailbox.Mailbox<P>
}

/** What a `login2` says. */
export interface Opening extends Pick<ChannelSession<never>, "client" | "status"> {
  readonly name: Name
}

export const open = ({ client, name, status }: Opening, now: Moment.Moment): ChannelSession<never> => ({
  names: [name],
  client,
  warm: { online: false, recent: false },
  status,
  since: now.unix,
  seen: now,
  presence: "here",
  mailbox: Mailbox.empty
})

type Changed<P> = readonly [ChannelSession<P>, Mailbox.Replies<P>]

/** The same web login goes online again. */
export const relink = <P>(
  session: ChannelSession<P>,
  { client, name, status }: Opening,
  now: Moment.Moment
): Changed<P> => {
  const [mailbox, replies] = Mailbox.relink(session.mailbox)
  const names = [...session.names, name].slice(-Bounds.namesAtMost)
  const warm = { online: false, recent: false }
  return [{ ...session, names, client, warm, status, seen: now, presence: "here", mailbox }, replies]
}

/** The number that belongs to a psessionid. */
export const clientidOf = <P>({ names }: ChannelSession<P>, psessionid: string): Option.Option<Ids.ClientId> =>
  Option.map(Option.fromNullable(names.find((name) => name.psessionid === psessionid)), ({ clientid }) => clientid)

/** Its client made a request. */
export const heard = <P>(session: ChannelSession<P>, now: Moment.Moment): ChannelSession<P> => ({
  ...session,
  seen: now,
  presence: "here"
})

/** A client that holds no poll and made no request for longer than `silence` (ms) is gone. */
export const lookAfter = <P>(
  session: ChannelSession<P>,
  { now, silence }: { readonly now: Moment.Moment; readonly silence: number }
): ChannelSession<P> => {
  const isSilent = Option.isNone(session.mailbox.held) && now.steady - session.seen.steady > silence
  return isSilent && session.presence === "here" ? { ...session, presence: "gone" } : session
}

/** Its friends are told that it is gone. */
export const toldGone = <P>(session: ChannelSession<P>): ChannelSession<P> => ({ ...session, presence: "away" })

export const end = <P>(session: ChannelSession<P>, last?: PollEvent.Frame): Changed<P> => {
  const [mailbox, replies] = Mailbox.end(session.mailbox, last)
  return [{ ...session, mailbox }, replies]
}

/** Its end was a kick or a farewell; polls still get the last words. */
export const hasEnded = <P>({ mailbox }: ChannelSession<P>): boolean => mailbox.ended
