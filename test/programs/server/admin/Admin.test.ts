/** Commands to a running server, by the calls of its admin endpoint. */
import { assert, describe, it } from "@effect/vitest"
import { assertEquals, assertNone, assertSome, deepStrictEqual } from "@effect/vitest/utils"
import { Context, Effect, Either, Equal, Fiber, Layer, Option, Redacted, Stream, TestClock } from "effect"
import { Login } from "../../../../src/programs/index.ts"
import { AdminProblems, Faults, Seed, World } from "../../../../src/programs/server/index.ts"
import { kickReason } from "../../../../src/programs/server/session/LiveSessions.ts"
import { TestServer } from "../../../../src/programs/testing/index.ts"
import { Contacts, Poll } from "../../../../src/protocol/index.ts"
import { Contacts as ContactsSchema, Content, Ids, type PollEvent } from "../../../../src/schema/index.ts"
import { start } from "../../../rigs/AdminServer.ts"
import { did, fails, heardUntil, hears, isLike, type Person, qq, uin } from "../../../rigs/People.ts"

type Started = Effect.Effect.Success<typeof start>

const digest = (password: string) => Seed.digest(Redacted.make(password))
const newcomer = { number: qq(10005), nick: "新人", signature: "你好", digest: digest("geheim") }

/** Logs in and out; the tag of what went wrong, or "ok". */
const logIn = ({ http }: Started, account: number, password: string) =>
  Effect.scoped(Layer.build(TestServer.login(account, password).pipe(Layer.provide(http)))).pipe(
    Effect.match({ onFailure: ({ _tag }) => String(_tag), onSuccess: () => "ok" })
  )

const friendsOf = (person: Person) => Effect.map(person.does(Contacts.getUserFriends2), ContactsSchema.friends)

const worldOf = ({ context }: Started) => Context.get(context, World.World)

const isGone = (event: Poll.Event): event is PollEvent.BuddiesStatusChange =>
  event._tag === "BuddiesStatusChange" && event.status === "offline"

/** The call is refused for that reason. */
const refused = <A, E>(call: Effect.Effect<A, E>, problem: AdminProblems.Problem) =>
  Effect.map(Effect.either(call), (result) => {
    assertEquals<Either.Either<A, unknown>>(result, Either.left(problem))
    assert.match(problem.message, /^[A-Z0-9].*\.$/)
  })

