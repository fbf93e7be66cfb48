import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { FileSystem, KeyValueStore } from "@effect/platform"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FiberRef, HashSet, Layer, Logger, Option, Redacted, TestClock } from "effect"
import { Ids } from "../../src/schema/index.ts"
import { SessionStore } from "../../src/services/index.ts"
import { eventually, temporaryDirectory } from "../rigs/Files.ts"
import { credentials, token } from "../rigs/ScriptedServer.ts"

const cookie = (name: string, expiresAt: number): SessionStore.Saved["cookies"][number] => ({
  name,
  value: Redacted.make(`${name}-secret`),
  domain: "qq.com",
  hostOnly: false,
  path: "/",
  secure: true,
  httpOnly: true,
  createdAt: 1,
  expiresAt
})

const saved: SessionStore.Saved = {
  version: 1,
  dialect: "webqq-2013",
  credentials,
  cookies: [cookie("skey", Number.POSITIVE_INFINITY), cookie("supertoken", 1577836800000)],
  lastMsgId: Ids.MsgId.make(51600007),
  savedAt: 1374225160999
}

/** What is kept, with its secrets. */
const plain = ({ cookies, credentials: { psessionid, ptwebqq, vfwebqq, ...others }, ...rest }: SessionStore.Saved) => ({
  ...rest,
  cookies: cookies.map(({ value, ...attributes }) => ({ ...attributes, value: Redacted.value(value) })),
  credentials: {
    ...others,
    tokens: [psessionid, ptwebqq, vfwebqq].map((secret) => Redacted.value(secret as Redacted.Redacted))
  }
})

/** What it looks like, written by hand. */
const json = {
  version: 1,
  dialect: "webqq-2013",
  credentials: {
    account: 1685359365,
    clientid: 12345678,
    ptwebqq: "5d4c090f4a91cf44083ce8e274345e44e523c21341b41cf135f15b3b8cfc1329",
    vfwebqq: "vfwebqq-secret",
    psessionid: "psessionid-secret"
  },
  cookies: [
    {
      name: "skey",
      value: "skey-secret",
      domain: "qq.com",
      hostOnly: false,
      path: "/",
      secure: true,
      httpOnly: true,
      createdAt: 1,
      expiresAt: null
    },
    {
      name: "supertoken",
      value: "supertoken-secret",
      domain: "qq.com",
      hostOnly: false,
      path: "/",
      secure: true,
      httpOnly: true,
      createdAt: 1,
      expiresAt: 1577836800000
    }
  ],
  lastMsgId: 51600007,
  savedAt: 1374225160999
}

/** Collects what is logged instead of showing it. */
const capturing =
  (log: Array<string>) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.locally(
      effect,
      FiberRef.currentLoggers,
      HashSet.make(Logger.make(({ logLevel, message }) => log.push(`${logLevel.label} ${String(message)}`)))
    )

/** A file in a directory of its own, its store, and what is logged. */
const setting = (inDirectory: ReadonlyArray<string> = []) =>
  Effect.gen(function* () {
    const parent = yield* temporaryDirectory
    const directory = join(parent, ...inDirectory)
    const file = join(directory, "10001.json")
    const log: Array<string> = []
    const using = <A>(use: (store: SessionStore.SessionStore["Type"]) => Effect.Effect<A>) =>
      Effect.flatMap(SessionStore.SessionStore, use).pipe(
        Effect.provide(Layer.provide(SessionStore.layerFile(file), NodeContext.layer)),
        capturing(log)
      )
    return { parent, directory, file, log, using }
  })

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

