/**
 * The numbers under which a login hears of its categories of friends. They hold as long as the login does: a client
 * that moves a friend by number means the list that it was given.
 */
import * as Option from "effect/Option"
import type * as Aliases from "../Aliases.ts"
import type * as Sessions from "../Sessions.ts"

/** By the aliases of a login, the names in the order of their numbers, which begin with 1. Forgotten with the login. */
const heard = new WeakMap<Aliases.Aliases, Array<string>>()

const namesOf = ({ aliases }: Sessions.WebLogin): Array<string> => {
  const names = heard.get(aliases) ?? []
  heard.set(aliases, names)
  return names
}

/** The number of a category, a new one if the login has not heard of it; 0 is the default one. */
export const indexOf = (login: Sessions.WebLogin, category: Option.Option<string>): number =>
  Option.match(category, {
    onNone: () => 0,
    onSome: (name) => {
      const names = namesOf(login)
      if (!names.includes(name)) names.push(name)
      return names.indexOf(name) + 1
    }
  })

/** The names of all categories of which the login has heard, in the order of their numbers. */
export const all = (login: Sessions.WebLogin): ReadonlyArray<string> => namesOf(login)

/** The category of a number. `None` within means the default one; outside, that the number is of no category. */
export const byIndex = (login: Sessions.WebLogin, index: number): Option.Option<Option.Option<string>> =>
  index === 0 ? Option.some(Option.none()) : Option.map(Option.fromNullable(namesOf(login)[index - 1]), Option.some)
