/** What every world does, whatever it is kept in. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Layer, Option } from "effect"
import { type Letter, Profile, World } from "../../../src/programs/server/index.ts"
import { Content, Ids } from "../../../src/schema/index.ts"
import { account, digestOf, letter, qq, same } from "../../fixtures/Worlds.ts"

type Service = World.World["Type"]

const did = Ids.DiscussionId.make(77)
const entry = (category?: string, remark?: string): World.Entry => ({
  category: Option.fromNullable(category),
  remark: Option.fromNullable(remark)
})
const seat = (card?: string, admin = false): World.Seat => ({ card: Option.fromNullable(card), admin })
const people = [10, 11, 12, 13]
const populate = (world: Service) => Effect.forEach(people, (number) => world.register(account(number)))
const texts = (kept: ReadonlyArray<World.Kept>) => kept.map(({ letter }) => Content.toText(letter.content))

const accounts = (world: Service) =>
  Effect.gen(function* () {
    same(yield* world.accounts, [])
    same(yield* world.account(qq(10)), Option.none())
    const full = account(20, {
      nick: "小\u0000明 \ud800 😀 '\" \\",
      signature: "\u0000",
      profile: {
        ...Profile.blank,
        face: 3,
        gender: "female",
        birthday: { year: 1990, month: 2, day: 3 },
        city: "上海"
      },
      frozen: true
    })
    assert.isTrue(yield* world.register(full))
    assert.isTrue(yield* world.register(account(10)))
    assert.isFalse(yield* world.register(account(20, { nick: "other" })))
    same(yield* world.account(qq(20)), Option.some(full))
    same(yield* world.accounts, [account(10), full])
  })

const changes = (world: Service) =>
  Effect.gen(function* () {
    yield* populate(world)
    assert.isTrue(yield* world.setPassword(qq(10), digestOf(99)))
    assert.isFalse(yield* world.setPassword(qq(99), digestOf(99)))
    assert.isTrue(yield* world.change(qq(11), { nick: "新", frozen: true }))
    assert.isTrue(yield* world.change(qq(12), { signature: "s", profile: { ...Profile.blank, phone: "110" } }))
    assert.isTrue(yield* world.change(qq(13), {}))
    assert.isFalse(yield* world.change(qq(99), { nick: "x" }))
    same(yield* world.accounts, [
      account(10, { passwordDigest: digestOf(99) }),
      account(11, { nick: "新", frozen: true }),
      account(12, { signature: "s", profile: { ...Profile.blank, phone: "110" } }),
      account(13)
    ])
    assert.isTrue(yield* world.change(qq(11), { frozen: false, nick: "" }))
    same(yield* world.account(qq(11)), Option.some(account(11, { nick: "" })))
  })

const friends = (world: Service) =>
  Effect.gen(function* () {
    yield* populate(world)
    assert.isTrue(yield* world.befriend(qq(10), qq(12), entry("同学", "小明")))
    assert.isTrue(yield* world.befriend(qq(10), qq(11), World.plainEntry))
    assert.isTrue(yield* world.befriend(qq(10), qq(13), entry(undefined, "x")))
    assert.isFalse(yield* world.befriend(qq(10), qq(99), World.plainEntry))
    assert.isFalse(yield* world.befriend(qq(99), qq(10), World.plainEntry))
    assert.isFalse(yield* world.befriend(qq(10), qq(10), World.plainEntry))
    // Who is there already stays as kept.
    assert.isFalse(yield* world.befriend(qq(10), qq(12), entry("家人", "other")))
    // Changed, and still the first.
    assert.isTrue(yield* world.reenter(qq(10), qq(12), { category: Option.some("家人") }))
    assert.isTrue(yield* world.reenter(qq(10), qq(11), { remark: Option.some("y") }))
    assert.isTrue(yield* world.reenter(qq(10), qq(13), { remark: Option.none() }))
    assert.isTrue(yield* world.reenter(qq(10), qq(13), {}))
    assert.isFalse(yield* world.reenter(qq(12), qq(10), { remark: Option.some("z") }))
    same(yield* world.friends(qq(10)), [
      { account: account(12), ...entry("家人", "小明") },
      { account: account(11), ...entry(undefined, "y") },
      { account: account(13), ...World.plainEntry }
    ])
    same(yield* world.friends(qq(12)), [])
    same([yield* world.isFriend(qq(10), qq(12)), yield* world.isFriend(qq(12), qq(10))], [true, false])
    assert.isTrue(yield* world.unfriend(qq(10), qq(12)))
    assert.isFalse(yield* world.unfriend(qq(10), qq(12)))
    assert.isFalse(yield* world.isFriend(qq(10), qq(12)))
    // A new friendship is the last.
    yield* world.befriend(qq(10), qq(12), World.plainEntry)
    same(
      (yield* world.friends(qq(10))).map((friend) => friend.account.number),
      [11, 13, 12]
    )
  })

const requests = (world: Service) =>
  Effect.gen(function* () {
    yield* populate(world)
    const request = (from: number, to: number, message: string) => ({ from: qq(from), to: qq(to), message })
    assert.isTrue(yield* world.ask(request(11, 10, "a")))
    assert.isTrue(yield* world.ask(request(12, 10, "b")))
    assert.isTrue(yield* world.ask(request(11, 10, "again\u0000")))
    assert.isFalse(yield* world.ask(request(99, 10, "c")))
    assert.isFalse(yield* world.ask(request(10, 99, "c")))
    same(yield* world.requests(qq(10)), [request(11, 10, "again\u0000"), request(12, 10, "b")])
    same(yield* world.requests(qq(11)), [])
    assert.isTrue(yield* world.settle({ from: qq(11), to: qq(10) }))
    assert.isFalse(yield* world.settle({ from: qq(11), to: qq(10) }))
    assert.isFalse(yield* world.settle({ from: qq(10), to: qq(12) }))
    same(yield* world.requests(qq(10)), [request(12, 10, "b")])
  })

const masks = (world: Service) =>
  Effect.gen(function* () {
    yield* populate(world)
    const mask = (of: World.Mask["of"], number: number | undefined, mask: World.Mask["mask"]): World.Mask => ({
      of,
      number: Option.fromNullable(number),
      mask
    })
    same(yield* world.masks(qq(10)), [])
    assert.isTrue(yield* world.mask(qq(10), [mask("group", 500, 2), mask("group", undefined, 1)]))
    assert.isTrue(yield* world.mask(qq(10), [mask("discussion", 500, 1), mask("group", 500, 0)]))
    assert.isTrue(yield* world.mask(qq(10), []))
    assert.isFalse(yield* world.mask(qq(99), [mask("group", 500, 2)]))
    same(yield* world.masks(qq(10)), [mask("group", 500, 0), mask("group", undefined, 1), mask("discussion", 500, 1)])
    same(yield* world.masks(qq(11)), [])
  })

const groups = (world: Service) =>
  Effect.gen(function* () {
    yield* populate(world)
    assert.isTrue(yield* world.found({ number: 500, name: "三年二班", owner: qq(12) }))
    assert.isTrue(yield* world.found({ number: 400, name: "later, smaller number", owner: qq(11) }))
    assert.isFalse(yield* world.found({ number: 500, name: "taken", owner: qq(10) }))
    assert.isFalse(yield* world.found({ number: 600, name: "nobody's", owner: qq(99) }))
    assert.isTrue(yield* world.seat(500, qq(11), seat("班长", true)))
    assert.isTrue(yield* world.seat(500, qq(10), seat()))
    assert.isTrue(yield* world.seat(500, qq(11), seat("card")))
    assert.isTrue(yield* world.seat(500, qq(12), seat("owner's card")))
    assert.isFalse(yield* world.seat(500, qq(99), seat()))
    assert.isFalse(yield* world.seat(600, qq(10), seat()))
    const klass: World.Group = {
      number: 500,
      name: "三年二班",
      owner: qq(12),
      members: [
        { account: account(12), ...seat("owner's card") },
        { account: account(11), ...seat("card") },
        { account: account(10), ...seat() }
      ]
    }
    same(yield* world.group(500), Option.some(klass))
    same(yield* world.group(600), Option.none())
    const other = { number: 400, name: "later, smaller number", owner: qq(11) }
    same(yield* world.groups(qq(11)), [klass, { ...other, members: [{ account: account(11), ...seat() }] }])
    same(yield* world.groups(qq(13)), [])
    assert.isFalse(yield* world.unseat(500, qq(12)))
    assert.isFalse(yield* world.unseat(500, qq(13)))
    assert.isFalse(yield* world.unseat(600, qq(10)))
    assert.isTrue(yield* world.unseat(500, qq(11)))
    same(
      (yield* world.groups(qq(11))).map(({ number }) => number),
      [400]
    )
  })

const discussions = (world: Service) =>
  Effect.gen(function* () {
    yield* populate(world)
    const members = Effect.map(
      world.discussion(did),
      Option.map((found) => found.members.map(({ number }) => number))
    )
    assert.isTrue(yield* world.convene({ did, name: "周末", owner: qq(11) }))
    assert.isFalse(yield* world.convene({ did, name: "taken", owner: qq(10) }))
    assert.isFalse(yield* world.convene({ did: Ids.DiscussionId.make(78), name: "nobody's", owner: qq(99) }))
    assert.isTrue(yield* world.invite(did, [qq(13), qq(10), qq(13)]))
    assert.isFalse(yield* world.invite(did, [qq(12), qq(99)]))
    assert.isFalse(yield* world.invite(Ids.DiscussionId.make(78), [qq(12)]))
    assert.isFalse(yield* world.invite(Ids.DiscussionId.make(78), []))
    assert.isTrue(yield* world.invite(did, []))
    assert.isTrue(yield* world.rename(did, "new\u0000name"))
    assert.isFalse(yield* world.rename(Ids.DiscussionId.make(78), "x"))
    const expected = { did, name: "new\u0000name", owner: qq(11), members: [account(11), account(13), account(10)] }
    same(yield* world.discussion(did), Option.some(expected))
    same(yield* world.discussions(qq(10)), [expected])
    same(yield* world.discussions(qq(12)), [])
    assert.isTrue(yield* world.leave(did, qq(11)))
    assert.isFalse(yield* world.leave(did, qq(11)))
    assert.isFalse(yield* world.leave(Ids.DiscussionId.make(78), qq(10)))
    same(yield* members, Option.some([13, 10]))
    yield* world.invite(did, [qq(11)])
    same(yield* members, Option.some([13, 10, 11]))
    for (const number of [13, 10, 11]) yield* world.leave(did, qq(number))
    same(yield* members, Option.some([]))
    same(yield* world.discussion(Ids.DiscussionId.make(78)), Option.none())
  })

const letters = (world: Service) =>
  Effect.gen(function* () {
    yield* populate(world)
    const places: ReadonlyArray<Letter.Place> = [
      { _tag: "Friend" },
      { _tag: "Group", number: 500 },
      { _tag: "Discussion", did },
      { _tag: "Session", common: { _tag: "Group", number: 500 } },
      { _tag: "Session", common: { _tag: "Discussion", did } }
    ]
    const sent = places.map((place, i) => letter(11, i % 2 === 0 ? 10 : 12, `${i} \u0000 \ud800 '";`, place))
    const kept = yield* world.keep(sent)
    same(
      kept.map(({ letter }) => letter),
      sent
    )
    const keys = kept.map(({ key }) => key)
    same(
      keys,
      keys.toSorted((a, b) => a - b)
    )
    assert.strictEqual(new Set(keys).size, keys.length)
    same(
      yield* world.kept(qq(10)),
      kept.filter(({ letter }) => letter.to === 10)
    )
    yield* world.arrived([...keys.slice(2), 1_000_000])
    same(yield* world.kept(qq(10)), kept.slice(0, 1))
    same(yield* world.kept(qq(12)), kept.slice(1, 2))
    yield* world.arrived([])
    yield* world.arrived(keys)
    same(yield* world.kept(qq(10)), [])
    same(yield* world.keep([]), [])
    // A key is never given again.
    const [next] = yield* world.keep([letter(10, 11, "next")])
    assert.isAbove(next?.key ?? 0, Math.max(...keys))
  })

const hash = (letter: string) => letter.repeat(64)

/** Of each account there is one, found by either of its hashes. */
const logins = (world: Service) =>
  Effect.gen(function* () {
    yield* populate(world)
    const login = (account: number, letter: string): World.KeptLogin => ({
      account: qq(account),
      ptwebqq: hash(letter),
      skey: hash(letter === "a" ? "0" : "1"),
      seed: 2 ** 31 - 1,
      usedAt: 1_800_000_000_000
    })
    const [first, other] = [login(10, "a"), login(11, "b")]
    yield* world.keepLogin(first)
    yield* world.keepLogin(other)
    same(yield* world.login("ptwebqq", hash("a")), Option.some(first))
    same(yield* world.login("skey", hash("0")), Option.some(first))
    same(yield* world.login("skey", hash("a")), Option.none())
    const later = { ...first, ptwebqq: hash("c"), usedAt: first.usedAt + 1 }
    yield* world.keepLogin(later)
    same(yield* world.login("ptwebqq", hash("a")), Option.none())
    same(yield* world.login("ptwebqq", hash("c")), Option.some(later))
    yield* world.forgetLogin(qq(10))
    same(yield* world.login("skey", hash("0")), Option.none())
    same(yield* world.login("ptwebqq", hash("b")), Option.some(other))
  })

