/**
 * One `Set-Cookie` line, read by the rules of RFC 6265bis (section 5.6, "The Set-Cookie Header Field"), and where the lines
 * of an answer are found. What may be kept of it is decided in `CookieJar`.
 */
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Option from "effect/Option"
import type * as Types from "effect/Types"
import { parseDate } from "tough-cookie"
import * as Received from "./Received.ts"

/**
 * A line as it stands. `expires` is ms since 1970, `maxAge` in seconds; `domain` is lower case and without its leading
 * dot; `path` is absent unless it begins with `/`.
 */
export interface SetCookie {
  readonly name: string
  readonly value: string
  readonly expires?: number
  readonly maxAge?: number
  readonly domain?: string
  readonly path?: string
  readonly secure: boolean
  readonly httpOnly: boolean
}

/**
 * What is read of an answer.
 *
 * - `bytes`: of a name and its value together; a longer cookie is refused (section 5.6).
 * - `attributeBytes`: of the value of an attribute; a longer one is as if it was not there (section 5.6).
 * - `lineBytes`: of a whole line; a longer one is refused.
 * - `lines`: of one answer; of more, the last ones are read.
 */
export const bounds = { bytes: 4096, attributeBytes: 1024, lineBytes: 16_384, lines: 1000 } as const

/** Controls but the tab: a line that has one is ignored as a whole (section 5.6, step 1). */
const control = /[\u0000-\u0008\u000a-\u001f\u007f]/

/** Whether there can be a cookie of this name and value. */
export const isPair = (name: string, value: string): boolean =>
  name !== "" && name.length + value.length <= bounds.bytes && !control.test(name) && !control.test(value)

const isBlank = (character: string | undefined): boolean => character === " " || character === "\t"

/** Without the blanks and tabs around it. Not `trim`: the last byte of a character in UTF-8 may look like a blank. */
const trim = (text: string): string => {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text[start])) start++
  while (start < end && isBlank(text[end - 1])) end--
  return text.slice(start, end)
}

/** What stands before and after the first equals sign. */
const split = (text: string): readonly [string, string | undefined] => {
  const at = text.indexOf("=")
  return at < 0 ? [trim(text), undefined] : [trim(text.slice(0, at)), trim(text.slice(at + 1))]
}

type Attributes = Types.Mutable<Omit<SetCookie, "name" | "value">>

/** Notes an attribute; of a repeated one the last counts (sections 5.6.1 to 5.6.6). SameSite is not looked at. */
const note = (into: Attributes, name: string, value: string): void => {
  switch (name) {
    case "expires": {
      const date = parseDate(value)?.getTime()
      if (date !== undefined) into.expires = date
      return
    }
    case "max-age":
      if (/^-?\d+$/.test(value)) into.maxAge = Number(value)
      return
    case "domain": {
      const domain = value.startsWith(".") ? value.slice(1) : value
      // RFC 6265 lets an empty one be ignored (section 5.2.3).
      if (domain !== "") into.domain = domain.toLowerCase()
      return
    }
    case "path":
      if (value.startsWith("/")) into.path = value
      else delete into.path
      return
    case "secure":
      into.secure = true
      return
    case "httponly":
      into.httpOnly = true
  }
}

/** Reads a line; none if it is no cookie: no name, a control character, or too long. */
export const parse = (line: string): Option.Option<SetCookie> => {
  if (line.length > bounds.lineBytes || control.test(line)) return Option.none()
  const [pair = "", ...rest] = line.split(";")
  const [name, value] = split(pair)
  if (value === undefined || !isPair(name, value)) return Option.none()
  const attributes: Attributes = { secure: false, httpOnly: false }
  for (const part of rest) {
    const [key, text = ""] = split(part)
    if (text.length <= bounds.attributeBytes) note(attributes, key.toLowerCase(), text)
  }
  return Option.some({ name, value, ...attributes })
}

const nextCookie = /,(?=\s*[!#$%&'*+\-.^_`|~0-9A-Za-z]+=)/

/**
 * Splits a `set-cookie` header whose lines were joined with commas. A comma also stands inside `Expires`, so only one
 * before `name=` starts a new line; a value with such a comma is cut, and so the lines themselves are taken where they can
 * be had ({@link linesOf}).
 */
export const splitLines = (header: string | undefined): ReadonlyArray<string> =>
  header === undefined || header === "" ? [] : header.split(nextCookie).map((line) => line.trim())

/** The lines in the headers of a platform's own message: a web `Response`, or a message of Node or of undici. */
const linesIn = (message: unknown): ReadonlyArray<string> => {
  if (!Received.isObject(message) || !("headers" in message) || !Received.isObject(message.headers)) return []
  const { headers } = message
  if (headers instanceof Headers) return headers.getSetCookie()
  const lines = "set-cookie" in headers ? headers["set-cookie"] : []
  return (Array.isArray(lines) ? lines : [lines]).filter((line) => typeof line === "string")
}

/**
 * The `Set-Cookie` lines of an answer, each by itself. The platform's interface has them joined with commas (or the last
 * one alone), so they are taken from the message below, and the header is split only where there is none.
 */
export const linesOf = (response: HttpClientResponse.HttpClientResponse): ReadonlyArray<string> => {
  const lines = linesIn(Received.messageOf(response))
  return lines.length > 0 ? lines : splitLines(response.headers["set-cookie"])
}