describe("accounts", () => {
  it.scoped("one is added, can log in, and gets another password", () =>
    Effect.gen(function* () {
      const admin = yield* start
      assert.strictEqual(yield* logIn(admin, 10005, "geheim"), "UnknownAccount")
      yield* admin.tell.accounts.add({ payload: newcomer })
      assert.strictEqual(yield* logIn(admin, 10005, "geheim"), "ok")
      yield* admin.tell.accounts.passwd({ payload: { number: qq(10005), digest: digest("neu") } })
      assert.strictEqual(yield* logIn(admin, 10005, "geheim"), "WrongPassword")
      assert.strictEqual(yield* logIn(admin, 10005, "neu"), "ok")
    })
  )

  it.scoped("one is frozen, and no longer", () =>
    Effect.gen(function* () {
      const admin = yield* start
      yield* admin.tell.accounts.freeze({ payload: { number: qq(10001), frozen: true } })
      assert.strictEqual(yield* logIn(admin, 10001, "webqq-10001"), "AccountBlocked")
      yield* admin.tell.accounts.freeze({ payload: { number: qq(10001), frozen: false } })
      assert.strictEqual(yield* logIn(admin, 10001, "webqq-10001"), "ok")
    })
  )

  it.scoped(
    "who is logged in is signed out by another password and by freezing, and no cookie brings anybody back",
    () =>
      Effect.gen(function* () {
        const { server, tell } = yield* start
        const [one, other] = yield* Effect.all([server.login(10001), server.login(10002)])
        yield* tell.accounts.passwd({ payload: { number: qq(10001), digest: digest("neu") } })
        yield* tell.accounts.freeze({ payload: { number: qq(10002), frozen: true } })
        for (const { does } of [one, other]) {
          const end = yield* Effect.flip(does(Stream.runDrain(Poll.events({ recover: Login.relogin }))))
          assert.strictEqual(end._tag, "Kicked")
          assert.strictEqual((yield* Effect.flip(does(Login.relogin)))._tag, "SessionLost")
        }
      })
  )

  it.scoped("are listed by number, with who is online and who is frozen", () =>
    Effect.gen(function* () {
      const { server, tell } = yield* start
      yield* server.login(10002)
      yield* tell.accounts.freeze({ payload: { number: qq(10003), frozen: true } })
      yield* tell.accounts.add({ payload: newcomer })
      const lines = yield* tell.accounts.list()
      assert.deepStrictEqual(
        lines.map(({ frozen, number, online }) => [number, online, frozen]),
        [
          [qq(10001), false, false],
          [qq(10002), true, false],
          [qq(10003), false, true],
          [qq(10004), false, false],
          [qq(10005), false, false]
        ]
      )
      deepStrictEqual<unknown>(lines.at(-1), {
        number: 10005,
        nick: "新人",
        signature: "你好",
        online: false,
        frozen: false
      })
    })
  )

  it.scoped("a number is given out once, and is one of 5 to 10 digits", () =>
    Effect.gen(function* () {
      const { tell } = yield* start
      const again = tell.accounts.add({ payload: { ...newcomer, number: qq(10001) } })
      yield* refused(again, new AdminProblems.AlreadyThere({ what: "account", number: 10001 }))
      assert.strictEqual((yield* tell.accounts.list())[0]?.nick, "小黄鸡")
      for (const number of [9999, 10_000_000_000]) {
        const bad = yield* Effect.either(tell.accounts.add({ payload: { ...newcomer, number: qq(number) } }))
        assert.isTrue(Either.isLeft(bad))
      }
    })
  )

  it.scoped("what is no account has no password and is not frozen", () =>
    Effect.gen(function* () {
      const { tell } = yield* start
      const nobody = new AdminProblems.NoSuch({ what: "account", number: 10009 })
      yield* refused(tell.accounts.passwd({ payload: { number: qq(10009), digest: digest("x") } }), nobody)
      yield* refused(tell.accounts.freeze({ payload: { number: qq(10009), frozen: true } }), nobody)
    })
  )
})

describe("friends", () => {
  const strangers = { account: qq(10001), friend: qq(10004) }

  it.scoped("two become friends: both are told, and find each other where they belong", () =>
    Effect.gen(function* () {
      const { server, tell } = yield* start
      const one = yield* server.login(10001)
      const other = yield* server.login(10004)
      yield* tell.friends.add({ payload: { ...strangers, category: "路上", remark: "老路" } })
      isLike(yield* hears(one, "BuddyListChange"), { added: [{ uin: uin(10004), category: 0 }], removed: [] })
      isLike(yield* hears(other, "BuddyListChange"), { added: [{ uin: uin(10001), category: 0 }], removed: [] })
      const added = (yield* friendsOf(one)).find(({ uin }) => Number(uin) === 10004)
      assert.strictEqual(added?.category, "路上")
      assertSome(added?.markname ?? Option.none(), "老路")
      const back = (yield* friendsOf(other)).find(({ uin }) => Number(uin) === 10001)
      assertNone(back?.markname ?? Option.some("nobody"))
    })
  )

  it.scoped("a friendship ends on both sides, and both are told", () =>
    Effect.gen(function* () {
      const { server, tell } = yield* start
      const one = yield* server.login(10001)
      const other = yield* server.login(10002)
      yield* tell.friends.remove({ payload: { account: qq(10002), friend: qq(10001) } })
      isLike(yield* hears(one, "BuddyListChange"), { added: [], removed: [uin(10002)] })
      isLike(yield* hears(other, "BuddyListChange"), { added: [], removed: [uin(10001)] })
      assert.notInclude(
        (yield* friendsOf(one)).map(({ uin }) => Number(uin)),
        10002
      )
      assert.notInclude(
        (yield* friendsOf(other)).map(({ uin }) => Number(uin)),
        10001
      )
    })
  )

  it.scoped("where one side has the other already, its entry stays, and the other side is added", () =>
    Effect.gen(function* () {
      const admin = yield* start
      const world = worldOf(admin)
      yield* world.unfriend(qq(10002), qq(10001))
      yield* admin.tell.friends.add({ payload: { account: qq(10001), friend: qq(10002), remark: "anders" } })
      const [kept] = yield* world.friends(qq(10001))
      assertSome(kept?.remark ?? Option.none(), "小明")
      assert.isTrue(yield* world.isFriend(qq(10002), qq(10001)))
    })
  )

  it.scoped("refusals", () =>
    Effect.gen(function* () {
      const { tell } = yield* start
      const add = (account: number, friend: number) =>
        tell.friends.add({ payload: { account: qq(account), friend: qq(friend) } })
      const nobody = new AdminProblems.NoSuch({ what: "account", number: 10009 })
      yield* refused(add(10001, 10009), nobody)
      yield* refused(add(10009, 10001), nobody)
      yield* refused(add(10001, 10001), new AdminProblems.Impossible({ why: "10001 cannot be a friend of itself." }))
      yield* refused(add(10001, 10002), new AdminProblems.AlreadyRelated({ account: 10001, to: 10002, as: "friend" }))
      yield* refused(
        tell.friends.remove({ payload: strangers }),
        new AdminProblems.NotRelated({ account: 10001, to: 10004, as: "friend" })
      )
    })
  )
})

