/** Every endpoint through the in-process front, in both modes. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { Dialects, Endpoints } from "../../../src/protocol/index.ts"
import { inProcess } from "../../rigs/Fronts.ts"
import * as People from "../../rigs/People.ts"
import * as EveryEndpoint from "../../scenarios/EveryEndpoint.ts"

EveryEndpoint.through(inProcess)

it.effect("the scenarios leave no endpoint out", () =>
  Effect.gen(function* () {
    const asked = new Set<string>()
    for (const dialect of Dialects.all) {
      for (const scenario of EveryEndpoint.all) {
        const served = Effect.flatMap(inProcess.serve({ dialect, world: People.world }), (http) =>
          People.server(dialect, http)
        )
        const server = yield* Effect.scoped(Effect.tap(served, scenario))
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
