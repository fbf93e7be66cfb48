/**
 * Worlds for tests in a few readable lines: people by their nicks, who knows whom, groups.
 *
 * @example
 * import { TestWorld } from "effect-webqq/testing"
 *
 * const world = TestWorld.make(
 *   TestWorld.person("bot"),
 *   TestWorld.person("alice"),
 *   TestWorld.person("bob"),
 *   TestWorld.friends("bot", "alice"),
 *   TestWorld.group("class", ["alice", "bot", "bob"])
 * )
 */
import type * as Arr from "effect/Array"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Ids from "../../schema/Ids.ts"
import * as Profile from "../server/Profile.ts"
import type * as WorldFile from "../server/WorldFile.ts"

type File = WorldFile.WorldFile
type Account = File["accounts"][number]

/** A world that is being built. */
interface Draft {
  readonly file: File
  /** The account of a nick. A nick that nobody has is a mistake in the test, and says so. */
  readonly named: (nick: string) => Account
}

/** Something that is so in a world. */
export type Part = (draft: Draft) => File

/** The first account and the first group; the others follow. */
const firstNumber = 10001
const firstGroup = 100001
const firstDiscussion = 1664044173

const account = (nick: string, number: Ids.QQ): Account => ({
  number,
  nick,
  password: Redacted.make(`webqq-${number}`),
  signature: "",
  profile: Profile.blank,
  frozen: false,
  friends: []
})

const mistake = (problem: string): never => {
  // A test that is wrong shall fail at its first line.
  throw new Error(`TestWorld: ${problem}`)
}

/** How a person can differ from others. `profile` takes only what is of interest. */
export interface PersonOptions {
  readonly number?: number
  readonly password?: string
  readonly signature?: string
  readonly profile?: typeof Profile.Profile.Encoded
  readonly frozen?: boolean
}

/**
 * Somebody with an account. The nick must be the only one of its kind. QQ numbers go up from 10001 in the order of the
 * parts, passwords are `webqq-` and the number, unless `options` says otherwise.
 */
export const person =
  (nick: string, { number, password, profile, ...options }: PersonOptions = {}): Part =>
  ({ file }) => {
    if (file.accounts.some((other) => other.nick === nick)) mistake(`${nick} is there twice`)
    const free = Math.max(firstNumber - 1, ...file.accounts.map((other) => other.number)) + 1
    const made: Account = {
      ...account(nick, Ids.QQ.make(number ?? free)),
      ...options,
      ...(password === undefined ? {} : { password: Redacted.make(password) }),
      ...(profile === undefined ? {} : { profile: Schema.decodeSync(Profile.Profile)(profile) })
    }
    if (file.accounts.some((other) => other.number === made.number)) mistake(`${made.number} is there twice`)
    return { ...file, accounts: [...file.accounts, made] }
  }

/** How the first of two friends keeps the second: in which category, under which remark name. */
export interface FriendOptions {
  readonly category?: string
  readonly remark?: string
}

/** Two people have each other in their friend lists; `options` are those of the first one's list. */
export const friends =
  (one: string, other: string, options: FriendOptions = {}): Part =>
  ({ file, named }) => {
    const owner = named(one)
    const entry = { number: named(other).number, ...options }
    return {
      ...file,
      accounts: file.accounts.map((each) => (each === owner ? { ...each, friends: [...each.friends, entry] } : each))
    }
  }

/** How a group can differ from others: the number that people type, names carried in it, administrators. */
export interface GroupOptions {
  readonly number?: number
  readonly cards?: Readonly<Record<string, string>>
  readonly admins?: ReadonlyArray<string>
}

/** A nick may be a word that every object knows. */
const cardOf = ({ cards = {} }: GroupOptions, nick: string): string | undefined =>
  Object.hasOwn(cards, nick) ? cards[nick] : undefined

/** A group; its owner is the first of the members. */
export const group =
  (name: string, members: Arr.NonEmptyReadonlyArray<string>, options: GroupOptions = {}): Part =>
  ({ file, named }) => ({
    ...file,
    groups: [
      ...file.groups,
      {
        number: options.number ?? firstGroup + file.groups.length,
        name,
        owner: named(members[0]).number,
        members: members.map((nick) => {
          const card = cardOf(options, nick)
          return {
            number: named(nick).number,
            admin: options.admins?.includes(nick) ?? false,
            ...(card === undefined ? {} : { card })
          }
        })
      }
    ]
  })

/** A discussion group; its owner is the first of the members. */
export const discussion =
  (name: string, members: Arr.NonEmptyReadonlyArray<string>): Part =>
  ({ file, named }) => ({
    ...file,
    discussions: [
      ...file.discussions,
      {
        did: Ids.DiscussionId.make(firstDiscussion + file.discussions.length),
        name,
        owner: named(members[0]).number,
        members: members.map((nick) => named(nick).number)
      }
    ]
  })

/** Somebody asks somebody else to become a friend, and has no answer yet. */
export const request =
  (from: string, to: string, message = ""): Part =>
  ({ file, named }) => ({
    ...file,
    requests: [...file.requests, { from: named(from).number, to: named(to).number, message }]
  })

const empty: File = { accounts: [], groups: [], discussions: [], requests: [] }

/** The account of a nick or a QQ number in a world; throws if there is none, as that is a mistake in the test. */
export const find = ({ accounts }: File, who: string): Account =>
  accounts.find(({ nick, number }) => nick === who || String(number) === who) ?? mistake(`there is no ${who}`)

/** A world of all parts, in their order: name people before what they are in. */
export const make = (...parts: ReadonlyArray<Part>): File =>
  parts.reduce((file, part) => part({ file, named: (nick) => find(file, nick) }), empty)
