/** Clients: cookies of their own, a dialect, the way to a server, and, if wanted, a session. */
import type { HttpClient } from "@effect/platform"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { Effect, Layer, Redacted, Schema } from "effect"
import { Login } from "../../src/programs/index.ts"
import { Dialects } from "../../src/protocol/index.ts"
import { Ids } from "../../src/schema/index.ts"
import { CookieStore, Dialect, Session, Transport } from "../../src/services/index.ts"

type Http = Layer.Layer<HttpClient.HttpClient>

/** The way to a server behind a socket. */
export const reach = (url: URL): Http =>
  Transport.layerHttpClient.pipe(Layer.provide([Transport.layer(url), NodeHttpClient.layer]))

/** What the calls of somebody need who is not logged in. `server`: its address, or the way to one in the process. */
export const client = <R = never>(
  server: URL | Layer.Layer<HttpClient.HttpClient, never, R>,
  dialect: Dialects.Dialect = Dialects.webqq2013
) =>
  Layer.mergeAll(Layer.fresh(CookieStore.layer), Dialect.layer(dialect), server instanceof URL ? reach(server) : server)

/** How somebody can differ from people of the sample world who use the first dialect. */
export interface Differently {
  readonly password?: string
  readonly dialect?: Dialects.Dialect
}

export const account = (number: number): Ids.QQ => Ids.QQ.make(number)

/** Number and password as the sample world has them. */
export const as = (
  number: number,
  password = `webqq-${number}`
): { readonly account: Ids.QQ; readonly password: Redacted.Redacted } => ({
  account: account(number),
  password: Redacted.make(password)
})

/** Somebody who is logged in until the scope ends. Sends are not spaced: nobody shall have to wait or move a clock. */
export const login = <R = never>(
  server: URL | Layer.Layer<HttpClient.HttpClient, never, R>,
  number: number,
  { dialect, password }: Differently = {}
) => Login.layerPassword({ ...as(number, password), sendSpacing: 0 }).pipe(Layer.provideMerge(client(server, dialect)))

/** Logs in by password, without a session layer. */
export const byPassword = (http: Http, options: Login.PasswordOptions, dialect?: Dialects.Dialect) =>
  Effect.provide(Login.withPassword(options), client(http, dialect))

/** The session is lost, and its cookies are not: the server does not know it any more, as if that had been started anew. */
export const loseSession = Effect.flatMap(Session.Session, (session) =>
  session.update({ psessionid: Schema.decodeSync(Ids.Psessionid)("8368") })
)
