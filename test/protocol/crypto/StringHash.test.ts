import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as StringHash from "../../../src/protocol/crypto/StringHash.ts"
import { load } from "../../vectors.ts"

interface Vector {
  readonly fn: "hash33" | "bkn" | "time33" | "hash33-init"
  readonly init: number
  readonly text: string
  readonly value: number
}

const run = ({ fn, init, text }: Vector): number => {
  switch (fn) {
    case "hash33":
      return StringHash.hash33(text)
    case "hash33-init":
      return StringHash.hash33(text, init)
    case "bkn":
      return StringHash.bkn(text)
    case "time33":
      return StringHash.time33(text)
  }
}

/** The same hash with big integers, masked once at the end. */
const oracle = (text: string, start: bigint, bits: number): number =>
  Number(
    BigInt.asUintN(
      bits,
      Array.from({ length: text.length }, (_, i) => BigInt(text.charCodeAt(i))).reduce((h, c) => h * 33n + c, start)
    )
  )

describe("StringHash", () => {
  it("equals every vector of hash33.json", () => {
    const vectors = load<Vector>("hash33")
    for (const vector of vectors) assert.strictEqual(run(vector), vector.value, `${vector.fn} ${vector.text}`)
    assert.sameMembers([...new Set(vectors.map((v) => v.fn))], ["hash33", "hash33-init", "bkn", "time33"])
  })

  it.prop("agrees with a big-integer hash masked at the end", [fc.fullUnicodeString({ maxLength: 200 })], ([text]) => {
    assert.strictEqual(StringHash.hash33(text), oracle(text, 0n, 31))
    assert.strictEqual(StringHash.bkn(text), oracle(text, 5381n, 31))
    assert.strictEqual(StringHash.time33(text), oracle(text, 0n, 32))
  })
})
