/**
 * Puts what a world file says into a world.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as PasswordMd5 from "../../protocol/crypto/PasswordMd5.ts"
import type * as Ids from "../../schema/Ids.ts"
import * as World from "./World.ts"
import type * as WorldFile from "./WorldFile.ts"

type Service = World.World["Type"]
type AccountEntry = WorldFile.WorldFile["accounts"][number]

/** What is kept of a password. */
export const digest = (password: Redacted.Redacted): Redacted.Redacted<Uint8Array> =>
  Redacted.make(PasswordMd5.digest(Redacted.value(password)))

const newAccount = ({ frozen, nick, number, password, profile, signature }: AccountEntry): World.Account => ({
  number,
  nick,
  signature,
  profile,
  frozen,
  passwordDigest: digest(password)
})

/** Every friendship in both directions; each owner's own entries first. */
const friendships = (accounts: ReadonlyArray<AccountEntry>) => {
  const key = (owner: Ids.QQ, friend: Ids.QQ) => `${owner} ${friend}`
  const own = accounts.flatMap(({ friends, number: owner }) =>
    friends.map(({ category, number: friend, remark }) => ({
      owner,
      friend,
      entry: { category: Option.fromNullable(category), remark: Option.fromNullable(remark) }
    }))
  )
  const listed = new Set(own.map(({ friend, owner }) => key(owner, friend)))
  const returned = own
    .filter(({ friend, owner }) => !listed.has(key(friend, owner)))
    .map(({ friend, owner }) => ({ owner: friend, friend: owner, entry: World.plainEntry }))
  return [...own, ...returned]
}

const groups = (world: Service, file: WorldFile.WorldFile) =>
  Effect.forEach(file.groups, ({ members, ...group }) =>
    Effect.zipRight(
      world.found(group),
      Effect.forEach(members, ({ admin, card, number }) =>
        world.seat(group.number, number, { admin, card: Option.fromNullable(card) })
      )
    )
  )

const discussions = (world: Service, file: WorldFile.WorldFile) =>
  Effect.forEach(file.discussions, ({ members, ...discussion }) =>
    Effect.zipRight(world.convene(discussion), world.invite(discussion.did, members))
  )

/** Adds everything of the file that is not there already. */
export const into =
  (file: WorldFile.WorldFile) =>
  (world: Service): Effect.Effect<void> =>
    Effect.gen(function* () {
      yield* Effect.forEach(file.accounts, (entry) => world.register(newAccount(entry)))
      yield* Effect.forEach(friendships(file.accounts), ({ entry, friend, owner }) =>
        world.befriend(owner, friend, entry)
      )
      yield* groups(world, file)
      yield* discussions(world, file)
      yield* Effect.forEach(file.requests, (request) => world.ask(request))
    })