describe("a session in a file", () => {
  it.scoped("is kept as JSON and comes back as it was", () =>
    Effect.gen(function* () {
      const { directory, file, log, using } = yield* setting()
      assert.isTrue(Option.isNone(yield* using(({ load }) => load)))
      yield* using(({ save }) => save(saved))
      assert.deepStrictEqual(JSON.parse(readFileSync(file, "utf8")), json)
      const loaded = Option.getOrThrow(yield* using(({ load }) => load))
      assert.deepStrictEqual(plain(loaded), plain(saved))
      assert.deepStrictEqual(readdirSync(directory), ["10001.json"])
      assert.deepStrictEqual(log, [])
    })
  )

  it.scoped("is readable by its owner alone, and so are the directories that are made for it", () =>
    Effect.gen(function* () {
      const { file, parent, using } = yield* setting(["state", "server"])
      yield* using(({ save }) => save(saved))
      assert.strictEqual(modeOf(file), "600")
      assert.strictEqual(modeOf(join(parent, "state")), "700")
      assert.strictEqual(modeOf(join(parent, "state", "server")), "700")
    })
  )

  it.scoped("takes the place of a file that everybody could read", () =>
    Effect.gen(function* () {
      const { file, using } = yield* setting()
      writeFileSync(file, "{}", { mode: 0o644 })
      assert.strictEqual(modeOf(file), "644")
      yield* using(({ save }) => save(saved))
      assert.strictEqual(modeOf(file), "600")
    })
  )

  it.scoped("is written anew every time: whoever reads the former one still has it whole", () =>
    Effect.gen(function* () {
      const { file, using } = yield* setting()
      yield* using(({ save }) => save(saved))
      const { ino } = statSync(file)
      yield* using(({ save }) => save({ ...saved, lastMsgId: Ids.MsgId.make(51600008) }))
      assert.notStrictEqual(statSync(file).ino, ino)
    })
  )

  it.scoped("stays as it was when writing fails half-way, and nothing is left over", () =>
    Effect.gen(function* () {
      const { directory, file, log, using } = yield* setting()
      yield* using(({ save }) => save(saved))
      const before = readFileSync(file)
      const half = Layer.effect(
        FileSystem.FileSystem,
        Effect.map(FileSystem.FileSystem, (files) => ({
          ...files,
          rename: (from: string) =>
            Effect.sync(() => writeFileSync(from, readFileSync(from).subarray(0, 10))).pipe(
              // The disk is full.
              Effect.zipRight(files.readFileString(join(directory, "no such file"))),
              Effect.asVoid
            )
        }))
      )
      yield* Effect.flatMap(SessionStore.SessionStore, ({ save }) => save({ ...saved, savedAt: 0 })).pipe(
        Effect.provide(Layer.provide(SessionStore.layerFile(file), Layer.provideMerge(half, NodeContext.layer))),
        capturing(log)
      )
      assert.deepStrictEqual(readFileSync(file), before)
      assert.deepStrictEqual(readdirSync(directory), ["10001.json"])
      assert.strictEqual(log.length, 1)
      assert.match(log[0] ?? "", /^WARN the session could not be kept: /)
    })
  )

  it.scoped("survives several programs and fibers that keep it at the same time", () =>
    Effect.gen(function* () {
      const { directory, file, log, using } = yield* setting()
      const keep = (n: number) => using(({ save }) => save({ ...saved, lastMsgId: Ids.MsgId.make(n) }))
      let kept = 0
      const fiber = yield* Effect.fork(
        Effect.forEach(
          Array.from({ length: 50 }, (_, n) => n),
          (n) => Effect.tap(keep(n), () => Effect.sync(() => kept++)),
          { concurrency: 10 }
        )
      )
      yield* eventually(
        () => kept === 50,
        Effect.sync(() => {
          if (kept > 0) assert.doesNotThrow(() => JSON.parse(readFileSync(file, "utf8")))
        })
      )
      yield* fiber.await
      assert.deepStrictEqual(log, [])
      assert.deepStrictEqual(readdirSync(directory), ["10001.json"])
    })
  )
})

describe("a file that is no kept session", () => {
  const { credentials: jsonCredentials, ...withoutCredentials } = json
  const foreign: Readonly<Record<string, Uint8Array>> = {
    "that is empty": Buffer.from(""),
    "cut off": Buffer.from(JSON.stringify(json).slice(0, 100)),
    "with something else in it": Buffer.from('{"name":"effect-webqq","version":"0.1.0"}'),
    "of a later version": Buffer.from(JSON.stringify({ ...json, version: 2 })),
    "without its tokens": Buffer.from(JSON.stringify(withoutCredentials)),
    "whose account is none": Buffer.from(
      JSON.stringify({ ...json, credentials: { ...jsonCredentials, account: 1.5 } })
    ),
    "whose ptwebqq is no token": Buffer.from(
      JSON.stringify({ ...json, credentials: { ...jsonCredentials, ptwebqq: "a\r\nX: 1" } })
    ),
    "with a cookie that no header can carry": Buffer.from(
      JSON.stringify({ ...json, cookies: [{ ...json.cookies[0], value: "a\r\nX: 1" }] })
    ),
    "with more cookies than a jar holds": Buffer.from(
      JSON.stringify({ ...json, cookies: Array.from({ length: 501 }, () => json.cookies[0]) })
    ),
    "that is no text": Uint8Array.from([0xff, 0xfe, 0x00, 0x80, 0x0a, 0xc3, 0x28])
  }
  for (const [name, content] of Object.entries(foreign)) {
    it.scoped(`${name} is reported once, set aside unchanged, and never overwritten`, () =>
      Effect.gen(function* () {
        const { directory, file, log, using } = yield* setting()
        yield* TestClock.setTime(1374225160999)
        writeFileSync(file, content)
        yield* using((store) =>
          Effect.gen(function* () {
            assert.isTrue(Option.isNone(yield* store.load))
            assert.deepStrictEqual(readdirSync(directory), ["10001.json.aside-1374225160999"])
            assert.isTrue(Option.isNone(yield* store.load))
            yield* store.save(saved)
            assert.isTrue(Option.isSome(yield* store.load))
          })
        )
        const aside = join(directory, "10001.json.aside-1374225160999")
        assert.deepStrictEqual([...readFileSync(aside)], [...content])
        assert.strictEqual(modeOf(aside), "600")
        assert.deepStrictEqual(log, [
          "WARN the kept session is damaged or none of ours; it was put aside as 10001.json.aside-1374225160999"
        ])
      })
    )
  }

  it.scoped("does not take the place of another one that was set aside", () =>
    Effect.gen(function* () {
      const { directory, file, log, using } = yield* setting()
      for (const content of ["one", "two", "three"]) {
        writeFileSync(file, content)
        yield* using(({ load }) => load)
      }
      const names = readdirSync(directory)
      assert.sameMembers(
        names.map((name) => readFileSync(join(directory, name), "utf8")),
        ["one", "two", "three"]
      )
      assert.isTrue(names.every((name) => name.startsWith("10001.json.aside-0")))
      assert.strictEqual(log.length, 3)
    })
  )

  it.scoped("can be set aside by whoever knows why; nothing is no reason for a report", () =>
    Effect.gen(function* () {
      const { directory, log, using } = yield* setting()
      yield* using(({ setAside }) => setAside("is of another account"))
      assert.deepStrictEqual(log, [])
      yield* using(({ save }) => save(saved))
      yield* using(({ setAside }) => setAside("is of another account"))
      assert.deepStrictEqual(log, [
        "WARN the kept session is of another account; it was put aside as 10001.json.aside-0"
      ])
      assert.deepStrictEqual(readdirSync(directory), ["10001.json.aside-0"])
      assert.isTrue(Option.isNone(yield* using(({ load }) => load)))
    })
  )
})

