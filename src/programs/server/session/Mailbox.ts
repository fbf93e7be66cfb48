/**
 * What is on its way to the client of one session, and the poll that waits for it: a value, and what happens to it.
 *
 * Two kinds of events are in it. Letters have a key: the world keeps them until they have arrived, and the mailbox is a
 * window on them. Notices have none, and may be lost with the session.
 *
 * The protocol has no acknowledgement. An answer counts as arrived when another poll, or a farewell, comes under the same
 * name (psessionid) after it was given. Whatever comes under another name shows nothing: it may be of a client that was
 * started anew. So what an answer brought comes again unless its own reader has shown that it has it.
 */
import * as Arr from "effect/Array"
import * as Data from "effect/Data"
import * as Option from "effect/Option"
import type * as PollEvent from "../../../schema/PollEvent.ts"
import * as Bounds from "../Bounds.ts"

/** How a poll ends: with frames (newest first, as on the wire), without, or because the session is over. */
export type Outcome = Data.TaggedEnum<{
  Frames: { readonly frames: ReadonlyArray<PollEvent.Frame> }
  Idle: {}
  Ended: {}
}>
export const Outcome = Data.taggedEnum<Outcome>()

/** An event on its way; one with a key is a letter. */
export interface Item {
  readonly frame: PollEvent.Frame
  readonly key: number | undefined
  readonly bytes: number
}

/** A poll: under which name it came, how many events it takes, and where its outcome goes. */
export interface Poll<P> {
  readonly reader: string
  readonly most: number
  readonly to: P
}

/**
 * - `waiting`: oldest first; letters among each other by their keys.
 * - `answered`: what the last answer took along, until it counts as arrived.
 * - `held`: the poll that waits. Nothing waits for it, or it would not be held.
 * - `readTo`: the last letter that was read from the world. `behind`: letters have to be read from there before others
 *   are taken in. `missed`: one was kept since the reading began.
 */
export interface Mailbox<P> {
  readonly waiting: ReadonlyArray<Item>
  readonly answered: Option.Option<{ readonly by: Poll<P>; readonly items: ReadonlyArray<Item> }>
  readonly held: Option.Option<Poll<P>>
  readonly readTo: number
  readonly behind: boolean
  readonly missed: boolean
  readonly ended: boolean
}

/** The polls that end by a change, and how. */
export type Replies<P> = ReadonlyArray<{ readonly to: P; readonly outcome: Outcome }>
type Changed<P> = readonly [Mailbox<P>, Replies<P>]

/** An empty one, with all letters still to be read. */
export const empty: Mailbox<never> = {
  waiting: [],
  answered: Option.none(),
  held: Option.none(),
  readTo: 0,
  behind: true,
  missed: false,
  ended: false
}

/** An event as it is kept here. */
export const item = (frame: PollEvent.Frame, key?: number): Item => ({
  frame,
  key,
  bytes: Bounds.bytesOf(JSON.stringify(frame))
})

const isNotice = ({ key }: Item): boolean => key === undefined
const bytesOf = (items: ReadonlyArray<Item>): number => items.reduce((sum, { bytes }) => sum + bytes, 0)

/** Nothing waits, and nothing is unconfirmed. */
export const isEmpty = <P>({ answered, waiting }: Mailbox<P>): boolean =>
  waiting.length === 0 && Option.isNone(answered)

/** There are letters to be read from the world, and place for them. */
export const wantsMore = <P>(box: Mailbox<P>): boolean => box.behind && !box.ended && isEmpty(box)

const unread = <P>({ answered, waiting }: Mailbox<P>): ReadonlyArray<Item> =>
  Option.match(answered, { onNone: () => waiting, onSome: ({ items }) => [...items, ...waiting] })

/** What the last answer took along waits again. */
const putBack = <P>(box: Mailbox<P>): Mailbox<P> => ({ ...box, waiting: unread(box), answered: Option.none() })

/** Where a letter belongs: behind the last one that is older. */
const placeFor = (items: ReadonlyArray<Item>, key: number): number => {
  let place = items.length
  // From the end: what comes last is nearly always the newest.
  for (let i = items.length - 1; i >= 0; i--) {
    const other = items[i]?.key
    if (other !== undefined && other < key) break
    if (other !== undefined) place = i
  }
  return place
}

/** Without the oldest notices, if there are more than may wait. */
const withinBounds = (items: ReadonlyArray<Item>): ReadonlyArray<Item> => {
  const notices = items.filter(isNotice)
  const isTooMuch = notices.length > Bounds.noticesAtMost || bytesOf(notices) > Bounds.noticeBytesAtMost
  if (!isTooMuch) return items
  const oldest = items.findIndex(isNotice)
  return withinBounds(Arr.remove(items, oldest))
}

const add = (items: ReadonlyArray<Item>, coming: Item): ReadonlyArray<Item> => {
  if (coming.key === undefined) return withinBounds([...items, coming])
  const place = placeFor(items, coming.key)
  // A letter that is read while it is handed over comes twice.
  return items[place]?.key === coming.key ? items : items.toSpliced(place, 0, coming)
}

const isAnswered = <P>({ answered }: Mailbox<P>, { key }: Item): boolean =>
  key !== undefined && Option.exists(answered, ({ items }) => items.some((other) => other.key === key))

