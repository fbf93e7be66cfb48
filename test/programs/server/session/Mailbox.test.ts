import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc, Option } from "effect"
import * as Bounds from "../../../../src/programs/server/Bounds.ts"
import * as Mailbox from "../../../../src/programs/server/session/Mailbox.ts"

type Box = Mailbox.Mailbox<number>
const frame = (value: unknown) => ({ poll_type: "message", value })
const notice = (value: unknown) => Mailbox.item(frame(value))
const letter = (key: number) => Mailbox.item(frame(key), key)
const valuesOf = (outcome: Mailbox.Outcome): ReadonlyArray<unknown> | string =>
  outcome._tag === "Frames" ? outcome.frames.map(({ value }) => value) : outcome._tag

/** A mailbox whose letters are all read, so that it takes those that are offered. */
const upToDate: Box = Mailbox.page<number>(Mailbox.empty, [], { last: 0, more: false })[0]
const offered = (box: Box, ...items: ReadonlyArray<Mailbox.Item>): Box =>
  items.reduce((before, item) => Mailbox.offer(before, item)[0], box)

let polls = 0
/** A poll, with the outcome that it has at once, if it has one. */
const poll = (box: Box, { most = 10, reader = "a" } = {}) => {
  const to = ++polls
  const [confirmed, keys] = Mailbox.confirm(box, reader)
  const [next, replies] = Mailbox.poll(confirmed, { reader, most, to })
  const own = replies.find((reply) => reply.to === to)
  return { box: next, to, keys, replies, values: own === undefined ? "held" : valuesOf(own.outcome) }
}

describe("events", () => {
  it("answer the poll that is held, and the one that comes", () => {
    const first = poll(upToDate)
    assert.strictEqual(first.values, "held")
    const [box, replies] = Mailbox.offer(first.box, notice(1))
    assert.deepStrictEqual(
      replies.map(({ outcome, to }) => [to, valuesOf(outcome)]),
      [[first.to, [1]]]
    )
    assert.deepStrictEqual(poll(offered(box, notice(2))).values, [2])
  })

  it("go out oldest first, and newest first within an answer", () => {
    const first = poll(offered(upToDate, notice(1), notice(2), notice(3)), { most: 2 })
    assert.deepStrictEqual(first.values, [2, 1])
    assert.deepStrictEqual(poll(first.box).values, [3])
  })

  it("that are letters stand once each and by their keys, notices where they came", () => {
    const box = offered(upToDate, letter(2), notice("n"), letter(1), letter(3), letter(2))
    const first = poll(box)
    assert.deepStrictEqual(first.values, [3, "n", 2, 1])
    // Nor do they come in again while nothing shows that they arrived.
    assert.strictEqual(poll(offered(first.box, letter(3))).values, "held")
  })

  it("that are notices wait up to a number and a size, the latest of them; letters stay", () => {
    const many = Array.from({ length: Bounds.noticesAtMost + 5 }, (_, n) => notice(n))
    const { values } = poll(offered(upToDate, letter(1), ...many), { most: 5000 })
    assert.deepStrictEqual(values, [...Array.from({ length: Bounds.noticesAtMost }, (_, i) => 1004 - i), 1])
    const large = "x".repeat(Bounds.noticeBytesAtMost / 4)
    const big = poll(offered(upToDate, ...[1, 2, 3, 4, 5].map((n) => notice(`${n}${large}`))))
    assert.deepStrictEqual(
      (big.values as ReadonlyArray<string>).map((text) => text.slice(0, 1)),
      ["5", "4", "3"]
    )
  })

  it("that are letters are left to the world beyond a number and a size", () => {
    const full = offered(upToDate, ...Array.from({ length: Bounds.lettersInMemory + 3 }, (_, i) => letter(i + 1)))
    assert.strictEqual(full.waiting.length, Bounds.lettersInMemory)
    assert.isTrue(full.behind)
    const large = Mailbox.item(frame("x".repeat(Bounds.letterBytesInMemory)), 1)
    assert.lengthOf(offered(upToDate, large, letter(2), letter(3)).waiting, 1)
  })
})

