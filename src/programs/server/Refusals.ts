/**
 * What the log says about requests that are refused.
 */
import * as Effect from "effect/Effect"
import * as LogLevel from "effect/LogLevel"
import * as Options from "./Options.ts"

/**
 * One line: `why` names no value that the client sent. Who runs a strict server wants to see it; a tolerant one is asked
 * for much that it does not understand, so there it is for debugging.
 */
export const log = (name: string, why: string): Effect.Effect<void, never, Options.Options> =>
  Effect.flatMap(Options.Options, ({ strict }) =>
    Effect.logWithLevel(strict ? LogLevel.Info : LogLevel.Debug, `refused ${name}: ${why}`)
  )
