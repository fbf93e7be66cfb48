/** What happens to letters whose recipients are not there, go away, or go silent. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Scope, TestClock } from "effect"
import { TestServer } from "../../../src/programs/testing/index.ts"
import { Channel, Contacts, Messages } from "../../../src/protocol/index.ts"
import { Content, Ids, PollEvent } from "../../../src/schema/index.ts"

const gid = Ids.GroupId.make(3_000_123_456)
const did = Ids.DiscussionId.make(1664044173)
const content = (text: string) => Content.make([text])

const server = (options?: TestServer.Input) =>
  Effect.map(Layer.build(TestServer.layer({ aliases: false, ...options })), (built) => {
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
