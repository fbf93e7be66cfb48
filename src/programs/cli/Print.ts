/**
 * What the command shows: lines of a who and a what, in colour where the terminal has it.
 */
import { styleText } from "node:util"
import * as Console from "effect/Console"
import type * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as QrLogin from "../../protocol/QrLogin.ts"
import * as Contacts from "../../schema/Contacts.ts"
import * as Content from "../../schema/Content.ts"
import type * as Friends from "../Friends.ts"
import type * as Login from "../Login.ts"

type Style = Parameters<typeof styleText>[0]

/** Whether the output has colours: `NO_COLOR`, `TERM=dumb` and the like are the stream's own business. */
export const coloured: boolean = process.stdout.isTTY === true && process.stdout.hasColors()

export const paint = (style: Style, text: string): string => (coloured ? styleText(style, text) : text)

/** Text from elsewhere on one line, without control characters that a terminal would obey. */
export const oneLine = (text: string): string =>
  text.replace(/\r\n?|\n/g, "⏎").replace(/[\u0000-\u001f\u007f-\u009f]/g, "�")

/** One who speaks in the output. */
export interface Voice {
  readonly say: (text: string) => Effect.Effect<void>
}

/** Names are padded to the same width, so that the lines stand below each other. */
export const voice = (name: string, style: Style, width = 6): Voice => ({
  say: (text) => Console.log(`${paint(style, name.padEnd(width))} ${text}`)
})

export const content = (value: Content.Content): string => oneLine(Content.toText(value))

export const friend = (value: Friends.Known): string => {
  const name = oneLine(Contacts.displayName(value))
  const nick = Option.isSome(value.markname) ? `, nick ${oneLine(value.nick)}` : ""
  return `${name} (${value.account}${nick}) in ${oneLine(value.category)}`
}

/** A state of a QR login, in words. */
const qrState = (state: QrLogin.State): string => {
  switch (state._tag) {
    case "Code":
      return `code ${state.number}: scan it`
    case "Waiting":
      return "waiting for somebody to scan the code"
    case "Scanned":
      return "scanned; waiting for the confirmation on the phone"
    case "Expired":
      return "the code expired"
    case "Confirmed":
      return "confirmed on the phone"
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
      return `qr         ${qrState(value.state)}`
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
