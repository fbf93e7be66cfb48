/**
 * How the command ends: one sentence for a person, and an exit code. 0 done, 1 refused or not reached, 2 bad input.
 */
import * as ValidationError from "@effect/cli/ValidationError"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { isWebQQError } from "../../protocol/Errors.ts"
import * as Faults from "../server/Faults.ts"
import * as WorldFile from "../server/WorldFile.ts"
import * as Print from "./Print.ts"

/** A flag, a variable, a file or an argument that cannot be used; `message` says which and what to do. */
export class BadInput extends Schema.TaggedError<BadInput>("effect-webqq/BadInput")("BadInput", {
  message: Schema.String
}) {}

/** A server did not do what it was told, or none is there; `message` says why. */
export class Refused extends Schema.TaggedError<Refused>("effect-webqq/Refused")("Refused", {
  message: Schema.String
}) {}

/** The person left a prompt with Ctrl-C. */
const isQuit = (u: unknown): boolean => typeof u === "object" && u !== null && "_tag" in u && u._tag === "QuitException"

const complain = (code: number, sentence: string): Effect.Effect<number> => Effect.as(Print.complaint(sentence), code)

const report = (error: unknown): Effect.Effect<number> => {
  // The parser has printed its own message.
  if (ValidationError.isValidationError(error)) return Effect.succeed(2)
  if (isQuit(error)) return Effect.succeed(0)
  if (error instanceof BadInput || error instanceof WorldFile.WorldFileError || error instanceof Faults.PlanError)
    return complain(2, error.message)
  if (error instanceof Refused || isWebQQError(error)) return complain(1, error.message)
  return complain(1, `something went wrong that should not: ${String(error)}. Please report it.`)
}

/** Runs a command to its exit code. An interruption (Ctrl-C) is a good end. */
export const toExitCode = <E, R>(command: Effect.Effect<unknown, E, R>): Effect.Effect<number, never, R> =>
  Effect.flatMap(Effect.exit(command), (exit) => {
    if (Exit.isSuccess(exit) || Cause.isInterruptedOnly(exit.cause)) return Effect.succeed(0)
    return report(Option.getOrElse(Cause.failureOption(exit.cause), () => Cause.squash(exit.cause)))
  })
