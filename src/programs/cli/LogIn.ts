/**
 * `webqq login` and `webqq scan`.
 */
import * as Args from "@effect/cli/Args"
import * as Command from "@effect/cli/Command"
import * as CliOptions from "@effect/cli/Options"
import * as FileSystem from "@effect/platform/FileSystem"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Contacts from "../../protocol/Contacts.ts"
import * as Errors from "../../protocol/Errors.ts"
import * as SessionStore from "../../services/SessionStore.ts"
import * as Login from "../Login.ts"
import * as Resume from "../Resume.ts"
import * as Phone from "../server/handlers/Phone.ts"
import * as Account from "./Account.ts"
import { BadInput } from "./Failure.ts"
import * as Print from "./Print.ts"
import * as State from "./State.ts"
import * as Terminal from "./Terminal.ts"

const voice = Print.voice("login", "green")

const qr = CliOptions.boolean("qr").pipe(CliOptions.withDescription("Log in with a QR code instead of a password"))

const onStep: Effect.Effect<Login.OnStep, never, FileSystem.FileSystem> = Effect.map(
  Terminal.qrLogin(voice),
  (show) => (step) => (step._tag === "Qr" ? show(step.state) : voice.say(Print.step(step)))
)

/** The login that the flags ask for; a password is asked for only when it is needed. */
const wanted = (flags: Account.Flags & { readonly qr: boolean }, step: Login.OnStep) =>
  flags.qr
    ? Effect.succeed({ account: Option.none(), login: Login.withQrCode({ onStep: step }) })
    : Effect.gen(function* () {
        const account = yield* Account.number(flags.uin)
        const password = yield* Effect.cached(Account.password(flags.passwordFile))
        const login = Effect.flatMap(password, (given) =>
          Login.withPassword({ account, password: given, onStep: step })
        )
        return { account: Option.some(account), login }
      })

export const login = Command.make("login", { ...Account.options, qr, resume: State.resume }, (flags) =>
  Effect.gen(function* () {
    const server = yield* Account.serverUrl(flags.server)
    const step = yield* onStep
    const { account, login } = yield* wanted(flags, step)
    const file = yield* State.sessionFile(server, account)
    const options = {
      login,
      onStep: step,
      ...Option.match(account, { onNone: () => ({}), onSome: (a) => ({ account: a }) })
    }
    const session = flags.resume
      ? Resume.layer(options)
      : Layer.provideMerge(Resume.layerKeeping, Login.layer(login, { logout: false, onStep: step }))
    yield* Effect.gen(function* () {
      const self = yield* Contacts.getSelfInfo2
      yield* voice.say(`you are ${self.nick} (${self.uin})`)
      const files = yield* FileSystem.FileSystem
      if (yield* Effect.orElseSucceed(files.exists(file), () => false)) {
        yield* voice.say(`the session is kept in ${file}; go on with --resume`)
      }
    }).pipe(
      Effect.provide(
        session.pipe(
          Layer.provideMerge(Account.layerClient(server)),
          Layer.provide([SessionStore.layerFile(file), Terminal.layerCaptcha])
        )
      )
    )
  })
).pipe(Command.withDescription("Log in, and keep the session for --resume"))

const scanOptions = {
  server: Account.options.server,
  passwordFile: Account.options.passwordFile,
  as: CliOptions.text("as").pipe(CliOptions.withDescription("The QQ number whose phone this is")),
  reject: CliOptions.boolean("reject").pipe(CliOptions.withDescription("Refuse the login instead of confirming it")),
  code: Args.text({ name: "code" }).pipe(Args.withDescription("What the QR code says, or its ticket"))
}

const unreachable = (endpoint: string) => () =>
  new Errors.TransportError({ endpoint, reason: "Connection", detail: "" })

export const scan = Command.make("scan", scanOptions, (flags) =>
  Effect.gen(function* () {
    const server = yield* Account.serverUrl(flags.server)
    const account = yield* Either.mapLeft(
      Account.number(Option.some(flags.as)),
      () => new BadInput({ message: `--as is no QQ number: ${flags.as}. Give 5 to 10 digits.` })
    )
    const password = yield* Account.password(flags.passwordFile)
    const k = Terminal.ticketOf(flags.code)
    const phone = Print.voice("phone", "yellow")
    const act = (action: "scan" | "confirm" | "reject") =>
      HttpClientRequest.post(new URL(Phone.path, server)).pipe(
        HttpClientRequest.bodyUrlParams({
          k,
          uin: String(account),
          p: Redacted.value(Phone.proof(account, password, k)),
          action
        }),
        HttpClient.execute,
        Effect.mapError(unreachable("the QR code")),
        Effect.flatMap(({ status }) => refusal(status))
      )
    yield* act("scan")
    yield* phone.say("scanned")
    yield* act(flags.reject ? "reject" : "confirm")
    yield* phone.say(flags.reject ? "refused" : `confirmed as ${account}`)
  }).pipe(Effect.provide(NodeHttpClient.layer))
).pipe(Command.withDescription("Stand in for the phone that scans a QR code (on this project's own server)"))

const refusal = (status: number): Effect.Effect<void, BadInput | Errors.TransportError> => {
  switch (status) {
    case 200:
      return Effect.void
    case 403:
      return Effect.fail(new BadInput({ message: "the server does not accept number and password. Check them." }))
    case 404:
      return Effect.fail(new BadInput({ message: "no such code, or it expired. Scan the one that is shown now." }))
    case 429:
      return Effect.fail(new BadInput({ message: "too many wrong passwords. Try again in half a minute." }))
    default:
      return Effect.fail(new Errors.TransportError({ endpoint: "the QR code", reason: "StatusCode", status }))
  }
}
