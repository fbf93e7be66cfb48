/** The kit as its users meet it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Option, Schedule, TestClock } from "effect"
import { Bot, Echo, Login } from "../../../src/programs/index.ts"
import { TestServer, TestWorld } from "../../../src/programs/testing/index.ts"
import { Contacts } from "../../../src/protocol/index.ts"
import { Contacts as Lists } from "../../../src/schema/index.ts"

const world = TestWorld.make(
  TestWorld.person("bot", { signature: "我是机器人" }),
  TestWorld.person("alice"),
  TestWorld.person("bob", { number: 88888, password: "a word", profile: { city: "杭州" } }),
  TestWorld.friends("bot", "alice", { category: "同学", remark: "小艾" }),
  TestWorld.group("class", ["alice", "bot", "bob"], { cards: { bob: "班长" }, admins: ["bob"] }),
  TestWorld.discussion("weekend", ["bob", "bot"]),
  TestWorld.request("bob", "alice", "hi")
)

const echoing = Effect.forkScoped(Effect.provide(Echo.run(), TestServer.as("bot")))

describe("the kit", () => {
  it.scoped("a bot answers a friend, on no real time", () =>
    Effect.gen(function* () {
      yield* echoing
      const alice = yield* TestServer.person("alice")
      yield* alice.say("bot", "你好[微笑]")
      assert.strictEqual(yield* alice.nextText, "你好[微笑]")
    }).pipe(Effect.provide(TestServer.layer({ world })))
  )

  it.scoped("in groups and discussion groups", () =>
    Effect.gen(function* () {
      yield* echoing
      const bob = yield* TestServer.person("bob")
      yield* bob.sayIn("class", "one")
      const heard = yield* bob.nextOf("GroupMessage")
      assert.strictEqual(heard.content.parts.length, 1)
      yield* bob.sayIn("weekend", "two")
      assert.strictEqual(yield* bob.nextText, "two")
      assert.deepStrictEqual(
        (yield* bob.heard).map(({ _tag }) => _tag),
        ["GroupMessage", "DiscuMessage"]
      )
    }).pipe(Effect.provide(TestServer.layer({ world })))
  )

  it.scoped("a nick may be a word that every object knows", () =>
    Effect.gen(function* () {
      const toString = yield* TestServer.person("toString")
      const constructor = yield* TestServer.person("constructor")
      yield* toString.sayIn("class", "hi")
      const { gcode } = yield* constructor.nextOf("GroupMessage")
      const { cards } = yield* constructor.does(Contacts.getGroupInfoExt2(gcode))
      assert.deepStrictEqual(
        cards?.map(({ card }) => card),
        ["卡"]
      )
    }).pipe(
      Effect.provide(
        TestServer.layer({
          world: TestWorld.make(
            TestWorld.person("constructor"),
            TestWorld.person("toString"),
            TestWorld.group("class", ["constructor", "toString"], { cards: { toString: "卡" } })
          )
        })
      )
    )
  )

  it.scoped("people are found by remark, nick and number, and do anything that the library can", () =>
    Effect.gen(function* () {
      const bot = yield* TestServer.person("10001")
      const alice = yield* TestServer.person("alice")
      for (const name of ["alice", "小艾", "10002"]) yield* bot.say(name, name)
      assert.deepStrictEqual(yield* Effect.all([alice.nextText, alice.nextText, alice.nextText]), [
        "alice",
        "小艾",
        "10002"
      ])
      const friends = yield* bot.does(Effect.map(Contacts.getUserFriends2, Lists.friends))
      assert.deepStrictEqual(
        friends.map(({ category, nick }) => [nick, category]),
        [["alice", "同学"]]
      )
      assert.strictEqual((yield* bot.does(Contacts.getSelfInfo2)).lnick, "我是机器人")
    }).pipe(Effect.provide(TestServer.layer({ world })))
  )

  it.scoped("a request that is accepted leaves the category and the remark of who asked", () =>
    Effect.gen(function* () {
      const alice = yield* TestServer.person("alice")
      const bob = yield* TestServer.person("bob")
      yield* bob.does(Contacts.allowAddedRequest2(alice.account))
      const friends = yield* alice.does(Effect.map(Contacts.getUserFriends2, Lists.friends))
      assert.deepStrictEqual(
        friends.map(({ category, markname }) => [category, Option.getOrNull(markname)]),
        [["同学", "小鲍"]]
      )
    }).pipe(
      Effect.provide(
        TestServer.layer({
          world: TestWorld.make(
            TestWorld.person("alice"),
            TestWorld.person("bob"),
            TestWorld.friends("alice", "bob", { category: "同学", remark: "小鲍" }),
            TestWorld.request("alice", "bob")
          )
        })
      )
    )
  )

  it.scoped("who accepts a request keeps the category of a friend that was there, and may give another name", () =>
    Effect.gen(function* () {
      const alice = yield* TestServer.person("alice")
      const bob = yield* TestServer.person("bob")
      yield* bob.does(Contacts.allowAndAdd2({ account: alice.account, markname: "小艾" }))
      const friends = yield* bob.does(Effect.map(Contacts.getUserFriends2, Lists.friends))
      assert.deepStrictEqual(
        friends.map(({ category, markname }) => [category, Option.getOrNull(markname)]),
        [["同事", "小艾"]]
      )
    }).pipe(
      Effect.provide(
        TestServer.layer({
          world: TestWorld.make(
            TestWorld.person("alice"),
            TestWorld.person("bob"),
            TestWorld.friends("bob", "alice", { category: "同事", remark: "艾" }),
            TestWorld.request("alice", "bob")
          )
        })
      )
    )
  )

  it.scoped("hours pass when the test says so", () =>
    Effect.gen(function* () {
      const bot = yield* TestServer.person("bot")
      const alice = yield* TestServer.person("alice")
      yield* Effect.forkScoped(Effect.schedule(bot.say("alice", "tick"), Schedule.spaced("30 minutes")))
      yield* TestClock.adjust("2 hours")
      assert.lengthOf(
        (yield* alice.heard).filter(({ _tag }) => _tag === "BuddyMessage"),
        4
      )
    }).pipe(Effect.provide(TestServer.layer({ world })))
  )

  it.scoped("faults from the beginning, and other ones later", () =>
    Effect.gen(function* () {
      const alice = yield* TestServer.person("alice")
      const bot = Bot.run({
        onFriendMessage: (message, reply) => reply(message.content),
        poll: { recover: Login.relogin }
      })
      yield* Effect.forkScoped(Effect.provide(bot, TestServer.as("bot")))
      yield* alice.say("bot", "through a lost session")
      assert.strictEqual(yield* alice.nextText, "through a lost session")
      yield* TestServer.setFaults({ endpoints: ["send_buddy_msg2"], rates: { retcode: 1 }, retcode: 103 })
      assert.strictEqual((yield* Effect.flip(alice.say("bot", "x")))._tag, "SessionLost")
      yield* TestServer.setFaults({})
      yield* alice.say("bot", "again")
      assert.strictEqual(yield* alice.nextText, "again")
    }).pipe(
      Effect.provide(TestServer.layer({ world, faults: { script: [{ endpoint: "poll2", nth: 2, fault: "retcode" }] } }))
    )
  )

  it.scoped("waiting for what comes ends with the session's end", () =>
    Effect.gen(function* () {
      const alice = yield* TestServer.person("alice")
      const waiting = yield* Effect.fork(alice.nextText)
      yield* TestServer.person("alice")
      assert.strictEqual((yield* Effect.flip(Fiber.join(waiting)))._tag, "Kicked")
    }).pipe(Effect.provide(TestServer.layer({ world })))
  )

  it.scoped("a mistake in the test says what it is", () =>
    Effect.gen(function* () {
      const bot = yield* TestServer.person("bot")
      const words = (call: Effect.Effect<unknown, unknown>) =>
        Effect.map(Effect.sandbox(Effect.flip(Effect.sandbox(call))), (cause) => String(cause))
      assert.include(yield* words(bot.say("bob", "x")), "there is no friend of bot called bob")
      assert.include(yield* words(bot.sayIn("nowhere", "x")), "there is no group of bot called nowhere")
      assert.throws(() => TestWorld.make(TestWorld.friends("a", "b")), "TestWorld: there is no a")
      assert.throws(() => TestWorld.make(TestWorld.person("a"), TestWorld.person("a")), "TestWorld: a is there twice")
    }).pipe(Effect.provide(TestServer.layer({ world })))
  )
})
