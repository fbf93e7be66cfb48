/**
 * The JavaScript calls with which the login host answers: `ptui_checkVC('0','!PTH','\x00…')` and
 * `ptuiCB('0','0','http://…','0','登录成功！', 'nick')` (protocol notes, sections 2.2 and 2.4; seed 1, "check" and
 * "login").
 */
import * as Arr from "effect/Array"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Reader from "./Reader.ts"

const escape = /\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|([\s\S]))/g
const letters: ReadonlyMap<string, string> = new Map(
  Object.entries({ n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", v: "\v", "0": "\0" })
)

const unescape = (raw: string): string =>
  raw.replace(escape, (_, hex?: string, unicode?: string, other?: string) =>
    other === undefined
      ? String.fromCharCode(Number.parseInt(hex ?? unicode ?? "0", 16))
      : (letters.get(other) ?? other)
  )

const isBlank = (character: string | undefined): boolean => character !== undefined && character.trim() === ""

const afterBlanks = (text: string, from: number): number => {
  let at = from
  while (isBlank(text[at])) at++
  return at
}

/** Whether what stands at a place can follow a quoted argument: the end, or the next argument. */
const endsArgument = (body: string, from: number): boolean => {
  const at = afterBlanks(body, from)
  return at === body.length || (body[at] === "," && /['\d-]/.test(body[afterBlanks(body, at + 1)] ?? ""))
}

/** The quote that closes the text from `from` on, as JavaScript reads it. */
const closing = (body: string, from: number): number => {
  for (let at = from; at < body.length; at++) {
    if (body[at] === "'") return at
    if (body[at] === "\\") at++
  }
  return -1
}

/** The same where a server escaped nothing: the first quote that can close it. */
const closingWords = (body: string, from: number): number => {
  let at = body.indexOf("'", from)
  while (at >= 0 && !endsArgument(body, at + 1)) at = body.indexOf("'", at + 1)
  return at
}

const number = /-?\d{1,16}/y

/** One argument and where it ends; -1 if there is none. */
const argumentAt = (
  body: string,
  from: number,
  close: typeof closing
): { readonly value: string; readonly end: number } => {
  if (body[from] === "'") {
    const end = close(body, from + 1)
    return { value: unescape(body.slice(from + 1, end)), end: end < 0 ? -1 : end + 1 }
  }
  number.lastIndex = from
  const value = number.exec(body)?.[0] ?? ""
  return { value, end: value === "" ? -1 : from + value.length }
}

/** The arguments of a call, if they are well-formed; those from `words` on may hold quotes and backslashes as they are. */
const argumentsOf = (body: string, words: number): ReadonlyArray<string> | undefined => {
  const args: Array<string> = []
  let at = afterBlanks(body, 0)
  if (at === body.length) return args
  for (;;) {
    const { end, value } = argumentAt(body, at, args.length < words ? closing : closingWords)
    if (end < 0) return undefined
    args.push(value)
    at = afterBlanks(body, end)
    if (at === body.length) return args
    if (body[at] !== ",") return undefined
    at = afterBlanks(body, at + 1)
  }
}

const head = /^([A-Za-z_]\w*)\s*\(/

/** The name of a JavaScript call and the text between its brackets. */
const callIn = (text: string): { readonly name: string; readonly body: string } | undefined => {
  const trimmed = text.trim()
  const statement = trimmed.endsWith(";") ? trimmed.slice(0, -1).trimEnd() : trimmed
  const [opening = "", name = ""] = head.exec(statement) ?? []
  return name !== "" && statement.endsWith(")") && statement.length > opening.length
    ? { name, body: statement.slice(opening.length, -1) }
    : undefined
}

/**
 * The unescaped arguments of the call of `name`; `undefined` when the text is no such call. What people are called and
 * what the server says, the arguments from `words` on, may hold quotes and backslashes that nobody escaped. Reads by
 * hand, because a regular expression can be made to take for ever.
 */
export const parseCall = (
  text: string,
  name: string,
  words = Number.POSITIVE_INFINITY
): ReadonlyArray<string> | undefined => {
  const call = callIn(text)
  if (call?.name !== name) return undefined
  return argumentsOf(call.body, Number.POSITIVE_INFINITY) ?? argumentsOf(call.body, words)
}

/** Letters that would end the argument, the line or the script. */
const unsafe = /[\\'\u0000-\u001f\u007f\u2028\u2029]/g
const quote = (value: string): string =>
  `'${value.replace(unsafe, (c) => (c === "'" || c === "\\" ? `\\${c}` : `\\u${hex(c.charCodeAt(0), 4)}`))}'`
const hex = (n: number, width: number): string => n.toString(16).padStart(width, "0")
const quoteBytes = (bytes: Uint8Array): string => `'${Arr.map(Array.from(bytes), (b) => `\\x${hex(b, 2)}`).join("")}'`

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0) & 0xff)

const callback = <A>(
  name: string,
  minimum: number,
  words: number,
  type: Schema.Schema<A>,
  fromArgs: (args: ReadonlyArray<string>) => A,
  toText: (value: A) => string
): Schema.Schema<A, string> =>
  Reader.schema({
    from: Schema.String,
    type,
    read: (text) => {
      const args = typeof text === "string" ? parseCall(text, name, words) : undefined
      return args !== undefined && args.length >= minimum
        ? fromArgs(args)
        : Reader.unreadable(`${name}(…) with at least ${minimum} quoted arguments`, text)
    },
    write: (value) => Either.right(toText(value))
  })

/**
 * What `check` answers.
 *
 * - `code`: "0" no captcha, "1" captcha wanted, "2" account number not valid, "3" as "0" (then login reports trouble).
 * - `verifyCode`: with code "0" the verification code to use (four characters, the first is `!`); with code "1" the
 *   token `cap_cd` for the captcha image.
 * - `salt`: the 8 bytes that go into the password proof, normally the account number, most significant byte first.
 * - `verifysession`, `isRandSalt`: only in replies since 2014.
 */
export interface CheckVC extends Schema.Schema.Type<typeof CheckVCType> {}
const CheckVCType = Schema.Struct({
  code: Schema.String,
  verifyCode: Schema.String,
  salt: Schema.Uint8ArrayFromSelf,
  verifysession: Schema.optional(Schema.Redacted(Schema.String)),
  isRandSalt: Schema.optional(Schema.Boolean)
})

export const CheckVC: Schema.Schema<CheckVC, string> = callback(
  "ptui_checkVC",
  3,
  Number.POSITIVE_INFINITY,
  Schema.typeSchema(CheckVCType),
  ([code = "", verifyCode = "", salt = "", verifysession, isRandSalt]) => ({
    code,
    verifyCode,
    salt: bytesOf(salt),
    ...(verifysession === undefined ? {} : { verifysession: Redacted.make(verifysession) }),
    ...(isRandSalt === undefined ? {} : { isRandSalt: isRandSalt === "1" })
  }),
  (value) => {
    const args = [quote(value.code), quote(value.verifyCode), quoteBytes(value.salt)]
    const session = value.verifysession === undefined ? undefined : quote(Redacted.value(value.verifysession))
    const flag = value.isRandSalt === undefined ? undefined : quote(value.isRandSalt ? "1" : "0")
    if (session !== undefined || flag !== undefined) args.push(session ?? "''")
    if (flag !== undefined) args.push(flag)
    return `ptui_checkVC(${args.join(",")});`
  }
)

/**
 * What `login` (and the QR login) answers: the code, a sub-code, the URL to fetch next (secret: it carries the
 * signature of the login), the redirect target, the server's own words, and the nick on success.
 */
export interface PtuiCB extends Schema.Schema.Type<typeof PtuiCBType> {}
const PtuiCBType = Schema.Struct({
  code: Schema.String,
  sub: Schema.String,
  url: Schema.Redacted(Schema.String),
  target: Schema.String,
  message: Schema.String,
  nick: Schema.optional(Schema.String)
})

export const PtuiCB: Schema.Schema<PtuiCB, string> = callback(
  "ptuiCB",
  5,
  // The server's words, and the nick.
  4,
  Schema.typeSchema(PtuiCBType),
  ([code = "", sub = "", url = "", target = "", message = "", nick]) => ({
    code,
    sub,
    url: Redacted.make(url),
    target,
    message,
    ...(nick === undefined ? {} : { nick })
  }),
  // One blank before the last argument: old clients scan for exactly that (protocol notes, section 2.4).
  (value) =>
    `ptuiCB(${[value.code, value.sub, Redacted.value(value.url), value.target, value.message].map(quote).join(",")}, ${quote(value.nick ?? "")});`
)
