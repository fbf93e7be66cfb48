import { readFileSync } from "node:fs"

/** The vectors of one file of `test/vectors`; its README describes the fields. */
export const load = <V>(file: string): ReadonlyArray<V> => {
  const parsed = JSON.parse(readFileSync(new URL(`./vectors/${file}.json`, import.meta.url), "utf8")) as {
    readonly vectors: ReadonlyArray<V>
  }
  if (parsed.vectors.length === 0) throw new Error(`${file} holds no vectors`)
  return parsed.vectors
}
