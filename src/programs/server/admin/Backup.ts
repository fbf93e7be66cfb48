/**
 * Copying the world of a running server.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Problems from "./Problems.ts"

/** Copies the world into a new file on the server's machine; the path is absolute. Fails with why it cannot be done. */
export type Copy = (file: string) => Effect.Effect<void, Problems.Impossible>

/** How the world of this server is copied. A world in memory has nothing that could be put back. */
export class Backup extends Context.Reference<Backup>()("effect-webqq/server/admin/Backup", {
  defaultValue: (): Copy => () =>
    Effect.fail(
      new Problems.Impossible({ why: "This server keeps its world in memory. Only one with --db can be copied." })
    )
}) {}
