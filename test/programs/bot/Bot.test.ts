/** The bot runner on the real server, in the process of the test and on its clock. */
import { HttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import {
  Cause,
  Context,
  Deferred,
  Effect,
  Exit,
  Fiber,
  HashMap,
  Layer,
  Logger,
  Option,
  Queue,
  Stream,
  TestClock
} from "effect"
import { Bot, Echo } from "../../../src/programs/index.ts"
import type { Faults, Options } from "../../../src/programs/server/index.ts"
import { TestServer } from "../../../src/programs/testing/index.ts"
import { Dialects, Messages, Poll, type Recovery } from "../../../src/protocol/index.ts"
import { Content, type Ids, PollEvent } from "../../../src/schema/index.ts"
import { did, gid, uin } from "../../rigs/People.ts"
import { credentials, json, loggedInTo, script } from "../../rigs/ScriptedServer.ts"
import * as ServerInProcess from "../../rigs/ServerInProcess.ts"

/** A server on which faults happen by script; `polls` is how many polls it got, `held` how many it still holds. */
const serve = (fault: Partial<Faults.Plan> = {}, options: Options.Input = {}) =>
  Effect.map(ServerInProcess.start({ faults: fault, ...options }), (http) => {
    const polls = { asked: 0, held: 0 }
    const counting = HttpClient.transform(Context.get(http, HttpClient.HttpClient), (answer, request) =>
      request.url.endsWith("/poll2")
        ? Effect.acquireUseRelease(
            Effect.sync(() => {
              polls.asked++
              polls.held++
            }),
            () => answer,
            () => Effect.sync(() => polls.held--)
          )
        : answer
    )
    return {
      polls,
      login: (account: number) =>
        Layer.build(TestServer.login(account).pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, counting))))
    }
  })

const say = (text: string, to = 10001) => Messages.sendBuddyMsg2({ to: uin(to), content: Content.make([text]) })
const sayToGroup = (text: string) => Messages.sendQunMsg2({ gid, content: Content.make([text]) })
const sayInDiscussion = (text: string) => Messages.sendDiscuMsg2({ did, content: Content.make([text]) })
const textOf = ({ content }: PollEvent.Message) => Content.toText(content)

/** What the bot wrote to somebody. */
const fromBot = (count: number) =>
  Poll.events().pipe(
    Stream.filter(PollEvent.isMessage),
    Stream.filter((message) =>
      message._tag === "GroupMessage" || message._tag === "DiscuMessage"
        ? message.senderUin === 10001
        : message.fromUin === 10001
    ),
    Stream.take(count),
    Stream.runCollect,
    Effect.map((messages) => [...messages])
  )

/** Makes a log that can be read. */
const logged = () => {
  const lines: Array<{ readonly text: string; readonly annotations: Record<string, unknown> }> = []
  const logger = Logger.make(({ annotations, cause, message }) => {
    lines.push({
      text: `${JSON.stringify(message)} ${Cause.pretty(cause)}`,
      annotations: Object.fromEntries(HashMap.entries(annotations))
    })
  })
  return { lines, layer: Logger.add(logger) }
}

