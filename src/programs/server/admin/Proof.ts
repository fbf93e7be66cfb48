/**
 * How the server shows a command that it has the token, before the command shows it anything: the file that names the
 * endpoint may be of a server that was killed, and somebody else may listen there by now.
 */
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import * as Redacted from "effect/Redacted"
import * as Seal from "../auth/Seal.ts"

export const path = "/proof"

/** What a command asks with: 32 hex digits that nobody used before. */
export const isNonce = (text: string): boolean => /^[0-9a-f]{32}$/.test(text)

/** What only the holder of the token can answer. */
export const of = (token: Redacted.Redacted, nonce: string): string =>
  bytesToHex(Seal.derive(utf8ToBytes(Redacted.value(token)), "effect-webqq admin endpoint", nonce))
