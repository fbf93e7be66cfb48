/**
 * What accounts have, such as logins, found by its tokens.
 */
import * as Arr from "effect/Array"
import * as Option from "effect/Option"
import type * as Ids from "../../schema/Ids.ts"

export interface Options<A> {
  /** The tokens of an item, which must not be those of another one. */
  readonly tokensOf: (item: A) => ReadonlyArray<string>
  /** Items that are remembered per account, 8 if not given; the oldest are forgotten beyond it. */
  readonly atMost?: number
  /** What must not be forgotten, however old. */
  readonly isNeeded?: (item: A) => boolean
}

/**
 * An empty registry.
 *
 * - `all()`, `of(account)`: the items, oldest first. `find(token)`: the one with that token.
 * - `add(account, item)`, `forget(account, item)`.
 * - `move(item, from, to)`: the item has another token from now on.
 */
export const make = <A>({ atMost = 8, isNeeded = () => false, tokensOf }: Options<A>) => {
  const lists = new Map<Ids.QQ, ReadonlyArray<A>>()
  const index = new Map<string, A>()
  const of = (account: Ids.QQ): ReadonlyArray<A> => lists.get(account) ?? []
  const forget = (account: Ids.QQ, item: A): void => {
    lists.set(
      account,
      of(account).filter((other) => other !== item)
    )
    for (const token of tokensOf(item)) index.delete(token)
  }
  return {
    all: (): ReadonlyArray<A> => Arr.flatten(Array.from(lists.values())),
    of,
    find: (token: string): Option.Option<A> => Option.fromNullable(index.get(token)),
    forget,
    move: (item: A, from: string, to: string): void => {
      index.delete(from)
      index.set(to, item)
    },
    add: (account: Ids.QQ, item: A): void => {
      const oldest = of(account).length >= atMost ? of(account).find((other) => !isNeeded(other)) : undefined
      if (oldest !== undefined) forget(account, oldest)
      lists.set(account, [...of(account), item])
      for (const token of tokensOf(item)) index.set(token, item)
    }
  }
}
