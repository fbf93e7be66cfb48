/** The world in SQL against the one in memory: whatever is done to both, they say the same. */
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, FastCheck as fc, Layer, Option } from "effect"
import { World, WorldMemory } from "../../../src/programs/server/index.ts"
import { WorldSql } from "../../../src/programs/server/sql/index.ts"
import { Ids } from "../../../src/schema/index.ts"
import { account, digestOf, letter, qq, same } from "../../fixtures/Worlds.ts"

type Service = World.World["Type"]
type Act = (world: Service) => Effect.Effect<unknown>

const nobody = { accounts: [], groups: [], discussions: [], requests: [] }

/** Few names, so that they meet; 5 is never registered. */
const person = fc.integer({ min: 1, max: 5 }).map(qq)
const registered = fc.integer({ min: 1, max: 4 })
const group = fc.integer({ min: 1, max: 3 })
const did = group.map((n) => Ids.DiscussionId.make(n))
const text = fc.string({ unit: "binary", maxLength: 8 })
const maybe = fc.option(text).map(Option.fromNullable)
const people = fc.array(person, { maxLength: 4 })

/** Every command with its name, so that a counterexample can be read. */
const act = <A extends Array<unknown>>(
  name: string,
  inputs: { [K in keyof A]: fc.Arbitrary<A[K]> },
  run: (world: Service, ...input: A) => Effect.Effect<unknown>
) =>
  fc.tuple<A>(...inputs).map((input) => ({
    run: ((world) => run(world, ...input)) as Act,
    toString: () => `${name}(${input.map((value) => fc.stringify(value)).join(", ")})`
  }))

/** Kept letters without their keys, which need only rise. */
const shown = Effect.map((kept: ReadonlyArray<World.Kept>) => {
  const keys = kept.map(({ key }) => key)
  assert.isTrue(keys.every((key, i) => i === 0 || key > (keys[i - 1] ?? 0)))
  return kept.map(({ letter }) => letter)
})

const commands = [
  act("register", [registered, text, text], (world, n, nick, signature) =>
    world.register(account(n, { nick, signature }))
  ),
  act("setPassword", [person, fc.nat(255)], (world, n, byte) => world.setPassword(n, digestOf(byte))),
  act(
    "change",
    [person, fc.record({ nick: text, signature: text, frozen: fc.boolean() }, { requiredKeys: [] })],
    (world, n, changes) => world.change(n, changes)
  ),
  act("befriend", [person, person, maybe, maybe], (world, owner, friend, category, remark) =>
    world.befriend(owner, friend, { category, remark })
  ),
  act(
    "reenter",
    [person, person, fc.record({ category: maybe, remark: maybe }, { requiredKeys: [] })],
    (world, owner, friend, changes) => world.reenter(owner, friend, changes)
  ),
  act("isFriend", [person, person], (world, owner, other) => world.isFriend(owner, other)),
  act("unfriend", [person, person], (world, owner, friend) => world.unfriend(owner, friend)),
  act("ask", [person, person, text], (world, from, to, message) => world.ask({ from, to, message })),
  act("settle", [person, person], (world, from, to) => world.settle({ from, to })),
  act(
    "mask",
    [
      person,
      fc.array(
        fc.record({
          of: fc.constantFrom("group" as const, "discussion" as const),
          number: fc.option(group),
          mask: fc.constantFrom(0 as const, 1 as const, 2 as const)
        }),
        { maxLength: 4 }
      )
    ],
    (world, owner, masks) =>
      world.mask(
        owner,
        masks.map((one) => ({ ...one, number: Option.fromNullable(one.number) }))
      )
  ),
  act("found", [group, text, person], (world, number, name, owner) => world.found({ number, name, owner })),
  act("seat", [group, person, maybe, fc.boolean()], (world, number, member, card, admin) =>
    world.seat(number, member, { card, admin })
  ),
  act("unseat", [group, person], (world, number, member) => world.unseat(number, member)),
  act("convene", [did, text, person], (world, did, name, owner) => world.convene({ did, name, owner })),
  act("rename", [did, text], (world, did, name) => world.rename(did, name)),
  act("invite", [did, people], (world, did, members) => world.invite(did, members)),
  act("leave", [did, person], (world, did, member) => world.leave(did, member)),
  act("keep", [person, people, text], (world, from, to, words) =>
    shown(world.keep(to.map((number) => letter(from, number, words))))
  ),
  act("arrived", [person, fc.nat(3), fc.nat(3)], (world, n, from, count) =>
    Effect.flatMap(world.kept(n), (kept) => world.arrived(kept.slice(from, from + count).map(({ key }) => key)))
  )
]

/** Everything that a world can be asked. */
const everything = (world: Service) =>
  Effect.all({
    accounts: world.accounts,
    people: Effect.forEach([1, 2, 3, 4, 5].map(qq), (n) =>
      Effect.all([
        world.account(n),
        world.friends(n),
        world.groups(n),
        world.discussions(n),
        world.requests(n),
        world.masks(n),
        shown(world.kept(n))
      ])
    ),
    groups: Effect.forEach([1, 2, 3], world.group),
    discussions: Effect.forEach(
      [1, 2, 3].map((n) => Ids.DiscussionId.make(n)),
      world.discussion
    )
  })

const sqlWorld = Effect.map(
  Layer.build(Layer.provide(WorldSql.layer(nobody), LibsqlClient.layer({ url: ":memory:" }))),
  Context.get(World.World)
)

const agree = (acts: ReadonlyArray<{ readonly run: Act }>) =>
  Effect.gen(function* () {
    const memory = yield* WorldMemory.make
    const sql = yield* sqlWorld
    for (const n of [1, 2, 3]) yield* Effect.all([memory.register(account(n)), sql.register(account(n))])
    for (const { run } of acts) same(yield* run(sql), yield* run(memory))
    same(yield* everything(sql), yield* everything(memory))
  }).pipe(Effect.scoped)

describe("WorldSql", () => {
  it("agrees with the world in memory", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(...commands), { minLength: 5, maxLength: 60 }), (acts) =>
        Effect.runPromise(agree(acts))
      ),
      { numRuns: 60 }
    ))
})
