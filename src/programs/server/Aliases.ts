/**
 * What one session calls people and groups. The real service gave every session numbers of its own for them (protocol
 * notes, section 0.2): a client that keeps a uin beyond its session, or takes it for a QQ number, finds out here.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import { PCGRandom } from "effect/Utils"
import * as Ids from "../../schema/Ids.ts"

/**
 * - `uinOf(account)`, `accountOf(uin)`: people. One's own uin is one's QQ number.
 * - `gidOf(group)`, `groupOfGid(gid)`, `codeOf(group)`, `groupOfCode(code)`: groups, by the number that people type.
 *
 * A number that was never given out stands for nobody.
 */
export interface Aliases {
  readonly uinOf: (account: Ids.QQ) => Ids.Uin
  readonly accountOf: (uin: Ids.Uin) => Option.Option<Ids.QQ>
  readonly gidOf: (group: number) => Ids.GroupId
  readonly groupOfGid: (gid: Ids.GroupId) => Option.Option<number>
  readonly codeOf: (group: number) => Ids.GroupCode
  readonly groupOfCode: (code: Ids.GroupCode) => Option.Option<number>
}

/** Aliases are 32-bit numbers, mostly above 2^31, as they were. */
const lowest = 1_000_000_000
const beyond = 2 ** 32

/** Far from the group numbers and from each other, so that a mix-up shows at once. */
const firstGid = 3_000_000_000
const firstCode = 2_000_000_000

/** Everybody under the permanent number, groups at a fixed distance from theirs: for tests whose subject is another. */
export const plain = (): Aliases => ({
  uinOf: (account) => Ids.Uin.make(account),
  accountOf: (uin) => Option.some(Ids.QQ.make(uin)),
  gidOf: (group) => Ids.GroupId.make(firstGid + group),
  groupOfGid: (gid) => Option.liftPredicate((group: number) => group > 0)(gid - firstGid),
  codeOf: (group) => Ids.GroupCode.make(firstCode + group),
  groupOfCode: (code) => Option.liftPredicate((group: number) => group > 0)(code - firstCode)
})

/** Names for one kind of thing; `fresh` mints a number that stands for nothing yet. */
const names = (fresh: () => number) => {
  const aliases = new Map<number, number>()
  const owners = new Map<number, number>()
  return {
    aliasOf: (owner: number): number => {
      const known = aliases.get(owner)
      if (known !== undefined) return known
      const alias = fresh()
      aliases.set(owner, alias)
      owners.set(alias, owner)
      return alias
    },
    ownerOf: (alias: number): Option.Option<number> => Option.fromNullable(owners.get(alias))
  }
}

const fromSeed = (own: Ids.QQ, seed: number): Aliases => {
  const random = new PCGRandom(seed)
  const used = new Set<number>([own])
  const fresh = (): number => {
    let alias: number
    do alias = lowest + Math.floor(random.number() * (beyond - lowest))
    while (used.has(alias))
    used.add(alias)
    return alias
  }
  const people = names(fresh)
  const gids = names(fresh)
  const codes = names(fresh)
  return {
    uinOf: (account) => Ids.Uin.make(account === own ? account : people.aliasOf(account)),
    accountOf: (uin) =>
      Option.map(Number(uin) === Number(own) ? Option.some(Number(own)) : people.ownerOf(uin), (n) => Ids.QQ.make(n)),
    gidOf: (group) => Ids.GroupId.make(gids.aliasOf(group)),
    groupOfGid: gids.ownerOf,
    codeOf: (group) => Ids.GroupCode.make(codes.aliasOf(group)),
    groupOfCode: codes.ownerOf
  }
}

/** New names for a session of `own`. */
export const make = (own: Ids.QQ): Effect.Effect<Aliases> =>
  Effect.map(Random.nextIntBetween(0, 2 ** 31), (seed) => fromSeed(own, seed))
