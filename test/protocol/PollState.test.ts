/** What the poll loop does next: by rules, and against a model that looks at the whole history. */
import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as Errors from "../../src/protocol/Errors.ts"
import * as State from "../../src/protocol/poll/State.ts"

const gateway = (status: number) => new Errors.TransportError({ endpoint: "poll2", reason: "StatusCode", status })
const reset = new Errors.TransportError({ endpoint: "poll2", reason: "Connection", detail: "ECONNRESET" })
const silence = new Errors.TransportError({ endpoint: "poll2", reason: "Timeout" })
const page = new Errors.UnexpectedResponse({ endpoint: "poll2", expected: "", received: "<html>" })
const unknown = new Errors.Rejected({ endpoint: "poll2", retcode: 15, says: "" })
const lost = new Errors.SessionLost({ endpoint: "poll2", retcode: 121, says: "" })

const failed = (error: Errors.SessionError) => State.Outcome.Failed({ error })
const idle = State.Outcome.Idle({ doubtful: false })
const doubtful = State.Outcome.Idle({ doubtful: true })

/** One thing that happens: how long it takes, and what it is. A probe finds that the session holds. */
type Event = readonly [took: number, outcome: State.Outcome]

interface Done {
  /** When the request began, and ended. */
  readonly began: number
  readonly ended: number
  readonly outcome: State.Outcome
  readonly next: State.Next
}

/** Plays events through, at the times that they themselves and what is done about them make. */
const play = (events: ReadonlyArray<Event>): ReadonlyArray<Done> => {
  let state = State.initial
  let now = 0
  const done: Array<Done> = []
  const happen = (took: number, outcome: State.Outcome) => {
    const began = now
    now += took
    const [after, next] = State.step(state, outcome, { now, took })
    state = after
    done.push({ began, ended: now, outcome, next })
    if ("after" in next) now += next.after
    if (next._tag === "Retry") now += 1_000
    if (next._tag === "Recover") happen(0, State.Outcome.Recovered())
    if (next._tag === "Probe") happen(100, State.Outcome.Probed())
  }
  for (const [took, outcome] of events) {
    if (done.at(-1)?.next._tag === "End") break
    happen(took, outcome)
  }
  return done
}

const tags = (events: ReadonlyArray<Event>) => play(events).map(({ next }) => next._tag)
const times = (count: number, event: Event): ReadonlyArray<Event> => Array.from({ length: count }, () => event)
const probes = (done: ReadonlyArray<Done>) => done.filter(({ next }) => next._tag === "Probe")

describe("an idle answer", () => {
  it("that was held is followed by the next poll at once, for ever", () => {
    for (const { next } of play(times(1_000, [55_000, idle])))
      assert.deepStrictEqual(next, State.Next.Poll({ after: 0 }))
  })

  it("that was not held is waited out to a second, and the third within ten seconds makes it ask", () => {
    assert.deepStrictEqual(
      play(times(3, [10, idle]))
        .slice(0, 3)
        .map(({ next }) => next),
      [State.Next.Poll({ after: 990 }), State.Next.Poll({ after: 990 }), State.Next.Probe({ after: 990 })]
    )
  })

  it("that was not held, now and then, is nothing", () => {
    assert.isEmpty(probes(play(Array.from({ length: 100 }, (_, i) => [i % 3 === 0 ? 55_000 : 10, idle]))))
  })

  it("is asked about once a minute at most, however long the server lies", () => {
    const asked = probes(play(times(600, [10, idle])))
    assert.isAtLeast(asked.length, 9)
    for (const [i, { ended }] of asked.entries()) {
      if (i > 0) assert.isAtLeast(ended - (asked[i - 1]?.ended ?? 0), 60_000)
    }
  })

  it("with a code that also means not online makes it ask after three, even if they are held", () => {
    assert.deepStrictEqual(tags(times(3, [5_000, doubtful])), ["Poll", "Poll", "Probe", "Poll"])
  })
})

describe("a gateway", () => {
  for (const error of [gateway(504), gateway(502), reset, silence]) {
    it(`that gives up on a held poll (${error.reason} ${error.status ?? ""}) has ended an idle one`, () => {
      assert.deepStrictEqual(tags(times(5, [60_000, failed(error)])), ["Poll", "Poll", "Poll", "Poll", "Probe", "Poll"])
      for (const { next } of play(times(4, [20_000, failed(error)]))) {
        assert.deepStrictEqual(next, State.Next.Poll({ after: 0 }))
      }
    })

    it(`that gives up sooner (${error.reason} ${error.status ?? ""}) is a fault, and counted`, () => {
      const done = play(times(3, [19_999, failed(error)]))
      assert.deepStrictEqual(
        done.map(({ next }) => next._tag === "Retry" && next.attempt),
        [1, 2, 3]
      )
    })
  }

  it("whose page comes with status 200 is a fault, however long it took: the answer may have been lost", () => {
    assert.deepStrictEqual(tags([[60_000, failed(page)]]), ["Retry"])
  })
})

