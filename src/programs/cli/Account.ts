/**
 * Who logs in, and where: flags, environment variables, a file or a prompt.
 */
import * as Options from "@effect/cli/Options"
import * as Prompt from "@effect/cli/Prompt"
import * as FileSystem from "@effect/platform/FileSystem"
import type * as Terminal from "@effect/platform/Terminal"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Call from "../../protocol/Call.ts"
import type * as Errors from "../../protocol/Errors.ts"
import * as Ids from "../../schema/Ids.ts"
import * as CookieStore from "../../services/CookieStore.ts"
import * as Dialect from "../../services/Dialect.ts"
import * as Transport from "../../services/Transport.ts"
import * as Login from "../Login.ts"
import { BadInput } from "./Failure.ts"

/** The port of `webqq serve` and of every command that looks for it: the year of the first document. */
export const defaultPort = 2013

/** The flags of every command that logs in. A password is never a flag: others could read it in the process list. */
export const options = {
  uin: Options.text("uin").pipe(
    Options.withFallbackConfig(Config.string("WEBQQ_UIN")),
    Options.withDescription("The QQ number to log in with (or WEBQQ_UIN)"),
    Options.optional
  ),
  server: Options.text("server").pipe(
    Options.withFallbackConfig(Config.string("WEBQQ_SERVER")),
    Options.withDescription("The URL of the server (or WEBQQ_SERVER)"),
    Options.withDefault(`http://127.0.0.1:${defaultPort}`)
  ),
  passwordFile: Options.text("password-file").pipe(
    Options.withDescription("A file that holds the password (else WEBQQ_PASSWORD, else a prompt)"),
    Options.optional
  )
}

/** The parsed flags. */
export interface Flags {
  readonly uin: Option.Option<string>
  readonly server: string
  readonly passwordFile: Option.Option<string>
}

/** A QQ number as people type it. */
const Typed = Schema.compose(Schema.String.pipe(Schema.pattern(/^[1-9]\d{4,9}$/)), Ids.text(Ids.QQ))

/** Checks a QQ number. */
export const number = (uin: Option.Option<string>): Either.Either<Ids.QQ, BadInput> =>
  Option.match(uin, {
    onNone: () => Either.left(new BadInput({ message: "no account: set WEBQQ_UIN or give --uin NUMBER." })),
    onSome: (text) =>
      Either.mapLeft(
        Schema.decodeEither(Typed)(text),
        () => new BadInput({ message: `--uin (or WEBQQ_UIN) is no QQ number: ${text}. Give 5 to 10 digits.` })
      )
  })

/** Checks the address of a server. */
export const serverUrl = (text: string): Either.Either<URL, BadInput> =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
    ? Either.right(new URL(text))
    : Either.left(
        new BadInput({
          message: `--server (or WEBQQ_SERVER) is no URL: ${text}. Give one such as http://127.0.0.1:${defaultPort}.`
        })
      )

const fromFile = (path: string) =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const text = yield* Effect.mapError(
      files.readFileString(path),
      () => new BadInput({ message: `the password file ${path} cannot be read. Check its name and its rights.` })
    )
    return Redacted.make(text.replace(/\r?\n$/, ""))
  })

const noPassword = Effect.suspend(() =>
  Effect.fail(new BadInput({ message: "no password: set WEBQQ_PASSWORD, or name a file with --password-file." }))
)

const prompted = Effect.gen(function* () {
  return yield* process.stdin.isTTY === true ? Prompt.password({ message: "Password" }) : noPassword
})

/** The password: from the file, else the variable, else a prompt. */
export const password = (
  file: Option.Option<string>
): Effect.Effect<Redacted.Redacted, BadInput | Terminal.QuitException, Prompt.Prompt.Environment> =>
  Effect.gen(function* () {
    const environment = yield* Effect.orElseSucceed(Config.option(Config.redacted("WEBQQ_PASSWORD")), Option.none)
    const given = Option.isSome(file)
      ? yield* fromFile(file.value)
      : Option.isSome(environment)
        ? environment.value
        : yield* prompted
    return Redacted.value(given) === "" ? yield* noPassword : given
  })

/** Everything a call needs, against one server: its own cookies, the dialect, and the way to the server. */
export const layerClient = (server: URL): Layer.Layer<Call.Services> =>
  Layer.mergeAll(
    Layer.fresh(CookieStore.layer),
    Dialect.webqq2013,
    Transport.layerHttpClient.pipe(Layer.provide([Transport.layer(server), Layer.fresh(NodeHttpClient.layer)]))
  )

/** A session of an account on a server, with everything its calls need. */
export const layerSession = (
  server: URL,
  login: Login.PasswordOptions
): Layer.Layer<Login.LoggedIn | Call.Services, Errors.LoginError> =>
  Layer.provideMerge(Login.layerPassword(login), layerClient(server))

/** Reads the flags and asks for what is missing. */
export const fromFlags = (
  flags: Flags
): Effect.Effect<
  { readonly server: URL; readonly account: Ids.QQ; readonly password: Redacted.Redacted },
  BadInput | Terminal.QuitException,
  Prompt.Prompt.Environment
> =>
  Effect.gen(function* () {
    const account = yield* number(flags.uin)
    const server = yield* serverUrl(flags.server)
    return { server, account, password: yield* password(flags.passwordFile) }
  })
