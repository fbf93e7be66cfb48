/** The library's clients as the benchmarks start them. */
import type { HttpClient } from "@effect/platform"
import { Effect, Layer, Redacted } from "effect"
import { CookieStore, Dialect, Login, Transport } from "effect-webqq"
import { Ids } from "effect-webqq/schema"
import * as People from "./People.ts"

/** Cookies of its own, the first dialect, and the way to a server. `locate`: for requests that go elsewhere. */
export const client = (http: Layer.Layer<HttpClient.HttpClient>, server: URL, locate = Transport.make(server).locate) =>
  Layer.mergeAll(
    Layer.fresh(CookieStore.layer),
    Dialect.webqq2013,
    Transport.layerHttpClient.pipe(Layer.provide([Layer.succeed(Transport.Transport, { locate }), http]))
  )

/** Somebody who is logged in. */
export const login = (i: number, services: ReturnType<typeof client>) =>
  Layer.provideMerge(
    Login.layerPassword({
      account: Ids.QQ.make(People.numberOf(i)),
      password: Redacted.make(People.password),
      sendSpacing: 0
    }),
    services
  )

/** One client for all: built once, so that a hundred sessions share its connections. */
export const shared = <R>(layer: Layer.Layer<HttpClient.HttpClient, never, R>) =>
  Effect.map(Layer.build(layer), Layer.succeedContext)

export const numbers = (count: number): ReadonlyArray<number> => Array.from({ length: count }, (_, i) => i)
