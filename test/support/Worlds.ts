/** Who and what may be in a world. */
import { deepStrictEqual } from "node:assert"
import { Option, Redacted } from "effect"
import { type Letter, Profile, type World } from "../../src/programs/server/index.ts"
import { Content, Ids } from "../../src/schema/index.ts"

export const qq = (number: number): Ids.QQ => Ids.QQ.make(number)
export const digestOf = (byte: number) => Redacted.make(new Uint8Array(16).fill(byte))

export const account = (number: number, more: Partial<World.Account> = {}): World.Account => ({
  number: qq(number),
  nick: `nick ${number}`,
  signature: "",
  profile: Profile.blank,
  frozen: false,
  passwordDigest: digestOf(number),
  ...more
})

export const letter = (from: number, to: number, text: string, place: Letter.Place = { _tag: "Friend" }) => ({
  from: qq(from),
  to: qq(to),
  place,
  msgId: Ids.MsgId.make(12345),
  time: 1_700_000_000,
  content: Content.make([text, Content.face(14)])
})

/** A value as plain data, in which `some` differs from `none` and one secret from another. */
export const plain = (value: unknown): unknown => {
  if (Option.isOption(value)) return Option.match(value, { onNone: () => "none", onSome: (v) => ["some", plain(v)] })
  if (Redacted.isRedacted(value)) return ["secret", ...(Redacted.value(value) as Uint8Array)]
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]))
}

export const same = (actual: unknown, expected: unknown): void => deepStrictEqual(plain(actual), plain(expected))
