/**
 * The password field `p` of the 2014 login, `pt_tea=1` (protocol notes, section 3.2): the RSA encrypted MD5 of the
 * password, the salt and the verification code, encrypted with QQ-TEA under a key made from the password and the salt.
 */
import { md5 } from "@noble/hashes/legacy.js"
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js"
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as Option from "effect/Option"
import * as Rsa from "./Rsa.ts"
import * as Tea from "./Tea.ts"

/** What both sides know: the MD5 of the password (`PasswordMd5.digest`), and what the check reply named. */
interface Known {
  readonly passwordDigest: Uint8Array
  readonly salt: Uint8Array
  readonly verifyCode: string
}

const u16 = (n: number): Uint8Array => Uint8Array.of(n >>> 8, n)

const equal = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && left.every((byte, i) => byte === right[i])

const keyOf = ({ passwordDigest, salt }: Known): Uint8Array => md5(concatBytes(passwordDigest, salt))

/** Everything behind the RSA result. The length counts bytes. */
const tailOf = ({ salt, verifyCode }: Known): Uint8Array => {
  const code = utf8ToBytes(verifyCode.toUpperCase())
  return concatBytes(salt, u16(code.length), code)
}

const encode = (bytes: Uint8Array): string =>
  Encoding.encodeBase64(bytes).replaceAll("/", "-").replaceAll("+", "*").replaceAll("=", "_")

const decode = (text: string): Option.Option<Uint8Array> =>
  /^[0-9A-Za-z*-]*_{0,2}$/.test(text)
    ? Either.getRight(Encoding.decodeBase64(text.replaceAll("-", "/").replaceAll("*", "+").replaceAll("_", "=")))
    : Option.none()

/**
 * The proof that is sent: Base64 with `-` `*` `_` for `/` `+` `=`, 216 characters for a code of 4.
 *
 * @param options.passwordDigest - the MD5 of the password, 16 bytes
 * @param options.salt - the bytes of ptui_checkVC's third argument, usually 8
 * @param options.verifyCode - the verification code or typed captcha, in any case
 * @param options.rsaPadding - 128 random bytes (see `Rsa.paddingFor`)
 * @param options.teaPadding - 10 random bytes (see `Tea.paddingFor`)
 *
 * @example
 * proof({ passwordDigest: digest("password"), salt: saltOf(1685359365), verifyCode: "!PTH", rsaPadding, teaPadding })
 */
export const proof = (
  options: Known & { readonly rsaPadding: Uint8Array; readonly teaPadding: Uint8Array }
): string => {
  const secret = Option.getOrElse(
    Rsa.encrypt(options.passwordDigest, Rsa.tencent, options.rsaPadding),
    // Only for more than 117 bytes, which are no MD5; `verify` refuses it.
    () => new Uint8Array(0)
  )
  const message = concatBytes(u16(secret.length), secret, tailOf(options))
  return encode(Tea.encrypt(message, keyOf(options), options.teaPadding))
}

const layoutFits = (message: Uint8Array, tail: Uint8Array): boolean => {
  const size = message.length - 2 - tail.length
  return (
    size > 0 &&
    size <= Rsa.sizeOf(Rsa.tencent) &&
    equal(message.subarray(0, 2), u16(size)) &&
    equal(message.subarray(2 + size), tail)
  )
}

/**
 * Whether a proof was made from this password, salt and code. A server that knows the MD5 of the password can tell: the
 * RSA part stays unreadable, but the key fits no other password or salt. Some clients keep the leading zero bytes of
 * the RSA result; both forms are accepted.
 */
export const verify = (options: Known & { readonly proof: string }): boolean =>
  decode(options.proof).pipe(
    Option.flatMap((ciphertext) => Tea.decrypt(ciphertext, keyOf(options))),
    Option.exists((message) => layoutFits(message, tailOf(options)))
  )
