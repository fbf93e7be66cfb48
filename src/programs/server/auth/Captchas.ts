/**
 * Captchas (protocol notes, section 2.3): the name that `check` gives to one, and the token of each of its pictures. Both
 * are sealed, and what a picture shows follows from its token: so nobody can make the server forget somebody's picture.
 * Remembered is only which pictures were answered, and the latest of an account, for clients that lose the token.
 */
import { concatBytes } from "@noble/hashes/utils.js"
import * as Arr from "effect/Array"
import * as Option from "effect/Option"
import type * as Ids from "../../../schema/Ids.ts"
import * as CaptchaImage from "../pictures/CaptchaImage.ts"
import * as Seal from "./Seal.ts"

/** How long a picture is good, in ms. */
export const lifetime = 5 * 60 * 1000

/** What a picture is: the letters that it shows, the salt of the password proof, and its token `verifysession`. */
export interface Picture {
  readonly code: string
  readonly salt: Uint8Array
  readonly token: string
  readonly drawnAt: number
}

/** Bytes of a salt, of a time and of a number used once. */
const part = 8
const nameCode = 16
const tokenCode = 24

const u64 = (value: number): Uint8Array => {
  const bytes = new Uint8Array(part)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}

/** The name of a captcha of an account, which `check` gives out as `cap_cd`. `nonce` are 8 bytes. */
export const name = (key: Seal.Key, account: Ids.QQ, salt: Uint8Array, nonce: Uint8Array): string =>
  Seal.seal(key, `captcha ${account}`, concatBytes(salt, nonce), nameCode)

/** The salt that was given out with a captcha of the account. */
export const saltOf = (key: Seal.Key, account: Ids.QQ, capCd: string): Option.Option<Uint8Array> =>
  Option.map(Seal.open(key, `captcha ${account}`, capCd, nameCode), (payload) => payload.slice(0, part))

const letters = (key: Seal.Key, token: string): string =>
  Array.from(Seal.derive(key, "letters", token).subarray(0, CaptchaImage.length), (byte) =>
    CaptchaImage.alphabet.charAt(byte % CaptchaImage.alphabet.length)
  ).join("")

const read = (key: Seal.Key, token: string, payload: Uint8Array): Picture => ({
  code: letters(key, token),
  salt: payload.slice(part, 2 * part),
  token,
  drawnAt: Number(new DataView(payload.buffer, payload.byteOffset).getBigUint64(0))
})

/** A new picture for an account. `nonce` are 8 bytes. */
export const draw = (key: Seal.Key, account: Ids.QQ, salt: Uint8Array, nonce: Uint8Array, now: number): Picture => {
  const payload = concatBytes(u64(now), salt, nonce)
  return read(key, Seal.seal(key, `picture ${account}`, payload, tokenCode), payload)
}

/** The picture of a token, if it was given out for the account. */
export const byToken = (key: Seal.Key, account: Ids.QQ, token: string): Option.Option<Picture> =>
  Option.map(Seal.open(key, `picture ${account}`, token, tokenCode), (payload) => read(key, token, payload))

const isGood =
  (now: number) =>
  (picture: Picture): boolean =>
    now - picture.drawnAt <= lifetime
const shows =
  (typed: string) =>
  ({ code }: Picture): boolean =>
    code.toUpperCase() === typed.toUpperCase()

/** Pictures of an account that are remembered for clients that lose the token. */
export const latestAtMost = 64

/** The latest pictures of one account, oldest first. */
export type Latest = ReadonlyArray<Picture>

export const remember = (latest: Latest, picture: Picture, now: number): Latest =>
  [...latest.filter(isGood(now)), picture].slice(-latestAtMost)

/** Whether what was typed can be meant for a picture: the codes of `check` begin with a mark that no picture shows. */
export const isMeant = (typed: string): boolean => !typed.startsWith("!")

/** The picture that shows what was typed, if somebody who has no token may mean it: the latest. */
export const guess = (latest: Latest, typed: string, now: number): Option.Option<Picture> =>
  Arr.findLast(latest, (picture) => isGood(now)(picture) && shows(typed)(picture))

/** Whether the answer to a picture is right and in time. */
export const isRight = (picture: Picture, typed: string, now: number): boolean =>
  isGood(now)(picture) && shows(typed)(picture)
