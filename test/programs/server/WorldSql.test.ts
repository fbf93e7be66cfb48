/** What only a world in a file can do, and only it can get wrong. */
import { readdirSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { inspect } from "node:util"
import { SqlClient } from "@effect/sql"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Logger, LogLevel, Option, Redacted, Tracer } from "effect"
import { World, WorldFile } from "../../../src/programs/server/index.ts"
import { type DatabaseError, WorldSql } from "../../../src/programs/server/sql/index.ts"
import * as Migrations from "../../../src/programs/server/sql/Migrations.ts"
import { account, digestOf, letter, plain, qq, same } from "../../fixtures/Worlds.ts"
import { temporaryDirectory } from "../../rigs/Files.ts"

const nobody: WorldFile.WorldFile = { accounts: [], groups: [], discussions: [], requests: [] }
const at = (path: string) => LibsqlClient.layer({ url: `file:${path}` })
const file = Effect.map(temporaryDirectory, (directory) => join(directory, "world.db"))

/** Runs on the world of a file, which is closed afterwards. */
const on = <A, E>(path: string, use: (world: World.World["Type"]) => Effect.Effect<A, E>, seed = nobody) =>
  Effect.flatMap(World.World, use).pipe(Effect.provide(Layer.provide(WorldSql.layer(seed), at(path))))

const raw = (path: string, ...statements: ReadonlyArray<string>) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) =>
    Effect.forEach(statements, (statement) => sql.unsafe<Record<string, unknown>>(statement))
  ).pipe(Effect.provide(at(path)))

const reasonOf = (path: string) =>
  Effect.match(
    on(path, () => Effect.void),
    {
      onFailure: ({ reason }: DatabaseError) => reason as string,
      onSuccess: () => "opened"
    }
  )

const sampleNumbers = WorldFile.sample.accounts.map(({ number }) => number)

/** Everything that the sample world has, in a world. */
const everything = (world: World.World["Type"]) =>
  Effect.all({
    accounts: world.accounts,
    people: Effect.forEach(sampleNumbers, (n) =>
      Effect.all([world.friends(n), world.groups(n), world.discussions(n), world.requests(n), world.kept(n)])
    )
  })

describe("WorldSql in a file", () => {
  it.scoped("has everything when it is opened again, and leaves one plain file", () =>
    Effect.gen(function* () {
      const path = yield* file
      const before = yield* on(
        path,
        (world) =>
          Effect.gen(function* () {
            yield* world.keep([letter(10001, 10002, "一"), letter(10001, 10003, "二"), letter(10004, 10002, "三")])
            yield* world.setPassword(qq(10004), digestOf(7))
            return yield* everything(world)
          }),
        WorldFile.sample
      )
      assert.deepStrictEqual(readdirSync(join(path, "..")), ["world.db"])
      const after = yield* on(path, everything)
      same(after, before)
      same(
        after.accounts.map(({ number }) => number),
        sampleNumbers
      )
      same(
        after.people.map(([friends, groups, discussions, requests, kept]) =>
          [friends, groups, discussions, requests, kept].map(({ length }) => length)
        ),
        // The bot, 明明 with a request and two letters, 阿红 with one, 路人.
        [
          [2, 1, 1, 0, 0],
          [2, 1, 1, 1, 2],
          [2, 1, 1, 0, 1],
          [0, 1, 1, 0, 0]
        ]
      )
    })
  )

  it.scoped("is filled from a world file only while it has no accounts, and then wholly or not at all", () =>
    Effect.gen(function* () {
      const path = yield* file
      const filled = Effect.map(WorldSql.seeded(WorldFile.sample), ({ filled }) => filled).pipe(
        Effect.scoped,
        Effect.provide(at(path))
      )
      const broken = { ...WorldFile.sample, groups: [{ number: 0.5, name: "x", owner: qq(10001), members: [] }] }
      const exit = yield* Effect.exit(on(path, () => Effect.void, broken))
      assert.isTrue(Exit.isFailure(exit))
      yield* on(path, (world) => Effect.map(world.accounts, (accounts) => same(accounts, [])))
      assert.isTrue(yield* filled)
      assert.isFalse(yield* filled)
      yield* on(path, (world) => world.change(qq(10001), { nick: "renamed" }))
      yield* on(
        path,
        (world) => Effect.map(world.account(qq(10001)), (found) => same(Option.getOrThrow(found).nick, "renamed")),
        WorldFile.sample
      )
    })
  )

  it.scoped("is made from an empty file, with what the settings promise", () =>
    Effect.gen(function* () {
      const path = yield* file
      writeFileSync(path, "")
      const settings = yield* Effect.gen(function* () {
        yield* WorldSql.make
        const sql = yield* SqlClient.SqlClient
        const setting = (name: string) =>
          Effect.map(sql.unsafe<Record<string, unknown>>(`PRAGMA ${name}`), ([row]) => Object.values(row ?? {})[0])
        return yield* Effect.all({
          journal: setting("journal_mode"),
          // 1 is NORMAL.
          synchronous: setting("synchronous"),
          foreign: setting("foreign_keys"),
          locking: setting("locking_mode"),
          version: setting("user_version"),
          broken: setting("foreign_key_check")
        })
      }).pipe(Effect.scoped, Effect.provide(at(path)))
      assert.deepStrictEqual(settings, {
        journal: "wal",
        synchronous: 1,
        foreign: 1,
        locking: "exclusive",
        version: Migrations.migrations.length,
        broken: undefined
      })
    })
  )

  it.scoped("refuses what it does not know, and leaves it as it was", () =>
    Effect.gen(function* () {
      const path = yield* file
      yield* on(path, (world) => world.register(account(1)))
      yield* raw(path, "PRAGMA user_version = 99")
      assert.strictEqual(yield* reasonOf(path), "Newer")
      yield* raw(path, "PRAGMA user_version = 1", "PRAGMA application_id = 5")
      assert.strictEqual(yield* reasonOf(path), "Foreign")
      assert.deepStrictEqual(yield* raw(path, "SELECT count(*) AS n FROM accounts"), [[{ n: 1 }]])

      const other = join(path, "..", "other.db")
      yield* raw(other, "CREATE TABLE t (a)", "PRAGMA journal_mode = WAL")
      assert.strictEqual(yield* reasonOf(other), "Foreign")
      assert.deepStrictEqual(yield* raw(other, "PRAGMA journal_mode", "SELECT name FROM sqlite_schema"), [
        [{ journal_mode: "wal" }],
        [{ name: "t" }]
      ])
      const text = join(path, "..", "text.db")
      writeFileSync(text, "this is no database\n".repeat(100))
      assert.strictEqual(yield* reasonOf(text), "Foreign")
      assert.strictEqual(statSync(text).size, 2000)
    })
  )

  it.scoped("belongs to one server at a time", () =>
    Effect.gen(function* () {
      const path = yield* file
      yield* on(path, () => Effect.map(reasonOf(path), (reason) => assert.strictEqual(reason, "InUse")))
      assert.strictEqual(yield* reasonOf(path), "opened")
    })
  )
})

