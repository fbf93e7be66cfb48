/** What sessions call people and groups: numbers of their own. */
import { assert, describe, it } from "@effect/vitest"
import { assertNone, deepStrictEqual } from "@effect/vitest/utils"
import { Effect, FastCheck as fc, Layer, Option } from "effect"
import { Friends, Login } from "../../../src/programs/index.ts"
import { Aliases } from "../../../src/programs/server/index.ts"
import { TestServer } from "../../../src/programs/testing/index.ts"
import { Channel, Contacts, Messages } from "../../../src/protocol/index.ts"
import { Contacts as ContactsSchema, Content, Groups, Ids, PollEvent } from "../../../src/schema/index.ts"

const qq = (n: number) => Ids.QQ.make(n)
const group = fc.integer({ min: 1, max: 2 ** 31 })

describe("Aliases", () => {
  it.effect.prop(
    "lead back to whom they stand for, are 32-bit numbers, and no two are the same",
    [fc.uniqueArray(fc.integer({ min: 10_001, max: 9_999_999_999 }), { minLength: 1 }), fc.uniqueArray(group)],
    ([[own = 0, ...others], groups]) =>
      Effect.gen(function* () {
        const aliases = yield* Aliases.make(qq(own))
        assert.strictEqual(Number(aliases.uinOf(qq(own))), own)
        const given = [
          ...others.map((n) => Number(aliases.uinOf(qq(n)))),
          ...groups.map((n) => Number(aliases.gidOf(n))),
          ...groups.map((n) => Number(aliases.codeOf(n)))
        ]
        assert.strictEqual(new Set([own, ...given]).size, given.length + 1)
        for (const alias of given) assert.isTrue(alias >= 1_000_000_000 && alias < 2 ** 32)
        for (const n of [own, ...others]) deepStrictEqual(aliases.accountOf(aliases.uinOf(qq(n))), Option.some(qq(n)))
        for (const n of groups) {
          deepStrictEqual(aliases.groupOfGid(aliases.gidOf(n)), Option.some(n))
          deepStrictEqual(aliases.groupOfCode(aliases.codeOf(n)), Option.some(n))
          assertNone(aliases.groupOfGid(Ids.GroupId.make(aliases.codeOf(n))))
        }
      })
  )

  it.effect("a number that was never given out stands for nobody, a QQ number included", () =>
    Effect.gen(function* () {
      const aliases = yield* Aliases.make(qq(10001))
      aliases.uinOf(qq(10002))
      assertNone(aliases.accountOf(Ids.Uin.make(10002)))
      assertNone(aliases.groupOfGid(Ids.GroupId.make(123456)))
    })
  )
})

describe("a server with aliases", () => {
  const person = (n: number, http: Layer.Layer<Layer.Layer.Success<ReturnType<typeof TestServer.layer>>>) =>
    Layer.build(Layer.provide(TestServer.login(n), http))
  const server = Effect.map(Layer.build(TestServer.layer()), Layer.succeedContext)
  const uinOf = (nick: string) =>
    Effect.map(Contacts.getUserFriends2, (reply) => {
      const found = ContactsSchema.friends(reply).find((friend) => friend.nick === nick)
      return found?.uin ?? assert.fail(`no friend ${nick}`)
    })

  it.scoped("two sessions see different uins and gids for the same; the QQ numbers are the same", () =>
    Effect.gen(function* () {
      const http = yield* server
      const see = Effect.all({ uin: uinOf("阿红"), groups: Contacts.getGroupNameListMask2, friends: Friends.known })
      const mine = yield* Effect.provide(see, yield* person(10001, http))
      const theirs = yield* Effect.provide(see, yield* person(10002, http))
      assert.notStrictEqual(mine.uin, theirs.uin)
      const [one] = Groups.groups(mine.groups)
      const [other] = Groups.groups(theirs.groups)
      assert.strictEqual(one?.name, other?.name)
      assert.notStrictEqual(one?.gid, other?.gid)
      assert.notStrictEqual(one?.gcode, other?.gcode)
      for (const { friends } of [mine, theirs])
        assert.include(
          friends.map(({ account }) => Number(account)),
          10003
        )
    })
  )

  it.scoped("a later session of the same account has new ones", () =>
    Effect.gen(function* () {
      const http = yield* server
      const first = yield* Effect.provide(uinOf("阿红"), yield* person(10001, http))
      const second = yield* Effect.provide(uinOf("阿红"), yield* person(10001, http))
      assert.notStrictEqual(first, second)
    })
  )

  it.scoped("a relogin on the same cookies keeps them, and what waits", () =>
    Effect.gen(function* () {
      const http = yield* server
      const bot = yield* person(10001, http)
      const friend = yield* person(10002, http)
      const before = yield* Effect.provide(uinOf("明明"), bot)
      yield* Effect.provide(Login.relogin, bot)
      const botUin = yield* Effect.provide(uinOf("小黄鸡"), friend)
      yield* Effect.provide(Messages.sendBuddyMsg2({ to: botUin, content: Content.make(["hi"]) }), friend)
      const events = (yield* Effect.provide(Channel.poll2, bot)).filter(PollEvent.isMessage)
      assert.deepStrictEqual(
        events.map((event) => (event._tag === "BuddyMessage" ? event.fromUin : event._tag)),
        [before]
      )
      assert.strictEqual(events[0]?.toUin, Ids.Uin.make(10001))
    })
  )

  it.scoped("a message to a QQ number instead of a uin is refused, and so is another session's uin", () =>
    Effect.gen(function* () {
      const http = yield* server
      const bot = yield* person(10001, http)
      const foreign = yield* Effect.provide(uinOf("阿红"), yield* person(10002, http))
      for (const to of [Ids.Uin.make(10002), foreign]) {
        const error = yield* Effect.flip(
          Effect.provide(Messages.sendBuddyMsg2({ to, content: Content.make(["x"]) }), bot)
        )
        assert.deepInclude(error, { _tag: "Rejected", says: "not a friend" })
      }
    })
  )
})
