/**
 * Keeps secrets out of messages: what a server answered may be shown to a person only through this.
 */

import * as Printable from "../schema/Printable.ts"

/** Runs that can be a token: hex or base64-like text of 16 characters and more, and the `@…` form of `skey`. */
const tokens = /@[0-9A-Za-z]{9}(?![0-9A-Za-z])|[0-9A-Za-z*_+/=%@-]{16,}/g

/**
 * A short, harmless form of received text for error messages: everything that may be a token is replaced, and the rest
 * is cut to `limit` characters (code points, so that no character is split).
 */
export const excerpt = (text: string, limit = 160): string => {
  const harmless = text
    .slice(0, limit * 8)
    .replace(tokens, "<redacted>")
    .replace(/\s+/g, " ")
    .trim()
  return Printable.excerpt(harmless, limit)
}
