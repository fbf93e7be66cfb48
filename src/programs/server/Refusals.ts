/**
 * What the log says about requests that are refused.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as LogLevel from "effect/LogLevel"
import * as Printable from "../../schema/Printable.ts"

/**
 * How loud it is said. Who runs a strict server wants to see it; a tolerant one is asked for much that it does not
 * understand, so there it is for debugging.
 */
export class Level extends Context.Reference<Level>()("effect-webqq/server/Refusals/Level", {
  defaultValue: (): LogLevel.LogLevel => LogLevel.Debug
}) {}

/** The level for a server. */
export const levelOf = (strict: boolean): LogLevel.LogLevel => (strict ? LogLevel.Info : LogLevel.Debug)

/** One line; `why` holds no value that the client sent as a secret. */
export const log = (name: string, why: string): Effect.Effect<void> =>
  Effect.flatMap(Level, (level) => Effect.logWithLevel(level, Printable.text`refused ${name}: ${why}`))