describe("handlers", () => {
  it.scoped("get each their kind of message, and the reply goes where it came from", () =>
    Effect.gen(function* () {
      const { login } = yield* serve()
      const [bot, ming, hong, passerBy] = yield* Effect.all([login(10001), login(10002), login(10003), login(10004)])
      const answer =
        (name: string): Bot.Handler<PollEvent.Message, Bot.ReplyError, Bot.Services> =>
        (message, reply) =>
          reply(`${name}: ${textOf(message)}`)
      yield* Bot.run({
        onFriendMessage: answer("friend"),
        onGroupMessage: answer("group"),
        onDiscussionMessage: answer("discussion"),
        onSessionMessage: answer("stranger")
      }).pipe(Effect.provide(bot), Effect.fork)
      const common = { _tag: "Group", gid } as const
      const inDiscussion = { _tag: "Discussion", did } as const
      const toBot = { to: uin(10001), content: Content.make(["d"]) }
      yield* Effect.provide(Effect.all([say("a"), sayToGroup("b")]), ming)
      yield* Effect.provide(sayInDiscussion("c"), hong)
      yield* Effect.provide(
        Effect.all([
          Messages.sendSessMsg2({ ...toBot, common }),
          Messages.sendSessMsg2({ ...toBot, common: inDiscussion })
        ]),
        passerBy
      )
      const heardBy = (who: typeof ming, count: number) =>
        Effect.map(Effect.provide(fromBot(count), who), (messages) =>
          messages.map((message) => `${message._tag} ${textOf(message)}`).sort()
        )
      const buddy = "BuddyMessage friend: a"
      const group = "GroupMessage group: b"
      const discussion = "DiscuMessage discussion: c"
      const stranger = "SessMessage stranger: d"
      assert.deepStrictEqual(yield* heardBy(ming, 3), [buddy, discussion, group])
      assert.deepStrictEqual(yield* heardBy(hong, 2), [discussion, group])
      const strangerHeard = yield* Effect.provide(fromBot(4), passerBy)
      assert.deepStrictEqual(strangerHeard.map((message) => `${message._tag} ${textOf(message)}`).sort(), [
        discussion,
        group,
        stranger,
        stranger
      ])
      assert.deepStrictEqual(
        strangerHeard.flatMap((message) => (message._tag === "SessMessage" ? [message.common] : [])),
        [common, inDiscussion]
      )
    })
  )

  it.scoped(
    "run in order in a conversation, side by side between conversations, no more than `concurrency` at once",
    () =>
      Effect.gen(function* () {
        const { login } = yield* serve()
        const [bot, ming, hong] = yield* Effect.all([login(10001), login(10002), login(10003)])
        const steps: Array<string> = []
        let running = 0
        let most = 0
        const handler = (message: PollEvent.Message) =>
          Effect.gen(function* () {
            most = Math.max(most, ++running)
            steps.push(`begin ${textOf(message)}`)
            yield* Effect.sleep("1 second")
            steps.push(`end ${textOf(message)}`)
            running--
          })
        for (const n of [1, 2]) {
          yield* Effect.provide(Effect.all([say(`a${n}`), sayToGroup(`b${n}`)]), ming)
          yield* Effect.provide(say(`c${n}`), hong)
        }
        const fiber = yield* Bot.run({ onFriendMessage: handler, onGroupMessage: handler, concurrency: 2 }).pipe(
          Effect.provide(bot),
          Effect.fork
        )
        yield* TestClock.adjust("900 millis")
        assert.deepStrictEqual(steps, ["begin a1", "begin b1"])
        yield* TestClock.adjust("10 seconds")
        assert.strictEqual(most, 2)
        for (const who of ["a", "b", "c"]) {
          assert.deepStrictEqual(
            steps.filter((step) => step.includes(` ${who}`)),
            [`begin ${who}1`, `end ${who}1`, `begin ${who}2`, `end ${who}2`]
          )
        }
        assert.lengthOf(steps, 12)
        yield* Fiber.interrupt(fiber)
      })
  )

  it.scoped("are called when it is their turn", () =>
    Effect.gen(function* () {
      const { login } = yield* serve()
      const [bot, ming] = yield* Effect.all([login(10001), login(10002)])
      yield* Effect.provide(Effect.all([say("a"), say("b")]), ming)
      const called: Array<string> = []
      const fiber = yield* Bot.run({
        onFriendMessage: (message) => {
          called.push(textOf(message))
          return Effect.sleep("1 minute")
        }
      }).pipe(Effect.provide(bot), Effect.fork)
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(called, ["a"])
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(called, ["a", "b"])
      yield* Fiber.interrupt(fiber)
    })
  )

  it.scoped("that fall behind make polling pause; nothing is lost or reordered", () =>
    Effect.gen(function* () {
      const { login, polls } = yield* serve()
      const [bot, ming] = yield* Effect.all([login(10001), login(10002)])
      const texts = Array.from({ length: 180 }, (_, i) => String(i))
      yield* Effect.provide(
        Effect.forEach(texts, (text) => say(text)),
        ming
      )
      const gate = yield* Deferred.make<void>()
      const handled = yield* Queue.unbounded<string>()
      const fiber = yield* Bot.run({
        pending: 3,
        onFriendMessage: (message) => Effect.zipRight(Deferred.await(gate), Queue.offer(handled, textOf(message)))
      }).pipe(Effect.provide(bot), Effect.fork)
      yield* TestClock.adjust("10 minutes")
      assert.strictEqual(polls.asked, 1)
      assert.strictEqual(polls.held, 0)
      yield* Deferred.succeed(gate, undefined)
      assert.deepStrictEqual([...(yield* Queue.takeN(handled, texts.length))], texts)
      yield* Fiber.interrupt(fiber)
    })
  )

  class Greeting extends Context.Tag("test/Greeting")<Greeting, { readonly words: string }>() {}

  it.scoped("have requirements of their own", () =>
    Effect.gen(function* () {
      const { login } = yield* serve()
      const [bot, ming] = yield* Effect.all([login(10001), login(10002)])
      const run: Effect.Effect<void, unknown, Greeting | Bot.Services> = Bot.run({
        onFriendMessage: (_, reply) => Effect.flatMap(Greeting, ({ words }) => reply(words))
      })
      yield* run.pipe(Effect.provideService(Greeting, { words: "你好[微笑]" }), Effect.provide(bot), Effect.fork)
      const heard = yield* Effect.provide(Effect.zipRight(say("x"), fromBot(1)), ming)
      assert.deepStrictEqual(heard[0]?.content.parts, [Content.text("你好"), Content.face(14)])
    })
  )

  it.scoped(
    "that fail, die, throw or interrupt themselves are logged without what was written, and the bot goes on",
    () =>
      Effect.gen(function* () {
        const { login } = yield* serve()
        const [bot, ming, hong] = yield* Effect.all([login(10001), login(10002), login(10003)])
        const { layer, lines } = logged()
        const handled = yield* Queue.unbounded<string>()
        const handler = (message: PollEvent.Message): Effect.Effect<unknown, string> => {
          switch (textOf(message)) {
            case "secret fail":
              return Effect.fail("a typed failure")
            case "secret die":
              return Effect.die(new Error("a defect"))
            case "secret throw":
              throw new Error("thrown at once")
            case "secret interrupt":
              return Effect.interrupt
            default:
              return Queue.offer(handled, textOf(message))
          }
        }
        const fiber = yield* Bot.run({
          onFriendMessage: handler,
          onGroupMessage: handler,
          onDiscussionMessage: handler,
          // So little that a place that is not given back would stop the bot.
          pending: 1,
          concurrency: 1
        }).pipe(Effect.provide(bot), Effect.provide(layer), Effect.fork)
        for (const how of ["fail", "die", "throw", "interrupt"]) {
          yield* Effect.provide(Effect.all([say(`secret ${how}`), sayToGroup(`secret ${how}`)]), ming)
          yield* Effect.provide(sayInDiscussion(`secret ${how}`), hong)
          yield* Effect.provide(say(`after ${how}`), ming)
          yield* TestClock.adjust("1 second")
          assert.isNull(fiber.unsafePoll(), how)
          assert.deepStrictEqual([...(yield* Queue.takeAll(handled))], [`after ${how}`])
        }
        assert.deepStrictEqual(
          lines.map(({ annotations }) => [annotations.event, annotations.conversation]),
          ["fail", "die", "throw", "interrupt"].flatMap(() => [
            ["BuddyMessage", "friend 10002"],
            ["GroupMessage", `group ${gid}`],
            ["DiscuMessage", `discussion ${did}`]
          ])
        )
        for (const words of ["a typed failure", "a defect", "thrown at once"]) {
          assert.isTrue(lines.some(({ text }) => text.includes(words)))
        }
        assert.notInclude(JSON.stringify(lines), "secret")
        yield* Fiber.interrupt(fiber)
      })
  )

  it.scoped("onEvent gets every event before the handlers, and its failures end nothing", () =>
    Effect.gen(function* () {
      const { login } = yield* serve()
      const [bot, ming] = yield* Effect.all([login(10001), login(10002)])
      const { layer, lines } = logged()
      const seen = yield* Queue.unbounded<string>()
      const fiber = yield* Bot.run({
        onEvent: (event) => {
          Queue.unsafeOffer(seen, event._tag)
          if (event._tag === "BuddiesStatusChange") throw new Error("no")
          return Effect.interrupt
        },
        onFriendMessage: (message) => Queue.offer(seen, textOf(message))
      }).pipe(Effect.provide(bot), Effect.provide(layer), Effect.fork)
      yield* Effect.provide(say("a"), ming)
      assert.deepStrictEqual([...(yield* Queue.takeN(seen, 3))], ["BuddiesStatusChange", "BuddyMessage", "a"])
      assert.lengthOf(lines, 2)
      yield* Fiber.interrupt(fiber)
    })
  )

  it.scoped("may reply at length: it goes out in pieces", () =>
    Effect.gen(function* () {
      const { login } = yield* serve()
      const [bot, ming] = yield* Effect.all([login(10001), login(10002)])
      const ids = yield* Deferred.make<ReadonlyArray<Ids.MsgId>>()
      const long = "很长的话😀".repeat(100)
      yield* Bot.run({
        onFriendMessage: (_, reply) => Effect.flatMap(reply(long), (them) => Deferred.succeed(ids, them))
      }).pipe(Effect.provide(bot), Effect.fork)
      yield* Effect.provide(say("x"), ming)
      const given = yield* Deferred.await(ids)
      const heard = yield* Effect.provide(fromBot(given.length), ming)
      assert.isAbove(given.length, 1)
      assert.strictEqual(heard.map(textOf).join(""), long)
      assert.deepStrictEqual(
        heard.flatMap(({ msgId }) => Option.toArray(msgId)),
        [...given]
      )
      assert.isTrue(heard.every((message) => new TextEncoder().encode(textOf(message)).length <= 720))
    })
  )
})

