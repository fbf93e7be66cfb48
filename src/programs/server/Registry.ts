/**
 * What accounts have, such as logins, found by its tokens: a value.
 */
import * as Arr from "effect/Array"
import * as HashMap from "effect/HashMap"
import * as Option from "effect/Option"
import type * as Ids from "../../schema/Ids.ts"

interface Entry<A> {
  readonly account: Ids.QQ
  readonly item: A
  readonly tokens: ReadonlyArray<string>
}

/** Items have numbers, which are never used again. */
export interface Registry<A> {
  readonly last: number
  readonly entries: HashMap.HashMap<number, Entry<A>>
  readonly index: HashMap.HashMap<string, number>
  /** Oldest first. */
  readonly lists: HashMap.HashMap<Ids.QQ, ReadonlyArray<number>>
}

export const empty: Registry<never> = {
  last: 0,
  entries: HashMap.empty(),
  index: HashMap.empty(),
  lists: HashMap.empty()
}

export const get = <A>({ entries }: Registry<A>, id: number): Option.Option<A> =>
  Option.map(HashMap.get(entries, id), ({ item }) => item)

/** The items of an account, oldest first. */
export const of = <A>(registry: Registry<A>, account: Ids.QQ): ReadonlyArray<A> =>
  Arr.filterMap(
    Option.getOrElse(HashMap.get(registry.lists, account), () => []),
    (id) => get(registry, id)
  )

export const all = <A>({ entries }: Registry<A>): ReadonlyArray<A> =>
  Array.from(HashMap.values(entries), ({ item }) => item)

/** The item with that token. */
export const find = <A>(registry: Registry<A>, token: string): Option.Option<A> =>
  Option.flatMap(HashMap.get(registry.index, token), (id) => get(registry, id))

export const forget = <A>(registry: Registry<A>, id: number): Registry<A> =>
  Option.match(HashMap.get(registry.entries, id), {
    onNone: () => registry,
    onSome: ({ account, tokens }) => ({
      ...registry,
      entries: HashMap.remove(registry.entries, id),
      index: HashMap.removeMany(registry.index, tokens),
      lists: HashMap.modify(registry.lists, account, (ids) => ids.filter((other) => other !== id))
    })
  })

/** Another value in the place of an item, perhaps with other tokens. */
export const update = <A>(registry: Registry<A>, id: number, item: A, tokens?: ReadonlyArray<string>): Registry<A> =>
  Option.match(HashMap.get(registry.entries, id), {
    onNone: () => registry,
    onSome: (entry) => {
      const entries = HashMap.set(registry.entries, id, { ...entry, item, tokens: tokens ?? entry.tokens })
      return tokens === undefined
        ? { ...registry, entries }
        : { ...registry, entries, index: indexed(HashMap.removeMany(registry.index, entry.tokens), tokens, id) }
    }
  })

const indexed = (index: HashMap.HashMap<string, number>, tokens: ReadonlyArray<string>, id: number) =>
  tokens.reduce((map, token) => HashMap.set(map, token, id), index)

/**
 * One more item of an account; `make` is given its number. Beyond `atMost` the oldest that is not needed is forgotten.
 */
export const add = <A>(
  registry: Registry<A>,
  options: {
    readonly account: Ids.QQ
    readonly make: (id: number) => A
    readonly tokens: ReadonlyArray<string>
    readonly atMost: number
    readonly isNeeded?: (item: A) => boolean
  }
): readonly [Registry<A>, A] => {
  const { account, atMost, isNeeded = () => false, make, tokens } = options
  const ids = Option.getOrElse(HashMap.get(registry.lists, account), (): ReadonlyArray<number> => [])
  const oldest =
    ids.length < atMost ? undefined : ids.find((id) => !Option.exists(get(registry, id), (item) => isNeeded(item)))
  const room = oldest === undefined ? registry : forget(registry, oldest)
  const id = room.last + 1
  const item = make(id)
  return [
    {
      last: id,
      entries: HashMap.set(room.entries, id, { account, item, tokens }),
      index: indexed(room.index, tokens, id),
      lists: HashMap.set(room.lists, account, ids.filter((other) => other !== oldest).concat(id))
    },
    item
  ]
}
