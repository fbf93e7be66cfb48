/**
 * Clients that ask again at once when a poll is refused: a value, and what happens to it. Some of them never stop (protocol
 * notes, section 6.2), so from the second refusal on the answer waits.
 *
 * What is remembered of them is bounded, and so is how many answers wait: beyond it they are refused at once. A stranger
 * can fill both, and then spins as before.
 */
import * as HashMap from "effect/HashMap"
import * as Option from "effect/Option"

/** How long the answer to a repeated poll waits (ms): less than what any client gives up after. */
export const hold = 5000
/** A poll is repeated that comes within so long of the last refusal (ms). */
export const memory = 10_000
/** Offenders that are remembered, twice at most; and answers that wait at the same time. */
export const offendersAtMost = 10_000
export const heldAtMost = 500
/** Of these, the answers to one offender. */
export const heldOfOneAtMost = 50

/** When the offender was refused last (ms, steady clock), and how many answers wait for it. */
interface Offender {
  readonly at: number
  readonly waiting: number
}

const stranger: Offender = { at: Number.NEGATIVE_INFINITY, waiting: 0 }

/** In two generations: the younger one takes the place of the older when it is full. */
export interface RefusedPolls {
  readonly young: HashMap.HashMap<string, Offender>
  readonly old: HashMap.HashMap<string, Offender>
  readonly held: number
}

export const empty: RefusedPolls = { young: HashMap.empty(), old: HashMap.empty(), held: 0 }

const remember = (state: RefusedPolls, who: string, offender: Offender): RefusedPolls => {
  const young = HashMap.set(state.young, who, offender)
  return HashMap.size(young) > offendersAtMost
    ? { ...state, young: HashMap.make([who, offender]), old: state.young }
    : { ...state, young }
}

const offenderOf = ({ old, young }: RefusedPolls, who: string): Offender =>
  HashMap.get(young, who).pipe(
    Option.orElse(() => HashMap.get(old, who)),
    Option.getOrElse(() => stranger)
  )

/** A poll of `who` is refused: whether the answer waits for {@link hold} first, and {@link answered} follows. */
export const refuse = (state: RefusedPolls, who: string, now: number): readonly [RefusedPolls, boolean] => {
  const { at, waiting } = offenderOf(state, who)
  const isRepeated = waiting > 0 || now - at < memory
  if (!isRepeated) return [remember(state, who, { at: now, waiting }), false]
  if (state.held >= heldAtMost || waiting >= heldOfOneAtMost) return [state, false]
  return [{ ...remember(state, who, { at: now, waiting: waiting + 1 }), held: state.held + 1 }, true]
}

/** An answer that waited is given, or its client hung up. */
export const answered = (state: RefusedPolls, who: string, now: number): RefusedPolls => ({
  ...remember(state, who, { at: now, waiting: Math.max(offenderOf(state, who).waiting - 1, 0) }),
  held: state.held - 1
})
