/**
 * The multiply-by-33 string hashes (protocol notes, section 3.4). Every UTF-16 unit of the text is one step.
 */

const times33 = (text: string, start: number): number => {
  let hash = start
  for (let i = 0; i < text.length; i++) hash = (hash * 33 + text.charCodeAt(i)) % 0x1_0000_0000
  return hash
}

/**
 * `hash33`: a number of 31 bits. `ptqrtoken` is the hash33 of the cookie `qrsig`. `start` defaults to 0.
 *
 * @example
 * hash33("abc") // 108966
 */
export const hash33 = (text: string, start = 0): number => times33(text, start) & 0x7fff_ffff

/**
 * `bkn` (also `g_tk`, `csrf_token`): a number of 31 bits from the cookie `skey`.
 *
 * @example
 * bkn("@abcdefghi") // 34812434
 */
export const bkn = (skey: string): number => hash33(skey, 5381)

/** `time33`: a number of 32 bits, for `auth_token` (from `supertoken`) and `pt4_hkey` (from `skey`). */
export const time33 = (text: string): number => times33(text, 0)
