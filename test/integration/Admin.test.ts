/** `webqq admin` and `webqq serve` as processes of their own, and clients that are logged in meanwhile. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { connect } from "node:net"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { bytesToHex } from "@noble/hashes/utils.js"
import { Effect, Fiber, Layer, Stream } from "effect"
import { beforeAll } from "vitest"
import { Contacts, PasswordMd5, Poll } from "../../src/protocol/index.ts"
import { Contacts as ContactsSchema, Content } from "../../src/schema/index.ts"
import { login } from "../rigs/Client.ts"
import { file, folder, free, run, start } from "../rigs/Command.ts"

const state = join(folder, "admin-state")
let server: ReturnType<typeof start>
let port = 0
let url = ""
let path = ""

interface Kept {
  readonly url: string
  readonly token: string
}
const kept = () => JSON.parse(readFileSync(path, "utf8")) as Kept
const stale: Kept = { url: "http://127.0.0.1:9", token: "0".repeat(64) }
const modeOf = (name: string) => statSync(name).mode & 0o777

const admin = (...args: ReadonlyArray<string>) =>
  run(["admin", ...args], { WEBQQ_STATE: state, WEBQQ_SERVER: url, WEBQQ_PASSWORD: "geheim" })
const does = (...args: ReadonlyArray<string>) =>
  Effect.map(
    Effect.promise(() => admin(...args)),
    ({ code, stderr, stdout }) => {
      assert.deepStrictEqual([code, stderr], [0, ""])
      assert.notInclude(stdout, "\u001b")
      return stdout
    }
  )

beforeAll(async () => {
  port = await free()
  url = `http://127.0.0.1:${port}`
  path = join(state, "admin", `${port}.json`)
  // What a server that was killed left behind, and with rights that are too wide.
  mkdirSync(join(state, "admin"), { recursive: true, mode: 0o755 })
  writeFileSync(path, JSON.stringify(stale), { mode: 0o644 })
})

/** Logs in over HTTP and out again; the tag of what went wrong, or "ok". */
const logIn = (account: number, password: string) =>
  Effect.scoped(Layer.build(login(new URL(url), account, { password }))).pipe(
    Effect.match({ onFailure: ({ _tag }) => String(_tag), onSuccess: () => "ok" })
  )

describe("webqq admin without a server", () => {
  it.live("says that no server runs, although one that died left its file", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* Effect.promise(() => admin("sessions"))
      const sentence = `webqq: no server of yours runs on port ${port}. Start one with \`webqq serve\`, or name it with --server URL.\n`
      assert.deepStrictEqual([code, stderr], [1, sentence])
    })
  )

  it.live("shows nothing to somebody else who listens where a server was that died", () =>
    Effect.gen(function* () {
      const heard: Array<string> = []
      const answers = ["", "0".repeat(64), "x".repeat(100_000), JSON.stringify({ status: "ok" })]
      const listener = createServer((request, response) => {
        heard.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`)
        request.on("data", (chunk) => heard.push(String(chunk)))
        response.end(answers[heard.length % answers.length])
      })
      yield* Effect.async<void>((resume) => {
        listener.listen(0, "127.0.0.1", () => resume(Effect.void))
      })
      const address = listener.address()
      const fake = typeof address === "object" && address !== null ? address.port : 0
      writeFileSync(path, JSON.stringify({ ...stale, url: `http://127.0.0.1:${fake}` }), { mode: 0o600 })
      for (const args of [["passwd", "10002"], ["list"]]) {
        const { code, stderr } = yield* Effect.promise(() => admin("account", ...args))
        assert.strictEqual(code, 1)
        assert.match(stderr, /^webqq: what answers for the server on port \d+ is not the one that left its file there/)
      }
      const said = heard.join("\n")
      assert.lengthOf(heard, 2)
      assert.match(said, /^GET \/proof\?nonce=[0-9a-f]{32} /)
      assert.notInclude(said.toLowerCase(), "authorization")
      for (const secret of [stale.token, bytesToHex(PasswordMd5.digest("geheim")), "geheim"])
        assert.notInclude(said, secret)
      // A nonce is asked once.
      assert.notStrictEqual(heard[0], heard[1])
      listener.close()
      writeFileSync(path, JSON.stringify(stale), { mode: 0o644 })
    })
  )
})

