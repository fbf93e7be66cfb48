/** The old pages' arithmetic, against the same in the JavaScript of its time. */
import { FriendHash, PasswordMd5, PasswordTea, StringHash, Tea } from "effect-webqq"
import * as old from "../baseline/hashes.ts"
import { proof } from "../baseline/proof.ts"
import { cpu, type Effort, inTurns } from "../Measure.ts"
import type { Row } from "../Table.ts"

/** Different ones, so that no engine can do with one result. */
const inputs = Array.from({ length: 256 }, (_, i) => ({
  uin: String(1_000_000_000 + i * 7_654_321),
  text: Array.from({ length: 64 }, (_, at) => ((at * 7 + i * 13) % 16).toString(16)).join("")
}))

type Hash = (uin: string, text: string) => unknown

/** A random sequence that is the same for everybody: how random it is does not matter here. */
const bytes = (length: number, seed: number) => Uint8Array.from({ length }, (_, i) => (i * 73 + seed * 151 + 1) & 255)

const digest = PasswordMd5.digest("password")
const salt = Uint8Array.of(0, 0, 0, 0, 0x64, 0x74, 0x8b, 0x05)

const ourProof = (_uin: string, text: string) =>
  PasswordTea.proof({
    passwordDigest: digest,
    salt,
    verifyCode: text.slice(0, 4),
    rsaPadding: bytes(128, text.charCodeAt(0)),
    teaPadding: bytes(Tea.paddingSize, text.charCodeAt(1))
  })

const oldProof = (_uin: string, text: string) => {
  let at = text.charCodeAt(0)
  return proof([...digest], [...salt], text.slice(0, 4), () => at++ * 73 + 1)
}

const works: ReadonlyArray<{
  readonly name: string
  readonly ours: Hash
  readonly old: Hash
  readonly baseline: string
  readonly times: number
  readonly target: number
}> = [
  {
    name: "hash EC/OK",
    ours: FriendHash.ecOk,
    old: old.ecOk,
    baseline: "the document's JavaScript",
    times: 300_000,
    target: 2
  },
  {
    name: "hash 'password error'",
    ours: FriendHash.passwordError,
    old: old.passwordError,
    baseline: "a port of its time",
    times: 60_000,
    target: 2
  },
  {
    name: "hash quicksort",
    ours: FriendHash.quicksort,
    old: old.quicksort,
    baseline: "a port of its time",
    times: 60_000,
    target: 2
  },
  {
    name: "hash33",
    ours: (_uin, text) => StringHash.hash33(text),
    old: (_uin, text) => old.hash33(text),
    baseline: "the pages' JavaScript",
    times: 600_000,
    target: 1
  },
  {
    name: "password TEA + RSA",
    ours: ourProof,
    old: oldProof,
    baseline: "a port of its time",
    times: 4000,
    target: 3
  }
]

export const measure = async (effort: Effort): Promise<ReadonlyArray<Row>> => {
  const rows: Array<Row> = []
  for (const { baseline, name, old: other, ours, target, times } of works) {
    const turns = Math.ceil(times * effort.scale)
    let last: unknown
    const per = (hash: Hash) => async () =>
      (await cpu(() => {
        for (let i = 0; i < turns; i++) {
          const { text, uin } = inputs[i & 255] as (typeof inputs)[number]
          last = hash(uin, text)
        }
      })) / turns
    const measured = await inTurns(effort, { ours: per(ours), old: per(other) })
    if (last === undefined) throw new Error("nothing was hashed")
    const old = { name: baseline, samples: measured.old }
    rows.push({ name, unit: "µs", ours: measured.ours, baseline: old, compare: "speed", target: { ratio: target } })
  }
  return rows
}
