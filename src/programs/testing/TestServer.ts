/**
 * The embedded server for tests: in the process of the test, strict, and on the test's clock.
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Call from "../../protocol/Call.ts"
import type * as Errors from "../../protocol/Errors.ts"
import * as Ids from "../../schema/Ids.ts"
import * as CookieStore from "../../services/CookieStore.ts"
import * as Dialect from "../../services/Dialect.ts"
import * as Login from "../Login.ts"
import * as InProcess from "../server/InProcess.ts"
import type * as Options from "../server/Options.ts"
import type * as WorldFile from "../server/WorldFile.ts"
import * as WorldMemory from "../server/WorldMemory.ts"

/**
 * - `world`: who lives there; the sample world if not given.
 * - the others are the server's own options; `strict` is true if not given.
 */
export interface Input extends Options.Input {
  readonly world?: WorldFile.WorldFile
}

/** The server as an `HttpClient`. Everybody who shall meet must be given the same built layer. */
export const layer = ({ world, ...options }: Input = {}): Layer.Layer<HttpClient.HttpClient> =>
  Layer.provide(InProcess.layer({ strict: true, ...options }), WorldMemory.layer(world))

/** What the calls of one client need on top of the server: cookies of its own, and the dialect. */
export const client: Layer.Layer<Call.Services, never, HttpClient.HttpClient> = Layer.merge(
  Layer.fresh(CookieStore.layer),
  Dialect.webqq2013
).pipe(Layer.provideMerge(Layer.context<HttpClient.HttpClient>()))

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
  Layer.provideMerge(
    Login.layerPassword({
      account: Ids.QQ.make(account),
      password: Redacted.make(password),
      // A test moves the clock itself, and should not have to for every message.
      sendSpacing: 0
    }),
    client
  )
