/**
 * A world in memory. It ends with the process.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Ids from "../../schema/Ids.ts"
import * as MessageSize from "./MessageSize.ts"
import * as Seed from "./Seed.ts"
import * as World from "./World.ts"
import * as WorldFile from "./WorldFile.ts"

interface GroupState {
  readonly number: number
  readonly name: string
  readonly owner: Ids.QQ
  readonly seats: Map<Ids.QQ, World.Seat>
}

interface DiscussionState {
  readonly did: Ids.DiscussionId
  name: string
  readonly owner: Ids.QQ
  readonly members: Set<Ids.QQ>
}

const inner = <K, L, V>(maps: Map<K, Map<L, V>>, key: K): Map<L, V> => {
  const found = maps.get(key) ?? new Map<L, V>()
  maps.set(key, found)
  return found
}

const people = () => {
  const accounts = new Map<Ids.QQ, World.Account>()
  const friendLists = new Map<Ids.QQ, Map<Ids.QQ, World.Entry>>()
  const requests = new Map<Ids.QQ, Map<Ids.QQ, World.FriendRequest>>()

  const put = (number: Ids.QQ, changes: Partial<World.Account>): boolean => {
    const account = accounts.get(number)
    if (account !== undefined) accounts.set(number, { ...account, ...changes })
    return account !== undefined
  }
  const known = (numbers: Iterable<Ids.QQ>): ReadonlyArray<World.Account> =>
    Arr.filterMap(Array.from(numbers), (number) => Option.fromNullable(accounts.get(number)))

  return { accounts, friendLists, requests, put, known }
}

type People = ReturnType<typeof people>

const relations = ({ accounts, friendLists, put, requests }: People) => ({
  account: (number: Ids.QQ) => Effect.sync(() => Option.fromNullable(accounts.get(number))),
  accounts: Effect.sync(() => Array.from(accounts.values()).sort((a, b) => a.number - b.number)),
  friends: (owner: Ids.QQ) =>
    Effect.sync(() =>
      Arr.filterMap(Array.from(friendLists.get(owner) ?? []), ([number, entry]) =>
        Option.map(Option.fromNullable(accounts.get(number)), (account) => ({ account, ...entry }))
      )
    ),
  isFriend: (owner: Ids.QQ, other: Ids.QQ) => Effect.sync(() => friendLists.get(owner)?.has(other) ?? false),
  requests: (to: Ids.QQ) => Effect.sync(() => Array.from(requests.get(to)?.values() ?? [])),
  register: (account: World.Account) =>
    Effect.sync(() => {
      if (accounts.has(account.number)) return false
      accounts.set(account.number, account)
      return true
    }),
  setPassword: (number: Ids.QQ, passwordDigest: World.Account["passwordDigest"]) =>
    Effect.sync(() => put(number, { passwordDigest })),
  change: (number: Ids.QQ, changes: World.Changes) => Effect.sync(() => put(number, changes)),
  befriend: (owner: Ids.QQ, friend: Ids.QQ, entry: World.Entry) =>
    Effect.sync(() => {
      if (owner === friend || !accounts.has(owner) || !accounts.has(friend)) return false
      const list = inner(friendLists, owner)
      if (list.has(friend)) return false
      list.set(friend, entry)
      return true
    }),
  reenter: (owner: Ids.QQ, friend: Ids.QQ, changes: Partial<World.Entry>) =>
    Effect.sync(() => {
      const list = inner(friendLists, owner)
      const entry = list.get(friend)
      if (entry !== undefined) list.set(friend, { ...entry, ...changes })
      return entry !== undefined
    }),
  unfriend: (owner: Ids.QQ, friend: Ids.QQ) => Effect.sync(() => friendLists.get(owner)?.delete(friend) ?? false),
  ask: (request: World.FriendRequest) =>
    Effect.sync(() => {
      if (!accounts.has(request.from) || !accounts.has(request.to)) return false
      inner(requests, request.to).set(request.from, request)
      return true
    }),
  settle: ({ from, to }: Pick<World.FriendRequest, "from" | "to">) =>
    Effect.sync(() => requests.get(to)?.delete(from) ?? false)
})

const groupsOf = ({ accounts, known }: People) => {
  const groups = new Map<number, GroupState>()
  const show = ({ seats, ...group }: GroupState): World.Group => ({
    ...group,
    members: Arr.map(known(seats.keys()), (account) => ({
      account,
      ...(seats.get(account.number) ?? { card: Option.none(), admin: false })
    }))
  })
  return {
    groups: (member: Ids.QQ) =>
      Effect.sync(() =>
        Arr.map(
          Arr.filter(Array.from(groups.values()), ({ seats }) => seats.has(member)),
          show
        )
      ),
    group: (number: number) => Effect.sync(() => Option.map(Option.fromNullable(groups.get(number)), show)),
    found: ({ name, number, owner }: Omit<World.Group, "members">) =>
      Effect.sync(() => {
        if (groups.has(number) || !accounts.has(owner)) return false
        groups.set(number, { number, name, owner, seats: new Map([[owner, { card: Option.none(), admin: false }]]) })
        return true
      }),
    seat: (number: number, member: Ids.QQ, seat: World.Seat) =>
      Effect.sync(() => {
        const group = groups.get(number)
        if (group === undefined || !accounts.has(member)) return false
        group.seats.set(member, seat)
        return true
      }),
    unseat: (number: number, member: Ids.QQ) =>
      Effect.sync(() => {
        const group = groups.get(number)
        return group !== undefined && group.owner !== member && group.seats.delete(member)
      })
  }
}

const discussionsOf = ({ accounts, known }: People) => {
  const discussions = new Map<Ids.DiscussionId, DiscussionState>()
  const show = (discussion: DiscussionState): World.Discussion => ({
    ...discussion,
    members: known(discussion.members)
  })
  return {
    discussions: (member: Ids.QQ) =>
      Effect.sync(() =>
        Arr.map(
          Arr.filter(Array.from(discussions.values()), ({ members }) => members.has(member)),
          show
        )
      ),
    discussion: (did: Ids.DiscussionId) =>
      Effect.sync(() => Option.map(Option.fromNullable(discussions.get(did)), show)),
    convene: ({ did, name, owner }: Omit<World.Discussion, "members">) =>
      Effect.sync(() => {
        if (discussions.has(did) || !accounts.has(owner)) return false
        discussions.set(did, { did, name, owner, members: new Set([owner]) })
        return true
      }),
    rename: (did: Ids.DiscussionId, name: string) =>
      Effect.sync(() => {
        const discussion = discussions.get(did)
        if (discussion !== undefined) discussion.name = name
        return discussion !== undefined
      }),
    invite: (did: Ids.DiscussionId, members: ReadonlyArray<Ids.QQ>) =>
      Effect.sync(() => {
        const discussion = discussions.get(did)
        if (discussion === undefined || !members.every((member) => accounts.has(member))) return false
        for (const member of members) discussion.members.add(member)
        return true
      }),
    leave: (did: Ids.DiscussionId, member: Ids.QQ) =>
      Effect.sync(() => discussions.get(did)?.members.delete(member) ?? false)
  }
}

const masksOf = ({ accounts }: People) => {
  const masks = new Map<Ids.QQ, Map<string, World.Mask>>()
  return {
    masks: (owner: Ids.QQ) => Effect.sync(() => Array.from(masks.get(owner)?.values() ?? [])),
    mask: (owner: Ids.QQ, changes: ReadonlyArray<World.Mask>) =>
      Effect.sync(() => {
        if (!accounts.has(owner)) return false
        const own = inner(masks, owner)
        for (const one of changes) own.set(`${one.of} ${Option.getOrElse(one.number, () => "")}`, one)
        return true
      })
  }
}

const letters = () => {
  const boxes = new Map<Ids.QQ, Map<number, World.Kept>>()
  const sizes = new Map<Ids.QQ, number>()
  const places = new Map<number, { readonly recipient: Ids.QQ; readonly bytes: number }>()
  let last = 0

  const grow = (recipient: Ids.QQ, bytes: number): void => {
    sizes.set(recipient, (sizes.get(recipient) ?? 0) + bytes)
  }

  const put = (letter: World.Kept["letter"], bytes: number): Option.Option<World.Kept> => {
    const box = inner(boxes, letter.to)
    const isFull = box.size >= World.keptAtMost || (sizes.get(letter.to) ?? 0) + bytes > World.keptBytesAtMost
    if (isFull) return Option.none()
    const kept = { key: ++last, letter }
    box.set(kept.key, kept)
    places.set(kept.key, { recipient: letter.to, bytes })
    grow(letter.to, bytes)
    return Option.some(kept)
  }

  return {
    keep: (letters: ReadonlyArray<World.Kept["letter"]>) =>
      Effect.sync(() => {
        const full = new Set<Ids.QQ>()
        return Arr.filterMap(Arr.zip(letters, MessageSize.ofLetters(letters)), ([letter, bytes]) => {
          // Nobody gets a later letter of those that come together and not an earlier one.
          const kept = full.has(letter.to) ? Option.none() : put(letter, bytes)
          if (Option.isNone(kept)) full.add(letter.to)
          return kept
        })
      }),
    kept: (recipient: Ids.QQ, { after, most }: World.Page = World.everything) =>
      Effect.sync(() =>
        Array.from(boxes.get(recipient)?.values() ?? [])
          .filter(({ key }) => key > after)
          .slice(0, most)
      ),
    waiting: (recipient: Ids.QQ) => Effect.sync(() => boxes.get(recipient)?.size ?? 0),
    arrived: (keys: ReadonlyArray<number>) =>
      Effect.sync(() => {
        for (const key of keys) {
          const place = places.get(key)
          if (place === undefined) continue
          places.delete(key)
          boxes.get(place.recipient)?.delete(key)
          grow(place.recipient, -place.bytes)
        }
      })
  }
}

const logins = () => {
  const kept = new Map<Ids.QQ, World.KeptLogin>()
  return {
    keepLogin: (login: World.KeptLogin) => Effect.sync(() => void kept.set(login.account, login)),
    login: (by: "ptwebqq" | "skey", hash: string) =>
      Effect.sync(() => Arr.findFirst(kept.values(), (login) => login[by] === hash)),
    forgetLogin: (account: Ids.QQ) => Effect.sync(() => void kept.delete(account))
  }
}

/** An empty world. */
export const make: Effect.Effect<World.World["Type"]> = Effect.sync(() => {
  const everybody = people()
  return World.World.of({
    ...relations(everybody),
    ...groupsOf(everybody),
    ...discussionsOf(everybody),
    ...masksOf(everybody),
    ...logins(),
    ...letters()
  })
})

/** The world of a file; the sample world if no file is given. */
export const layer = (file: WorldFile.WorldFile = WorldFile.sample): Layer.Layer<World.World> =>
  Layer.effect(World.World, Effect.tap(make, Seed.into(file)))
