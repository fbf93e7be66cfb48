/** What an account may leave behind in the world of others: so much of it, and not with strangers. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { WorldFile } from "../../../src/programs/server/index.ts"
import { StringHash } from "../../../src/protocol/index.ts"
import { Ids } from "../../../src/schema/index.ts"
import * as Peer from "./Peer.ts"

const name = "名".repeat(100)
const longName = `${name}x`
const words = "言".repeat(500)
const longWords = `${words}x`

/** 10005 is nobody's friend and in no group; 10004 and those from 20000 share a group with 10001 and nothing else. */
const [somebody = assert.fail("nobody")] = WorldFile.sample.accounts
const stranger = (number: number) => ({ ...somebody, number: Ids.QQ.make(number), friends: [] })
const file: WorldFile.WorldFile = {
  ...WorldFile.sample,
  accounts: [
    ...WorldFile.sample.accounts,
    { ...stranger(10005), nick: "外人", password: Redacted.make("webqq-10005") },
    ...Array.from({ length: 120 }, (_, i) => stranger(20000 + i))
  ],
  groups: WorldFile.sample.groups.map((group) => ({
    ...group,
    members: [
      ...group.members,
      ...Array.from({ length: 120 }, (_, i) => ({ number: Ids.QQ.make(20000 + i), admin: false }))
    ]
  }))
}

const tokensOf = ({ clientid, psessionid, vfwebqq }: { clientid: unknown; psessionid: string; vfwebqq: string }) => ({
  clientid,
  psessionid,
  vfwebqq
})

/** 10001 by default, on a server of their own. */
const open = (account = 10001) =>
  Effect.gen(function* () {
    const server = yield* Peer.server({}, file)
    const person = yield* Peer.enter(server, account)
    const channel = (path: string, r: object) =>
      Effect.map(
        person.peer.post(`http://d.web2.qq.com/channel/${path}`, Peer.r({ ...r, ...tokensOf(person) })),
        Peer.json
      )
    const api = (path: string, r: object) =>
      Effect.map(
        person.peer.post(`http://s.web2.qq.com/api/${path}`, Peer.r({ ...r, vfwebqq: person.vfwebqq })),
        Peer.json
      )
    /** The uin of anybody, friend or not. */
    const found = (tuin: number) => Effect.map(api("search_qq_by_uin2", { tuin }), ({ result }): number => result.uin)
    const create = (discu_name: string, ...mem_list: ReadonlyArray<number>) =>
      channel("create_discu", { discu_name, mem_list, mem_list_u: [] })
    const info = (did: number) =>
      Effect.map(
        person.peer.get(
          `http://d.web2.qq.com/channel/get_discu_info?did=${did}&clientid=${person.clientid}&psessionid=${person.psessionid}`
        ),
        (reply) => Peer.json(reply).result.info
      )
    const members = (did: number) =>
      Effect.map(info(did), ({ mem_list }) => mem_list.map(({ ruin }: Peer.Json) => ruin))
    return { api, channel, create, found, info, members, person, server }
  })

const isRefused = (answer: Peer.Json) => {
  assert.strictEqual(answer.retcode, 1, JSON.stringify(answer))
  assert.isString(answer.errmsg)
}

