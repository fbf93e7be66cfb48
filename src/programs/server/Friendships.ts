/**
 * Friend lists that change, and the notices to whom they belong.
 */
import * as Effect from "effect/Effect"
import type * as Ids from "../../schema/Ids.ts"
import * as Delivery from "./Delivery.ts"
import * as Frames from "./Frames.ts"
import * as World from "./World.ts"

/** Puts `friend` into the owner's list, and tells the owner; false if it is there already, and then stays as it is. */
export const begin = (owner: Ids.QQ, friend: Ids.QQ, entry: World.Entry) =>
  Effect.gen(function* () {
    const added = yield* (yield* World.World).befriend(owner, friend, entry)
    if (added) yield* Delivery.notify(owner, (view) => Frames.friendsChanged({ added: friend }, view))
    return added
  })

/** Takes `friend` out of the owner's list, and tells the owner; false if it is not there. */
export const end = (owner: Ids.QQ, friend: Ids.QQ) =>
  Effect.gen(function* () {
    const removed = yield* (yield* World.World).unfriend(owner, friend)
    if (removed) yield* Delivery.notify(owner, (view) => Frames.friendsChanged({ removed: friend }, view))
    return removed
  })
