/**
 * The hashes as the old pages computed them: EC/OK word for word as the second document prints it, the others straight
 * from their description (protocol notes, sections 3.3 and 3.4), in the JavaScript of their time.
 */

const digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "A", "B", "C", "D", "E", "F"]

const hex = (bytes: ReadonlyArray<number>): string => {
  let text = ""
  for (let i = 0; i < bytes.length; i++) {
    text += digits[((bytes[i] ?? 0) >> 4) & 15]
    text += digits[(bytes[i] ?? 0) & 15]
  }
  return text
}

/** The function `u` of the second document. */
export const ecOk = (uin: string, ptwebqq: string): string => {
  const x = Number(uin)
  const N: Array<number> = []
  for (let T = 0; T < ptwebqq.length; T++) N[T % 4] = (N[T % 4] ?? 0) ^ ptwebqq.charCodeAt(T)
  const U = ["EC", "OK"] as const
  const V: Array<number> = []
  V[0] = ((x >> 24) & 255) ^ U[0].charCodeAt(0)
  V[1] = ((x >> 16) & 255) ^ U[0].charCodeAt(1)
  V[2] = ((x >> 8) & 255) ^ U[1].charCodeAt(0)
  V[3] = (x & 255) ^ U[1].charCodeAt(1)
  const mixed: Array<number> = []
  for (let T = 0; T < 8; T++) mixed[T] = (T % 2 === 0 ? N[T >> 1] : V[T >> 1]) ?? 0
  return hex(mixed)
}

export const passwordError = (uin: string, ptwebqq: string): string => {
  const a = `${ptwebqq}password error`
  let s = ""
  while (s.length < a.length) s += uin
  const mixed: Array<number> = []
  for (let i = 0; i < a.length; i++) mixed[i] = s.charCodeAt(i) ^ a.charCodeAt(i)
  return hex(mixed)
}

export const quicksort = (uin: string, ptwebqq: string): string => {
  const x = Number(uin)
  const r = [(x >> 24) & 255, (x >> 16) & 255, (x >> 8) & 255, x & 255] as [number, number, number, number]
  const a: Array<number> = []
  for (let i = 0; i < ptwebqq.length; i++) a.push(ptwebqq.charCodeAt(i))
  const at = (i: number): number => a[i] as number
  const stack = [{ s: 0, e: a.length - 1 }]
  while (stack.length > 0) {
    const range = stack.pop()
    if (range === undefined || range.s >= range.e || range.s < 0 || range.e >= a.length) continue
    if (range.s + 1 === range.e) {
      if (at(range.s) > at(range.e)) {
        const held = at(range.s)
        a[range.s] = at(range.e)
        a[range.e] = held
      }
      continue
    }
    let s = range.s
    let e = range.e
    const f = at(s)
    while (s < e) {
      while (s < e && at(e) >= f) {
        e--
        r[0] = (r[0] + 3) & 255
      }
      if (s < e) {
        a[s] = at(e)
        s++
        r[1] = (r[1] * 13 + 43) & 255
      }
      while (s < e && at(s) <= f) {
        s++
        r[2] = (r[2] - 3) & 255
      }
      if (s < e) {
        a[e] = at(s)
        e--
        r[3] = (r[0] ^ r[1] ^ r[2] ^ (r[3] + 1)) & 255
      }
    }
    a[s] = f
    stack.push({ s: range.s, e: s - 1 })
    stack.push({ s: s + 1, e: range.e })
  }
  return hex(r)
}

export const hash33 = (text: string): number => {
  let e = 0
  for (let i = 0; i < text.length; i++) e += (e << 5) + text.charCodeAt(i)
  return 2147483647 & e
}