describe("a place where nothing can be kept", () => {
  it.scoped("is reported, and stops nobody", () =>
    Effect.gen(function* () {
      const { log, parent, using } = yield* setting(["file"])
      writeFileSync(join(parent, "file"), "not a directory")
      assert.isTrue(Option.isNone(yield* using(({ load }) => load)))
      yield* using(({ save }) => save(saved))
      assert.isAtLeast(log.length, 1)
      for (const line of log)
        assert.match(line, /^WARN the (kept session could not be read|session could not be kept): /)
      assert.strictEqual(readFileSync(join(parent, "file"), "utf8"), "not a directory")
    })
  )

  it.scoped("a directory of the file's name is left alone", () =>
    Effect.gen(function* () {
      const { directory, file, log, using } = yield* setting()
      mkdirSync(file)
      assert.isTrue(Option.isNone(yield* using(({ load }) => load)))
      yield* using(({ setAside }) => setAside("is of another account"))
      yield* using(({ save }) => save(saved))
      assert.deepStrictEqual(readdirSync(directory), ["10001.json"])
      assert.isTrue(statSync(file).isDirectory())
      assert.isAtLeast(log.length, 2)
      assert.isFalse(log.some((line) => line.includes("it was put aside")))
    })
  )
})

describe("a session in any key-value store", () => {
  it.effect("is kept under its key, and set aside under another one", () =>
    Effect.gen(function* () {
      const store = yield* SessionStore.SessionStore
      const values = yield* KeyValueStore.KeyValueStore
      assert.isTrue(Option.isNone(yield* store.load))
      yield* store.save(saved)
      assert.deepStrictEqual(plain(Option.getOrThrow(yield* store.load)), plain(saved))
      assert.deepStrictEqual(JSON.parse(Option.getOrThrow(yield* values.get("bot"))), json)
      // Text that happens to be Base64, and bytes that are no text.
      for (const [i, content] of ["QUJD", "no session", Uint8Array.from([0xff, 0])].entries()) {
        yield* TestClock.setTime(i)
        yield* values.set("bot", content)
        assert.isTrue(Option.isNone(yield* store.load))
        assert.isFalse(yield* values.has("bot"))
        const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content
        assert.deepStrictEqual(Option.getOrThrow(yield* values.getUint8Array(`bot.aside-${i}`)), bytes)
      }
    }).pipe(Effect.provide(Layer.provideMerge(SessionStore.layer("bot"), KeyValueStore.layerMemory)), capturing([]))
  )

  it.effect("that holds text alone gets text back", () =>
    Effect.gen(function* () {
      const values = new Map<string, string>()
      const textOnly = Layer.succeed(
        KeyValueStore.KeyValueStore,
        KeyValueStore.makeStringOnly({
          get: (key) => Effect.sync(() => Option.fromNullable(values.get(key))),
          set: (key, text) => Effect.sync(() => values.set(key, text)),
          remove: (key) => Effect.sync(() => values.delete(key)),
          clear: Effect.void,
          size: Effect.succeed(0)
        })
      )
      for (const [i, content] of ["QUJD", "no session", '{"version":2}'].entries()) {
        yield* TestClock.setTime(i)
        values.set("bot", content)
        yield* Effect.flatMap(SessionStore.SessionStore, ({ load }) => load).pipe(
          Effect.provide(Layer.provide(SessionStore.layer("bot"), textOnly)),
          capturing([])
        )
        assert.strictEqual(values.get(`bot.aside-${i}`), content)
      }
    })
  )
})

describe("what is logged about a kept session", () => {
  it.scoped("names no secret", () =>
    Effect.gen(function* () {
      const { file, log, using } = yield* setting()
      writeFileSync(file, JSON.stringify({ ...json, savedAt: "yesterday" }))
      yield* using(({ load }) => load)
      assert.strictEqual(log.length, 1)
      assert.notMatch(log.join(), /secret|5d4c090f/)
      assert.strictEqual(Redacted.value(token.ptwebqq("x")), "x")
    })
  )
})
