/** What happens to letters whose recipients are not there, go away, or go silent. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Scope, TestClock } from "effect"
import { TestServer } from "../../../src/programs/testing/index.ts"
import { Channel, Contacts, Messages } from "../../../src/protocol/index.ts"
import { Content, Ids, PollEvent } from "../../../src/schema/index.ts"
import { Session } from "../../../src/services/index.ts"
import * as ServerInProcess from "../../rigs/ServerInProcess.ts"

const gid = Ids.GroupId.make(3_000_123_456)
const did = Ids.DiscussionId.make(1664044173)
const content = (text: string) => Content.make([text])

const server = (options?: TestServer.Input) =>
  Effect.map(ServerInProcess.start(options), (built) => {
    const http = Layer.succeedContext(built)
    return {
      login: (n: number) => Layer.build(Layer.provide(TestServer.login(n), http)),
      loginIn: (n: number, scope: Scope.Scope) => Layer.buildWithScope(Layer.provide(TestServer.login(n), http), scope)
    }
  })

const say = (to: number, text: string) => Messages.sendBuddyMsg2({ to: Ids.Uin.make(to), content: content(text) })
/** The messages that a poll brings, as kind and text. */
const poll = Effect.map(Channel.poll2, (events) =>
  events.filter(PollEvent.isMessage).map((event) => `${event._tag} ${Content.toText(event.content)}`)
)

describe("letters", () => {
  it.scoped("of every kind wait for the next login, in the order of sending", () =>
    Effect.gen(function* () {
      const { login } = yield* server()
      const friend = yield* login(10002)
      yield* Effect.gen(function* () {
        yield* say(10001, "a")
        yield* Messages.sendQunMsg2({ gid, content: content("b") })
        yield* Messages.sendDiscuMsg2({ did, content: content("c") })
        const common: Messages.CommonGroup = { _tag: "Group", gid }
        yield* Messages.sendSessMsg2({ to: Ids.Uin.make(10001), common, content: content("d") })
      }).pipe(Effect.provide(friend))
      const waited = yield* Effect.provide(poll, yield* login(10001))
      assert.deepStrictEqual(waited, ["BuddyMessage a", "GroupMessage b", "DiscuMessage c", "SessMessage d"])
    })
  )

  it.scoped("that an answer brought come again at the next login, unless a request showed that they arrived", () =>
    Effect.gen(function* () {
      const { login } = yield* server()
      const friend = yield* login(10002)
      const first = yield* login(10001)
      yield* Effect.provide(say(10001, "seen"), friend)
      assert.deepStrictEqual(yield* Effect.provide(poll, first), ["BuddyMessage seen"])
      yield* Effect.provide(say(10001, "doubtful"), friend)
      assert.deepStrictEqual(yield* Effect.provide(poll, first), ["BuddyMessage doubtful"])
      assert.deepStrictEqual(yield* Effect.provide(poll, yield* login(10001)), ["BuddyMessage doubtful"])
    })
  )

  it.scoped("that a logged-out client had not fetched wait for the next login; those it had do not", () =>
    Effect.gen(function* () {
      const { login, loginIn } = yield* server()
      const friend = yield* login(10002)
      const scope = yield* Scope.make()
      const first = yield* loginIn(10001, scope)
      yield* Effect.provide(say(10001, "fetched"), friend)
      yield* Effect.provide(poll, first)
      yield* Effect.provide(say(10001, "left"), friend)
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual(yield* Effect.provide(poll, yield* login(10001)), ["BuddyMessage left"])
    })
  )
})

describe("going online again on the same cookies", () => {
  /** As a client does that was started anew, or lost its session: another login2. */
  const again = Effect.gen(function* () {
    const session = yield* Session.Session
    const { clientid, psessionid: before, ptwebqq } = yield* session.get
    const { psessionid, vfwebqq } = yield* Channel.login2({ ptwebqq, clientid })
    yield* session.update({ psessionid, vfwebqq })
    return before
  })

  it.scoped("what an answer brought comes again: nothing has shown that it arrived", () =>
    Effect.gen(function* () {
      const { login } = yield* server()
      const friend = yield* login(10002)
      const bot = yield* login(10001)
      yield* Effect.provide(say(10001, "doubtful"), friend)
      assert.deepStrictEqual(yield* Effect.provide(poll, bot), ["BuddyMessage doubtful"])
      yield* Effect.provide(again, bot)
      assert.deepStrictEqual(yield* Effect.provide(poll, bot), ["BuddyMessage doubtful"])
    })
  )

  it.scoped("the poll that is held ends without events", () =>
    Effect.gen(function* () {
      const { login } = yield* server()
      const bot = yield* login(10001)
      const held = yield* Effect.fork(Effect.provide(Channel.poll2, bot))
      yield* TestClock.adjust("1 second")
      yield* Effect.provide(again, bot)
      assert.deepStrictEqual(yield* Fiber.join(held), [])
    })
  )

  it.scoped("the psessionid from before is a name of the same session", () =>
    Effect.gen(function* () {
      const { login } = yield* server()
      const friend = yield* login(10002)
      const bot = yield* login(10001)
      const before = yield* Effect.provide(again, bot)
      const under = <A, E, R>(psessionid: Ids.Psessionid, call: Effect.Effect<A, E, R>) =>
        Effect.zipRight(
          Effect.flatMap(Session.Session, (session) => session.update({ psessionid })),
          call
        )
      const { psessionid: now } = yield* Effect.provide(
        Effect.flatMap(Session.Session, (session) => session.get),
        bot
      )
      yield* Effect.provide(say(10001, "a"), friend)
      assert.deepStrictEqual(yield* Effect.provide(under(before, poll), bot), ["BuddyMessage a"])
      yield* Effect.provide(say(10001, "b"), friend)
      assert.deepStrictEqual(yield* Effect.provide(under(before, poll), bot), ["BuddyMessage b"])
      yield* Effect.provide(under(before, say(10002, "c")), bot)
      yield* Effect.provide(under(now, say(10002, "d")), bot)
      // A poll under another name shows nothing: "b" comes again.
      assert.deepStrictEqual(yield* Effect.provide(under(now, poll), bot), ["BuddyMessage b"])
    })
  )
})