describe("groups", () => {
  const created = { number: 5555, name: "新群", owner: qq(10001), members: [qq(10002), qq(10001)] }
  const seats = (admin: Started, number: number) =>
    Effect.map(worldOf(admin).group(number), (group) =>
      Option.getOrThrow(group).members.map(({ account, admin, card }) => [
        Number(account.number),
        Option.getOrElse(card, () => "-"),
        admin
      ])
    )

  it.scoped("one is created, joined and left", () =>
    Effect.gen(function* () {
      const admin = yield* start
      const { groups } = admin.tell
      yield* groups.create({ payload: created })
      yield* groups.join({ payload: { number: 5555, account: qq(10003), card: "红", admin: true } })
      yield* groups.join({ payload: { number: 5555, account: qq(10004), admin: false } })
      yield* groups.leave({ payload: { number: 5555, account: qq(10002) } })
      assert.deepStrictEqual(yield* seats(admin, 5555), [
        [10001, "-", false],
        [10003, "红", true],
        [10004, "-", false]
      ])
      const person = yield* admin.server.login(10004)
      const { gnamelist } = yield* person.does(Contacts.getGroupNameListMask2)
      assert.include(
        gnamelist.map(({ name }) => name),
        "新群"
      )
    })
  )

  it.scoped("refusals, which change nothing", () =>
    Effect.gen(function* () {
      const admin = yield* start
      const { groups } = admin.tell
      const nobody = new AdminProblems.NoSuch({ what: "account", number: 10009 })
      yield* refused(groups.create({ payload: { ...created, owner: qq(10009) } }), nobody)
      yield* refused(groups.create({ payload: { ...created, members: [qq(10009)] } }), nobody)
      assertNone(yield* worldOf(admin).group(5555))
      yield* refused(
        groups.create({ payload: { ...created, number: 123456, members: [] } }),
        new AdminProblems.AlreadyThere({ what: "group", number: 123456 })
      )
      const noGroup = new AdminProblems.NoSuch({ what: "group", number: 777 })
      yield* refused(groups.join({ payload: { number: 777, account: qq(10001), admin: false } }), noGroup)
      yield* refused(groups.leave({ payload: { number: 777, account: qq(10001) } }), noGroup)
      yield* refused(groups.join({ payload: { number: 123456, account: qq(10009), admin: false } }), nobody)
      const before = yield* seats(admin, 123456)
      yield* refused(
        groups.join({ payload: { number: 123456, account: qq(10002), card: "x", admin: false } }),
        new AdminProblems.AlreadyRelated({ account: 10002, to: 123456, as: "member" })
      )
      yield* refused(
        groups.leave({ payload: { number: 123456, account: qq(10003) } }),
        new AdminProblems.Impossible({ why: "10003 owns 123456 and cannot leave it." })
      )
      assert.deepStrictEqual(yield* seats(admin, 123456), before)
      yield* admin.tell.accounts.add({ payload: newcomer })
      yield* refused(
        groups.leave({ payload: { number: 123456, account: qq(10005) } }),
        new AdminProblems.NotRelated({ account: 10005, to: 123456, as: "member" })
      )
    })
  )
})

