/** What the admin endpoint says without a token. */
import { HttpApp, HttpServerResponse } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import * as Proof from "../../../../src/programs/server/admin/Proof.ts"
import { Admin, World, WorldMemory } from "../../../../src/programs/server/index.ts"
import * as AdminServer from "../../../rigs/AdminServer.ts"

const { token } = AdminServer

describe("the admin endpoint", () => {
  it.scoped("proves that it has the token, by another answer to each nonce, and not to web pages", () =>
    Effect.gen(function* () {
      const { ask } = yield* AdminServer.start
      const asked = (nonce: string, init?: RequestInit) =>
        Effect.flatMap(ask(`/proof?nonce=${nonce}`, init), (response) =>
          Effect.map(
            Effect.promise(() => response.text()),
            (text) => [response.status, text] as const
          )
        )
      const nonces = ["0".repeat(32), `${"0".repeat(31)}1`]
      for (const nonce of nonces) assert.deepStrictEqual(yield* asked(nonce), [200, Proof.of(token, nonce)])
      assert.notStrictEqual(...(nonces.map((nonce) => Proof.of(token, nonce)) as [string, string]))
      assert.notStrictEqual(Proof.of(token, "0"), Proof.of(Redacted.make("1".repeat(64)), "0"))
      for (const nonce of ["", "0", "0".repeat(33), "g".repeat(32), "0".repeat(100_000)]) {
        assert.strictEqual((yield* asked(nonce))[0], 400)
      }
      assert.strictEqual((yield* asked("0".repeat(32), { headers: { origin: "http://evil.example" } }))[0], 403)
      assert.strictEqual((yield* asked("0".repeat(32), { headers: { host: "evil.example" } }))[0], 403)
      assert.strictEqual((yield* ask("/proof", { method: "POST" })).status, 401)
    })
  )

  it.effect("says whether the world answers, and nothing else", () =>
    Effect.gen(function* () {
      const works = yield* WorldMemory.make
      const fails = { ...works, account: () => Effect.dieMessage("the disk is gone: secret") }
      const never = { ...works, account: () => Effect.never }
      const rest = Effect.succeed(HttpServerResponse.text("the rest"))
      const healthOf = (world: World.World["Type"], path = "/healthz") =>
        Effect.promise(async () => {
          const answer = HttpApp.toWebHandler(
            Effect.provideService(Admin.front(token)(rest), World.World, World.World.of(world))
          )
          const response = await answer(new Request(`http://127.0.0.1:1${path}`, { headers: { host: "127.0.0.1:1" } }))
          return [response.status, await response.text()] as const
        })
      assert.deepStrictEqual(yield* healthOf(works), [200, '{"status":"ok"}'])
      assert.deepStrictEqual(yield* healthOf(works, "/healthz?x=1"), [200, '{"status":"ok"}'])
      assert.deepStrictEqual(yield* healthOf(works, "/health"), [200, "the rest"])
      for (const world of [fails, never]) {
        assert.deepStrictEqual(yield* healthOf(world), [503, '{"status":"failing"}'])
      }
    })
  )
})
