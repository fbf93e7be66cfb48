/**
 * Files that are replaced as a whole or not at all.
 */
import { randomBytes } from "node:crypto"
import type * as PlatformError from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"

/** For its owner alone. */
export const ownerOnly = 0o600

/**
 * Writes a file under a name of its own in the same directory, and puts it in the place of the former one. Neither a
 * reader nor a crash ever meets half of it. `mode` are its rights, whatever the former file had.
 */
export const replace = (
  path: string,
  content: Uint8Array,
  mode: number
): Effect.Effect<void, PlatformError.PlatformError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const unfinished = `${path}.${randomBytes(6).toString("hex")}.new`
    yield* files.writeFile(unfinished, content, { flag: "wx", mode }).pipe(
      // The umask may have taken rights away.
      Effect.zipRight(files.chmod(unfinished, mode)),
      Effect.zipRight(files.rename(unfinished, path)),
      Effect.onError(() => Effect.ignore(files.remove(unfinished)))
    )
  })

/** What systems say where a file may be written but not replaced: one that is mounted, or in a directory of others. */
const notReplaceable: ReadonlySet<string> = new Set(["EACCES", "EBUSY", "EPERM", "EROFS", "EXDEV"])

const isRefusal = (error: PlatformError.PlatformError): boolean =>
  error._tag === "SystemError" && notReplaceable.has(codeOf(error.cause))

/** Writes over a file from its beginning, and cuts off what is left of it. It is never empty meanwhile. */
const writeOver = (path: string, content: Uint8Array) =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const file = yield* files.open(path, { flag: "r+" })
    yield* file.writeAll(content)
    yield* file.truncate(content.length)
    yield* file.sync
  }).pipe(Effect.scoped)

/**
 * {@link replace}, or where the system refuses that, as for a file that a container has mounted, the former content
 * written over in place. A copy of it stands beside it meanwhile, if it may; what fails halfway is undone. Rights that the
 * file has stay then.
 */
export const replaceOrWriteOver = (
  path: string,
  content: Uint8Array,
  mode: number
): Effect.Effect<void, PlatformError.PlatformError, FileSystem.FileSystem> =>
  Effect.catchIf(replace(path, content, mode), isRefusal, (refusal) =>
    Effect.gen(function* () {
      const files = yield* FileSystem.FileSystem
      // Without a former file there is nothing to write over.
      const former = yield* Effect.mapError(files.readFile(path), () => refusal)
      const copy = `${path}.${randomBytes(6).toString("hex")}.old`
      yield* Effect.ignore(files.writeFile(copy, former, { flag: "wx", mode }))
      yield* Effect.onError(writeOver(path, content), () => Effect.ignore(writeOver(path, former)))
      yield* Effect.ignore(files.remove(copy))
    })
  ).pipe(Effect.uninterruptible)

/** What went wrong with a file, in a word or two. */
export const why = (error: PlatformError.PlatformError): string =>
  error._tag === "BadArgument" ? "its name cannot be used" : (byCode.get(codeOf(error.cause)) ?? reasons[error.reason])

const codeOf = (cause: unknown): string =>
  typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : ""

/** What the platform calls unknown. */
const byCode: ReadonlyMap<string, string> = new Map([
  ["EDQUOT", "no more room is allowed"],
  ["EFBIG", "files may not be so large"],
  ["EIO", "the disk fails"],
  ["ENOSPC", "the disk is full"],
  ["EROFS", "its file system can only be read"]
])

const reasons: Readonly<Record<PlatformError.SystemErrorReason, string>> = {
  AlreadyExists: "it is already there",
  BadResource: "it is no plain file",
  Busy: "it is in use",
  InvalidData: "its content cannot be read",
  NotFound: "its directory is not there",
  PermissionDenied: "this user may not",
  TimedOut: "it took too long",
  UnexpectedEof: "it ends too early",
  Unknown: "the system refuses",
  WouldBlock: "it is in use",
  WriteZero: "nothing could be written"
}
