/**
 * What the retcodes of the JSON replies mean. The same code means one thing to a poll and another to a send, so each
 * kind of request has a table of its own (protocol notes, sections 2.8, 2.9, 4.1, 4.5, 6.1 and 6.2).
 */

/**
 * - `done`: as 0.
 * - `idle`: a poll that ended without events. `doubtful`: so too, or the session is over.
 * - `rotated`: a poll that ended with a new ptwebqq in the member `p`.
 * - `partial`: harmless when a result stands beside it, a refusal without one.
 * - `lost`: the session is over; log in again.
 * - `named`: `lost`, unless the server's words name a parameter: then `refused`.
 * - `busy`: the server has too much to do; try later.
 * - `uncertain`: a send that was taken, and perhaps not delivered.
 * - `unclear`: nobody knows; the same request may do better a little later.
 * - `refused`: what was asked for cannot be had.
 */
export type Meaning =
  | "done"
  | "idle"
  | "doubtful"
  | "rotated"
  | "partial"
  | "lost"
  | "named"
  | "busy"
  | "uncertain"
  | "unclear"
  | "refused"

/**
 * - `poll`: `poll2`. `send`: the four sends. `login`: `login2`.
 * - `session`: what the channel host tells about the whole session, such as `get_online_buddies2`.
 * - `lookup`: what it tells about one group or person, whose id the request names.
 * - `contacts`: lists and profiles of the contact host. `change`: what it is told to change.
 */
export type Kind = "poll" | "send" | "login" | "session" | "lookup" | "contacts" | "change"

/** The meanings of one kind of request; `otherwise` is that of every code that is not listed. */
export interface Retcodes {
  readonly kind: Kind
  readonly meanings: ReadonlyMap<number, Meaning>
  readonly otherwise: Meaning
}

/** What holds unless a kind says otherwise. */
const common: ReadonlyArray<readonly [retcode: number, meaning: Meaning]> = [
  [0, "done"],
  [8, "lost"], // need to log in again
  [100, "lost"], // not logged in
  [103, "lost"], // not valid on the channel server, or uin and skey do not fit
  [108, "lost"], // cookies missing, logged out
  [112, "busy"],
  [113, "busy"],
  [120, "lost"], // relink needed
  [121, "lost"], // relink needed, or logged in twice
  [1202, "partial"],
  [100000, "lost"], // ptwebqq or session expired
  [100001, "lost"],
  [100002, "lost"],
  [100003, "partial"], // data possibly incomplete
  [100012, "lost"], // login expired
  [100100, "partial"], // fine, from a different backend
  [100101, "lost"] // no cookies
]

const table = (
  kind: Kind,
  special: ReadonlyArray<readonly [retcode: number, meaning: Meaning]>,
  otherwise: Meaning = "refused"
): Retcodes => ({ kind, meanings: new Map([...common, ...special]), otherwise })

/** A client that left the channel server, and one that is not online: no news to a poll, but nothing can be sent. */
const gone = [
  [109, "lost"],
  [110, "lost"]
] as const

/** Of a poll: many codes were found to be harmless, and every unknown one is tried again, as Tencent's own client did. */
export const poll: Retcodes = table(
  "poll",
  [
    [102, "idle"], // no events
    [109, "doubtful"],
    [110, "doubtful"],
    [116, "rotated"],
    [1202, "idle"],
    [100003, "idle"],
    [100012, "doubtful"],
    [100100, "idle"]
  ],
  "unclear"
)

/** Of a send. 100001 is the id of a group that does not exist (any more), and no reason to log in again. */
export const send: Retcodes = table("send", [
  ...gone,
  [1202, "uncertain"],
  [100001, "refused"],
  [100003, "uncertain"],
  [100100, "done"]
])

/** Of `login2`. 106, 111 and 115 are refusals: not on the white list, on the black list, blocked. */
export const login: Retcodes = table("login", [])

/** Of requests about the whole session on the channel host. */
export const session: Retcodes = table("session", gone)

/** Of requests on the channel host that name a group or a person: 100001 is a wrong id, as for a send. */
export const lookup: Retcodes = table("lookup", [...gone, [100001, "refused"]])

/** Of lists and profiles of the contact host. 50 is a wrong hash, 6 a wrong group code: refusals. */
export const contacts: Retcodes = table("contacts", [[100001, "named"]])

/** Of changes on the contact host, which have no result that could be partial. */
export const change: Retcodes = table("change", [
  [100001, "named"],
  [100003, "done"],
  [100100, "done"]
])

/** What a retcode means to a request of this kind. */
export const meaningOf = (retcodes: Retcodes, retcode: number): Meaning =>
  retcodes.meanings.get(retcode) ?? retcodes.otherwise
