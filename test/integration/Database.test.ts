/** `webqq serve --db`: the world in a file, between processes. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync } from "node:fs"
import { join } from "node:path"
import { SqlClient } from "@effect/sql"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import { Effect, Layer, Option, Redacted } from "effect"
import { assert, describe, it } from "vitest"
import { Login } from "../../src/programs/index.ts"
import { Channel, Contacts } from "../../src/protocol/index.ts"
import { CookieStore, Session } from "../../src/services/index.ts"
import * as Client from "../rigs/Client.ts"
import { file, folder, run, start } from "../rigs/Command.ts"

const home = join(folder, "home")
mkdirSync(home)
const serve = async (...args: ReadonlyArray<string>) => {
  const server = start(["serve", "--port", "0", ...args])
  const [url] = await server.until(/http:\/\/127\.0\.0\.1:\d+/)
  return { ...server, url }
}
/** Serves and stops; gives what was said after the first line. */
const served = async (...args: ReadonlyArray<string>) => {
  const server = await serve("--no-admin", ...args)
  server.interrupt()
  const { code, stderr, stdout } = await server.done
  assert.deepStrictEqual([code, stderr], [0, ""])
  return stdout
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.replace(/^server /, ""))
}
/** Does something to a file that is no world, or shall be none. */
const execute = (path: string, statement: string) =>
  Effect.runPromise(
    Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe(statement)).pipe(
      Effect.provide(LibsqlClient.layer({ url: `file:${path}` }))
    )
  )
const world = file("small.json", JSON.stringify({ accounts: [{ number: 10007, nick: "七", password: "x" }] }))