describe("texts of clients", () => {
  it.scoped("are names of discussion groups up to 100 characters", () =>
    Effect.gen(function* () {
      const { channel, create, info } = yield* open()
      isRefused(yield* create(longName))
      const { result } = yield* create(name)
      isRefused(yield* channel("modify_discu_info", { did: result.did, discu_name: longName }))
      assert.strictEqual((yield* info(result.did)).discu_name, name)
      assert.strictEqual((yield* channel("modify_discu_info", { did: result.did, discu_name: name })).retcode, 0)
      const lists = (yield* channel("get_discu_list_new2", {})).result.dnamelist
      assert.lengthOf(lists, 2)
    })
  )

  it.scoped("are remarks up to 100 characters", () =>
    Effect.gen(function* () {
      const { api, found, person } = yield* open()
      const tuin = yield* found(10002)
      isRefused(yield* api("change_mark_name2", { tuin, markname: longName }))
      assert.strictEqual((yield* api("change_mark_name2", { tuin, markname: name })).retcode, 0)
      assert.deepInclude((yield* person.friends()).marknames, { uin: tuin, markname: name, type: 0 })
    })
  )

  it.scoped("are cards up to 100 characters", () =>
    Effect.gen(function* () {
      const { api, person } = yield* open()
      const [{ code }] = (yield* api("get_group_name_list_mask2", {})).result.gnamelist
      const card = Effect.map(api("get_self_business_card2", { gcode: code }), ({ result }) => result.name)
      const setCard = (text: string) => api("update_group_business_card2", { gcode: code, name: text })
      isRefused(yield* setCard(longName))
      assert.strictEqual(yield* card, "鸡同学")
      assert.strictEqual((yield* setCard(name)).retcode, 0)
      assert.strictEqual(yield* card, name)

      const bkn = StringHash.bkn(person.peer.cookie("skey"))
      const setGroupCard = (text: string) =>
        Effect.map(
          person.peer.post(
            "http://qinfo.clt.qq.com/cgi-bin/qun_info/set_group_card",
            Peer.form({ gc: 123456, u: 10001, name: text, bkn })
          ),
          Peer.json
        )
      assert.strictEqual((yield* setGroupCard(longName)).ec, 1)
      assert.strictEqual(yield* card, name)
      assert.strictEqual((yield* setGroupCard("短")).ec, 0)
      assert.strictEqual(yield* card, "短")
    })
  )

  it.scoped("are words with a friend request, and with its answers, that a longer one does not settle", () =>
    Effect.gen(function* () {
      const { api, server } = yield* open(10004)
      const ask = (msg: string) => api("add_need_verify2", { account: 10001, msg })
      isRefused(yield* ask(longWords))
      const asked = yield* Peer.enter(server, 10001)
      const answer = (path: string, more: object) =>
        Effect.map(
          asked.peer.post(
            `http://s.web2.qq.com/api/${path}`,
            Peer.r({ account: 10004, gid: 0, ...more, vfwebqq: asked.vfwebqq })
          ),
          Peer.json
        )
      // Nothing was asked yet.
      isRefused(yield* answer("deny_added_request2", { msg: "" }))
      assert.strictEqual((yield* ask(words)).retcode, 0)
      isRefused(yield* answer("deny_added_request2", { msg: longWords }))
      isRefused(yield* answer("allow_and_add2", { mname: longName }))
      assert.strictEqual((yield* answer("deny_added_request2", { msg: words })).retcode, 0)
      yield* ask("再来")
      assert.strictEqual((yield* answer("allow_and_add2", { mname: name })).retcode, 0)
    })
  )
})

describe("discussion groups of clients", () => {
  it.scoped("are 50 of one owner, who cannot leave them", () =>
    Effect.gen(function* () {
      const { channel, create } = yield* open()
      const first = (yield* create("0")).result.did
      for (let n = 1; n < 50; n++) assert.strictEqual((yield* create(String(n))).retcode, 0)
      isRefused(yield* create("one more"))
      isRefused(yield* channel("quit_discu", { did: first }))
      isRefused(yield* create("one more"))
      // Those of others do not count, and can be left: 10001 is in one of the sample world.
      assert.lengthOf((yield* channel("get_discu_list_new2", {})).result.dnamelist, 51)
      assert.strictEqual((yield* channel("quit_discu", { did: 1664044173 })).retcode, 0)
      isRefused(yield* create("one more"))
    })
  )

  it.scoped("are 50 of one owner who asks for all at once", () =>
    Effect.gen(function* () {
      const { create } = yield* open()
      const answers = yield* Effect.all(
        Array.from({ length: 60 }, (_, n) => create(String(n))),
        { concurrency: "unbounded" }
      )
      assert.lengthOf(
        answers.filter(({ retcode }) => retcode === 0),
        50
      )
    })
  )

  it.scoped("have friends in them and people of common groups, and no strangers", () =>
    Effect.gen(function* () {
      const { channel, create, found, members } = yield* open()
      const [friend, mate, outsider] = [yield* found(10002), yield* found(10004), yield* found(10005)]
      isRefused(yield* create("x", friend, outsider))
      assert.lengthOf((yield* channel("get_discu_list_new2", {})).result.dnamelist, 1)
      const { did } = (yield* create("x", friend)).result
      isRefused(yield* channel("change_discu_mem", { did, mem_list: [mate, outsider] }))
      assert.deepStrictEqual(yield* members(did), [10001, 10002])
      assert.strictEqual((yield* channel("change_discu_mem", { did, mem_list_u: [friend, mate] })).retcode, 0)
      assert.deepStrictEqual(yield* members(did), [10001, 10002, 10004])
    })
  )

  it.scoped("have 100 members at most, however they came", () =>
    Effect.gen(function* () {
      const { channel, create, found, members } = yield* open()
      const people = yield* Effect.forEach(
        Array.from({ length: 120 }, (_, i) => i),
        (i) => found(20000 + i)
      )
      isRefused(yield* create("x", ...people))
      const { did } = (yield* create("x", ...people.slice(0, 60))).result
      const add = (from: number, to: number) => channel("change_discu_mem", { did, mem_list: people.slice(from, to) })
      isRefused(yield* add(60, 100))
      assert.lengthOf(yield* members(did), 61)
      // Who is there already does not count twice.
      assert.strictEqual((yield* add(50, 99)).retcode, 0)
      assert.lengthOf(yield* members(did), 100)
      isRefused(yield* add(99, 100))
    })
  )
})
