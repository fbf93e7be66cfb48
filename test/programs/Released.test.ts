/** What an earlier version wrote is opened by this one, and nothing of it is lost. */
import { copyFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted } from "effect"
import { Seed, World, type WorldFile } from "../../src/programs/server/index.ts"
import { WorldSql } from "../../src/programs/server/sql/index.ts"
import { Content } from "../../src/schema/index.ts"
import { SessionStore } from "../../src/services/index.ts"
import { qq } from "../fixtures/Worlds.ts"
import { temporaryDirectory } from "../rigs/Files.ts"

/** A copy, because opening it may rewrite it. */
const copyOf = (name: string) =>
  Effect.map(temporaryDirectory, (directory) => {
    const path = join(directory, name)
    copyFileSync(fileURLToPath(new URL(`../fixtures/released/${name}`, import.meta.url)), path)
    return path
  })

const nobody: WorldFile.WorldFile = { accounts: [], groups: [], discussions: [], requests: [] }

describe("a database of 0.1.0", () => {
  const on = <A, E>(path: string, use: (world: World.World["Type"]) => Effect.Effect<A, E>) =>
    Effect.flatMap(World.World, use).pipe(
      Effect.provide(Layer.provide(WorldSql.layer(nobody), LibsqlClient.layer({ url: `file:${path}` })))
    )

  it.scoped("opens, again and again, with everybody and everything in it", () =>
    Effect.gen(function* () {
      const path = yield* copyOf("world-0.1.0.db")
      for (const _ of [1, 2]) {
        yield* on(path, (world) =>
          Effect.gen(function* () {
            const accounts = yield* world.accounts
            assert.deepStrictEqual(
              accounts.map(({ frozen, nick, number, signature }) => [Number(number), nick, signature, frozen]),
              [
                [10001, "小黄鸡", "你说什么，我就说什么", false],
                [10002, "明明", "", false],
                [10003, "阿红", "", true]
              ]
            )
            for (const { number, passwordDigest } of accounts) {
              const wanted = Seed.digest(Redacted.make(`webqq-${number}`))
              assert.deepStrictEqual(Redacted.value(passwordDigest), Redacted.value(wanted))
            }
            const [friend] = yield* world.friends(qq(10001))
            assert.deepStrictEqual(
              [friend?.account.number, Option.getOrNull(friend?.category ?? Option.none())],
              [qq(10002), "同学"]
            )
            const [group] = yield* world.groups(qq(10001))
            assert.deepStrictEqual(
              group?.members.map(({ account, admin, card }) => [Number(account.number), admin, Option.getOrNull(card)]),
              [
                [10002, false, null],
                [10001, true, "鸡同学"]
              ]
            )
            assert.lengthOf(yield* world.discussions(qq(10001)), 1)
            assert.strictEqual((yield* world.requests(qq(10002)))[0]?.message, "加个好友吧")
            const [kept] = yield* world.kept(qq(10001))
            assert.strictEqual(kept === undefined ? "" : Content.toText(kept.letter.content), "你好[微笑]")
            // What later versions know besides is empty.
            assert.deepStrictEqual(yield* world.masks(qq(10001)), [])
          })
        )
      }
    })
  )

  it.scoped("takes everything that this version writes", () =>
    Effect.gen(function* () {
      const path = yield* copyOf("world-0.1.0.db")
      yield* on(path, (world) => world.mask(qq(10001), [{ of: "group", number: Option.some(123456), mask: 2 }]))
      assert.lengthOf(yield* on(path, (world) => world.masks(qq(10001))), 1)
    })
  )
})

describe("a kept session of 0.1.0", () => {
  it.scoped("is read", () =>
    Effect.gen(function* () {
      const path = yield* copyOf("session-0.1.0.txt")
      const saved = yield* Effect.provide(
        Effect.flatMap(SessionStore.SessionStore, ({ load }) => load),
        Layer.provide(SessionStore.layerFile(path), NodeContext.layer)
      )
      const { cookies, credentials, dialect, lastMsgId } = Option.getOrThrow(saved)
      assert.deepStrictEqual([Number(credentials.account), dialect, lastMsgId], [10002, "webqq-2013", 23470000])
      assert.match(Redacted.value(credentials.ptwebqq), /^[0-9a-f]{64}$/)
      assert.match(Redacted.value(credentials.psessionid), /^8368046764[0-9a-f]+$/)
      assert.includeMembers(
        cookies.map(({ domain, name }) => `${name} ${domain}`),
        ["uin qq.com", "skey qq.com", "ptwebqq qq.com", "superkey ptlogin2.qq.com", "p_skey web2.qq.com"]
      )
    })
  )
})
