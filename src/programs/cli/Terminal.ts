/**
 * A person at the terminal: reads captchas there, and scans QR codes from there. Every picture is also kept as a file,
 * whose path is shown.
 */
import { join } from "node:path"
import * as Prompt from "@effect/cli/Prompt"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Errors from "../../protocol/Errors.ts"
import type * as QrLogin from "../../protocol/QrLogin.ts"
import * as CaptchaSolver from "../../services/CaptchaSolver.ts"
import * as Picture from "./Picture.ts"
import * as Print from "./Print.ts"
import * as QrText from "./QrText.ts"
import * as Screen from "./Screen.ts"
import * as Shell from "./Shell.ts"
import * as State from "./State.ts"

/** Writes a picture into the state directory; none if that is not possible, which is no reason to stop. */
const keep = (name: string, image: Uint8Array) =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const folder = yield* State.directory
    const path = join(folder, name)
    yield* files.makeDirectory(folder, { recursive: true, mode: 0o700 })
    yield* files.writeFile(path, image, { mode: 0o600 })
    return path
  }).pipe(Effect.option)

const extension = (image: Uint8Array): string => (image[0] === 0xff ? "jpg" : "png")

const shown = (path: Option.Option<string>): string =>
  Option.match(path, { onNone: () => "it could not be kept as a file", onSome: (file) => `also in ${file}` })

/** A terminal that does not know its size says 0. */
const columns = (): number => Math.min(process.stdout.columns || 80, 100)

/** Shows a captcha and asks for its characters. Without a terminal to ask in, there is nobody: `CaptchaRequired`. */
export const layerCaptcha: Layer.Layer<
  CaptchaSolver.CaptchaSolver,
  never,
  FileSystem.FileSystem | Prompt.Prompt.Environment
> = Layer.effect(
  CaptchaSolver.CaptchaSolver,
  Effect.gen(function* () {
    const context = yield* Effect.context<FileSystem.FileSystem | Prompt.Prompt.Environment>()
    const solve: CaptchaSolver.Service["solve"] = ({ account, attempt, image }) =>
      Effect.gen(function* () {
        const path = yield* keep(`captcha-${account}.${extension(image)}`, image)
        const drawing = Picture.toText(image, { columns: columns(), colour: Print.coloured })
        yield* Print.drawn(Option.getOrElse(drawing, () => []))
        yield* Print.line(`captcha for ${account}, ${shown(path)}`)
        if (process.stdin.isTTY !== true) return yield* new Errors.CaptchaRequired({ account })
        const message = attempt === 1 ? "What does it say?" : "That was wrong. What does this one say?"
        return yield* Prompt.run(Prompt.text({ message })).pipe(
          Effect.catchAll(() => new Errors.CaptchaUnsolved({ account, why: "the prompt was left" }))
        )
      }).pipe(Effect.provide(context))
    return { solve }
  })
)

/** What a code says is more than its ticket; `webqq scan` takes either. */
export const ticketOf = (content: string): string =>
  URL.canParse(content) ? (new URL(content).searchParams.get("k") ?? content) : content

/** A code so that a phone can scan it, and what stands in for the phone. */
const qrCode = ({ number, png }: Extract<QrLogin.State, { readonly _tag: "Code" }>) =>
  Effect.gen(function* () {
    const path = yield* keep("qr.png", png)
    const drawing = QrText.fromPng(png, { colour: Print.coloured })
    const ticket = Option.map(QrText.contentOf(png), ticketOf)
    const which = number === 1 ? "this code" : `this code, number ${number},`
    return [
      ...Option.match(drawing, {
        onNone: () => ["the picture holds no QR code that can be drawn here"],
        onSome: (text) => text.split("\n")
      }),
      Print.oneLine(`scan ${which} with a phone; ${shown(path)}`),
      // Whoever made the code decides what it says, and this is to be copied into a shell.
      ...Option.match(Option.filter(ticket, Shell.isHarmless), {
        onNone: () => [],
        onSome: (word) => [`on this project's own server: webqq scan ${word} --as NUMBER`]
      })
    ]
  })

/** Shows how far a QR login is. A code that expired is taken off the screen, or, where that cannot be, called useless. */
export const qrLogin = (
  voice: Print.Voice,
  size: Effect.Effect<Option.Option<Screen.Size>> = Screen.sizeOfTerminal
): Effect.Effect<(state: QrLogin.State) => Effect.Effect<void>, never, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const screen = yield* Screen.make(size)
    return (state) => {
      const words = Print.qrState(state)
      switch (state._tag) {
        case "Code":
          return Effect.flatMap(qrCode(state), screen.show).pipe(Effect.provideService(FileSystem.FileSystem, files))
        case "Expired":
          return screen.instead((erased) =>
            voice.line(erased ? words : `${words}: the one above is of no use any more`)
          )
        default:
          return screen.show([voice.line(words)])
      }
    }
  })