describe("own messages", () => {
  const { account } = credentials
  const content = [["font", {}], "x"]
  const common = { to_uin: account, time: 1, content }
  const frames = [
    { poll_type: "message", value: { ...common, msg_id: 1, from_uin: account } },
    // From another device of the same account (docs of BuddyMessage).
    { poll_type: "message", value: { ...common, msg_id: 2, from_uin: 0 } },
    { poll_type: "group_message", value: { ...common, msg_id: 3, from_uin: gid, send_uin: account } },
    { poll_type: "discu_message", value: { ...common, msg_id: 4, from_uin: 10000, did, send_uin: account } },
    { poll_type: "group_message", value: { ...common, msg_id: 5, from_uin: gid, send_uin: 7 } },
    // The server did not say who wrote it: nobody's own.
    { poll_type: "group_message", value: { ...common, msg_id: 6, from_uin: gid } }
  ]

  const handledWith = (options: { readonly ownMessages?: boolean }) =>
    Effect.gen(function* () {
      const { layer } = script(json({ retcode: 0, result: frames.toReversed() }), json({ retcode: 103 }))
      const handled: Array<number> = []
      const handler = ({ msgId }: PollEvent.Message) => Effect.sync(() => handled.push(...Option.toArray(msgId)))
      yield* Bot.run({
        ...options,
        onFriendMessage: handler,
        onGroupMessage: handler,
        onDiscussionMessage: handler
      }).pipe(Effect.flip, Effect.provide([layer, loggedInTo(Dialects.smartqq2015, credentials)]))
      return handled.sort((a, b) => a - b)
    })

  it.effect("are not handled", () => Effect.map(handledWith({}), (handled) => assert.deepStrictEqual(handled, [5, 6])))

  it.effect("are handled where that is asked for", () =>
    Effect.map(handledWith({ ownMessages: true }), (handled) => assert.deepStrictEqual(handled, [1, 2, 3, 4, 5, 6]))
  )
})

