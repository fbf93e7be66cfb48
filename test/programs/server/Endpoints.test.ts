/** Every endpoint through the in-process front, in both modes. */
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { InProcess } from "../../../src/programs/server/index.ts"
import { Dialects, Endpoints } from "../../../src/protocol/index.ts"
import * as EveryEndpoint from "../../support/EveryEndpoint.ts"
import * as People from "../../support/People.ts"
import * as Scenarios from "../../support/Scenarios.ts"

const front: EveryEndpoint.Front = (options) => Layer.provide(InProcess.layer(options), People.world)

EveryEndpoint.through(it.scoped, front)

it.effect("the scenarios leave no endpoint out", () =>
  Effect.gen(function* () {
    const asked = new Set<string>()
    for (const dialect of Dialects.all) {
      for (const scenario of Scenarios.all) {
        const http = front({ dialect, strict: true, aliases: false })
        const server = yield* Effect.scoped(Effect.tap(People.server(dialect, http), scenario))
        for (const path of server.asked) asked.add(path)
      }
    }
    const left = Endpoints.all.filter(({ name, path }) => !EveryEndpoint.withoutLogin.has(name) && !asked.has(path))
    assert.deepStrictEqual(
      left.map(({ name }) => name),
      []
    )
  })
)
