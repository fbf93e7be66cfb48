/** Replies that real servers sent, through real calls: what can be read is read. */
import { assert, describe, it } from "@effect/vitest"
// Unlike assert's, it sees that none is not some.
import { deepStrictEqual } from "@effect/vitest/utils"
import { Chunk, Effect, Fiber, Layer, Option, Stream, TestClock } from "effect"
import { Channel, Contacts, type Errors, Poll } from "../../src/protocol/index.ts"
import { Contacts as ContactsSchema, Content, Groups, Ids } from "../../src/schema/index.ts"
import * as Samples from "../fixtures/Samples.ts"
import { json, loggedIn, script, text } from "../rigs/ScriptedServer.ts"

type Services = Layer.Layer.Success<typeof loggedIn> | Layer.Layer.Success<ReturnType<typeof script>["layer"]>

type Call = Effect.Effect<unknown, Errors.SessionError, Services>

/** What a call gives for this result, or for a whole body. */
const read = <A>(call: Effect.Effect<A, Errors.SessionError, Services>, result: unknown) =>
  Effect.provide(call, Layer.merge(script(json({ retcode: 0, result })).layer, loggedIn))
const readBody = <A>(call: Effect.Effect<A, Errors.SessionError, Services>, body: string) =>
  Effect.provide(call, Layer.merge(script(text(body)).layer, loggedIn))

const group = Contacts.getGroupInfoExt2(Ids.GroupCode.make(1))
const discuInfo = Channel.getDiscuInfo(Ids.DiscussionId.make(1))

describe("a field that is null takes its default, and all else is as it came", () => {
  it.effect("marknames and face of the friend list", () =>
    Effect.gen(function* () {
      const whole = yield* read(Contacts.getUserFriends2, Samples.userFriends)
      const marknames = yield* read(Contacts.getUserFriends2, { ...Samples.userFriends, marknames: null })
      assert.deepStrictEqual(marknames, { ...whole, marknames: [] })
      const faceless = <A extends object>(info: ReadonlyArray<A>, face: unknown) =>
        info.map((one, i) => (i === 0 ? { ...one, face } : one))
      const info = faceless(Samples.userFriends.info, null)
      const reply = yield* read(Contacts.getUserFriends2, { ...Samples.userFriends, info })
      assert.deepStrictEqual<unknown>(reply, { ...whole, info: faceless(whole.info, 0) })
    })
  )

  it.effect("birthday of the own profile, and a part of it", () =>
    Effect.gen(function* () {
      const whole = yield* read(Contacts.getSelfInfo2, Samples.selfInfo)
      const none = yield* read(Contacts.getSelfInfo2, { ...Samples.selfInfo, birthday: null })
      assert.deepStrictEqual(none, { ...whole, birthday: { year: 0, month: 0, day: 0 } })
      const birthday = { year: 1990, month: "1", day: null }
      const part = yield* read(Contacts.getSelfInfo2, { ...Samples.selfInfo, birthday })
      assert.deepStrictEqual(part, { ...whole, birthday: { year: 1990, month: 1, day: 0 } })
    })
  )

  it.effect("a card of a member, and the list of cards", () =>
    Effect.gen(function* () {
      const [first, ...others] = Samples.groupInfo.cards
      const cards = [{ ...first, card: null }, ...others]
      const whole = yield* read(group, Samples.groupInfo)
      const cardless = yield* read(group, { ...Samples.groupInfo, cards })
      assert.deepStrictEqual(cardless, { ...whole, cards: [{ muin: Ids.Uin.make(10001), card: "" }] })
      assert.deepStrictEqual(Groups.members(cardless).map(Groups.memberName), ["甲", "乙", "丙", "丁", "戊"])
      const none = yield* read(group, { ...Samples.groupInfo, cards: null })
      assert.deepStrictEqual(none, { ...whole, cards: [] })
    })
  )

  it.effect("gmarklist of the group list", () =>
    Effect.gen(function* () {
      const whole = yield* read(Contacts.getGroupNameListMask2, Samples.groupList)
      const unmarked = yield* read(Contacts.getGroupNameListMask2, { ...Samples.groupList, gmarklist: null })
      assert.deepStrictEqual(unmarked, { ...whole, gmarklist: [] })
    })
  )
})

