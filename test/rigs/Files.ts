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
const realWork = Effect.promise(() => new Promise<void>((resolve) => setImmediate(resolve)))

/** Waits for what real work brings about, without moving any clock; `meanwhile` is done between two looks. */
export const eventually = (isSo: () => boolean, meanwhile: Effect.Effect<unknown> = Effect.void) =>
  Effect.gen(function* () {
    const began = performance.now()
    while (!isSo()) {
      if (performance.now() - began > 10_000) assert.fail(`never came true: ${isSo}`)
      yield* meanwhile
      yield* realWork
    }
  })
