/**
 * The embedded server for tests: in the process of the test, strict, and on the test's clock.
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type * as Call from "../../protocol/Call.ts"
import * as Dialects from "../../protocol/dialect/Dialects.ts"
import type * as Errors from "../../protocol/Errors.ts"
import * as Ids from "../../schema/Ids.ts"
import * as CookieStore from "../../services/CookieStore.ts"
import * as Dialect from "../../services/Dialect.ts"
import type * as Session from "../../services/Session.ts"
import * as Login from "../Login.ts"
import * as Faults from "../server/Faults.ts"
import * as InProcess from "../server/InProcess.ts"
import type * as Options from "../server/Options.ts"
import * as WorldFile from "../server/WorldFile.ts"
import * as WorldMemory from "../server/WorldMemory.ts"
import * as Person from "./Person.ts"
import * as TestWorld from "./TestWorld.ts"

/**
 * - `world`: who lives there (see `TestWorld`); the sample world if not given.
 * - `faults`: what shall go wrong from the beginning; {@link setFaults} changes it.
 * - the others are the server's own options; `strict` is true if not given.
 */
export interface Input extends Options.Input {
  readonly world?: WorldFile.WorldFile
  readonly faults?: Partial<Faults.Plan>
}

/** Who lives on the server, with their passwords, and which dialect it speaks. */
export class Directory extends Context.Tag("effect-webqq/testing/Directory")<
  Directory,
  { readonly world: WorldFile.WorldFile; readonly dialect: Dialects.Dialect }
>() {}

/** What {@link layer} provides. */
export type Server = Directory | Faults.Faults | HttpClient.HttpClient

/** The server as an `HttpClient`. Everybody who shall meet must be given the same built layer. */
export const layer = ({ faults, world = WorldFile.sample, ...options }: Input = {}): Layer.Layer<Server> =>
  InProcess.layer({ strict: true, ...options }).pipe(
    Layer.provide(WorldMemory.layer(world)),
    Layer.provideMerge(Faults.layer(faults)),
    Layer.merge(Layer.succeed(Directory, { world, dialect: options.dialect ?? Dialects.webqq2013 }))
  )

/** Other things go wrong from now on. None at all: `setFaults({})`. */
export const setFaults = (plan: Partial<Faults.Plan>): Effect.Effect<void, never, Server> =>
  Effect.flatMap(Faults.Faults, (faults) => faults.set(Faults.plan(plan)))

/** What the calls of one client need on top of the server: cookies of its own, and the dialect. */
export const client: Layer.Layer<Call.Services, never, HttpClient.HttpClient> = Layer.merge(
  Layer.fresh(CookieStore.layer),
  Dialect.webqq2013
).pipe(Layer.provideMerge(Layer.context<HttpClient.HttpClient>()))

const loggedIn = (account: Ids.QQ, password: Redacted.Redacted) =>
  // A test moves the clock itself, and should not have to for every message.
  Login.layerPassword({ account, password, sendSpacing: 0 })

/**
 * Somebody who is logged in, for as long as the layer lives. `password` is that of the sample world if not given.
 *
 * @example
 * const bob = TestServer.login(10002)
 */
export const login = (
  account: number,
  password = `webqq-${account}`
): Layer.Layer<Login.LoggedIn | Call.Services, Errors.LoginError, HttpClient.HttpClient> =>
  Layer.provideMerge(loggedIn(Ids.QQ.make(account), Redacted.make(password)), client)

/**
 * The login of a person of the world, by nick or QQ number: what a bot comes back by.
 *
 * @example
 * const bot = Echo.run({ poll: { recover: Login.recover(TestServer.loginOf("bot")) } })
 */
export const loginOf = (
  who: string
): Effect.Effect<Session.Credentials, Errors.LoginError, Directory | Call.Services> =>
  Effect.flatMap(Directory, ({ world }) => {
    const { number: account, password } = TestWorld.find(world, who)
    return Login.withPassword({ account, password })
  })

/**
 * A person of the world, by nick or QQ number, who is logged in for as long as the layer lives: what a bot needs.
 *
 * @example
 * Effect.forkScoped(Effect.provide(Echo.run(), TestServer.as("bot")))
 */
export const as = (
  who: string
): Layer.Layer<Login.LoggedIn | Call.Services, Errors.LoginError, Directory | HttpClient.HttpClient> =>
  Layer.unwrapEffect(
    Effect.map(Directory, ({ dialect, world }) => {
      const { number, password } = TestWorld.find(world, who)
      return Layer.provideMerge(
        loggedIn(number, password),
        Layer.mergeAll(Layer.fresh(CookieStore.layer), Dialect.layer(dialect), Layer.context<HttpClient.HttpClient>())
      )
    })
  )

/**
 * Somebody to talk to the bot: a person of the world, by nick or QQ number, who is logged in and listens until the scope
 * closes.
 *
 * @example
 * const alice = yield* TestServer.person("alice")
 * yield* alice.say("bot", "hi")
 * assert.strictEqual(yield* alice.nextText, "hi")
 */
export const person = (
  who: string
): Effect.Effect<Person.Person, Errors.LoginError, Directory | HttpClient.HttpClient | Scope.Scope> =>
  Effect.gen(function* () {
    const { world } = yield* Directory
    const { nick, number } = TestWorld.find(world, who)
    return yield* Person.make({ nick, account: number, services: yield* Layer.build(as(who)) })
  })