/** Answers the poll that is held, if there is something for it now. */
const deliver = <P>(box: Mailbox<P>): Changed<P> => {
  if (Option.isNone(box.held)) return [box, []]
  const by = box.held.value
  const items = box.waiting.slice(0, by.most)
  if (items.length === 0) {
    return box.ended ? [{ ...box, held: Option.none() }, [{ to: by.to, outcome: Outcome.Ended() }]] : [box, []]
  }
  const frames = items.map(({ frame }) => frame).toReversed()
  return [
    { ...box, waiting: box.waiting.slice(by.most), answered: Option.some({ by, items }), held: Option.none() },
    [{ to: by.to, outcome: Outcome.Frames({ frames }) }]
  ]
}

/** The poll that is held ends without events. */
export const release = <P>(box: Mailbox<P>): Changed<P> => [
  { ...box, held: Option.none() },
  Option.toArray(box.held).map(({ to }) => ({ to, outcome: Outcome.Idle() }))
]

/** More letters wait than should be in memory; the world keeps those that come. */
const isFull = (items: ReadonlyArray<Item>): boolean => {
  const letters = items.filter((item) => !isNotice(item))
  return letters.length >= Bounds.lettersInMemory || bytesOf(letters) >= Bounds.letterBytesInMemory
}

/**
 * An event comes. Of notices the latest ones wait. A letter is not taken in where it is already, and is left to the world
 * where older ones are still to be read, or there are too many.
 */
export const offer = <P>(box: Mailbox<P>, coming: Item): Changed<P> => {
  if (box.ended || isAnswered(box, coming)) return [box, []]
  if (coming.key !== undefined) {
    if (box.behind) return [{ ...box, missed: true }, []]
    if (isFull(box.waiting)) return [{ ...box, behind: true }, []]
  }
  return deliver({ ...box, waiting: add(box.waiting, coming) })
}

/** The world is about to be asked for the letters after `readTo`; what is kept meanwhile is read after them. */
export const reading = <P>(box: Mailbox<P>): Mailbox<P> => ({ ...box, behind: true, missed: false })

/**
 * Letters that were read from the world: `last` is the key of the last one, whether it is for this client or not, and
 * `more` whether there are others behind it.
 */
export const page = <P>(
  box: Mailbox<P>,
  letters: ReadonlyArray<Item>,
  { last, more }: { readonly last: number; readonly more: boolean }
): Changed<P> => {
  if (box.ended) return [box, []]
  let { readTo, waiting } = box
  for (const letter of letters) {
    if (isFull(waiting)) return deliver({ ...box, waiting, readTo })
    if (!isAnswered(box, letter)) waiting = add(waiting, letter)
    readTo = letter.key ?? readTo
  }
  return deliver({ ...box, waiting, readTo: last, behind: more || box.missed })
}

/**
 * A request of this reader shows that the last answer arrived, if it was the reader's own: the keys of the letters in it.
 * One that was given to another reader is not confirmed by it.
 */
export const confirm = <P>(box: Mailbox<P>, reader: string): readonly [Mailbox<P>, ReadonlyArray<number>] => {
  if (!Option.exists(box.answered, ({ by }) => by.reader === reader)) return [box, []]
  const keys = Option.toArray(box.answered).flatMap(({ items }) => items.flatMap(({ key }) => key ?? []))
  return [{ ...box, answered: Option.none() }, keys]
}

/**
 * A poll comes, after {@link confirm}. It takes the place of one that is held; and what an answer took along since then,
 * or under another name, comes again.
 */
export const poll = <P>(box: Mailbox<P>, coming: Poll<P>): Changed<P> => {
  const [free, older] = release(putBack(box))
  const [next, replies] = deliver({ ...free, held: Option.some(coming) })
  return [next, [...older, ...replies]]
}

const isOf =
  <P>(to: P) =>
  (poll: Poll<P>): boolean =>
    poll.to === to

/** A poll was held as long as it may be. */
export const expire = <P>(box: Mailbox<P>, to: P): Changed<P> =>
  Option.exists(box.held, isOf(to)) ? release(box) : [box, []]

/** A poll was given up by its client, or its answer did not reach it. */
export const lost = <P>(box: Mailbox<P>, to: P): Changed<P> => {
  const held = Option.filter(box.held, (poll) => poll.to !== to)
  const isUnread = Option.exists(box.answered, ({ by }) => by.to === to)
  return deliver(isUnread ? { ...putBack(box), held } : { ...box, held })
}

/**
 * The client goes online again. It goes back to the last letter that is known to have arrived; the poll that is held ends
 * without events.
 */
export const relink = <P>(box: Mailbox<P>): Changed<P> => {
  const [next, replies] = release(putBack(box))
  return [{ ...next, readTo: 0, behind: true }, replies]
}

/** No more events. What waits is left to the world or lost; polls get the last words, if there are any, and then the end. */
export const end = <P>(box: Mailbox<P>, last?: PollEvent.Frame): Changed<P> =>
  deliver({
    ...box,
    waiting: last === undefined ? [] : [item(last)],
    answered: Option.none(),
    ended: true
  })