const bounded = (world: Service) =>
  Effect.gen(function* () {
    yield* populate(world)
    const many = Array.from({ length: World.keptAtMost - 1 }, (_, i) => letter(11, 10, `${i}`))
    assert.lengthOf(yield* world.keep(many), World.keptAtMost - 1)
    const group = [letter(13, 12, "a"), letter(13, 10, "last"), letter(13, 10, "too many"), letter(13, 11, "b")]
    same(texts(yield* world.keep(group)), ["a[微笑]", "last[微笑]", "b[微笑]"])
    same(yield* world.keep([letter(13, 10, "too many")]), [])
    const kept = yield* world.kept(qq(10))
    assert.lengthOf(kept, World.keptAtMost)
    yield* world.arrived(kept.slice(0, 2).map(({ key }) => key))
    assert.lengthOf(yield* world.keep([letter(13, 10, "x"), letter(13, 10, "y"), letter(13, 10, "z")]), 2)
    same(texts((yield* world.kept(qq(10))).slice(-3)), ["last[微笑]", "x[微笑]", "y[微笑]"])
  })

/** Few large letters are as much as many small ones; a font counts, too. */
const boundedInBytes = (world: Service) =>
  Effect.gen(function* () {
    yield* populate(world)
    const large = Content.make(["大".repeat(10_000)], { ...Content.defaultFont, name: "x".repeat(1000) })
    const atMost = Math.floor(World.keptBytesAtMost / 31_000)
    const send = (to: number, content: Content.Content) => ({ ...letter(11, to, ""), content })
    const many = Array.from({ length: 2 * atMost }, () => send(10, large))
    const kept = yield* world.keep(many)
    assert.isAtMost(kept.length, atMost)
    assert.isAbove(kept.length, atMost * 0.9)
    // The first one that finds no place keeps out those that come with it; others are not touched.
    const small = letter(11, 10, "small")
    const group = [send(10, large), small, letter(11, 12, "other")]
    same(texts(yield* world.keep(group)), ["other[微笑]"])
    assert.strictEqual(yield* world.waiting(qq(10)), kept.length)
    yield* world.arrived(kept.slice(0, 1).map(({ key }) => key))
    assert.lengthOf(yield* world.keep([send(10, large), send(10, large)]), 1)
    yield* world.arrived(kept.map(({ key }) => key))
    assert.lengthOf(yield* world.keep(many.slice(0, kept.length - 1)), kept.length - 1)
  })