describe("a poll", () => {
  it("takes the place of one that is held", () => {
    const older = poll(upToDate)
    const newer = poll(older.box)
    assert.deepStrictEqual(
      newer.replies.map(({ outcome, to }) => [to, outcome._tag]),
      [[older.to, "Idle"]]
    )
    const [, replies] = Mailbox.offer(newer.box, notice(1))
    assert.deepStrictEqual(
      replies.map(({ to }) => to),
      [newer.to]
    )
  })

  it("ends without events when it was held long enough, and only then", () => {
    const { box, to } = poll(upToDate)
    const [next, replies] = Mailbox.expire(box, to)
    assert.deepStrictEqual(
      replies.map(({ outcome }) => outcome._tag),
      ["Idle"]
    )
    assert.deepStrictEqual(Mailbox.expire(next, to)[1], [])
  })

  it("that its client gave up takes nothing with it", () => {
    const { box, to } = poll(upToDate)
    const [gone] = Mailbox.lost(box, to)
    assert.isTrue(Option.isNone(gone.held))
    assert.deepStrictEqual(poll(offered(gone, notice(1))).values, [1])
  })
})

describe("what an answer brought", () => {
  it("has arrived when its reader asks again, and not before", () => {
    const first = poll(offered(upToDate, letter(7)))
    assert.deepStrictEqual(first.keys, [])
    const second = poll(first.box)
    assert.deepStrictEqual([second.keys, second.values], [[7], "held"])
  })

  it("comes again when it was lost, before what came later, however often that is said", () => {
    const first = poll(offered(upToDate, letter(1), letter(2), letter(3)), { most: 2 })
    const later = offered(first.box, letter(4))
    const [lost] = Mailbox.lost(Mailbox.lost(later, first.to)[0], first.to)
    const second = poll(lost)
    assert.deepStrictEqual([second.keys, second.values], [[], [4, 3, 2, 1]])
  })

  it("that is lost when another poll waits already answers that one", () => {
    const first = poll(offered(upToDate, notice(1)))
    // Under another name, so nothing shows that the first one arrived; and nothing is left of it.
    const [given] = Mailbox.lost(first.box, first.to)
    const second = poll({ ...given, waiting: [] }, { reader: "b" })
    const [, replies] = Mailbox.lost({ ...second.box, answered: first.box.answered }, first.to)
    assert.deepStrictEqual(
      replies.map(({ outcome, to }) => [to, valuesOf(outcome)]),
      [[second.to, [1]]]
    )
  })

  it("comes again when somebody else asks: another name shows nothing", () => {
    const first = poll(offered(upToDate, letter(1)))
    const second = poll(first.box, { reader: "b" })
    assert.deepStrictEqual([second.keys, second.values], [[], [1]])
    assert.deepStrictEqual(poll(second.box, { reader: "b" }).keys, [1])
  })
})

describe("going online again", () => {
  it("goes back to what is not known to have arrived, and ends the poll that is held", () => {
    const answered = poll(offered(upToDate, letter(1), letter(2)), { most: 1 })
    const [back] = Mailbox.relink(answered.box)
    // An answer from before confirms nothing, not even to its own reader.
    const again = poll(back)
    assert.deepStrictEqual([again.keys, again.values], [[], [2, 1]])
    const held = poll(upToDate)
    assert.deepStrictEqual(
      Mailbox.relink(held.box)[1].map(({ outcome, to }) => [to, outcome._tag]),
      [[held.to, "Idle"]]
    )
  })
})

describe("the end", () => {
  it("gives the last words and nothing else, then itself, and takes nothing in", () => {
    const answered = poll(offered(upToDate, letter(1), notice(2)), { most: 1 })
    const [ended] = Mailbox.end(offered(answered.box, letter(3)), frame("bye"))
    const first = poll(offered(ended, letter(4), notice(5)))
    assert.deepStrictEqual([first.keys, first.values], [[], ["bye"]])
    const second = poll(first.box)
    assert.deepStrictEqual([second.keys, second.values], [[], "Ended"])
  })

  it("ends the poll that is held, with the last words if there are any", () => {
    const held = poll(upToDate)
    assert.deepStrictEqual(
      Mailbox.end(held.box)[1].map(({ outcome }) => valuesOf(outcome)),
      ["Ended"]
    )
    assert.deepStrictEqual(
      Mailbox.end(held.box, frame("bye"))[1].map(({ outcome }) => valuesOf(outcome)),
      [["bye"]]
    )
  })
})

