import { homedir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Option } from "effect"
import * as State from "../../../src/programs/cli/State.ts"
import { account } from "../../rigs/Client.ts"

describe("where the command keeps things", () => {
  const inEnvironment = (variables: Record<string, string>) =>
    Effect.withConfigProvider(State.directory, ConfigProvider.fromMap(new Map(Object.entries(variables))))
  const usual = join(homedir(), ".local", "state", "webqq")

  it.effect("is a directory of its own by the XDG convention, or the one that is named", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* inEnvironment({}), usual)
      assert.strictEqual(yield* inEnvironment({ XDG_STATE_HOME: "/state" }), join("/state", "webqq"))
      assert.strictEqual(yield* inEnvironment({ XDG_STATE_HOME: "/state", WEBQQ_STATE: "/own" }), "/own")
      assert.strictEqual(yield* inEnvironment({ XDG_STATE_HOME: "", WEBQQ_STATE: "" }), usual)
    })
  )

  it.effect("differs between servers, ports, gateways and accounts", () =>
    Effect.gen(function* () {
      const file = (server: string, number?: number) =>
        State.sessionFile(new URL(server), Option.map(Option.fromNullable(number), account)).pipe(
          Effect.withConfigProvider(ConfigProvider.fromMap(new Map([["WEBQQ_STATE", "/own"]])))
        )
      assert.strictEqual(yield* file("http://127.0.0.1:2013", 10001), join("/own", "127.0.0.1_2013", "10001.json"))
      assert.strictEqual(yield* file("http://127.0.0.1:2013/"), join("/own", "127.0.0.1_2013", "qr.json"))
      assert.strictEqual(yield* file("https://gate.example/webqq/a/"), join("/own", "gate.example_webqq_a", "qr.json"))
      assert.strictEqual(yield* file("https://gate.example/webqq/b"), join("/own", "gate.example_webqq_b", "qr.json"))
      assert.strictEqual(yield* file("http://[::1]:2013"), join("/own", "___1__2013", "qr.json"))
      assert.strictEqual(yield* file("http://gate.example/../../etc"), join("/own", "gate.example_etc", "qr.json"))
    })
  )
})
