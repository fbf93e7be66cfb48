/** Text from outside on its way to a terminal or a log. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Logger, LogLevel } from "effect"
import * as Failure from "../../../src/programs/cli/Failure.ts"
import * as Print from "../../../src/programs/cli/Print.ts"
import * as Refusals from "../../../src/programs/server/Refusals.ts"
import { Errors } from "../../../src/protocol/index.ts"
import { captured } from "../../rigs/Captured.ts"

const hostile = "a\u001b[2J\u001b]0;b\u0007\u009b5n\r\nc\u202ed\u2028e\ud800f\u061c"
const obeyed = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]/u

describe("what the command prints", () => {
  it.effect("is fit for a terminal, whoever wrote it", () =>
    Effect.gen(function* () {
      const { error, out } = yield* captured(
        Effect.all([
          Print.line(hostile),
          Print.lines([hostile, hostile]),
          Print.voice("login", "green").say(Print.step({ _tag: "Checked", verifyCode: hostile })),
          Print.complaint(hostile),
          Failure.toExitCode(Effect.die(hostile)),
          Failure.toExitCode(new Failure.BadInput({ message: hostile }))
        ])
      )
      assert.strictEqual(out.length, 3)
      assert.strictEqual(error.length, 3)
      for (const line of [...out, ...error].flatMap((text) => text.split("\n"))) assert.notMatch(line, obeyed)
    })
  )

  it.effect("is fit when it is logged, too", () =>
    Effect.gen(function* () {
      const written: Array<string> = []
      const logger = Logger.make<unknown, void>(({ cause, message }) => {
        assert.isTrue(Cause.isEmpty(cause))
        written.push(...[message].flat().map(String))
      })
      yield* Effect.all([
        Effect.logWarning(hostile),
        Effect.logWarning("a fault", Cause.fail(new Error(hostile))),
        Effect.logWarning("a defect", Cause.die(hostile))
      ]).pipe(Effect.provide(Logger.replace(Logger.defaultLogger, Logger.mapInputOptions(logger, Print.fitting))))
      assert.include(written.join("\n"), "c�d⏎e�f�")
      for (const line of written.join("\n").split("\n")) assert.notMatch(line, obeyed)
    })
  )
})

describe("the log of a server", () => {
  it.effect("is fit, whatever a request said", () =>
    Effect.gen(function* () {
      const written: Array<string> = []
      const logger = Logger.make<unknown, void>(({ message }) => void written.push(...[message].flat().map(String)))
      yield* Refusals.log("check", `host ${hostile}`).pipe(
        Effect.provideService(Refusals.Level, LogLevel.Info),
        Effect.provide(Logger.replace(Logger.defaultLogger, logger))
      )
      assert.match(written.join("\n"), /^refused check: host a.*⏎c�d⏎e�f�$/u)
      assert.notMatch(written.join("\n"), obeyed)
    })
  )
})

describe("the message of an error", () => {
  const says = hostile
  const endpoint = "check"
  const errors: ReadonlyArray<Errors.WebQQError | Errors.RecoveryFailed<unknown>> = [
    ...(["Connection", "TooLarge", "Client"] as const).map(
      (reason) => new Errors.TransportError({ endpoint, reason, detail: says })
    ),
    new Errors.UnexpectedResponse({ endpoint, expected: says, received: says }),
    new Errors.UntrustedHost({ endpoint, host: says }),
    new Errors.WrongPassword({ account: 10001, says }),
    new Errors.WrongCaptcha({ account: 10001, says }),
    new Errors.CaptchaUnsolved({ account: 10001, why: says }),
    new Errors.AccountBlocked({ account: 10001, reason: "Frozen", code: says, says }),
    new Errors.QrRequired({ account: 10001, code: says, says }),
    new Errors.QrRefused({ says }),
    new Errors.LoginRefused({ account: 10001, reason: "Unknown", code: says, says }),
    new Errors.SessionLost({ endpoint, retcode: 1, says }),
    new Errors.ServerBusy({ endpoint, retcode: 1, says }),
    new Errors.Rejected({ endpoint, retcode: 1, says }),
    new Errors.DeliveryUnknown({ endpoint, detail: says }),
    new Errors.Kicked({ reason: says }),
    new Errors.RecoveryFailed({
      lost: new Errors.SessionLost({ endpoint, retcode: 1, says }),
      failure: new Error(says)
    })
  ]
  it.each(errors.map((error) => [error._tag, error] as const))("%s is fit", (_, { message }) => {
    assert.include(message, "⏎c�d⏎e�f�")
    assert.notMatch(message, obeyed)
  })
})

describe("the sources", () => {
  const root = join(import.meta.dirname, "../../../src")
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => [path.replaceAll("\\", "/"), readFileSync(join(root, path), "utf8")] as const)
  /** The lines that match, with the file. */
  const find = (pattern: RegExp) =>
    sources.flatMap(([path, text]) =>
      text
        .split("\n")
        .flatMap((line) => (pattern.test(line) && !/^\s*(?:\*|\/\/)/.test(line) ? [`${path}: ${line.trim()}`] : []))
    )

  it("print in one place", () => {
    const printing = find(
      /\bconsole\b|\bConsole\.|process\.(?:stdout|stderr)\.write|\bTerminal\.display|\bprettyLogger/i
    )
    assert.deepStrictEqual(
      printing.filter((line) => !line.startsWith("programs/cli/Print.ts: ")),
      []
    )
  })

  it("ask with questions of their own", () => {
    const asking = find(/\bPrompt\.(?!run|Prompt\b)\w+\(/).filter((line) => !/message(?:: "[\w ]+")? \}\)/.test(line))
    assert.deepStrictEqual(asking, [])
  })

  it("log nothing that was not made fit", () => {
    // Messages of our errors are fit, and so is what `Secrets.excerpt` and `Printable` give.
    const fit = /\b(?:error|failure)\.message\b|Printable\.\w+[(`]|Secrets\.excerpt\(|Refused\.codeOf\(|\bcause\b/
    const logging = find(/\bEffect\.log\w*\(/).filter((line) => {
      const said = /Effect\.log\w*\((.*)$/.exec(line)?.[1] ?? ""
      return !/^(?:level, )?"[^"]*"\)/.test(said) && !fit.test(said)
    })
    assert.deepStrictEqual(logging, [])
  })
})
