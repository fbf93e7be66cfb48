/** Real files under a test's clock. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert } from "@effect/vitest"
import { Effect } from "effect"

/** A directory that goes when the test ends. */
export const temporaryDirectory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "webqq-"))),
  (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
)

/** Lets real work, such as that of the file system, go on. Moves no clock. */
export const realWork = Effect.promise(() => new Promise<void>((resolve) => setImmediate(resolve)))

/** Waits for what real work brings about, without moving any clock; `meanwhile` is done between two looks. */
export const eventually = (isSo: () => boolean, meanwhile: Effect.Effect<unknown> = Effect.void) =>
  Effect.gen(function* () {
    // Vitest does not stop a test that is late, and this one would never end.
    const last = performance.now() + 5 * 60_000
    while (!isSo()) {
      if (performance.now() > last) assert.fail(`never came true: ${isSo}`)
      yield* meanwhile
      yield* realWork
    }
  })