describe("the end", () => {
  /** A bot that takes a minute for each message, and two messages that wait for it. */
  const slow = (fault: Partial<Faults.Plan>, recover?: Recovery.Recover<string, never>) =>
    Effect.gen(function* () {
      const { login, polls } = yield* serve(fault)
      const [bot, ming] = yield* Effect.all([login(10001), login(10002)])
      const handled: Array<string> = []
      const interrupted: Array<string> = []
      yield* Effect.provide(Effect.all([say("a"), say("b")]), ming)
      // The next poll shall not wait for the minute to pass.
      const confirm = { atMost: "100 millis" } as const
      const onFriendMessage = (message: PollEvent.BuddyMessage) =>
        Effect.sleep("1 minute").pipe(
          Effect.zipRight(Effect.sync(() => handled.push(textOf(message)))),
          Effect.onInterrupt(() => Effect.sync(() => interrupted.push(textOf(message))))
        )
      const running =
        recover === undefined
          ? Bot.run({ onFriendMessage, confirm })
          : Bot.run({ onFriendMessage, confirm, poll: { recover } })
      const fiber = yield* Effect.fork(Effect.provide(running, bot))
      yield* TestClock.adjust("1 second")
      return { fiber, handled, interrupted, login, polls }
    })
  const secondPollIs121 = { script: [{ endpoint: "poll2", nth: 2, fault: "retcode" as const }] }

  it.scoped("by a kick comes after what was received has been handled", () =>
    Effect.gen(function* () {
      const { fiber, handled, login } = yield* slow({})
      yield* login(10001)
      yield* TestClock.adjust("90 seconds")
      assert.isNull(fiber.unsafePoll())
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Effect.flip(Fiber.join(fiber)))._tag, "Kicked")
      assert.deepStrictEqual(handled, ["a", "b"])
    })
  )

  it.scoped("by a lost session too", () =>
    Effect.gen(function* () {
      const { fiber, handled } = yield* slow(secondPollIs121)
      yield* TestClock.adjust("2 minutes")
      assert.deepInclude(yield* Effect.flip(Fiber.join(fiber)), { _tag: "SessionLost", retcode: 121 })
      assert.deepStrictEqual(handled, ["a", "b"])
    })
  )

  it.scoped("by a recovery that failed too", () =>
    Effect.gen(function* () {
      const { fiber, handled } = yield* slow(secondPollIs121, Effect.fail("no"))
      yield* TestClock.adjust("2 minutes")
      assert.deepInclude(yield* Effect.flip(Fiber.join(fiber)), { _tag: "RecoveryFailed", failure: "no" })
      assert.deepStrictEqual(handled, ["a", "b"])
    })
  )

  it.scoped("by interruption takes handlers and the poll with it", () =>
    Effect.gen(function* () {
      const { fiber, handled, interrupted, polls } = yield* slow({})
      assert.strictEqual(polls.held, 1)
      assert.isTrue(Exit.isInterrupted(yield* Fiber.interrupt(fiber)))
      assert.deepStrictEqual([interrupted, handled], [["a"], []])
      assert.strictEqual(polls.held, 0)
      const { asked } = polls
      yield* TestClock.adjust("10 minutes")
      assert.strictEqual(polls.asked, asked)
    })
  )

  it.scoped("by interruption while handlers finish after a kick takes them with it", () =>
    Effect.gen(function* () {
      const { fiber, handled, interrupted, login } = yield* slow({})
      yield* login(10001)
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual([interrupted, handled], [["a"], []])
    })
  )
})

describe("Echo", () => {
  it.scoped("gives every part back as it came, to friends and groups", () =>
    Effect.gen(function* () {
      const { login } = yield* serve()
      const [bot, ming] = yield* Effect.all([login(10001), login(10002)])
      yield* Effect.fork(Effect.provide(Echo.run(), bot))
      const font = { name: "黑体", size: 14, color: "ff0000", style: { bold: true, italic: false, underline: true } }
      const other: Content.Part = { _tag: "Other", raw: ["video", { id: 7 }] }
      const content = Content.make(["你好\n", Content.face(14), other, ' "\\&<b>', Content.face(9999)], font)
      yield* Effect.provide(
        Effect.all([Messages.sendBuddyMsg2({ to: uin(10001), content }), Messages.sendQunMsg2({ gid, content })]),
        ming
      )
      const heard = yield* Effect.provide(fromBot(2), ming)
      assert.deepStrictEqual(
        heard.map((message) => message.content),
        [content, content]
      )
      assert.sameMembers(
        heard.map(({ _tag }) => _tag),
        ["BuddyMessage", "GroupMessage"]
      )
    })
  )
})
