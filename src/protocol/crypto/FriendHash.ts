/**
 * The `hash` parameter of the contact lists: four variants, in force at different times (protocol notes, section 3.3).
 *
 * Every variant takes the own QQ number as decimal text and the cookie `ptwebqq`; only the low 8 bits of a character
 * reach the result unless a variant says otherwise. Inputs are secrets, so results should be treated as such.
 */

/** The name of a variant: `N` is the digit walk, `O` "password error", `P` EC/OK, `Q` quicksort (lwqq's letters). */
export type Variant = "N" | "O" | "P" | "Q"

const hexByte = (n: number): string => (n & 0xff).toString(16).toUpperCase().padStart(2, "0")
const hexBytes = (bytes: ReadonlyArray<number>): string => bytes.map(hexByte).join("")

/** Big-endian bytes of the low 32 bits. Follows JavaScript's number rules for text that is no plain decimal. */
const bytesOf = (uin: string): readonly [number, number, number, number] => {
  const x = Number(uin)
  return [(x >> 24) & 0xff, (x >> 16) & 0xff, (x >> 8) & 0xff, x & 0xff]
}

const xorFold = (text: string): readonly [number, number, number, number] => {
  const folded: [number, number, number, number] = [0, 0, 0, 0]
  for (let i = 0; i < text.length; i++) folded[(i & 3) as 0 | 1 | 2 | 3] ^= text.charCodeAt(i)
  return folded
}

/**
 * Variant P (EC/OK): 16 upper-case hex digits. In force 2013-12 to 2014-05 and from 2015-03 to the end.
 *
 * @example
 * ecOk("10000", "abcdef") // "044504436368645B"
 */
export const ecOk = (uin: string, ptwebqq: string): string => {
  const n = xorFold(ptwebqq)
  const v = bytesOf(uin)
  // 'E', 'C', 'O', 'K'
  return hexBytes([n[0], v[0] ^ 0x45, n[1], v[1] ^ 0x43, n[2], v[2] ^ 0x4f, n[3], v[3] ^ 0x4b])
}

/**
 * Variant O ("password error"): two upper-case hex digits for every character of `ptwebqq` and 28 more. In force 2013-07
 * and 2014-06 to 2015-03. Leading zeros of `uin` count. An empty `uin`, for which the old scripts never returned, adds
 * nothing to the text.
 *
 * @example
 * passwordError("123456789", "") // "415340474259455C195440415B47"
 */
export const passwordError = (uin: string, ptwebqq: string): string => {
  const text = `${ptwebqq}password error`
  let hash = ""
  for (let i = 0; i < text.length; i++) {
    hash += hexByte(text.charCodeAt(i) ^ (uin.length === 0 ? 0 : uin.charCodeAt(i % uin.length)))
  }
  return hash
}

/**
 * Variant Q (quicksort): 8 upper-case hex digits. In force 2013-10 to 2013-12 and 2014-05 to 2014-06. Sorts the
 * characters of `ptwebqq` (compared whole) and lets every step of the sort change the bytes of `uin`.
 *
 * @example
 * quicksort("10000", "abcdef") // "2A002710"
 */
export const quicksort = (uin: string, ptwebqq: string): string => {
  const r = [...bytesOf(uin)] as [number, number, number, number]
  const units = Array.from({ length: ptwebqq.length }, (_, i) => ptwebqq.charCodeAt(i))
  const at = (i: number): number => units[i] ?? 0
  const ranges: Array<readonly [start: number, end: number]> = [[0, units.length - 1]]
  for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
    const [start, end] = range
    if (start >= end || start < 0 || end >= units.length) continue
    if (end - start === 1) {
      const first = at(start)
      if (first > at(end)) {
        units[start] = at(end)
        units[end] = first
      }
      continue
    }
    const pivot = at(start)
    let low = start
    let high = end
    while (low < high) {
      while (low < high && at(high) >= pivot) {
        high--
        r[0] = (r[0] + 3) & 255
      }
      if (low < high) {
        units[low] = at(high)
        low++
        r[1] = (r[1] * 13 + 43) & 255
      }
      while (low < high && at(low) <= pivot) {
        low++
        r[2] = (r[2] - 3) & 255
      }
      if (low < high) {
        units[high] = at(low)
        high--
        r[3] = (r[0] ^ r[1] ^ r[2] ^ (r[3] + 1)) & 255
      }
    }
    units[low] = pivot
    ranges.push([start, low - 1], [low + 1, end])
  }
  return hexBytes(r)
}

/**
 * Variant N (digit walk): 8 upper-case hex digits. In force until 2013-07-06 and again from 2013-07-24. Every digit of
 * `uin` moves a window of four characters forward over `ptwebqq`, in a circle, and the windows are XORed. A window that
 * leaves the text at the end is put together in the order of the old scripts, which is no clean wrap; what they read
 * behind the end counts as 0. Leading zeros of `uin` count; anything but a digit moves nothing. An empty `ptwebqq` (or
 * `uin`) gives "FFFFFFFF".
 *
 * @example
 * digitWalk("10000", "abcdef") // "9D9C9B9A"
 */
export const digitWalk = (uin: string, ptwebqq: string): string => {
  const length = ptwebqq.length
  const at = (i: number): number => (i < length ? ptwebqq.charCodeAt(i) : 0)
  const hash: [number, number, number, number] = [0xff, 0xff, 0xff, 0xff]
  let start = 0
  for (let i = 0; i < uin.length; i++) {
    start = (start + (Number(uin.charAt(i)) || 0)) % Math.max(length, 1)
    const beyond = start + 4 - length
    for (const n of [0, 1, 2, 3] as const) hash[n] ^= at(beyond > 0 && n >= beyond ? n - beyond : start + n)
  }
  return hexBytes(hash)
}

/** All variants by name. */
export const variants: Readonly<Record<Variant, (uin: string, ptwebqq: string) => string>> = {
  N: digitWalk,
  O: passwordError,
  P: ecOk,
  Q: quicksort
}