describe("many letters", () => {
  it.scoped("come in parts, all of them, once and in order, with those that are sent meanwhile", () =>
    Effect.gen(function* () {
      const { login } = yield* server()
      const friend = yield* login(10002)
      const talk = (from: number, to: number) =>
        Effect.provide(
          Effect.forEach(
            Array.from({ length: to - from }, (_, i) => String(from + i)),
            (text) => say(10001, text),
            { discard: true }
          ),
          friend
        )
      yield* talk(0, 450)
      const bot = yield* login(10001)
      const heard: Array<string> = []
      while (heard.length < 480) {
        heard.push(...(yield* Effect.provide(poll, bot)))
        if (heard.length === 50) yield* talk(450, 480)
      }
      assert.deepStrictEqual(
        heard,
        Array.from({ length: 480 }, (_, i) => `BuddyMessage ${i}`)
      )
    })
  )
})

describe("a friend request that is accepted", () => {
  it.scoped("changes both friend lists, of which both are told", () =>
    Effect.gen(function* () {
      const { login } = yield* server()
      const asker = yield* login(10004)
      const asked = yield* login(10002)
      yield* Effect.provide(Channel.poll2, asked)
      yield* Effect.provide(Contacts.allowAndAdd2({ account: Ids.QQ.make(10004), markname: "路人甲" }), asked)
      const tags = (events: ReadonlyArray<PollEvent.PollEvent>) =>
        events.map((event) =>
          event._tag === "BuddyListChange" ? event.added.map(({ uin }) => Number(uin)) : event._tag
        )
      assert.deepStrictEqual(tags(yield* Effect.provide(Channel.poll2, asked)), [[10004]])
      assert.deepStrictEqual(tags(yield* Effect.provide(Channel.poll2, asker)), ["SystemMessage", [10002]])
    })
  )
})

describe("a client that says nothing for long", () => {
  const statuses = Effect.map(Channel.poll2, (events) =>
    events.map((event) => (event._tag === "BuddiesStatusChange" ? `${event.uin} ${event.status}` : event._tag))
  )

  it.scoped("is offline to others, who are told, until its next request; letters wait", () =>
    Effect.gen(function* () {
      const { login } = yield* server({ silence: "3 minutes", holdPoll: 0 })
      const friend = yield* login(10002)
      const bot = yield* login(10001)
      assert.deepStrictEqual(yield* Effect.provide(statuses, friend), ["SystemMessage", "10001 online"])
      // The friend is heard of every minute, the bot is not.
      for (let minute = 1; minute <= 6; minute++) {
        yield* TestClock.adjust("1 minute")
        yield* Effect.provide(Channel.getOnlineBuddies2, friend)
      }
      assert.deepStrictEqual(yield* Effect.provide(statuses, friend), ["10001 offline"])
      assert.deepStrictEqual(yield* Effect.provide(Channel.getOnlineBuddies2, friend), [])
      yield* Effect.provide(say(10001, "anybody there?"), friend)

      const back = yield* Effect.provide(Channel.poll2, bot)
      assert.deepStrictEqual(
        back.filter(PollEvent.isMessage).map((event) => Content.toText(event.content)),
        ["anybody there?"]
      )
      assert.deepStrictEqual(yield* Effect.provide(statuses, friend), ["10001 online"])
    })
  )

  it.scoped("and is back before its friends are told is nothing that they are told", () =>
    Effect.gen(function* () {
      const { login } = yield* server({ silence: "3 minutes", holdPoll: 0 })
      const friend = yield* login(10002)
      const bot = yield* login(10001)
      yield* Effect.provide(statuses, friend)
      yield* TestClock.adjust("170 seconds")
      yield* Effect.provide(Channel.getOnlineBuddies2, friend)
      yield* TestClock.adjust("100 seconds")
      // Found to be away by this, and back.
      assert.deepStrictEqual(yield* Effect.provide(Channel.getOnlineBuddies2, friend), [])
      yield* Effect.provide(Channel.getOnlineBuddies2, bot)
      yield* TestClock.adjust("100 seconds")
      assert.deepStrictEqual(yield* Effect.provide(statuses, friend), ["10001 online"])
    })
  )

  it.scoped("is not one whose poll is held", () =>
    Effect.gen(function* () {
      const { login } = yield* server({ silence: "30 seconds" })
      const friend = yield* login(10002)
      const bot = yield* login(10001)
      yield* Effect.forkScoped(Effect.provide(Channel.poll2, bot))
      // The second step finds the poll held.
      yield* TestClock.adjust("1 second")
      yield* TestClock.adjust("49 seconds")
      const online = yield* Effect.provide(Channel.getOnlineBuddies2, friend)
      assert.deepStrictEqual(
        online.map(({ uin }) => Number(uin)),
        [10001]
      )
    })
  )
})
