/** What a client cannot make the server keep or pass on. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { json, logIn, post, type Tokens } from "../../rigs/RawRequests.ts"
import { handler } from "../../rigs/ServerInProcess.ts"

const font = ["font", { name: "宋体", size: 10, style: [0, 0, 0], color: "000000" }]

const say = ({ clientid, cookie, psessionid }: Tokens, parts: ReadonlyArray<unknown>) =>
  Effect.map(
    post(
      "/channel/send_buddy_msg2",
      { to: 10001, content: JSON.stringify(parts), msg_id: 1, clientid, psessionid },
      {
        cookie
      }
    ),
    json
  )
const poll = ({ clientid, cookie, psessionid }: Tokens) =>
  Effect.map(post("/channel/poll2", { clientid, psessionid, key: 0, ids: [] }, { cookie }), (answer) => {
    const [frame] = json(answer).result as ReadonlyArray<{ readonly value: { readonly content: unknown } }>
    return frame?.value.content
  })

describe("the tolerant server", () => {
  it.effect("passes on text and faces, and says where a picture was, or something that nobody knows", () =>
    Effect.gen(function* () {
      const friend = yield* logIn(10002)
      const bot = yield* logIn(10001)
      const received = ["font", { ...(font[1] as object), size: 10 }]
      yield* say(friend, ["hi", ["face", 14], ["offpic", "/uuid", "name.jpg", 165201], ["unheard", 1], font])
      assert.deepStrictEqual(yield* poll(bot), [received, "hi", ["face", 14], "[图片]", "[?]"])
      yield* say(friend, [["cface", "group", "HEX.jPg"], font])
      assert.deepStrictEqual(yield* poll(bot), [received, "[图片]"])
    }).pipe(Effect.provide(handler({ holdPoll: 0 })))
  )
})

describe("what is too long", () => {
  it.effect("is every part that is, in bytes, the font too, and a whole message of many of them", () =>
    Effect.gen(function* () {
      const friend = yield* logIn(10002)
      const bot = yield* logIn(10001)
      const huge = "x".repeat(900_000)
      const named = (name: string) => ["font", { name, size: 10, style: [0, 0, 0], color: "000000" }]
      const large = ["cface", "x".repeat(900)]
      for (const parts of [
        ["hi", named(huge)],
        ["hi", ["font", { name: "宋体", size: 10, style: [0, 0, 0], color: huge }]],
        [["cface", huge], font],
        [["cface", { name: "A.jPg", file_id: 1, key: huge, server: "1.2.3.4:80" }], font],
        [["offpic", huge, "name.jpg", 1], font],
        [["unheard", { of: [huge] }], font],
        [["cface", "图".repeat(400)], font],
        [...Array.from({ length: 40 }, () => large), font],
        ["\u0000".repeat(8000), font]
      ]) {
        assert.deepInclude(yield* say(friend, parts), { retcode: 1, errmsg: "the message is too long" })
      }
      assert.deepInclude(yield* say(friend, ["汉".repeat(8192), large, named("华文行楷")]), { retcode: 0 })
      assert.include(yield* poll(bot), "汉".repeat(8192))
    }).pipe(Effect.provide(handler({ strict: true, holdPoll: 0 })))
  )

  it.effect("is refused, and nobody gets it: a message of 8193 characters or 501 parts, a signature of 501", () =>
    Effect.gen(function* () {
      const friend = yield* logIn(10002)
      const tooLong = { retcode: 1, errmsg: "the message is too long" }
      const faces = (n: number) => Array.from({ length: n }, () => ["face", 14])
      assert.deepInclude(yield* say(friend, ["x".repeat(4000), "y".repeat(4193), font]), tooLong)
      assert.deepInclude(yield* say(friend, ["x".repeat(4000), "y".repeat(4192), font]), { retcode: 0 })
      assert.deepInclude(yield* say(friend, [...faces(501), font]), tooLong)
      assert.deepInclude(yield* say(friend, [...faces(500), font]), { retcode: 0 })
      const sign = (nlk: string) =>
        Effect.map(post("/api/set_long_nick2", { nlk, vfwebqq: friend.vfwebqq }, { cookie: friend.cookie }), json)
      assert.deepInclude(yield* sign("x".repeat(501)), { retcode: 1, errmsg: "the signature is too long" })
      assert.deepInclude(yield* sign("x".repeat(500)), { retcode: 0 })
    }).pipe(Effect.provide(handler()))
  )
})