describe("a password's digest", () => {
  const secret = Uint8Array.from([0xde, 0xad, 0xbe, 0xef, 0xde, 0xad, 0xbe, 0xef, 1, 2, 3, 4, 5, 6, 7, 8])
  const spellings = [/deadbeef/i, /222,173,190/, /3q2\+7/, /"?0"?:222/]
  const isSilent = (text: string) => spellings.every((spelling) => !spelling.test(text.replace(/\s/g, "")))

  it.scoped("is in no span and in no log, whether it is written or cannot be", () =>
    Effect.gen(function* () {
      const told: Array<unknown> = []
      const tracer = Tracer.make({
        span: (name, parent, context, links, startTime, kind) => {
          const span = {
            _tag: "Span" as const,
            name,
            spanId: "0",
            traceId: "0",
            parent,
            context,
            links,
            kind,
            sampled: true,
            status: { _tag: "Started" as const, startTime },
            attributes: new Map<string, unknown>(),
            attribute: (key: string, value: unknown) => void told.push(key, value),
            event: (event: string, _at: bigint, attributes?: object) => void told.push(event, attributes),
            addLinks: () => {},
            end: (_at: bigint, exit: unknown) => void told.push(exit)
          }
          return span
        },
        context: (run) => run()
      })
      const noting = Logger.replace(
        Logger.defaultLogger,
        Logger.make((entry) => void told.push(Logger.logfmtLogger.log(entry)))
      )
      const path = yield* file
      const digest = Redacted.make(secret)
      const tooLong = Redacted.make(Uint8Array.from([...secret, ...secret]))
      const failures = yield* on(path, (world) =>
        Effect.gen(function* () {
          yield* world.register(account(1, { passwordDigest: digest }))
          yield* world.setPassword(qq(1), digest)
          same(Option.getOrThrow(yield* world.account(qq(1))).passwordDigest, digest)
          const failures = yield* Effect.forEach(
            [world.register(account(2, { passwordDigest: tooLong })), world.setPassword(qq(1), tooLong)],
            (change) => Effect.sandbox(change).pipe(Effect.flip, Effect.tap(Effect.logError))
          )
          return failures.map((cause) => `${Cause.pretty(cause)} ${inspect(cause, { depth: 20 })}`)
        })
      ).pipe(Effect.withTracer(tracer), Effect.provide([noting, Logger.minimumLogLevel(LogLevel.All)]))
      const everything = inspect(told, { depth: 20, maxStringLength: null })
      assert.include(everything, "password_md5")
      assert.isTrue(isSilent(everything))
      for (const failure of failures) {
        assert.include(failure, "CHECK constraint failed")
        assert.isTrue(isSilent(failure), failure)
      }
      assert.isFalse(isSilent(inspect(plain(digest))), "the spellings find it")
    })
  )
})
