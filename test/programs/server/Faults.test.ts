/** Faults on demand: the plan, who is hit, and what each fault does to a request in the process. */
import { HttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { deepStrictEqual } from "@effect/vitest/utils"
import {
  Context,
  Effect,
  Either,
  Fiber,
  FastCheck as fc,
  Layer,
  Option,
  Random,
  Redacted,
  Stream,
  TestClock
} from "effect"
import { Login } from "../../../src/programs/index.ts"
import { Faults, type Options } from "../../../src/programs/server/index.ts"
import { TestServer } from "../../../src/programs/testing/index.ts"
import { Channel, Dialects, Messages, Poll } from "../../../src/protocol/index.ts"
import { Content, PollEvent } from "../../../src/schema/index.ts"
import { CookieStore, Dialect, Session } from "../../../src/services/index.ts"
import { qq, uin } from "../../rigs/People.ts"
import * as ServerInProcess from "../../rigs/ServerInProcess.ts"

const kinds = Faults.Kind.literals
const plan = (parts: Partial<Faults.Plan>): Faults.Plan => ({ ...Faults.none, endpoints: ["poll2"], ...parts })

describe("a faults file", () => {
  const problemOf = (text: string) => {
    const read = Faults.fromJson(text, "faults.json")
    if (Either.isRight(read)) return assert.fail("it was read")
    assert.instanceOf(read.left, Faults.PlanError)
    assert.strictEqual(
      read.left.message,
      `The faults file faults.json cannot be used: ${read.left.problem}. Correct it and start again.`
    )
    return read.left.problem
  }

  it("may be empty, or say everything", () => {
    assert.deepStrictEqual(Faults.fromJson("{}", "f"), Either.right(plan({ delayMs: 5000, retcode: 121 })))
    const everything = {
      endpoints: ["poll2", "send_buddy_msg2"],
      rates: Object.fromEntries(kinds.map((kind) => [kind, 0.05])),
      script: [{ endpoint: "login2", nth: 3, fault: "504" }],
      delayMs: 0,
      retcode: 103
    }
    assert.deepStrictEqual(Faults.fromJson(JSON.stringify(everything), "f"), Either.right(everything as Faults.Plan))
  })

  it("says in one sentence what is wrong, and where", () => {
    assert.strictEqual(problemOf('{"rates":{"html":1.5}}'), "rates.html has a wrong name or value")
    assert.strictEqual(problemOf('{"rates":{"html":-0.1}}'), "rates.html has a wrong name or value")
    assert.strictEqual(problemOf('{"rates":{"html":"0.1"}}'), "rates.html has a wrong name or value")
    assert.strictEqual(problemOf('{"rates":{"fire":0.1}}'), "rates.fire has a wrong name or value")
    assert.strictEqual(problemOf('{"rate":{}}'), "rate has a wrong name or value")
    assert.strictEqual(problemOf('{"delayMs":-1}'), "delayMs has a wrong name or value")
    assert.strictEqual(
      problemOf('{"script":[{"endpoint":"poll2","nth":0,"fault":"kick"}]}'),
      "script.0.nth has a wrong name or value"
    )
    assert.strictEqual(
      problemOf('{"script":[{"endpoint":"poll2","nth":1,"fault":"kik"}]}'),
      "script.0.fault has a wrong name or value"
    )
    assert.strictEqual(problemOf('{"rates":{"html":0.6,"empty":0.5}}'), "the rates are together more than 1")
    for (const broken of ['{"rates":', "", "[]", "null", "7"]) {
      assert.strictEqual(problemOf(broken), "it is not a JSON object with rates or a script", broken)
    }
  })

  it("that names an endpoint which does not exist is refused: the fault would never happen", () => {
    assert.strictEqual(problemOf('{"endpoints":["poll2","pol2"]}'), "endpoints.1 has a wrong name or value")
    assert.strictEqual(
      problemOf('{"script":[{"endpoint":"pol2","nth":1,"fault":"kick"}]}'),
      "script.0.endpoint has a wrong name or value"
    )
  })

  it("may use up all of 1, whatever the rounding", () => {
    for (const rates of [
      { html: 1 },
      { dropBefore: 0.7, dropAfter: 0.1, delay: 0.2 },
      { dropBefore: 0.6, dropAfter: 0.3, delay: 0.1 },
      { "502": 0.11, "504": 0.22, html: 0.33, empty: 0.34 },
      { dropBefore: 0.3, dropAfter: 0.1, delay: 0.2, html: 0.2, empty: 0.1, kick: 0.1 },
      Object.fromEntries(kinds.map((kind) => [kind, 1 / kinds.length]))
    ]) {
      assert.isTrue(Either.isRight(Faults.fromJson(JSON.stringify({ rates }), "f")), JSON.stringify(rates))
    }
  })
})

describe("who is hit", () => {
  const kindsOf = (faults: Faults.Service, endpoint: string, count: number) =>
    Effect.map(Effect.replicateEffect(faults.next(endpoint), count), (all) =>
      all.map(Option.match({ onNone: () => "none", onSome: ({ kind }) => kind }))
    )

  it.effect("rates are frequencies, and only hold for the endpoints of the plan", () =>
    Effect.gen(function* () {
      const rates = { dropBefore: 0.2, html: 0.1, kick: 0.05 }
      const faults = yield* Faults.make(plan({ rates }))
      const total = 20_000
      const happened = yield* kindsOf(faults, "poll2", total)
      const share = (kind: string) => happened.filter((it) => it === kind).length / total
      for (const [kind, rate] of [...Object.entries(rates), ["none", 0.65] as const]) {
        assert.approximately(share(kind), rate, 0.01, kind)
      }
      assert.deepStrictEqual(new Set(happened), new Set(["dropBefore", "html", "kick", "none"]))
      assert.deepStrictEqual(new Set(yield* kindsOf(faults, "login2", 1000)), new Set(["none"]))
    }).pipe(Effect.withRandom(Random.make("frequencies")))
  )

  it.effect.prop(
    "a script hits exactly the nth request of its endpoint, and no other",
    [fc.integer({ min: 1, max: 50 }), fc.constantFrom(...kinds)],
    ([nth, fault]) =>
      Effect.gen(function* () {
        const faults = yield* Faults.make(plan({ script: [{ endpoint: "poll2", nth, fault }], delayMs: 7, retcode: 8 }))
        // Requests of other endpoints do not count.
        yield* kindsOf(faults, "login2", 3)
        for (let i = 1; i <= 60; i++) {
          deepStrictEqual(
            yield* faults.next("poll2"),
            i === nth ? Option.some({ kind: fault, delayMs: 7, retcode: 8 }) : Option.none()
          )
          deepStrictEqual(yield* faults.next("send_buddy_msg2"), Option.none())
        }
      })
  )

  it.effect("the script goes before the rates", () =>
    Effect.gen(function* () {
      const faults = yield* Faults.make(
        plan({ rates: { html: 1 }, script: [{ endpoint: "poll2", nth: 2, fault: "empty" }] })
      )
      assert.deepStrictEqual(yield* kindsOf(faults, "poll2", 3), ["html", "empty", "html"])
    })
  )

  it.effect("`set` gives another plan at once, and counting begins anew", () =>
    Effect.gen(function* () {
      const faults = yield* Faults.make(plan({ rates: { html: 1 } }))
      assert.deepStrictEqual(yield* kindsOf(faults, "poll2", 2), ["html", "html"])
      yield* faults.set(plan({ script: [{ endpoint: "poll2", nth: 1, fault: "kick" }] }))
      assert.deepStrictEqual(yield* kindsOf(faults, "poll2", 2), ["kick", "none"])
      yield* faults.set(Faults.none)
      assert.deepStrictEqual(yield* kindsOf(faults, "poll2", 2), ["none", "none"])
    })
  )

  it.effect("nobody without a layer", () =>
    Effect.gen(function* () {
      const faults = yield* Faults.Faults
      yield* faults.set(plan({ rates: { html: 1 } }))
      assert.deepStrictEqual(yield* kindsOf(faults, "poll2", 2), ["none", "none"])
    })
  )
})

/** A bot on a server to which faults happen, a friend, and the faults, to change them. */
const served = (parts: Partial<Faults.Plan>, options: Options.Input = {}) =>
  Effect.gen(function* () {
    const http = yield* ServerInProcess.start(options)
    const forms: Array<URLSearchParams> = []
    const noting = HttpClient.mapRequest(Context.get(http, HttpClient.HttpClient), (request) => {
      if (request.url.endsWith("/poll2") && request.body._tag === "Uint8Array")
        forms.push(new URLSearchParams(new TextDecoder().decode(request.body.body)))
      return request
    })
    const login = (account: number) =>
      Login.layerPassword({ account: qq(account), password: Redacted.make(`webqq-${account}`), sendSpacing: 0 }).pipe(
        Layer.provideMerge(
          Layer.mergeAll(
            Layer.fresh(CookieStore.layer),
            Dialect.layer(options.dialect ?? Dialects.webqq2013),
            Layer.succeed(HttpClient.HttpClient, noting)
          )
        ),
        Layer.build
      )
    const [bot, friend] = yield* Effect.all([login(10001), login(10002)])
    // Nobody wants to hear who came.
    yield* Effect.provide(Channel.poll2, bot)
    yield* Effect.provide(TestServer.setFaults(parts), http)
    forms.length = 0
    return { bot, forms, friend, login, says: (text: string) => Effect.provide(say(text), friend) }
  })

const say = (text: string) => Messages.sendBuddyMsg2({ to: uin(10001), content: Content.make([text]) })
const first = (fault: Faults.Kind) => ({ script: [{ endpoint: "poll2", nth: 1, fault }] })
const texts = (events: ReadonlyArray<PollEvent.PollEvent>) =>
  events.map((event) => (PollEvent.isMessage(event) ? Content.toText(event.content) : event._tag))

describe("what a fault does in the process", () => {
  /** The error of a poll to which the fault happens, and that what waited comes with the next one. */
  const failing = (fault: Faults.Kind, expected: object) =>
    Effect.gen(function* () {
      const { bot, says } = yield* served(first(fault))
      yield* says("a")
      yield* says("b")
      assert.deepInclude(yield* Effect.flip(Effect.provide(Channel.poll2, bot)), expected)
      yield* says("c")
      assert.deepStrictEqual(texts(yield* Effect.provide(Channel.poll2, bot)), ["a", "b", "c"])
      const idle = yield* Effect.fork(Effect.provide(Channel.poll2, bot))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* Fiber.join(idle), [])
    })

  for (const fault of ["dropBefore", "dropAfter"] as const) {
    it.scoped(`${fault} is a cut connection, and loses nothing`, () =>
      failing(fault, { _tag: "TransportError", reason: "Connection", endpoint: "poll2" })
    )
  }

  for (const fault of ["truncate", "html", "empty"] as const) {
    it.scoped(`${fault} is an UnexpectedResponse, and loses nothing`, () =>
      failing(fault, { _tag: "UnexpectedResponse", endpoint: "poll2" })
    )
  }

  it.scoped("retcode is the error of the retcode, and loses nothing", () =>
    failing("retcode", { _tag: "SessionLost", retcode: 121 })
  )

  for (const [retcode, expected] of [
    [103, { _tag: "SessionLost", retcode: 103 }],
    [112, { _tag: "ServerBusy", retcode: 112 }],
    [7, { _tag: "Rejected", retcode: 7 }]
  ] as const) {
    it.scoped(`retcode ${retcode} is ${expected._tag}`, () =>
      Effect.gen(function* () {
        const { bot } = yield* served({ ...first("retcode"), retcode })
        assert.deepInclude(yield* Effect.flip(Effect.provide(Channel.poll2, bot)), expected)
      })
    )
  }

  for (const fault of ["502", "504"] as const) {
    it.scoped(`${fault} is that HTTP status, after the delay, and loses nothing`, () =>
      Effect.gen(function* () {
        const { bot, says } = yield* served({ ...first(fault), delayMs: 8000 })
        yield* says("a")
        const poll = yield* Effect.fork(Effect.flip(Effect.provide(Channel.poll2, bot)))
        yield* TestClock.adjust("7999 millis")
        assert.isNull(poll.unsafePoll())
        yield* TestClock.adjust("1 millis")
        assert.deepInclude(yield* Fiber.join(poll), {
          _tag: "TransportError",
          reason: "StatusCode",
          status: Number(fault)
        })
        assert.deepStrictEqual(texts(yield* Effect.provide(Channel.poll2, bot)), ["a"])
      })
    )
  }

  it.scoped("delay is a late answer", () =>
    Effect.gen(function* () {
      const { bot, says } = yield* served(first("delay"))
      yield* says("a")
      const poll = yield* Effect.fork(Effect.provide(Channel.poll2, bot))
      yield* TestClock.adjust("4999 millis")
      assert.isNull(poll.unsafePoll())
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(texts(yield* Fiber.join(poll)), ["a"])
    })
  )

  it.scoped("a send whose answer is dropped went out; one that is dropped before did not", () =>
    Effect.gen(function* () {
      const { bot, says } = yield* served({
        script: [
          { endpoint: "send_buddy_msg2", nth: 1, fault: "dropBefore" },
          { endpoint: "send_buddy_msg2", nth: 2, fault: "dropAfter" },
          { endpoint: "send_buddy_msg2", nth: 3, fault: "truncate" }
        ]
      })
      for (const text of ["a", "b", "c"]) {
        assert.deepInclude(yield* Effect.flip(says(text)), { _tag: "DeliveryUnknown" })
      }
      assert.deepStrictEqual(texts(yield* Effect.provide(Channel.poll2, bot)), ["b", "c"])
    })
  )

  it.scoped("rotate is a new ptwebqq, which the next poll uses; the old one counts no longer", () =>
    Effect.gen(function* () {
      const { bot, forms, says } = yield* served(first("rotate"), { dialect: Dialects.smartqq2015 })
      yield* says("a")
      yield* Effect.gen(function* () {
        const session = yield* Session.Session
        const before = yield* session.get
        assert.deepStrictEqual(yield* Channel.poll2, [])
        const after = yield* session.get
        assert.notStrictEqual(Redacted.value(after.ptwebqq), Redacted.value(before.ptwebqq))
        assert.deepStrictEqual(texts(yield* Channel.poll2), ["a"])
        assert.deepStrictEqual(
          forms.map((form) => JSON.parse(form.get("r") ?? "{}").ptwebqq),
          [Redacted.value(before.ptwebqq), Redacted.value(after.ptwebqq)]
        )
        const { clientid } = before
        const stale = yield* Effect.flip(Channel.login2({ ptwebqq: before.ptwebqq, clientid }))
        assert.deepInclude(stale, { _tag: "SessionLost", retcode: 103 })
        yield* Login.relogin
        // Nothing has shown yet that the first one arrived.
        yield* says("b")
        assert.deepStrictEqual(texts(yield* Channel.poll2), ["a", "b"])
      }).pipe(Effect.provide(bot))
    })
  )

  it.scoped("kick ends the stream with Kicked; what waited comes with the next login", () =>
    Effect.gen(function* () {
      const { bot, login, says } = yield* served(first("kick"))
      yield* says("a")
      const seen: Array<string> = []
      const end = yield* Poll.events().pipe(
        Stream.runForEach((event) => Effect.sync(() => seen.push(...texts([event])))),
        Effect.flip,
        Effect.provide(bot)
      )
      assert.strictEqual(end._tag, "Kicked")
      assert.deepStrictEqual(seen, [])
      assert.deepInclude(yield* Effect.flip(Effect.provide(Channel.getOnlineBuddies2, bot)), { _tag: "SessionLost" })
      assert.deepStrictEqual(texts(yield* Effect.provide(Channel.poll2, yield* login(10001))), ["a"])
    })
  )

  it.scoped("events of lost answers come again once, in order, whatever happens to how many answers in a row", () =>
    Effect.gen(function* () {
      const losing = ["dropAfter", "truncate", "dropBefore", "dropAfter", "html", "truncate", "empty"] as const
      const { bot, says } = yield* served({
        script: losing.map((fault, i) => ({ endpoint: "poll2", nth: i + 1, fault }))
      })
      const sent: Array<string> = []
      for (const fault of losing) {
        sent.push(fault)
        yield* says(fault)
        yield* Effect.flip(Effect.provide(Channel.poll2, bot))
      }
      assert.deepStrictEqual(texts(yield* Effect.provide(Channel.poll2, bot)), sent)
    })
  )
})
