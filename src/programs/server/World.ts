/**
 * The state of the embedded server's world: accounts, friendships, and messages that wait for their recipient. Behind a
 * tag, so that another backend can take the place of the one in memory.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as PasswordMd5 from "../../protocol/crypto/PasswordMd5.ts"
import type * as Content from "../../schema/Content.ts"
import type * as Ids from "../../schema/Ids.ts"
import * as WorldFile from "./WorldFile.ts"

/** Of the password only its MD5 is kept: it is what the protocol's password proofs are made from. */
export interface Account {
  readonly number: Ids.QQ
  readonly nick: string
  readonly signature: string
  readonly passwordDigest: Redacted.Redacted<Uint8Array>
}

/** An entry of somebody's friend list. No category means the default one. */
export interface Friend {
  readonly account: Account
  readonly category: Option.Option<string>
  readonly remark: Option.Option<string>
}

/** A message on its way. `time` is unix time in seconds. */
export interface Message {
  readonly from: Ids.QQ
  readonly to: Ids.QQ
  readonly msgId: Ids.MsgId
  readonly time: number
  readonly content: Content.Content
}

/**
 * - `account(number)`: the account, if there is one.
 * - `friends(owner)`: the owner's friend list, in its order.
 * - `keep(message)`: keeps a message for a recipient who is not there.
 * - `takeKept(recipient)`: the kept messages, oldest first; they are kept no longer.
 */
export class World extends Context.Tag("effect-webqq/server/World")<
  World,
  {
    readonly account: (number: Ids.QQ) => Effect.Effect<Option.Option<Account>>
    readonly friends: (owner: Ids.QQ) => Effect.Effect<ReadonlyArray<Friend>>
    readonly keep: (message: Message) => Effect.Effect<void>
    readonly takeKept: (recipient: Ids.QQ) => Effect.Effect<ReadonlyArray<Message>>
  }
>() {}

/** Every friendship of the file, in both directions. */
const friendships = (file: WorldFile.WorldFile, accounts: ReadonlyMap<Ids.QQ, Account>) => {
  const lists = new Map(file.accounts.map(({ number }) => [number, new Map<Ids.QQ, Friend>()]))
  const add = (owner: Ids.QQ, number: Ids.QQ, category?: string, remark?: string) => {
    const account = accounts.get(number)
    const list = lists.get(owner)
    if (account === undefined || list === undefined) return
    list.set(number, { account, category: Option.fromNullable(category), remark: Option.fromNullable(remark) })
  }
  for (const { friends, number } of file.accounts) {
    for (const friend of friends) add(number, friend.number, friend.category, friend.remark)
  }
  for (const { friends, number } of file.accounts) {
    for (const friend of friends) {
      if (lists.get(friend.number)?.has(number) === false) add(friend.number, number)
    }
  }
  return lists
}

/** Kept messages per recipient; the oldest are dropped beyond it. */
const keepAtMost = 1000

/** A world in memory, made from a world file. It ends with the process. */
export const makeMemory = (file: WorldFile.WorldFile): Effect.Effect<World["Type"]> =>
  Effect.sync(() => {
    const accounts = new Map(
      file.accounts.map(({ nick, number, password, signature }) => {
        const digest = PasswordMd5.digest(Redacted.value(password))
        return [number, { number, nick, signature, passwordDigest: Redacted.make(digest) } satisfies Account] as const
      })
    )
    const friends = friendships(file, accounts)
    const kept = new Map<Ids.QQ, ReadonlyArray<Message>>()
    return World.of({
      account: (number) => Effect.sync(() => Option.fromNullable(accounts.get(number))),
      friends: (owner) => Effect.sync(() => Array.from(friends.get(owner)?.values() ?? [])),
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

/** {@link makeMemory} as a layer; the sample world if no file is given. */
export const memory = (file: WorldFile.WorldFile = WorldFile.sample): Layer.Layer<World> =>
  Layer.effect(World, makeMemory(file))