/** Many fibers at the same time: nobody gets between the letters of somebody else, none is lost. */
const concurrent = (world: Service) =>
  Effect.gen(function* () {
    yield* populate(world)
    const send = (from: number) =>
      Effect.forEach(Array.from({ length: 20 }), (_, i) =>
        world.keep([letter(from, 11, `${from} ${i}`), letter(from, 12, `${from} ${i}`)])
      )
    const meanwhile = Effect.forEach(people, (number) => world.befriend(qq(number), qq(10), World.plainEntry))
    const kept = yield* Effect.all([send(10), send(13), send(10), Effect.as(meanwhile, [])], {
      concurrency: "unbounded"
    })
    const keys = kept.flat(2).map(({ key }) => key)
    assert.strictEqual(new Set(keys).size, 120)
    for (const pair of kept.flat()) assert.strictEqual((pair[1]?.key ?? 0) - (pair[0]?.key ?? 0), 1)
    assert.lengthOf(yield* world.kept(qq(11)), 60)
  })

const contract = {
  accounts,
  changes,
  friends,
  requests,
  masks,
  groups,
  discussions,
  letters,
  logins,
  bounded,
  boundedInBytes,
  concurrent
}

/** Runs the contract on worlds of a kind; each test has a new one. */
export const suite = <E>(kind: string, empty: Layer.Layer<World.World, E>): void => {
  describe(kind, () => {
    for (const [name, check] of Object.entries(contract)) {
      it.scoped(name, () => Effect.provide(Effect.flatMap(World.World, check), empty))
    }
  })
}
