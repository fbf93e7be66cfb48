import type { HttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { Friends } from "../../src/programs/index.ts"
import { Ids } from "../../src/schema/index.ts"
import { type Answer, json, loggedIn, script, text } from "../rigs/ScriptedServer.ts"

const list = json({
  retcode: 0,
  result: {
    friends: [7, 8].map((uin) => ({ uin, flag: 0, categories: 0 })),
    info: [7, 8].map((uin) => ({ uin, nick: `nick ${uin}`, face: 0, flag: 0 })),
    marknames: [],
    categories: [],
    vipinfo: []
  }
})
/** The friends 7 and 8 are 10007 and 10008; what is asked about 7 is answered so. */
const server = (aboutSeven: Answer) =>
  script(
    list,
    ...[1, 2].map(
      (): Answer => (asked, request) =>
        asked.query.some(([name, value]) => name === "tuin" && value === "7")
          ? aboutSeven(asked, request)
          : json({ retcode: 0, result: { uiuin: "", account: 10008, uin: 8 } })(asked, request)
    )
  ).layer

type Needs = HttpClient.HttpClient | Layer.Layer.Success<typeof loggedIn>
const given = <A, E>(aboutSeven: Answer, call: Effect.Effect<A, E, Needs>) =>
  Effect.provide(call, Layer.merge(server(aboutSeven), loggedIn))

describe("friends by their numbers, where one cannot be looked up", () => {
  for (const [name, answer] of [
    ["refused", json({ retcode: 100101 })],
    ["answered by a gateway", text("", { status: 502 })],
    ["answered with something else", text("<html>")]
  ] as const) {
    it.effect(`${name}: the others are known`, () =>
      Effect.gen(function* () {
        const known = yield* given(answer, Friends.known)
        assert.deepStrictEqual(
          known.map(({ account }) => Number(account)),
          [10008]
        )
        const friend = yield* given(answer, Friends.byNumber(Ids.QQ.make(10008)))
        assert.strictEqual(Option.getOrThrow(friend).nick, "nick 8")
      })
    )

    it.effect(`${name}: nobody can say that there is no such friend`, () =>
      Effect.gen(function* () {
        assert.isTrue(yield* Effect.isFailure(given(answer, Friends.byNumber(Ids.QQ.make(10007)))))
      })
    )
  }

  it.effect("is a failure where it is so of all", () =>
    Effect.gen(function* () {
      const lost = json({ retcode: 100101 })
      const { layer } = script(list, lost, lost)
      const error = yield* Effect.flip(Effect.provide(Friends.known, Layer.merge(layer, loggedIn)))
      assert.strictEqual(error._tag, "SessionLost")
    })
  )
})