describe("say", () => {
  it.scoped("reaches a friend like any message, online or later", () =>
    Effect.gen(function* () {
      const { server, tell } = yield* start
      const payload = { from: qq(10001), to: { _tag: "Friend", number: qq(10002) } as const }
      const said = yield* tell.messages.say({ payload: { ...payload, text: "早 [微笑]" } })
      assert.deepStrictEqual(said, { recipients: 1, missed: 0 })
      const friend = yield* server.login(10002)
      const first = yield* hears(friend, "BuddyMessage")
      assert.strictEqual(Number(first.fromUin), 10001)
      assert.deepStrictEqual(first.content.parts, [Content.text("早 "), Content.face(14)])
      yield* tell.messages.say({ payload: { ...payload, text: "还在吗" } })
      const second = yield* hears(friend, "BuddyMessage")
      assert.strictEqual(Content.toText(second.content), "还在吗")
      assert.isFalse(Equal.equals(second.msgId, first.msgId))
    })
  )

  it.scoped("reaches everybody else in a group or discussion group", () =>
    Effect.gen(function* () {
      const { server, tell } = yield* start
      const person = yield* server.login(10003)
      const group = { _tag: "Group", number: 123456 } as const
      const said = yield* tell.messages.say({ payload: { from: qq(10001), to: group, text: "群里好" } })
      assert.deepStrictEqual(said, { recipients: 3, missed: 0 })
      const inGroup = yield* hears(person, "GroupMessage")
      assert.deepStrictEqual([Number(inGroup.senderUin), Content.toText(inGroup.content)], [10001, "群里好"])
      const discussion = { _tag: "Discussion", did } as const
      yield* tell.messages.say({ payload: { from: qq(10002), to: discussion, text: "周六" } })
      const inDiscussion = yield* hears(person, "DiscuMessage")
      assert.deepStrictEqual([inDiscussion.did, Content.toText(inDiscussion.content)], [did, "周六"])
    })
  )

  it.scoped("refusals", () =>
    Effect.gen(function* () {
      const admin = yield* start
      yield* admin.tell.accounts.add({ payload: newcomer })
      const say = (from: number, to: Parameters<typeof admin.tell.messages.say>[0]["payload"]["to"]) =>
        admin.tell.messages.say({ payload: { from: qq(from), to, text: "x" } })
      const friend = (number: number) => ({ _tag: "Friend", number: qq(number) }) as const
      const nobody = new AdminProblems.NoSuch({ what: "account", number: 10009 })
      yield* refused(say(10009, friend(10001)), nobody)
      yield* refused(say(10001, friend(10009)), nobody)
      for (const to of [10004, 10001]) {
        yield* refused(say(10001, friend(to)), new AdminProblems.NotRelated({ account: 10001, to, as: "friend" }))
      }
      yield* refused(
        say(10001, { _tag: "Group", number: 777 }),
        new AdminProblems.NoSuch({ what: "group", number: 777 })
      )
      yield* refused(
        say(10001, { _tag: "Discussion", did: Ids.DiscussionId.make(777) }),
        new AdminProblems.NoSuch({ what: "discussion group", number: 777 })
      )
      yield* refused(
        say(10005, { _tag: "Group", number: 123456 }),
        new AdminProblems.NotRelated({ account: 10005, to: 123456, as: "member" })
      )
      yield* refused(
        say(10005, { _tag: "Discussion", did }),
        new AdminProblems.NotRelated({ account: 10005, to: did, as: "member" })
      )
    })
  )

  it.scoped("says when too many messages wait", () =>
    Effect.gen(function* () {
      const admin = yield* start
      const letter = { from: qq(10001), to: qq(10002), place: { _tag: "Friend" } as const, time: 1 }
      const content = Content.make(["x"])
      const many = Array.from({ length: World.keptAtMost }, (_, i) => ({
        ...letter,
        content,
        msgId: Ids.MsgId.make(i)
      }))
      yield* worldOf(admin).keep(many)
      const to = { _tag: "Friend", number: qq(10002) } as const
      yield* refused(
        admin.tell.messages.say({ payload: { from: qq(10001), to, text: "x" } }),
        new AdminProblems.Impossible({ why: "Too many messages wait for 10002 already." })
      )
      const group = { _tag: "Group", number: 123456 } as const
      const said = yield* admin.tell.messages.say({ payload: { from: qq(10001), to: group, text: "x" } })
      assert.deepStrictEqual(said, { recipients: 3, missed: 1 })
    })
  )
})