describe("a list that is missing, null or empty text is an empty one", () => {
  const nothings: ReadonlyArray<unknown> = [undefined, null, ""]

  it.effect("whole, or as a member of the result", () =>
    Effect.gen(function* () {
      for (const nothing of [...nothings, {}, []]) {
        assert.deepStrictEqual(yield* read(Contacts.getDiscusList, nothing), { dnamelist: [], dmasklist: [] })
        const groups = { gnamelist: [], gmasklist: [], gmarklist: [] }
        assert.deepStrictEqual(yield* read(Contacts.getGroupNameListMask2, nothing), groups)
        const friends = { friends: [], marknames: [], categories: [], vipinfo: [], info: [] }
        assert.deepStrictEqual(yield* read(Contacts.getUserFriends2, nothing), friends)
        assert.deepStrictEqual(yield* read(group, nothing), { minfo: [], stats: [], vipinfo: [] })
      }
      for (const nothing of nothings) {
        assert.deepStrictEqual(yield* read(Channel.getOnlineBuddies2, nothing), [])
        assert.deepStrictEqual(yield* read(Channel.getRecentList2, nothing), [])
        const discussions = yield* read(Contacts.getDiscusList, {
          dnamelist: nothing,
          dmasklist: [{ did: 1, mask: 1 }]
        })
        assert.deepStrictEqual(discussions.dnamelist, [])
        assert.lengthOf(discussions.dmasklist, 1)
        const groups = yield* read(Contacts.getGroupNameListMask2, { ...Samples.groupList, gnamelist: nothing })
        assert.deepStrictEqual(Groups.groups(groups), [])
        const discussion = yield* read(discuInfo, { ...Samples.discuInfo, mem_info: nothing })
        assert.lengthOf(discussion.mem_info, 0)
      }
    })
  )

  it.effect("and members or friends that other lists of the reply know are there, without a nick", () =>
    Effect.gen(function* () {
      const ginfo = {
        members: [
          { muin: 7, mflag: 0 },
          { muin: 8, mflag: 1 }
        ],
        owner: 7
      }
      const members = Groups.members(yield* read(group, { ginfo, cards: [{ muin: 8, card: "card" }] }))
      assert.deepStrictEqual(
        members.map((member) => [member.uin, member.nick, Groups.memberName(member), member.role]),
        [
          [Ids.Uin.make(7), "", "", "owner"],
          [Ids.Uin.make(8), "", "card", "admin"]
        ]
      )
      const info = { did: 1, mem_list: [{ mem_uin: 7, ruin: 10007 }] }
      const people = Groups.discussionMembers(yield* read(discuInfo, { info }))
      deepStrictEqual(people, [
        { uin: Ids.Uin.make(7), nick: "", account: Option.some(Ids.QQ.make(10007)), status: Option.none() }
      ])
      const friends = ContactsSchema.friends(yield* read(Contacts.getUserFriends2, { info: [{ uin: 7, nick: "n" }] }))
      assert.deepInclude(friends[0], { uin: Ids.Uin.make(7), nick: "n", category: ContactsSchema.defaultCategory })
    })
  )

  it.effect("but a list that is something else, or of which nothing can be read, is an error with its place", () =>
    Effect.gen(function* () {
      const wrong: ReadonlyArray<readonly [call: Call, result: unknown, place: string]> = [
        [Contacts.getUserFriends2, { friends: 5 }, "result.friends: expected a list, actual a number"],
        [Contacts.getUserFriends2, { friends: [{}, { uin: null }] }, "result.friends.0.uin: is missing"],
        [Contacts.getDiscusList, { dnamelist: { did: 1 } }, "result.dnamelist: expected a list, actual an object"],
        [Channel.getOnlineBuddies2, "ok", "result: expected a list, actual a text"]
      ]
      for (const [call, result, place] of wrong) {
        const error = yield* Effect.flip(read(call, result))
        assert.strictEqual("expected" in error ? error.expected : error._tag, place)
      }
    })
  )
})

