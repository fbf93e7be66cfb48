/**
 * Telling a bot's own messages from those of others where a server sends them back under a uin that nobody has told, as a
 * value: otherwise a bot that answers everything answers itself for ever.
 *
 * A message is such an echo if it has the content of one that was sent to the same place, if it arrived not before that went
 * out and at most ten seconds after it was acknowledged, and if its sender was not heard of before that went out. Each
 * sent message has one echo. Its sender is the own account from then on.
 *
 * Somebody else may have been faster with the same words, and is then taken for the own account in its place. So that this
 * is no circle, a sender who has said nothing but what was sent just before is the own account, too, at the third time.
 */
import * as HashMap from "effect/HashMap"
import * as HashSet from "effect/HashSet"
import * as Option from "effect/Option"
import type * as Content from "../../schema/Content.ts"
import * as Entities from "../../schema/Entities.ts"

/** How long after the acknowledgement an echo may come, in ms. */
export const within = 10_000
/** Sent messages that are remembered; the oldest are dropped beyond it. */
export const sentAtMost = 1_000
/** People who are remembered to have been heard. Beyond it all are forgotten, who then can be taken for the own account. */
export const heardAtMost = 20_000

/** A sender who has said so many messages, all of them repeats of what was sent just before, is the own account. */
export const repeatsAtMost = 3

/** `at` is when it was acknowledged (ms); none while it is on its way. `taken`: its echo has come. */
interface Sent {
  readonly id: number
  readonly place: string
  readonly words: string
  readonly began: number
  readonly at: Option.Option<number>
  readonly taken: boolean
}

/** Since when somebody was heard; and how many repeats that were, as long as it was nothing else. */
interface Heard {
  readonly first: number
  readonly repeats: Option.Option<number>
}

/** The order of events is by a count, because many happen in one millisecond. */
export interface State {
  readonly count: number
  readonly sent: ReadonlyArray<Sent>
  readonly heard: HashMap.HashMap<number, Heard>
  readonly own: HashSet.HashSet<number>
}

export const initial: State = { count: 0, sent: [], heard: HashMap.empty(), own: HashSet.empty() }

/**
 * What of a content can be compared after a server had it: texts without blanks and HTML escapes, and faces. Servers add
 * blanks, and change fonts and line ends.
 */
export const wordsOf = ({ parts }: Content.Content): string =>
  parts
    .map((part) => {
      switch (part._tag) {
        case "Text":
          return Entities.unescape(part.text).replace(/\s+/g, "")
        case "Face":
          return `\u0000${part.id}\u0000`
        default:
          return ""
      }
    })
    .join("")

/** A message goes out. The number is for {@link ended}. What has no words is never taken for an echo. */
export const began = (state: State, place: string, content: Content.Content, now: number): readonly [State, number] => {
  const id = state.count + 1
  const current = state.sent.filter(({ at }) =>
    Option.match(at, { onNone: () => true, onSome: (ms) => now <= ms + within })
  )
  const sent = [...current, { id, place, words: wordsOf(content), began: id, at: Option.none(), taken: false }].slice(
    -sentAtMost
  )
  return [{ ...state, count: id, sent }, id]
}

/** It was acknowledged, or may have arrived; or it was refused. */
export const ended = (state: State, id: number, arrived: boolean, now: number): State => ({
  ...state,
  sent: arrived
    ? state.sent.map((one) => (one.id === id ? { ...one, at: Option.some(now) } : one))
    : state.sent.filter((one) => one.id !== id)
})

/** A message as it arrived. A sender of 0 is nobody in particular. */
export interface Arrived {
  readonly place: string
  readonly sender: number
  readonly words: string
  readonly count: number
  readonly at: number
}

/** Takes note of who is heard, at once; {@link judge} may come later, in its turn. */
export const arrive = (
  state: State,
  { content, now, place, sender }: { place: string; sender: number; content: Content.Content; now: number }
): readonly [State, Arrived] => {
  const count = state.count + 1
  const known = HashMap.size(state.heard) >= heardAtMost ? HashMap.empty<number, Heard>() : state.heard
  const heard = HashMap.has(known, sender)
    ? known
    : HashMap.set(known, sender, { first: count, repeats: Option.some(0) })
  return [
    { ...state, count, heard },
    { place, sender, words: wordsOf(content), count, at: now }
  ]
}

/** Whose a message is; `Unknown` as long as one with its words is on its way, by its number. */
export type Verdict =
  | { readonly _tag: "Own" }
  | { readonly _tag: "Other" }
  | { readonly _tag: "Unknown"; readonly until: number }

const own = (state: State, sender: number): State =>
  // Nobody in particular is no account.
  sender === 0 ? state : { ...state, own: HashSet.add(state.own, sender) }

export const judge = (state: State, message: Arrived): readonly [State, Verdict] => {
  const { at, count, place, sender, words } = message
  if (HashSet.has(state.own, sender)) return [state, { _tag: "Own" }]
  const newcomer: Heard = { first: count, repeats: Option.some(0) }
  const who = sender === 0 ? newcomer : Option.getOrElse(HashMap.get(state.heard, sender), () => newcomer)
  const alike = state.sent.filter(
    (one) =>
      words !== "" &&
      one.place === place &&
      one.words === words &&
      one.began < count &&
      Option.match(one.at, { onNone: () => true, onSome: (ms) => at <= ms + within })
  )
  const source = alike.find(({ began, taken }) => !taken && began < who.first)
  if (source !== undefined && Option.isNone(source.at)) return [state, { _tag: "Unknown", until: source.id }]
  if (source !== undefined) {
    const sent = state.sent.map((one) => (one === source ? { ...one, taken: true } : one))
    return [own({ ...state, sent }, sender), { _tag: "Own" }]
  }
  const repeats = alike.length === 0 ? Option.none() : Option.map(who.repeats, (n) => n + 1)
  return Option.exists(repeats, (n) => n >= repeatsAtMost)
    ? [own(state, sender), { _tag: "Own" }]
    : [{ ...state, heard: HashMap.set(state.heard, sender, { ...who, repeats }) }, { _tag: "Other" }]
}
