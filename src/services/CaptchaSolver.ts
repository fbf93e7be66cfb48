/**
 * Who reads captchas. A login asks only when the server wants one.
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Errors from "../protocol/Errors.ts"
import * as Printable from "../schema/Printable.ts"

/** A captcha to read: the picture (PNG or JPEG), for whom, and the how-manieth try this is, from 1. */
export interface Captcha {
  readonly account: number
  readonly image: Uint8Array
  readonly attempt: number
}

/** `solve` gives the characters of the picture, in any case. */
export interface Service {
  readonly solve: (captcha: Captcha) => Effect.Effect<string, Errors.CaptchaRequired | Errors.CaptchaUnsolved>
}

/**
 * The solver in use. It has a default, which has nobody to ask and fails with `CaptchaRequired`, so that programs whose
 * servers want no captcha need not provide one.
 */
export class CaptchaSolver extends Context.Reference<CaptchaSolver>()("effect-webqq/CaptchaSolver", {
  defaultValue: (): Service => ({ solve: ({ account }) => Effect.fail(new Errors.CaptchaRequired({ account })) })
}) {}

/** A solver by callback. */
export const layer = (solve: Service["solve"]): Layer.Layer<CaptchaSolver> => Layer.succeed(CaptchaSolver, { solve })

/**
 * A solver by file drop, for programs without a terminal: the picture is written to `captcha-<account>.png` in
 * `directory`, and the answer is the first line of `captcha-<account>.txt` beside it, which is looked for every `every`
 * (2 seconds) until `within` (15 minutes) is over. Both files are removed afterwards.
 */
export const layerFile = (options: {
  readonly directory: string
  readonly every?: Duration.DurationInput
  readonly within?: Duration.DurationInput
}): Layer.Layer<CaptchaSolver, never, FileSystem.FileSystem | Path.Path> =>
  Layer.effect(
    CaptchaSolver,
    Effect.gen(function* () {
      const files = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const { every = Duration.seconds(2), within = Duration.minutes(15) } = options

      /** Looks again and again; whoever calls sets the time limit. */
      const answerIn = (file: string): Effect.Effect<string> =>
        files.readFileString(file).pipe(
          Effect.map((text) => text.trim().split("\n", 1)[0]?.trimEnd() ?? ""),
          Effect.orElseSucceed(() => ""),
          Effect.flatMap((answer) =>
            answer === ""
              ? Effect.delay(
                  Effect.suspend(() => answerIn(file)),
                  every
                )
              : Effect.succeed(answer)
          )
        )

      const solve = ({ account, image }: Captcha) =>
        Effect.gen(function* () {
          const picture = path.join(options.directory, `captcha-${account}.png`)
          const answer = path.join(options.directory, `captcha-${account}.txt`)
          const remove = Effect.forEach([picture, answer], (file) => Effect.ignore(files.remove(file)), {
            discard: true
          })
          const unsolved = (why: string) => () => new Errors.CaptchaUnsolved({ account, why })
          yield* remove
          yield* files
            .makeDirectory(options.directory, { recursive: true })
            .pipe(
              Effect.zipRight(files.writeFile(picture, image)),
              Effect.mapError(unsolved(`${picture} cannot be written`))
            )
          yield* Effect.logInfo(Printable.text`captcha: look at ${picture} and write what it says into ${answer}`)
          return yield* answerIn(answer).pipe(
            Effect.timeoutFail({ duration: within, onTimeout: unsolved(`nothing was written into ${answer} in time`) }),
            Effect.ensuring(remove)
          )
        })

      return { solve }
    })
  )
