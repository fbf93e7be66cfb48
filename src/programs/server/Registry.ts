/**
 * What accounts have, such as logins, found by its tokens.
 */
import * as Arr from "effect/Array"
import * as Option from "effect/Option"
import type * as Ids from "../../schema/Ids.ts"

/** Items that are remembered per account; the oldest are forgotten beyond it. */
const rememberAtMost = 8

/**
 * An empty registry; `tokensOf` gives the tokens of an item, which must not be those of another one.
 *
 * - `all()`, `of(account)`: the items, oldest first. `find(token)`: the one with that token.
 * - `add(account, item)`, `forget(account, item)`.
 * - `move(item, from, to)`: the item has another token from now on.
 */
export const make = <A>(tokensOf: (item: A) => ReadonlyArray<string>) => {
  const lists = new Map<Ids.QQ, ReadonlyArray<A>>()
  const index = new Map<string, A>()
  return {
    all: (): ReadonlyArray<A> => Arr.flatten(Array.from(lists.values())),
    of: (account: Ids.QQ): ReadonlyArray<A> => lists.get(account) ?? [],
    find: (token: string): Option.Option<A> => Option.fromNullable(index.get(token)),
    forget: (account: Ids.QQ, item: A): void => {
      lists.set(
        account,
        (lists.get(account) ?? []).filter((other) => other !== item)
      )
      for (const token of tokensOf(item)) index.delete(token)
    },
    move: (item: A, from: string, to: string): void => {
      index.delete(from)
      index.set(to, item)
    },
    add: (account: Ids.QQ, item: A): void => {
      const list = [...(lists.get(account) ?? []), item]
      for (const token of tokensOf(item)) index.set(token, item)
      for (const forgotten of list.slice(0, -rememberAtMost)) {
        for (const token of tokensOf(forgotten)) index.delete(token)
      }
      lists.set(account, list.slice(-rememberAtMost))
    }
  }
}
