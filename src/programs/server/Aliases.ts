/**
 * What one session calls people and groups. The real service gave every session numbers of its own for them (protocol
 * notes, section 0.2): a client that keeps a uin beyond its session, or takes it for a QQ number, finds out here.
 */
import * as Effect from "effect/Effect"
import * as Hash from "effect/Hash"
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

type Kind = "person" | "gid" | "code"

/** The alias of somebody or something at the first try, and at later ones if that one stands for something else. */
const candidate = (seed: number, kind: Kind, owner: number, attempt: number): number => {
  const hash = Hash.array([seed, kind, owner, attempt].map((part) => Hash.hash(part)))
  return lowest + Math.floor(new PCGRandom(hash).number() * (beyond - lowest))
}

/** Names for one kind of thing; `mint` makes a number that stands for nothing yet. */
const names = (mint: (owner: number) => number) => {
  const aliases = new Map<number, number>()
  const owners = new Map<number, number>()
  const give = (owner: number, alias: number): number => {
    aliases.set(owner, alias)
    owners.set(alias, owner)
    return alias
  }
  return {
    give,
    aliasOf: (owner: number): number => aliases.get(owner) ?? give(owner, mint(owner)),
    ownerOf: (alias: number): Option.Option<number> => Option.fromNullable(owners.get(alias))
  }
}

/** People and groups that were shown before. */
export interface Shown {
  readonly people: ReadonlyArray<number>
  readonly groups: ReadonlyArray<number>
}

const nobody: Shown = { people: [], groups: [] }

/**
 * The names of a seed. `shown` are those that may be in use already: they stand for the same as before. Where two of them
 * would have the same, neither has, because it is not known which of them came first.
 */
export const fromSeed = (own: Ids.QQ, seed: number, shown: Shown = nobody): Aliases => {
  const used = new Set<number>([own])
  const minted = (kind: Kind) =>
    names((owner) => {
      let alias: number
      let attempt = 0
      do alias = candidate(seed, kind, owner, attempt++)
      while (used.has(alias))
      used.add(alias)
      return alias
    })
  const people = minted("person")
  const gids = minted("gid")
  const codes = minted("code")

  const before = [
    ...shown.people.map((owner) => ({ names: people, owner, alias: candidate(seed, "person", owner, 0) })),
    ...shown.groups.map((owner) => ({ names: gids, owner, alias: candidate(seed, "gid", owner, 0) })),
    ...shown.groups.map((owner) => ({ names: codes, owner, alias: candidate(seed, "code", owner, 0) }))
  ]
  const times = new Map<number, number>()
  for (const { alias } of before) times.set(alias, (times.get(alias) ?? 0) + 1)
  for (const { alias, names, owner } of before) {
    if (times.get(alias) === 1 && alias !== own) names.give(owner, alias)
    used.add(alias)
  }

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

/** A seed for new names. */
export const newSeed: Effect.Effect<number> = Random.nextIntBetween(0, 2 ** 31)

/** New names for a session of `own`. */
export const make = (own: Ids.QQ): Effect.Effect<Aliases> => Effect.map(newSeed, (seed) => fromSeed(own, seed))