describe("sessions", () => {
  it.scoped("are listed with their times and what waits, and without tokens", () =>
    Effect.gen(function* () {
      const { server, tell } = yield* start
      yield* TestClock.adjust("1 hour")
      yield* server.login(10003)
      yield* TestClock.adjust("10 seconds")
      const person = yield* server.login(10001)
      yield* TestClock.adjust("4 seconds")
      yield* friendsOf(person)
      const to = { _tag: "Friend", number: qq(10001) } as const
      yield* tell.messages.say({ payload: { from: qq(10002), to, text: "x" } })
      const hour = 3_600_000
      deepStrictEqual<unknown>(yield* tell.sessions.list(), [
        {
          account: 10001,
          nick: "小黄鸡",
          status: "online",
          since: hour + 10_000,
          seen: hour + 14_000,
          away: false,
          waiting: 1
        },
        { account: 10003, nick: "阿红", status: "online", since: hour, seen: hour, away: false, waiting: 0 }
      ])
      // `silence` is 5 minutes: both are silent then.
      yield* TestClock.adjust("6 minutes")
      assert.deepStrictEqual(
        (yield* tell.sessions.list()).map(({ away }) => away),
        [true, true]
      )
    })
  )

  it.scoped("one is ended with the frame that says so, and its friends see it go", () =>
    Effect.gen(function* () {
      const { server, tell } = yield* start
      const friend = yield* server.login(10002)
      const person = yield* server.login(10001)
      yield* tell.sessions.kick({ payload: { account: qq(10001) } })
      // What the frame becomes for the client of the reference (notes, section 5.2).
      yield* fails(person.does(Stream.runDrain(Poll.events())), { _tag: "Kicked", reason: kickReason })
      const { last } = yield* heardUntil(friend, isGone)
      assert.strictEqual(Number(last.uin), 10001)
      assert.deepStrictEqual(
        (yield* tell.sessions.list()).map(({ account }) => Number(account)),
        [10002]
      )
      yield* refused(
        tell.sessions.kick({ payload: { account: qq(10001) } }),
        new AdminProblems.NoSession({ account: 10001 })
      )
      yield* refused(
        tell.sessions.kick({ payload: { account: qq(10009) } }),
        new AdminProblems.NoSuch({ what: "account", number: 10009 })
      )
    })
  )
})

describe("faults", () => {
  it.scoped("are set, shown and cleared, and happen meanwhile", () =>
    Effect.gen(function* () {
      const admin = yield* start
      const { faults } = admin.tell
      const plan: Faults.Plan = {
        endpoints: ["poll2", "check"],
        rates: { html: 0.25 },
        script: [
          { endpoint: "check", nth: 1, fault: "html" },
          { endpoint: "check", nth: 2, fault: "html" }
        ],
        delayMs: 7,
        retcode: 9
      }
      yield* faults.set({ payload: plan })
      deepStrictEqual<unknown>(yield* faults.show(), plan)
      const spoilt = yield* Effect.fork(logIn(admin, 10001, "webqq-10001"))
      // The login asks once more, a little later.
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* Fiber.join(spoilt), "UnexpectedResponse")
      yield* faults.clear()
      deepStrictEqual<unknown>(yield* faults.show(), Faults.none)
      assert.strictEqual(yield* logIn(admin, 10001, "webqq-10001"), "ok")
      const tooMuch = yield* Effect.either(faults.set({ payload: { ...plan, rates: { html: 0.6, empty: 0.6 } } }))
      assert.isTrue(Either.isLeft(tooMuch))
      deepStrictEqual<unknown>(yield* faults.show(), Faults.none)
    })
  )
})
