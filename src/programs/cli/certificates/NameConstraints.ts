/**
 * The extension that tells for which names a CA may issue (RFC 5280, section 4.2.1.10). The library has none.
 */

/** `id-ce-nameConstraints`. */
export const oid = "2.5.29.30"

/** The tags of DER and of a GeneralName; those in brackets are context-specific. */
const tag = { sequence: 0x30, permitted: 0xa0, dnsName: 0x82, ipAddress: 0x87 } as const

/** One value of DER. All of ours are below 128 bytes, where the length is a single byte. */
const der = (type: number, content: Uint8Array): Uint8Array => {
  if (content.length > 127) throw new RangeError("more names than the short form of a length can hold")
  return Uint8Array.of(type, content.length, ...content)
}

const sequence = (type: number, parts: ReadonlyArray<Uint8Array>): Uint8Array =>
  der(type, Uint8Array.from(parts.flatMap((part) => [...part])))

/** An address and its mask, as the constraint wants them: 127.0.0.0/8, and ::1/128. */
const loopback: ReadonlyArray<Uint8Array> = [
  Uint8Array.of(127, 0, 0, 0, 255, 0, 0, 0),
  Uint8Array.of(...new Array<number>(15).fill(0), 1, ...new Array<number>(16).fill(255))
]

/**
 * The value of the extension: it permits the domains with all below them, `localhost`, and the loopback addresses. The
 * addresses must be named, because a kind of name that is not mentioned is not constrained at all.
 */
export const permitting = (domains: ReadonlyArray<string>): Uint8Array<ArrayBuffer> => {
  const names = [...domains, "localhost"].map((domain) => der(tag.dnsName, new TextEncoder().encode(domain)))
  const addresses = loopback.map((range) => der(tag.ipAddress, range))
  const subtrees = [...names, ...addresses].map((base) => sequence(tag.sequence, [base]))
  return Uint8Array.from(sequence(tag.sequence, [sequence(tag.permitted, subtrees)]))
}
