/**
 * The JavaScript calls with which the login host answers: `ptui_checkVC('0','!PTH','\x00…')` and
 * `ptuiCB('0','0','http://…','0','登录成功！', 'nick')` (protocol notes, sections 2.2 and 2.4; seed 1, "check" and
 * "login").
 */
import * as Arr from "effect/Array"
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

const call = /^\s*([A-Za-z_]\w*)\s*\(([\s\S]*)\)\s*;?\s*$/
const argument = /\s*(?:'((?:[^'\\]|\\[\s\S])*)'|(-?\d+))\s*(,|$)/y
const escape = /\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|([\s\S]))/g
const letters: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", v: "\v", "0": "\0" }

const unescape = (raw: string): string =>
  raw.replace(escape, (_, hex?: string, unicode?: string, other?: string) =>
    other === undefined ? String.fromCharCode(Number.parseInt(hex ?? unicode ?? "0", 16)) : (letters[other] ?? other)
  )

/**
 * The name and the unescaped arguments of one JavaScript call; `None`-like `undefined` when the text is no such call.
 */
export const parseCall = (
  text: string
): { readonly name: string; readonly args: ReadonlyArray<string> } | undefined => {
  const match = call.exec(text)
  const name = match?.[1]
  const body = match?.[2]
  if (name === undefined || body === undefined) return undefined
  const args: Array<string> = []
  let position = 0
  while (position < body.length) {
    argument.lastIndex = position
    const found = argument.exec(body)
    if (found === null) return undefined
    args.push(unescape(found[1] ?? found[2] ?? ""))
    position = argument.lastIndex
    if (found[3] === "," && position === body.length) return undefined
  }
  return { name, args }
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
  type: Schema.Schema<A>,
  fromArgs: (args: ReadonlyArray<string>) => A,
  toText: (value: A) => string
): Schema.Schema<A, string> =>
  Schema.transformOrFail(Schema.String, type, {
    strict: true,
    decode: (text, _, ast) => {
      const parsed = parseCall(text)
      return parsed !== undefined && parsed.name === name && parsed.args.length >= minimum
        ? Either.right(fromArgs(parsed.args))
        : Either.left(new ParseResult.Type(ast, text, `Expected ${name}(…) with at least ${minimum} quoted arguments`))
    },
    encode: (value) => Either.right(toText(value))
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
