/** The people of the benchmarks: a ring in which everybody is a friend of the next one. */
import { Redacted } from "effect"
import { Ids } from "effect-webqq/schema"
import { Profile, type WorldFile } from "effect-webqq/server"

const first = 20_000

export const numberOf = (i: number): number => first + i
export const password = "bench"

export const world = (people: number): WorldFile.WorldFile => ({
  accounts: Array.from({ length: people }, (_, i) => ({
    number: Ids.QQ.make(numberOf(i)),
    password: Redacted.make(password),
    nick: `bench ${i}`,
    signature: "",
    profile: Profile.blank,
    frozen: false,
    friends: [{ number: Ids.QQ.make(numberOf((i + 1) % people)) }]
  })),
  groups: [],
  discussions: [],
  requests: []
})
