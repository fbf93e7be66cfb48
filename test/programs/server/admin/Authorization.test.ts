/** Who may give commands, and that nobody learns the token. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Logger, LogLevel, Redacted } from "effect"
import * as Authorization from "../../../../src/programs/server/admin/Authorization.ts"
import { base, start, token } from "../../../rigs/AdminServer.ts"

const secret = Redacted.value(token)
const bearer = { authorization: `Bearer ${secret}` }
const hex = "5f4dcc3b5aa765d61d8327deb882cf99"

const nearMisses: ReadonlyArray<readonly [name: string, headers: Record<string, string>]> = [
  ["no token", {}],
  ["an empty one", { authorization: "Bearer " }],
  ["another one", { authorization: `Bearer ${"f".repeat(64)}` }],
  ["the last digit differs", { authorization: `Bearer ${secret.slice(0, -1)}0` }],
  ["the first digit differs", { authorization: `Bearer f${secret.slice(1)}` }],
  ["too short by one", { authorization: `Bearer ${secret.slice(0, -1)}` }],
  ["too long by one", { authorization: `Bearer ${secret}0` }],
  ["a NUL at the end", { authorization: `Bearer ${secret}%00` }],
  ["another case", { authorization: `Bearer ${secret.toUpperCase()}` }],
  ["another scheme", { authorization: `Basicxx${secret}` }],
  ["no scheme", { authorization: secret }],
  ["in a cookie", { cookie: `token=${secret}; bearer=${secret}` }]
]

describe("the token", () => {
  it.scoped("is wanted, whole: else 401, always the same, and nothing is done", () =>
    Effect.gen(function* () {
      const { ask, tell } = yield* start
      const bodies = new Set<string>()
      const body = JSON.stringify({ number: 10005, nick: "x", signature: "", digest: hex })
      const requests: ReadonlyArray<readonly [path: string, init: RequestInit]> = [
        ["/accounts", {}],
        ["/accounts", { method: "POST", body, headers: { "content-type": "application/json" } }],
        ["/accounts", { method: "POST", body: "{", headers: { "content-type": "application/json" } }],
        ["/faults", { method: "DELETE" }],
        ["/nowhere", {}],
        [`/accounts?token=${secret}&bearer=${secret}`, {}]
      ]
      for (const [name, headers] of nearMisses) {
        for (const [path, init] of requests) {
          const response = yield* ask(path, { ...init, headers: { ...init.headers, ...headers } })
          assert.strictEqual(response.status, 401, `${name} ${path}`)
          bodies.add(yield* Effect.promise(() => response.text()))
        }
      }
      assert.deepStrictEqual([...bodies], ['{"_tag":"Unauthorized"}'])
      assert.lengthOf(yield* tell.accounts.list(), 4)
      assert.strictEqual((yield* ask("/accounts", { headers: bearer })).status, 200)
    })
  )

  it.scoped("neither it nor a digest appears in any log line or refusal", () => {
    const lines: Array<string> = []
    const logger = Logger.make((entry) => lines.push(Logger.stringLogger.log(entry)))
    return Effect.gen(function* () {
      const { ask, tell } = yield* start
      const json = { ...bearer, "content-type": "application/json" }
      const shown: Array<string> = []
      const send = (path: string, body: string, headers: Record<string, string> = json) =>
        Effect.gen(function* () {
          const response = yield* ask(path, { method: "POST", body, headers })
          shown.push(`${response.status} ${yield* Effect.promise(() => response.text())}`)
          return response.status
        })
      const account = { number: 10005, nick: "x", signature: "" }
      yield* Effect.logDebug("the logger works")
      assert.strictEqual(yield* send("/accounts", JSON.stringify({ ...account, digest: `${hex}0` })), 400)
      assert.strictEqual(yield* send("/accounts", JSON.stringify({ ...account, digest: [hex] })), 400)
      assert.strictEqual(yield* send("/accounts", JSON.stringify({ ...account, nick: "", digest: hex })), 400)
      assert.strictEqual(yield* send("/accounts/password", JSON.stringify({ number: 10009, digest: hex })), 404)
      assert.strictEqual(yield* send("/accounts", JSON.stringify({ ...account, digest: hex })), 204)
      assert.strictEqual(yield* send("/accounts", JSON.stringify({ ...account, digest: hex })), 409)
      yield* send("/accounts", `{"digest":"${hex}"`)
      shown.push(JSON.stringify(yield* tell.accounts.list()), String(token))
      yield* Effect.logDebug("end")
      const everything = [...shown, ...lines].join("\n")
      assert.include(everything, "the logger works")
      assert.notInclude(everything, secret)
      assert.notInclude(everything, hex)
    }).pipe(Effect.provide(Logger.replace(Logger.defaultLogger, logger)), Logger.withMinimumLogLevel(LogLevel.All))
  })
})

describe("where requests may come from", () => {
  it.scoped("no page: any Origin and every Host but this machine's are refused, whatever the token", () =>
    Effect.gen(function* () {
      const { ask } = yield* start
      const status = (headers: Record<string, string>) =>
        Effect.map(ask("/accounts", { headers: { ...bearer, ...headers } }), (response) => response.status)
      for (const origin of ["http://evil.example", base, "null", ""]) {
        assert.strictEqual(yield* status({ origin }), 403, `Origin ${origin}`)
      }
      for (const host of [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:1",
        "127.0.0.2",
        "a@localhost"
      ]) {
        assert.strictEqual(yield* status({ host }), 403, `Host ${host}`)
      }
      for (const host of ["127.0.0.1", "127.0.0.1:1", "localhost:20999", "LocalHost", "[::1]:1"]) {
        assert.strictEqual(yield* status({ host }), 200, `Host ${host}`)
      }
    })
  )

  it("no Host is none of this machine's", () => {
    assert.isFalse(Authorization.isLoopback(undefined))
    assert.isFalse(Authorization.isLoopback(""))
  })

  it.scoped("bodies that announce more than 64 KiB are not read", () =>
    Effect.gen(function* () {
      const { ask } = yield* start
      const headers = { ...bearer, "content-type": "application/json", "content-length": String(64 * 1024 + 1) }
      assert.strictEqual((yield* ask("/accounts", { method: "POST", body: "{}", headers })).status, 413)
    })
  )
})