describe("one bad element or neighbour does not cost the others", () => {
  it.effect("members without a nick stay, those without a uin go", () =>
    Effect.gen(function* () {
      const minfo = [{ uin: 7, nick: "n" }, { uin: 8 }, { uin: 9, nick: null }, { nick: "nobody" }, null, "", [8]]
      const members = Groups.members(yield* read(group, { ...Samples.groupInfo, ginfo: null, minfo }))
      assert.deepStrictEqual(
        members.map(({ nick, uin }) => [uin as number, nick]),
        [
          [7, "n"],
          [8, ""],
          [9, ""]
        ]
      )
    })
  )

  it.effect("two hundred friends are there when one is not readable", () =>
    Effect.gen(function* () {
      const friends = [...Array.from({ length: 200 }, (_, i) => ({ uin: i + 1 })), { uin: {} }]
      assert.lengthOf((yield* read(Contacts.getUserFriends2, { friends })).friends, 200)
    })
  )

  it.effect("what else ginfo says is read when its name is null", () =>
    Effect.gen(function* () {
      const ginfo = { ...Samples.groupInfo.ginfo, name: null, gid: "?", code: undefined }
      const reply = yield* read(group, { ...Samples.groupInfo, ginfo })
      assert.deepStrictEqual(Groups.members(reply), Groups.members(yield* read(group, Samples.groupInfo)))
      assert.deepInclude(reply.ginfo, { name: "", memo: "公告" })
    })
  )
})

describe("a body that is not quite JSON", () => {
  const frames = (words: string) =>
    `{"retcode":0,"result":[{"poll_type":"message","value":{"from_uin":1,"content":[["font",{}],"${words}"]}}]}`
  const said = (words: string, after = "") =>
    Effect.map(readBody(Channel.poll2, frames(words) + after), ([event]) =>
      event?._tag === "BuddyMessage" ? Content.toText(event.content) : event?._tag
    )

  it.effect("is repaired, and the messages of the poll are there", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* said("a\nb\u001bc\u0014"), "a\nb\u001bc\u0014")
      assert.strictEqual(yield* said(String.raw`it\'s \x41`), "it's A")
      assert.strictEqual(yield* said("a", "\u0000"), "a")
    })
  )

  it.effect("but nested 50,000 deep is an UnexpectedResponse: of a poll, a list, a send; and never a defect", () =>
    Effect.gen(function* () {
      const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`
      const deepObject = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`
      for (const nested of [deep, deepObject, "[".repeat(50_000)]) {
        for (const body of [
          nested,
          `{"retcode":0,"result":${nested}}`,
          `{"retcode":0,"result":[{"value":${nested}}]}`
        ]) {
          for (const call of [
            Channel.poll2,
            Contacts.getUserFriends2,
            Contacts.setLongNick2("")
          ] satisfies ReadonlyArray<Call>) {
            assert.strictEqual((yield* Effect.flip(readBody<unknown>(call, body)))._tag, "UnexpectedResponse")
          }
        }
      }
    })
  )

  it.scoped("and the poll loop gets over it", () =>
    Effect.gen(function* () {
      const deep = text(`{"retcode":0,"result":${"[".repeat(50_000)}${"]".repeat(50_000)}}`)
      const { layer } = script(deep, text("\u0000"), text(frames("a\nb")))
      const events = yield* Poll.events().pipe(
        Stream.take(1),
        Stream.runCollect,
        Effect.provide(Layer.merge(layer, loggedIn)),
        Effect.fork
      )
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(
        Chunk.toReadonlyArray(yield* Fiber.join(events)).map(({ _tag }) => _tag),
        ["BuddyMessage"]
      )
    })
  )
})
