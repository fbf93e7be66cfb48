/**
 * Web logins that outlive the server, if the world does: what is kept of one, and how it comes back.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Ids from "../../../schema/Ids.ts"
import type * as Aliases from "../Aliases.ts"
import type * as World from "../World.ts"
import type * as WebLogins from "./WebLogins.ts"

/** Cookies that a client came with; empty where it has none. */
export interface Cookies {
  readonly ptwebqq: string
  readonly skey: string
}

const hashOf = (token: string): string => bytesToHex(sha256(utf8ToBytes(token)))

/** What the world keeps of a login. */
export const toKeep = (login: WebLogins.WebLogin, now: number): World.KeptLogin => ({
  account: login.account,
  ptwebqq: hashOf(login.ptwebqq),
  skey: hashOf(login.skey),
  seed: login.seed,
  usedAt: now
})

const fits = ({ skey }: World.KeptLogin, cookies: Cookies): boolean =>
  cookies.skey === "" || skey === hashOf(cookies.skey)

/** The kept login that the cookies belong to: both, where a client has both. One that is older than `since` is none. */
export const find = (world: World.World["Type"], cookies: Cookies, since: number) =>
  Effect.gen(function* () {
    const { ptwebqq, skey } = cookies
    if (ptwebqq === "" && skey === "") return Option.none<World.KeptLogin>()
    const found = yield* ptwebqq === "" ? world.login("skey", hashOf(skey)) : world.login("ptwebqq", hashOf(ptwebqq))
    return Option.filter(found, (login) => login.usedAt > since && fits(login, cookies))
  })

/** Whom and what an account's client may know by its names. */
export const shownTo = (world: World.World["Type"], account: Ids.QQ): Effect.Effect<Aliases.Shown> =>
  Effect.gen(function* () {
    const friends = yield* world.friends(account)
    const groups = yield* world.groups(account)
    const discussions = yield* world.discussions(account)
    const people = [
      ...friends.map((friend) => friend.account.number),
      ...groups.flatMap(({ members }) => members.map((member) => member.account.number)),
      ...discussions.flatMap(({ members }) => members.map(({ number }) => number))
    ]
    return { people: Array.from(new Set(people)), groups: groups.map(({ number }) => number) }
  })