describe("webqq admin", () => {
  beforeAll(async () => {
    server = start(["serve", "--port", String(port), "--strict"], { WEBQQ_STATE: state })
    await server.until(/administer it with `webqq admin` \(add --server http:.*\)/)
  })

  it.live("finds a server by a file that only its owner can read", () =>
    Effect.sync(() => {
      assert.deepStrictEqual([modeOf(path), modeOf(join(state, "admin"))], [0o600, 0o700])
      assert.deepStrictEqual(readdirSync(join(state, "admin")), [`${port}.json`])
      const { token, url: endpoint } = kept()
      assert.match(endpoint, /^http:\/\/127\.0\.0\.1:\d+$/)
      assert.notStrictEqual(new URL(endpoint).port, String(port))
      assert.match(token, /^[0-9a-f]{64}$/)
      assert.notStrictEqual(token, stale.token)
    })
  )

  it.live("says at /healthz that it works, to whoever asks on this machine", () =>
    Effect.gen(function* () {
      const response = yield* Effect.promise(() => fetch(`${kept().url}/healthz`))
      assert.deepStrictEqual([response.status, yield* Effect.promise(() => response.json())], [200, { status: "ok" }])
    })
  )

  it.live("an account is added and gets another password", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* does("account", "add", "10005", "--nick", "新人\u001b[31m"), "added 10005, 新人�[31m\n")
      assert.strictEqual(yield* logIn(10005, "geheim"), "ok")
      yield* does("account", "passwd", "10005", "--password-file", file("new-password", "neu\n"))
      assert.strictEqual(yield* logIn(10005, "geheim"), "WrongPassword")
      assert.strictEqual(yield* logIn(10005, "neu"), "ok")
      const listed = yield* does("account", "list", "--json")
      assert.deepInclude(JSON.parse(listed), {
        number: 10005,
        nick: "新人\u001b[31m",
        signature: "",
        frozen: false,
        online: false
      })
    })
  )

  it.scopedLive("friend add, say and kick reach those who are online", () =>
    Effect.gen(function* () {
      const [one, other] = yield* Effect.all(
        [Layer.build(login(new URL(url), 10001)), Layer.build(login(new URL(url), 10004))],
        { concurrency: 2 }
      )
      const hearing = <A extends Poll.Event>(who: typeof one, isIt: (event: Poll.Event) => event is A) =>
        Poll.events().pipe(Stream.filter(isIt), Stream.runHead, Effect.flatten, Effect.provide(who), Effect.fork)
      const isChange = (event: Poll.Event) => event._tag === "BuddyListChange"
      const told = [yield* hearing(one, isChange), yield* hearing(other, isChange)]
      yield* does("friend", "add", "10001", "10004", "--remark", "老路", "--category", "路上")
      const [change] = yield* Effect.forEach(told, Fiber.join)
      const friends = ContactsSchema.friends(yield* Effect.provide(Contacts.getUserFriends2, one))
      const added = friends.find(({ nick }) => nick === "路人")
      assert.deepStrictEqual(
        [added && ContactsSchema.displayName(added), added?.category, added?.uin],
        ["老路", "路上", change?.added[0]?.uin]
      )

      const message = yield* hearing(one, (event) => event._tag === "BuddyMessage")
      assert.strictEqual(yield* does("say", "--as", "10004", "--to", "10001", "早 [微笑]"), "said to 10001\n")
      assert.strictEqual(Content.toText((yield* Fiber.join(message)).content), "早 [微笑]")

      const lines = (yield* does("sessions")).trimEnd().split("\n")
      assert.match(lines[0] ?? "", /^ACCOUNT +NICK +STATUS +LOGIN +SEEN +WAITING$/)
      assert.match(lines[1] ?? "", /^10001 +小黄鸡 +online +\d+s ago +\d+s ago +[01]$/)
      assert.match(lines[2] ?? "", /^10004 +路人 +online +\d+s ago +\d+s ago +0$/)
      assert.lengthOf(lines, 3)

      const ended = yield* Poll.events().pipe(Stream.runDrain, Effect.flip, Effect.provide(one), Effect.fork)
      yield* does("kick", "10001")
      assert.strictEqual((yield* Fiber.join(ended))._tag, "Kicked")
    })
  )

  it.live("faults are set and cleared", () =>
    Effect.gen(function* () {
      const plan = file("plan.json", '{"endpoints":["check"],"rates":{"html":1}}')
      const shown = yield* does("faults", "--set", plan)
      assert.match(shown, /^FAULT +ENDPOINTS +WHEN\nhtml +check +100 %\n/)
      assert.strictEqual(yield* logIn(10002, "webqq-10002"), "UnexpectedResponse")
      assert.strictEqual(yield* does("faults", "--clear"), "no faults\n")
      assert.strictEqual(yield* logIn(10002, "webqq-10002"), "ok")
    })
  )

  it.live("what cannot be done is one sentence and an exit code", () =>
    Effect.gen(function* () {
      const cases: ReadonlyArray<readonly [code: number, sentence: string, args: ReadonlyArray<string>]> = [
        [1, "There is already an account 10001.", ["account", "add", "10001", "--nick", "x"]],
        [
          2,
          "webqq admin works on this machine alone, and not on example.com.",
          ["sessions", "--server", "http://example.com"]
        ]
      ]
      yield* Effect.forEach(
        cases,
        ([wanted, sentence, args]) =>
          Effect.map(
            Effect.promise(() => admin(...args)),
            ({ code, stderr }) => assert.deepStrictEqual([code, stderr], [wanted, `webqq: ${sentence}\n`])
          ),
        { concurrency: 2 }
      )
    })
  )

  it.live("the endpoint is on 127.0.0.1 alone, and wants the token", () =>
    Effect.gen(function* () {
      const { token, url: endpoint } = kept()
      const statusWith = (authorization: string) =>
        Effect.promise(async () => (await fetch(`${endpoint}/sessions`, { headers: { authorization } })).status)
      assert.strictEqual(yield* statusWith(`Bearer ${token}`), 200)
      assert.strictEqual(yield* statusWith(`Bearer ${stale.token}`), 401)
      // 127.0.0.2 is the same machine, and reaches whatever listens on all addresses.
      for (const host of ["127.0.0.2", "::1"]) {
        const outcome = yield* Effect.async<string>((resume) => {
          const socket = connect(Number(new URL(endpoint).port), host, () => {
            socket.destroy()
            resume(Effect.succeed("connected"))
          })
          socket.on("error", () => resume(Effect.succeed("refused")))
        })
        assert.strictEqual(outcome, "refused", host)
      }
    })
  )

  it.live("the file goes with its server, which never showed the token", () =>
    Effect.gen(function* () {
      const { token } = kept()
      server.interrupt()
      const { code, stderr, stdout } = yield* Effect.promise(() => server.done)
      assert.deepStrictEqual([code, stderr], [0, ""])
      assert.notInclude(stdout, token)
      assert.isFalse(existsSync(path))
    })
  )

  it.live("--no-admin leaves it out", () =>
    Effect.gen(function* () {
      const alone = start(["serve", "--port", "0", "--no-admin"], { WEBQQ_STATE: state })
      yield* Effect.promise(() => alone.until(/sample world/))
      assert.deepStrictEqual(readdirSync(join(state, "admin")), [])
      alone.interrupt()
      const { code, stdout } = yield* Effect.promise(() => alone.done)
      assert.strictEqual(code, 0)
      assert.notInclude(stdout, "webqq admin")
    })
  )
})
