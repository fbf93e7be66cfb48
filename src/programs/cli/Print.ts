/**
 * What the command shows: lines of a who and a what, in colour where the terminal has it. Nothing else of the command
 * prints, so that no text from outside reaches the terminal as it came.
 */
import { styleText } from "node:util"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import type * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import type * as QrLogin from "../../protocol/QrLogin.ts"
import * as Contacts from "../../schema/Contacts.ts"
import * as Content from "../../schema/Content.ts"
import * as Printable from "../../schema/Printable.ts"
import type * as Friends from "../Friends.ts"
import type * as Login from "../Login.ts"

type Style = Parameters<typeof styleText>[0]

/** Whether the output has colours: `NO_COLOR`, `TERM=dumb` and the like are the stream's own business. */
export const coloured: boolean = process.stdout.isTTY === true && process.stdout.hasColors()

export const paint = (style: Style, text: string): string => (coloured ? styleText(style, text) : text)

export const { oneLine } = Printable

/** A line of our words and those of others. */
export const line = (text: string): Effect.Effect<void> => Console.log(oneLine(text))

/** Lines that stand alone, for example to be copied. */
export const lines = (texts: ReadonlyArray<string>): Effect.Effect<void> =>
  Console.log(texts.map((text) => oneLine(text)).join("\n"))

/** Lines that were made here, colours and all: drawings, tables and JSON, whose words are fit already. */
export const drawn = (made: ReadonlyArray<string>): Effect.Effect<void> => Console.log(made.join("\n"))

/** What went wrong, on standard error. */
export const complaint = (sentence: string): Effect.Effect<void> =>
  Console.error(`${paint("red", "webqq:")} ${oneLine(sentence)}`)

/** What is logged, made fit for a terminal: its words, and what a cause says. */
export const fitting = (options: Logger.Logger.Options<unknown>): Logger.Logger.Options<unknown> => {
  const words = Array.isArray(options.message) ? options.message : [options.message]
  const cause = Cause.isEmpty(options.cause) ? [] : [Cause.pretty(options.cause)]
  const fit = (word: unknown) => (typeof word === "string" ? Printable.lines(word) : word)
  return { ...options, message: [...words, ...cause].map(fit), cause: Cause.empty }
}

/** What is logged goes to standard error, so that standard output holds the conversation alone. */
export const logger: Logger.Logger<unknown, void> = Logger.mapInputOptions(
  Logger.prettyLogger({ stderr: true }),
  fitting
)

/** One who speaks in the output. */
export interface Voice {
  readonly line: (text: string) => string
  readonly say: (text: string) => Effect.Effect<void>
}

/** Names are padded to the same width, so that the lines stand below each other. */
export const voice = (name: string, style: Style, width = 6): Voice => {
  const line = (text: string) => `${paint(style, name.padEnd(width))} ${oneLine(text)}`
  return { line, say: (text) => Console.log(line(text)) }
}

export const content = (value: Content.Content): string => oneLine(Content.toText(value))

export const friend = (value: Friends.Known): string => {
  const name = oneLine(Contacts.displayName(value))
  const nick = Option.isSome(value.markname) ? `, nick ${oneLine(value.nick)}` : ""
  return `${name} (${value.account}${nick}) in ${oneLine(value.category)}`
}

/** A state of a QR login, in words. */
export const qrState = (state: QrLogin.State): string => {
  switch (state._tag) {
    case "Code":
      return `qr         code ${state.number}: scan it`
    case "Waiting":
      return "qr         waiting for somebody to scan the code"
    case "Scanned":
      return "qr         scanned; waiting for the confirmation on the phone"
    case "Expired":
      return "qr         the code expired"
    case "Confirmed":
      return "qr         confirmed on the phone"
  }
}

/** A step of a login, in words. */
export const step = (value: Login.Step): string => {
  switch (value._tag) {
    case "Checked":
      return `check      no captcha wanted, verification code ${value.verifyCode}`
    case "CaptchaWanted":
      return `check      captcha wanted${value.attempt === 1 ? "" : `, try ${value.attempt}`}`
    case "Qr":
      return qrState(value.state)
    case "Accepted":
      return `login      ${oneLine(value.says)} ${oneLine(value.nick)}`
    case "Followed":
      return `check_sig  followed in ${value.hops} requests, cookies kept`
    case "Online":
      return `login2     ${value.status} as ${value.account}`
    case "Resumed":
      return `resume     the kept session of ${value.account} still holds`
    case "LoggedOut":
      return "logout2    logged out"
  }
}