describe("webqq serve --db", () => {
  it("fills a new file from the sample world or a world file, for its owner alone", async () => {
    const sample = join(home, "a name? with #signs%20.db")
    assert.deepStrictEqual((await served("--db", sample)).slice(-2), [
      `database ${sample}: new, filled from the sample world`,
      "sample world: the password of each account is webqq- and its number"
    ])
    assert.strictEqual(statSync(sample).mode & 0o777, 0o600)
    assert.deepStrictEqual(readdirSync(home), ["a name? with #signs%20.db"])

    const own = join(home, "own.db")
    const first = ["account 10007 七", `database ${own}: new, filled from ${world}`]
    assert.deepStrictEqual(await served("--db", own, "--world", world), first)
    assert.deepStrictEqual(await served("--db", own), ["account 10007 七", `database ${own}`])
    // The sample world's accounts do not come in.
    assert.deepStrictEqual(await served("--db", own, "--world", file("other.json", '{"accounts":[]}')), [
      "account 10007 七",
      `database ${own}`,
      `${join(folder, "other.json")} is ignored: the database has accounts already`
    ])
  })

  it("keeps a message for somebody who is not there, over a restart", async () => {
    const db = join(home, "kept.db")
    const as = (account: number, server: string) => ({
      WEBQQ_UIN: String(account),
      WEBQQ_PASSWORD: `webqq-${account}`,
      WEBQQ_SERVER: server
    })
    const before = await serve("--db", db)
    const sent = await run(["send", "小明", "晚上见 😀"], as(10001, before.url))
    assert.deepStrictEqual([sent.code, sent.stderr], [0, ""])
    before.interrupt()
    await before.done

    const after = await serve("--db", db)
    const bot = start(["echo"], as(10002, after.url))
    await bot.until(/← \S+: 晚上见 😀/)
    for (const one of [bot, after]) one.interrupt()
    assert.deepStrictEqual(
      (await Promise.all([bot.done, after.done])).map(({ code }) => code),
      [0, 0]
    )
    // The password is nowhere in the file.
    assert.notInclude(readFileSync(db, "latin1"), "webqq-1000")
  })

  it("lets clients come back on their cookies after it was killed, and has none of these", async () => {
    const db = join(home, "cookies.db")
    const killed = await serve("--no-admin", "--strict", "--db", db)
    const { port } = new URL(killed.url)
    const session = Login.layer(Login.withPassword(Client.as(10001)), { sendSpacing: 0, logout: false })
    const comesBack = Effect.gen(function* () {
      const { ptwebqq, vfwebqq } = yield* (yield* Session.Session).get
      const cookies = yield* CookieStore.CookieStore
      const skey = yield* cookies.get(new URL("http://d.web2.qq.com/"), "skey")
      killed.kill()
      yield* Effect.promise(() => killed.done)
      const server = start(["serve", "--no-admin", "--strict", "--db", db, "--port", port])
      yield* Effect.promise(() => server.until(/http:/))
      assert.deepInclude(yield* Effect.flip(Channel.poll2), { _tag: "SessionLost", retcode: 121 })
      yield* Login.relogin
      assert.strictEqual((yield* Contacts.getSelfInfo2).uin, 10001)
      server.interrupt()
      yield* Effect.promise(() => server.done)
      return [Redacted.value(ptwebqq), Redacted.value(vfwebqq), Redacted.value(Option.getOrThrow(skey))]
    })
    const tokens = await Effect.runPromise(
      Effect.provide(comesBack, Layer.provideMerge(session, Client.client(new URL(killed.url))))
    )
    const kept = readFileSync(db, "latin1")
    for (const token of tokens) assert.notInclude(kept, token)
  })

  it("gives the files beside it the same rights", async () => {
    const db = join(home, "rights.db")
    const server = await serve("--db", db)
    const files = readdirSync(home).filter((name) => name.startsWith("rights.db"))
    assert.include(files, "rights.db-wal")
    for (const name of files) assert.strictEqual(statSync(join(home, name)).mode & 0o777, 0o600, name)
    server.kill()
    await server.done
  })

  it("says in one sentence why a file cannot be used, and leaves it alone", async () => {
    const refusal = async (path: string) => {
      const { code, stderr, stdout } = await run(["serve", "--port", "0", "--db", path])
      assert.deepStrictEqual([code, stdout], [2, ""])
      return stderr
    }
    const unusable = (path: string, why: string) =>
      `webqq: the database ${path} cannot be opened: ${why}. Check its name, its directory and its rights.\n`
    const foreign = (path: string) => `webqq: ${path} is no database of a WebQQ world. Choose another file with --db.\n`
    const missing = join(home, "nowhere", "x.db")
    assert.strictEqual(await refusal(missing), unusable(missing, "its directory is not there"))
    assert.strictEqual(await refusal(home), unusable(home, "it is no plain file"))
    // Every write there finds the disk full.
    const full = "webqq: the database /dev/full cannot be written: the disk is full. Make room first.\n"
    if (process.platform === "linux") assert.strictEqual(await refusal("/dev/full"), full)
    const broken = join(home, "broken.db")
    await served("--db", broken)
    truncateSync(broken, 40_000)
    assert.match(await refusal(broken), /^webqq: the database \S+ is damaged\. Put a copy in its place/)

    const text = file("text.db", "no database\n".repeat(500))
    assert.strictEqual(await refusal(text), foreign(text))
    assert.strictEqual(readFileSync(text, "utf8"), "no database\n".repeat(500))

    const other = join(home, "other.db")
    await execute(other, "CREATE TABLE recipes (name TEXT)")
    const bytes = readFileSync(other)
    assert.strictEqual(await refusal(other), foreign(other))
    assert.isTrue(readFileSync(other).equals(bytes))

    const newer = join(home, "newer.db")
    await served("--db", newer)
    await execute(newer, "PRAGMA user_version = 2000")
    assert.strictEqual(
      await refusal(newer),
      `webqq: the database ${newer} was written by a newer webqq. Use that version.\n`
    )

    const used = join(home, "used.db")
    const server = await serve("--db", used)
    assert.strictEqual(await refusal(used), `webqq: the database ${used} is in use. Stop the other server first.\n`)
    server.interrupt()
    assert.strictEqual((await server.done).code, 0)
  })

  it("is copied while it is in use, for its owner alone, and the copy serves", async () => {
    const db = join(home, "origin.db")
    const copy = join(home, "copy 1.db")
    const state = { WEBQQ_STATE: join(home, "state") }
    const [running] = [start(["serve", "--port", "0", "--db", db], state)]
    const [url] = await running.until(/http:\/\/127\.0\.0\.1:\d+/)
    await running.until(/administer it/)
    const as = (account: number, server: string) => ({
      WEBQQ_UIN: String(account),
      WEBQQ_PASSWORD: `webqq-${account}`,
      WEBQQ_SERVER: server
    })
    assert.strictEqual((await run(["send", "小明", "备份之前"], as(10001, url))).code, 0)
    const backup = (file: string, server = url) => run(["admin", "backup", file, "--server", server], state)
    const done = await backup(copy)
    assert.deepStrictEqual([done.code, done.stderr], [0, ""])
    assert.strictEqual(done.stdout, `the world is copied into ${copy}; serve it with --db\n`)
    assert.strictEqual(statSync(copy).mode & 0o777, 0o600)

    const bytes = readFileSync(copy)
    const again = await backup(copy)
    assert.deepStrictEqual([again.code, again.stderr], [1, `webqq: ${copy} was not written: it is already there.\n`])
    assert.isTrue(readFileSync(copy).equals(bytes))
    const missing = join(home, "nowhere", "copy.db")
    assert.match((await backup(missing)).stderr, /was not written: its directory is not there\.\n$/)
    if (process.platform === "linux")
      assert.match((await backup("/dev/full")).stderr, /^webqq: \/dev\/full was not written/)

    const inMemory = start(["serve", "--port", "0"], state)
    const [other] = await inMemory.until(/http:\/\/127\.0\.0\.1:\d+/)
    await inMemory.until(/administer it/)
    const nothing = await backup(join(home, "memory.db"), other)
    assert.match(nothing.stderr, /^webqq: This server keeps its world in memory\./)
    assert.isFalse(existsSync(join(home, "memory.db")))

    // What came after the copy is not in it; what came before is.
    for (const one of [running, inMemory]) one.interrupt()
    await Promise.all([running.done, inMemory.done])
    const restored = await serve("--no-admin", "--db", copy)
    const bot = start(["echo"], as(10002, restored.url))
    await bot.until(/← \S+: 备份之前/)
    for (const one of [bot, restored]) one.interrupt()
    await Promise.all([bot.done, restored.done])
  })
})
