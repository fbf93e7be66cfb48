/**
 * How `webqq admin` finds a running server: a file of the user's own for each port, with the way to the admin endpoint
 * and the token of this start.
 */
import { join } from "node:path"
import type * as PlatformError from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as AtomicFile from "../AtomicFile.ts"
import * as State from "../State.ts"

/** `url` is that of the admin endpoint, always on this machine: the token must not go anywhere else. */
export const AdminFile = Schema.Struct({
  url: Schema.String.pipe(Schema.pattern(/^http:\/\/127\.0\.0\.1:\d{1,5}$/)),
  token: Schema.Redacted(Schema.String.pipe(Schema.pattern(/^[0-9a-f]{64}$/)))
})
export type AdminFile = typeof AdminFile.Type

const Text = Schema.parseJson(AdminFile)
const decode = Schema.decodeOption(Text)
const encode = Schema.encodeSync(Text)

/** The directory of these files. */
export const directory: Effect.Effect<string> = Effect.map(State.directory, (folder) => join(folder, "admin"))

/** The file of the server on a port. */
const pathOf = (port: number): Effect.Effect<string> => Effect.map(directory, (folder) => join(folder, `${port}.json`))

/** What the file of a port says; none if there is no usable one. */
export const read = (port: number): Effect.Effect<Option.Option<AdminFile>, never, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    return decode(yield* files.readFileString(yield* pathOf(port)))
  }).pipe(Effect.orElseSucceed(Option.none))

/** Whole or not at all, and never readable by others, not even for a moment. */
const write = (path: string, folder: string, content: AdminFile) =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    yield* files.makeDirectory(folder, { recursive: true, mode: 0o700 })
    // One that was there may have had other rights.
    yield* files.chmod(folder, 0o700)
    yield* AtomicFile.replace(path, new TextEncoder().encode(encode(content)), AtomicFile.ownerOnly)
  })

/**
 * Leaves the file of a port for as long as the scope lives. One of a server that died is replaced; one that a later
 * server put in its place stays.
 */
export const leave = (
  port: number,
  content: AdminFile
): Effect.Effect<void, PlatformError.PlatformError, FileSystem.FileSystem | Scope.Scope> =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const path = yield* pathOf(port)
    const removeOurs = Effect.gen(function* () {
      const found = yield* read(port)
      const ours = Option.exists(found, ({ token }) => Redacted.value(token) === Redacted.value(content.token))
      if (ours) yield* Effect.ignore(files.remove(path))
    })
    yield* Effect.acquireRelease(write(path, yield* directory, content), () => removeOurs)
  })
