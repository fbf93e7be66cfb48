/**
 * The password field `p` of the 2013 login (protocol notes, section 3.1; seed 1, "校验密码").
 */
import { md5 } from "@noble/hashes/legacy.js"
import { bytesToHex, concatBytes, utf8ToBytes } from "@noble/hashes/utils.js"

const upperHex = (bytes: Uint8Array): string => bytesToHex(bytes).toUpperCase()

/**
 * The MD5 of a password: 16 bytes. Text is hashed as UTF-8, as twqq and PiWebQQ did; Tencent's own page used the low
 * byte of every UTF-16 unit, so only ASCII passwords were safe everywhere. Bytes are hashed as they are.
 */
export const digest = (password: string | Uint8Array): Uint8Array =>
  md5(typeof password === "string" ? utf8ToBytes(password) : password)

/**
 * The proof that is sent: 32 upper-case hex digits.
 *
 * @param passwordDigest - {@link digest} of the password, 16 bytes
 * @param salt - the 8 bytes of ptui_checkVC's third argument
 * @param verifyCode - the verification code or typed captcha, in any case
 *
 * @example
 * import { saltOf } from "./PasswordMd5.ts"
 *
 * proof(digest("password"), saltOf(1685359365), "!PTH") // "8B861F6C749FD12FA8D03A0B1BB3A414"
 */
export const proof = (passwordDigest: Uint8Array, salt: Uint8Array, verifyCode: string): string =>
  upperHex(md5(utf8ToBytes(upperHex(md5(concatBytes(passwordDigest, salt))) + verifyCode.toUpperCase())))

/** The usual salt of an account: its number as 8 bytes, most significant first. */
export const saltOf = (account: number | bigint): Uint8Array => {
  const salt = new Uint8Array(8)
  new DataView(salt.buffer).setBigUint64(0, BigInt(account))
  return salt
}
