/**
 * A world in memory, made from a world file. It ends with the process.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as PasswordMd5 from "../../protocol/crypto/PasswordMd5.ts"
import * as Ids from "../../schema/Ids.ts"
import * as World from "./World.ts"
import * as WorldFile from "./WorldFile.ts"

/** A friend by number; the account itself is looked up, because it may change. */
interface Entry {
  readonly category: Option.Option<string>
  readonly remark: Option.Option<string>
}
type FriendLists = Map<Ids.QQ, Map<Ids.QQ, Entry>>

const add = (lists: FriendLists, owner: Ids.QQ, friend: Ids.QQ, entry?: Partial<Entry>): void => {
  const list = lists.get(owner) ?? new Map<Ids.QQ, Entry>()
  lists.set(owner, list)
  if (entry !== undefined || !list.has(friend)) {
    list.set(friend, { category: Option.none(), remark: Option.none(), ...entry })
  }
}

/** Every friendship of the file, in both directions; each owner's own entries first. */
const friendLists = ({ accounts }: WorldFile.WorldFile): FriendLists => {
  const lists: FriendLists = new Map()
  for (const { friends, number } of accounts) {
    for (const { category, number: friend, remark } of friends) {
      add(lists, number, friend, { category: Option.fromNullable(category), remark: Option.fromNullable(remark) })
    }
  }
  for (const { friends, number } of accounts) {
    for (const friend of friends) add(lists, friend.number, number)
  }
  return lists
}

const newAccount = ({
  frozen,
  nick,
  number,
  password,
  signature
}: WorldFile.WorldFile["accounts"][number]): World.Account => ({
  number,
  nick,
  signature,
  frozen,
  passwordDigest: Redacted.make(PasswordMd5.digest(Redacted.value(password)))
})

/** Far from the group numbers and from each other, so that a mix-up shows at once. */
const firstGid = 3_000_000_001
const firstCode = 2_000_000_001

/** Kept messages per recipient; the oldest are dropped beyond it. */
const keepAtMost = 1000

export const make = (file: WorldFile.WorldFile): Effect.Effect<World.World["Type"]> =>
  Effect.sync(() => {
    const accounts = new Map(file.accounts.map((entry) => [entry.number, newAccount(entry)]))
    const lists = friendLists(file)
    const kept = new Map<Ids.QQ, ReadonlyArray<World.Message>>()
    let requests: ReadonlyArray<World.FriendRequest> = file.requests

    const people = (numbers: ReadonlyArray<Ids.QQ>): ReadonlyArray<World.Account> =>
      Arr.filterMap(numbers, (number) => Option.fromNullable(accounts.get(number)))

    const group = (entry: WorldFile.WorldFile["groups"][number], i: number): World.Group => {
      const named = new Map(entry.members.map((member) => [member.number, member]))
      return {
        gid: Ids.GroupId.make(firstGid + i),
        code: Ids.GroupCode.make(firstCode + i),
        number: entry.number,
        name: entry.name,
        owner: entry.owner,
        members: Arr.map(people(Arr.dedupe([entry.owner, ...named.keys()])), (account) => ({
          account,
          card: Option.fromNullable(named.get(account.number)?.card),
          admin: named.get(account.number)?.admin ?? false
        }))
      }
    }

    return World.World.of({
      account: (number) => Effect.sync(() => Option.fromNullable(accounts.get(number))),
      friends: (owner) =>
        Effect.sync(() =>
          Arr.filterMap(Array.from(lists.get(owner) ?? []), ([number, entry]) =>
            Option.map(Option.fromNullable(accounts.get(number)), (account) => ({ account, ...entry }))
          )
        ),
      groups: (member) =>
        Effect.sync(() =>
          file.groups.map(group).filter(({ members }) => members.some(({ account }) => account.number === member))
        ),
      discussions: (member) =>
        Effect.sync(() =>
          file.discussions
            .filter(({ members, owner }) => owner === member || members.includes(member))
            .map((entry) => ({ ...entry, members: people(Arr.dedupe([entry.owner, ...entry.members])) }))
        ),
      requests: (to) => Effect.sync(() => requests.filter((request) => request.to === to)),
      answer: ({ from, to }, outcome) =>
        Effect.sync(() => {
          const left = requests.filter((request) => request.from !== from || request.to !== to)
          if (left.length === requests.length) return false
          requests = left
          if (outcome._tag === "Added") add(lists, to, from, { remark: outcome.remark })
          if (outcome._tag !== "Denied") add(lists, from, to)
          return true
        }),
      sign: (number, signature) =>
        Effect.sync(() => {
          const account = accounts.get(number)
          if (account !== undefined) accounts.set(number, { ...account, signature })
        }),
      keep: (message) =>
        Effect.sync(() => {
          kept.set(message.to, [...(kept.get(message.to) ?? []), message].slice(-keepAtMost))
        }),
      takeKept: (recipient) =>
        Effect.sync(() => {
          const messages = kept.get(recipient) ?? []
          kept.delete(recipient)
          return messages
        })
    })
  })

/** {@link make} as a layer; the sample world if no file is given. */
export const layer = (file: WorldFile.WorldFile = WorldFile.sample): Layer.Layer<World.World> =>
  Layer.effect(World.World, make(file))
