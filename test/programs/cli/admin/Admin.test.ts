/** What `webqq admin` takes and shows, and the file by which it finds a server. */
import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { assert, describe, it } from "@effect/vitest"
import { assertEquals, assertNone } from "@effect/vitest/utils"
import { ConfigProvider, Effect, Either, Exit, Layer, Option, Redacted, Scope } from "effect"
import * as AdminFile from "../../../../src/programs/cli/admin/AdminFile.ts"
import * as Client from "../../../../src/programs/cli/admin/Client.ts"
import * as Input from "../../../../src/programs/cli/admin/Input.ts"
import * as Table from "../../../../src/programs/cli/admin/Table.ts"

describe("Input", () => {
  const says = <A>(result: Either.Either<A, { readonly message: string }>) =>
    Either.match(result, { onLeft: ({ message }) => message, onRight: (value) => value })

  it("takes QQ numbers of 5 to 10 digits, and group numbers", () => {
    for (const text of ["10000", "9999999999"]) assert.strictEqual(Number(says(Input.qq("NUMBER", text))), Number(text))
    for (const text of ["", "1234", "01234", "12345678901", "12345x", "１２３４５", "1e5"]) {
      assert.strictEqual(says(Input.qq("NUMBER", text)), `NUMBER is no QQ number: ${text}. Give 5 to 10 digits.`)
    }
    assert.strictEqual(says(Input.group("NUMBER", "1")), 1)
    assert.strictEqual(says(Input.group("--g", "0")), "--g is no group number: 0. Give 1 to 10 digits.")
  })

  it("takes targets: somebody, a group, a discussion group", () => {
    assert.deepEqual<unknown>(says(Input.target("10001")), { _tag: "Friend", number: 10001 })
    assert.deepEqual<unknown>(says(Input.target("group:1")), { _tag: "Group", number: 1 })
    assert.deepEqual<unknown>(says(Input.target("discussion:7")), { _tag: "Discussion", did: 7 })
    for (const text of ["", "group", "group:", "group:x", "Group:1", "discussion:12345678901", "1"]) {
      assert.strictEqual(
        says(Input.target(text)),
        `--to is nobody: ${text}. Give a QQ number, group:NUMBER or discussion:DID.`
      )
    }
  })

  it("takes names that are neither empty nor endless", () => {
    assert.strictEqual(says(Input.name("--nick", "x".repeat(100))), "x".repeat(100))
    for (const text of ["", "x".repeat(101)]) {
      assert.strictEqual(says(Input.name("--nick", text)), "--nick must have 1 to 100 characters.")
    }
  })
})

describe("Table", () => {
  it("columns stand below each other, whatever is in them", () => {
    const rows = [
      [1, "小黄鸡", "x"],
      [22, "a\u001b[2J\n", "y"],
      [333, "👍🏽e\u0301", "z"]
    ]
    assert.deepStrictEqual(Table.lines(["N", "NICK", ""], rows), [
      "N    NICK",
      "1    小黄鸡  x",
      "22   a�[2J⏎  y",
      "333  👍🏽e\u0301     z"
    ])
  })

  it("text is as wide as a terminal draws it", () => {
    for (const [text, cells] of [
      ["", 0],
      ["abc", 3],
      ["小黄鸡", 6],
      ["ｆｕ", 4],
      ["한글", 4],
      ["👨‍👩‍👧", 2],
      ["e\u0301", 1],
      ["\u200b", 0],
      ["…", 1]
    ] as const) {
      assert.strictEqual(Table.width(text), cells, text)
    }
  })

  it("times are told in the largest unit that has passed", () => {
    const minute = 60_000
    for (const [passed, told] of [
      [-5, "0s ago"],
      [59_999, "59s ago"],
      [minute, "1m ago"],
      [59 * minute, "59m ago"],
      [60 * minute, "1h ago"],
      [24 * 60 * minute, "1d ago"],
      [400 * 24 * 60 * minute, "400d ago"]
    ] as const) {
      assert.strictEqual(Table.ago(1_000_000_000_000, 1_000_000_000_000 + passed), told)
    }
  })

  it("JSON has no control characters, and means the same", () => {
    const value = { nick: "a\u001b\u009b\u007f小" }
    assert.notMatch(Table.json(value), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    assert.deepStrictEqual(JSON.parse(Table.json(value)), value)
  })
})

describe("AdminFile", () => {
  const inFolder = (state: string) =>
    Layer.merge(NodeContext.layer, Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["WEBQQ_STATE", state]]))))
  const content = (digit: string) => ({ url: "http://127.0.0.1:5", token: Redacted.make(digit.repeat(64)) })
  const folder = () => mkdtempSync(join(tmpdir(), "webqq-admin-"))

  it.live("is the owner's alone, and goes with its scope, unless a later server has put its own there", () => {
    const state = folder()
    const path = join(state, "admin", "2013.json")
    return Effect.gen(function* () {
      const [first, second] = [yield* Scope.make(), yield* Scope.make()]
      yield* Scope.extend(AdminFile.leave(2013, content("a")), first)
      assert.strictEqual(statSync(path).mode & 0o777, 0o600)
      assert.strictEqual(statSync(join(state, "admin")).mode & 0o777, 0o700)
      yield* Scope.extend(AdminFile.leave(2013, content("b")), second)
      yield* Scope.close(first, Exit.void)
      const found = yield* AdminFile.read(2013)
      assertEquals(
        Option.map(found, ({ token }) => Redacted.value(token)),
        Option.some("b".repeat(64))
      )
      yield* Scope.close(second, Exit.void)
      assertNone(yield* AdminFile.read(2013))
    }).pipe(Effect.provide(inFolder(state)))
  })

  it.live("one that leads elsewhere, or is none, is not used: the token stays here", () => {
    const state = folder()
    return Effect.gen(function* () {
      yield* Effect.scoped(AdminFile.leave(1, content("a")))
      const path = join(state, "admin", "2013.json")
      const token = "a".repeat(64)
      for (const text of [
        "",
        "{}",
        JSON.stringify({ token, url: "http://example.com:5" }),
        JSON.stringify({ token, url: "http://127.0.0.1:5@example.com" }),
        JSON.stringify({ token, url: "http://127.0.0.1:5/../x" }),
        JSON.stringify({ token: "a", url: "http://127.0.0.1:5" })
      ]) {
        writeFileSync(path, text)
        assertNone(yield* AdminFile.read(2013))
        const told = yield* Effect.flip(Client.tell("http://127.0.0.1:2013", ({ sessions }) => sessions.list()))
        assert.match(told.message, /^no server of yours runs on port 2013\./)
        assert.notInclude(told.message, token)
        assert.strictEqual(readFileSync(path, "utf8"), text)
      }
    }).pipe(Effect.provide(inFolder(state)))
  })
})