type Step =
  | { readonly does: "keep"; readonly count: number }
  | { readonly does: "poll"; readonly reader: string; readonly most: number }
  | { readonly does: "lose" | "relink" | "expire" }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constant("keep" as const), count: fc.integer({ min: 1, max: 150 }) }),
  fc.record({
    does: fc.constant("poll" as const),
    reader: fc.constantFrom("a", "b"),
    most: fc.integer({ min: 1, max: 60 })
  }),
  fc.record({ does: fc.constantFrom("lose" as const, "relink" as const, "expire" as const) })
)

/** A world that keeps letters, a mailbox, and what its clients have seen. */
const model = () => {
  let box: Box = Mailbox.empty
  let kept: ReadonlyArray<number> = []
  let last = 0
  /** Letters that the last answer gave to a reader who has not asked again since. */
  let given: { readonly reader: string; readonly to: number; readonly keys: ReadonlyArray<number> } | undefined
  /** Letters that a reader has shown to have. */
  const shown = new Set<number>()
  const arrived = new Set<number>()
  const seen: Array<number> = []
  const readers = new Map<number, string>()

  const settle = ([next, replies]: readonly [Box, Mailbox.Replies<number>]) => {
    box = next
    for (const { outcome, to } of replies) {
      if (outcome._tag !== "Frames") continue
      const keys = outcome.frames.map(({ value }) => Number(value)).toReversed()
      given = { reader: readers.get(to) ?? "", to, keys }
      seen.push(...keys)
    }
  }
  const read = () => {
    while (Mailbox.wantsMore(box)) {
      box = Mailbox.reading(box)
      const page = kept.filter((key) => key > box.readTo).slice(0, Bounds.lettersAtOnce)
      const more = page.length === Bounds.lettersAtOnce
      settle(Mailbox.page(box, page.map(letter), { last: page.at(-1) ?? box.readTo, more }))
    }
  }
  const ask = (reader: string, most: number) => {
    if (given?.reader === reader) for (const key of given.keys) shown.add(key)
    given = undefined
    const [confirmed, keys] = Mailbox.confirm(box, reader)
    box = confirmed
    for (const key of keys) arrived.add(key)
    kept = kept.filter((key) => !keys.includes(key))
    read()
    const to = ++polls
    readers.set(to, reader)
    settle(Mailbox.poll(box, { reader, most, to }))
  }
  const run = (command: Step) => {
    if (command.does === "keep") {
      for (let i = 0; i < command.count; i++) {
        kept = [...kept, ++last]
        settle(Mailbox.offer(box, letter(last)))
      }
    }
    if (command.does === "poll") ask(command.reader, command.most)
    if (command.does === "lose" && given !== undefined) {
      const { to } = given
      given = undefined
      settle(Mailbox.lost(box, to))
    }
    if (command.does === "relink") {
      given = undefined
      settle(Mailbox.relink(box))
    }
    if (command.does === "expire" && Option.isSome(box.held)) settle(Mailbox.expire(box, box.held.value.to))
  }
  return { run, ask, arrived, shown, seen, kept: () => kept, box: () => box, last: () => last }
}

describe("whatever happens to letters", () => {
  it.prop(
    "none goes before a reader has shown that it has it, and all arrive, in order",
    [fc.array(step)],
    ([steps]) => {
      const { arrived, ask, box, kept, last, run, seen, shown } = model()
      for (const command of steps) {
        run(command)
        assert.isTrue(Array.from(arrived).every((key) => shown.has(key)))
        assert.isAtMost(box().waiting.length, Bounds.lettersInMemory + 60)
      }
      const before = kept()
      const from = seen.length
      // Somebody who only polls gets the rest.
      for (let i = 0; i <= last() + 1; i++) ask("c", 50)
      assert.deepStrictEqual(seen.slice(from), before)
      assert.deepStrictEqual(kept(), [])
      const firsts = seen.filter((key, i) => seen.indexOf(key) === i)
      assert.deepStrictEqual(
        firsts,
        firsts.toSorted((a, b) => a - b)
      )
    },
    { fastCheck: { numRuns: 60 } }
  )
})
