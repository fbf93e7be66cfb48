/** A strict server of any dialect on any front, and the people who log in to it. */
import { HttpClient } from "@effect/platform"
import { assert } from "@effect/vitest"
import { deepStrictEqual } from "@effect/vitest/utils"
import { Chunk, Context, Effect, Layer, Option, Redacted, type Scope, Stream } from "effect"
import { WorldFile } from "../../src/programs/server/index.ts"
import { type Dialects, type Errors, Messages, Poll } from "../../src/protocol/index.ts"
import { Content, Ids, type PollEvent } from "../../src/schema/index.ts"
import { login } from "./Client.ts"

export const qq = (n: number): Ids.QQ => Ids.QQ.make(n)
export const uin = (n: number): Ids.Uin => Ids.Uin.make(n)

/** The group and the discussion group of the sample world. */
export const gid = Ids.GroupId.make(3_000_123_456)
export const gcode = Ids.GroupCode.make(2_000_123_456)
export const did = Ids.DiscussionId.make(1664044173)

/** The sample world, and 10005, who knows 10003 and is in no group. */
export const world: WorldFile.WorldFile = {
  ...WorldFile.sample,
  accounts: WorldFile.sample.accounts.flatMap((account) =>
    account.number === 10004
      ? [
          account,
          {
            ...account,
            number: qq(10005),
            password: Redacted.make("webqq-10005"),
            nick: "外人",
            friends: [{ number: qq(10003) }]
          }
        ]
      : [account]
  )
}

export type Services = Layer.Layer.Success<ReturnType<typeof login>>

/** Somebody who is logged in. */
export interface Person {
  readonly number: number
  readonly does: <A, E>(call: Effect.Effect<A, E, Services>) => Effect.Effect<A, E>
}

/** `asked` has the path of every request so far. */
export interface Server {
  readonly dialect: Dialects.Dialect
  readonly asked: ReadonlyArray<string>
  readonly login: (n: number) => Effect.Effect<Person, Errors.LoginError, Scope.Scope>
}

/** Something that happens on a server. */
export type Scenario = (server: Server) => Effect.Effect<void, unknown, Scope.Scope>

/** A server behind any front. */
export const server = (
  dialect: Dialects.Dialect,
  front: Layer.Layer<HttpClient.HttpClient>
): Effect.Effect<Server, never, Scope.Scope> =>
  Effect.map(Layer.build(front), (http) => {
    const asked: Array<string> = []
    const noting = HttpClient.mapRequest(Context.get(http, HttpClient.HttpClient), (request) => {
      asked.push(new URL(request.url).pathname)
      return request
    })
    const client = Layer.succeed(HttpClient.HttpClient, noting)
    return {
      dialect,
      asked,
      login: (number) =>
        Effect.map(Layer.build(login(client, number, { dialect })), (services) => ({
          number,
          does: (call) => Effect.provide(call, services)
        }))
    }
  })

/** Who comes and goes, changes of the list, and the friend request that waits in the sample world. */
const isNoise = (event: Poll.Event): boolean =>
  event._tag === "BuddiesStatusChange" ||
  event._tag === "BuddyListChange" ||
  (event._tag === "SystemMessage" && event.type === "verify_required")

/** What `who` is told up to the first such event, noise aside. */
export const heardUntil = <E extends Poll.Event>(who: Person, isLast: (event: Poll.Event) => event is E) =>
  Poll.events().pipe(
    Stream.takeUntil(isLast),
    Stream.runCollect,
    Effect.map((events) => {
      const before = Chunk.toReadonlyArray(Chunk.dropRight(events, 1)).filter((event) => !isNoise(event))
      const last = Option.getOrThrow(Chunk.last(events))
      return isLast(last) ? { before, last } : assert.fail("the stream ended")
    }),
    who.does
  )

/** The first event of a kind; nothing but noise may come before it. */
export const hears = <Tag extends Poll.Event["_tag"]>(who: Person, tag: Tag) =>
  Effect.map(
    heardUntil(who, (event): event is Extract<Poll.Event, { readonly _tag: Tag }> => event._tag === tag),
    ({ before, last }) => {
      assert.deepStrictEqual(before, [])
      return last
    }
  )

const mark = "——完——"
const isMark = (event: Poll.Event): event is PollEvent.BuddyMessage =>
  event._tag === "BuddyMessage" && Content.toText(event.content) === mark

/** Nothing but noise waits for `who`: shown by what comes next, which is the word of a friend. */
export const hearsNothing = (who: Person, friend: Person) =>
  Effect.gen(function* () {
    yield* friend.does(Messages.sendBuddyMsg2({ to: uin(who.number), content: Content.make([mark]) }))
    assert.deepStrictEqual((yield* heardUntil(who, isMark)).before, [])
  })

/** An error or an event has these members, whatever else it has. (Chai's own `deepInclude` takes `some` for `none`.) */
export const isLike = (actual: object, expected: object): void => {
  const members = Object.entries(actual).filter(([name]) => name in expected)
  deepStrictEqual<object>(Object.fromEntries(members), expected)
}

/** The call fails so. */
export const fails = <A, E extends object>(call: Effect.Effect<A, E>, expected: object) =>
  Effect.match(call, {
    onFailure: (error) => isLike(error, expected),
    onSuccess: () => assert.fail(`what should fail with ${JSON.stringify(expected)} is done`)
  })

export const isRejected = (says: string) => ({ _tag: "Rejected", says })