describe("a retcode that nobody knows", () => {
  it("is asked about again eight times in a row, and then the session is lost", () => {
    const done = play(times(9, [10, failed(unknown)]))
    assert.deepStrictEqual(
      done.map(({ next }) => (next._tag === "RetryUnclear" ? next.after : next._tag)),
      [...Array.from({ length: 8 }, () => 10_000), "Recover", "Poll"]
    )
  })

  it("is forgotten by any answer", () => {
    const between: ReadonlyArray<Event> = [...times(8, [10, failed(unknown)]), [55_000, idle]]
    assert.notInclude(tags([...between, ...between, ...between]), "Recover")
  })
})

describe("a lost session", () => {
  it("is recovered three times without an answer, and then it is the end", () => {
    assert.deepStrictEqual(
      tags(times(4, [10, failed(lost)])).filter((tag) => tag !== "Poll"),
      ["Recover", "Recover", "Recover", "End"]
    )
    const answered: ReadonlyArray<Event> = [...times(3, [10, failed(lost)]), [1_000, idle]]
    assert.notInclude(tags([...answered, ...answered]), "End")
  })
})

const took = fc.oneof(
  fc.integer({ min: 0, max: 1_500 }),
  fc.integer({ min: 15_000, max: 25_000 }),
  fc.integer({ min: 50_000, max: 120_000 })
)
const outcome: fc.Arbitrary<State.Outcome> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(State.Outcome.News()) },
  { weight: 2, arbitrary: fc.constant(State.Outcome.Repeats()) },
  { weight: 6, arbitrary: fc.boolean().map((is) => State.Outcome.Idle({ doubtful: is })) },
  { weight: 4, arbitrary: fc.constantFrom(gateway(504), reset, silence, page, unknown).map(failed) },
  { weight: 1, arbitrary: fc.constant(failed(lost)) }
)
/** Long rows of one kind are what the rules are about. */
const history = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 12 }), took, outcome), { maxLength: 30 })
  .map((rows) => rows.flatMap(([count, ms, what]) => times(count, [ms, what])))

/** Whether a request ended as an idle one, and whether that was because a gateway gave up. */
const isGateway = ({ began, ended, outcome: { _tag, ...rest } }: Done): boolean =>
  _tag === "Failed" && "error" in rest && rest.error._tag === "TransportError" && ended - began >= 20_000
const isIdle = ({ outcome: { _tag } }: Done) => _tag === "Idle"
const isEarly = (done: Done) => isIdle(done) && done.ended - done.began < 1_000
const isDoubtful = ({ outcome: what }: Done) => what._tag === "Idle" && what.doubtful
const isRequest = ({ outcome: { _tag } }: Done) => _tag !== "Probed" && _tag !== "Recovered"

/** How many at the end of the history are so, back to the last probe or recovery. */
const inARow = (done: ReadonlyArray<Done>, isSo: (one: Done) => boolean): number => {
  const since = done.slice(done.findLastIndex((one) => !isRequest(one)) + 1)
  return since.length - 1 - since.findLastIndex((one) => !isSo(one))
}

describe("any history", () => {
  it.prop("has no two polls within a second unless there was news", [history], ([events]) => {
    const done = play(events).filter(isRequest)
    for (const [i, { began }] of done.entries()) {
      const before = done[i - 1]
      if (before !== undefined && before.outcome._tag !== "News" && before.next._tag !== "Recover") {
        assert.isAtLeast(began - before.began, 1_000)
      }
    }
  })

  it.prop("makes it ask exactly when a model says so", [history], ([events]) => {
    const done = play(events)
    let probed = Number.NEGATIVE_INFINITY
    for (const [i, one] of done.entries()) {
      if (!isRequest(one)) continue
      const past = done.slice(0, i + 1)
      const early = past.slice(-3)
      const isFast = inARow(past, isEarly) >= 3 && one.ended - (early[0]?.ended ?? 0) <= 10_000
      const suspicious = isFast || (isIdle(one) && inARow(past, isDoubtful) >= 3) || inARow(past, isGateway) >= 5
      const at = one.ended + ("after" in one.next ? one.next.after : 0)
      assert.strictEqual(one.next._tag === "Probe", suspicious && at - probed >= 60_000, `at ${i}`)
      if (one.next._tag === "Probe") probed = at
    }
  })
})
