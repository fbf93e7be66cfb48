/** What the platform's clients make of bodies without end, of Set-Cookie lines and of redirects, over real sockets. */
import { gzipSync } from "node:zlib"
import { FetchHttpClient, type HttpClient } from "@effect/platform"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted } from "effect"
import { CheckSig, Dialects, type Errors, Ptlogin } from "../../src/protocol/index.ts"
import { Ids } from "../../src/schema/index.ts"
import { CookieStore, Dialect, Transport } from "../../src/services/index.ts"
import * as ForeignServer from "../rigs/ForeignServer.ts"

/** The protocol as if its hosts were this server, so that no `Host` has to be kept. */
const at = (url: URL): Dialects.Dialect => {
  const { origins } = Dialects.webqq2013
  const here = Object.fromEntries(Object.keys(origins).map((role) => [role, url.origin])) as typeof origins
  return { ...Dialects.webqq2013, origins: here, followHosts: [url.host] }
}

const layer = (dialect: Dialects.Dialect, http: Layer.Layer<HttpClient.HttpClient>) =>
  Layer.mergeAll(Layer.fresh(CookieStore.layer), Dialect.layer(dialect), Layer.fresh(http))

const check = Ptlogin.check(Ids.QQ.make(10001))

const failure = (error: { readonly _tag: string; readonly message: string }): Errors.TransportError["reason"] => {
  assert.ok(error._tag === "TransportError" && "reason" in error, error.message)
  // The tag says which class it is.
  return error.reason as Errors.TransportError["reason"]
}

const clients = {
  "Node's client": NodeHttpClient.layer,
  undici: NodeHttpClient.layerUndici,
  fetch: FetchHttpClient.layer
}

for (const [name, http] of Object.entries(clients)) {
  describe(`a server seen by ${name}`, () => {
    it.scopedLive("sends without end: the connection is cut", () =>
      Effect.gen(function* () {
        const closed = yield* Effect.makeLatch(false)
        const piece = Buffer.alloc(64 * 1024, " ")
        const url = yield* ForeignServer.listen((_, response) => {
          const more = () => {
            while (!response.destroyed && response.write(piece));
          }
          response.on("drain", more).on("close", () => Effect.runSync(closed.open))
          more()
        })
        assert.strictEqual(failure(yield* Effect.flip(Effect.provide(check, layer(at(url), http)))), "TooLarge")
        yield* closed.await
      })
    )

    it.scopedLive("gives each Set-Cookie line by itself", () =>
      Effect.gen(function* () {
        const url = yield* ForeignServer.listen((_, response) => {
          response.setHeader("set-cookie", ["a=1, skey=x", "b=2; Expires=Thu, 02-Jan-2094 00:00:00 GMT"])
          response.end("ptui_checkVC('0','!ABC','\\x00');")
        })
        const sent = yield* Effect.gen(function* () {
          yield* check
          return yield* (yield* CookieStore.CookieStore).header(url)
        }).pipe(Effect.provide(layer(at(url), http)))
        assert.deepStrictEqual(Option.map(sent, Redacted.value), Option.some("a=1, skey=x; b=2"))
      })
    )

    it.scopedLive("gets a request whose dialect and cookies hold what no header can carry", () =>
      Effect.gen(function* () {
        const seen: Array<ReadonlyArray<string | undefined>> = []
        const url = yield* ForeignServer.listen(({ headers }, response) => {
          const { cookie, referer, ...others } = headers
          seen.push(
            [others["user-agent"], referer, cookie].map((text) => text && Buffer.from(text, "latin1").toString())
          )
          response.end("ptui_checkVC('0','!ABC','\\x00');")
        })
        const headers = { ...Dialects.webqq2013.headers, check: { referer: "http://q\r\nX: 1/小" } }
        const odd = { ...at(url), userAgent: "机器人 1.0\r\nX: 2 é", headers }
        yield* Effect.gen(function* () {
          const store = yield* CookieStore.CookieStore
          yield* store.set(url, "a", Redacted.make("中文"))
          yield* store.set(url, "b", Redacted.make("1\r\nX: 3"))
          yield* store.set(url, "c", Redacted.make("d"))
          yield* check
        }).pipe(Effect.provide(layer(odd, http)))
        assert.deepStrictEqual(seen, [["机器人 1.0 X: 2 é", "http://q X: 1/小", "c=d"]])
      })
    )

    it.scopedLive("cuts an answer in the middle: a failed connection", () =>
      Effect.gen(function* () {
        const url = yield* ForeignServer.listen((_, response) => {
          response.write("ptui_checkVC(", () => response.destroy())
        })
        assert.strictEqual(failure(yield* Effect.flip(Effect.provide(check, layer(at(url), http)))), "Connection")
      })
    )
  })
}

describe("a login over fetch", () => {
  const redirecting = ForeignServer.listen((request, response) => {
    if (request.url === "/first") {
      response.writeHead(302, { location: "/second", "set-cookie": ["one=1", "two=2"] }).end()
    } else {
      response.writeHead(200, { "set-cookie": "three=3" }).end("done")
    }
  })
  const follow = (url: URL) =>
    Effect.gen(function* () {
      // With it, other pages of the chain could be done without.
      yield* (yield* CookieStore.CookieStore).set(url, "skey", Redacted.make("0"))
      const hops = yield* CheckSig.checkSig(Redacted.make(`${url.origin}/first`))
      return [hops, Option.map(yield* (yield* CookieStore.CookieStore).header(url), Redacted.value)] as const
    })

  it.scopedLive("is refused where redirects were followed unseen, and says what to do", () =>
    Effect.gen(function* () {
      const url = yield* redirecting
      const error = yield* Effect.flip(Effect.provide(follow(url), layer(at(url), FetchHttpClient.layer)))
      assert.strictEqual(failure(error), "Client")
      assert.match(error.message, /check_sig.*FetchHttpClient.*redirect: "manual".*NodeHttpClient/)
    })
  )

  it.scopedLive("sees every hop when it does what the error says", () =>
    Effect.gen(function* () {
      const url = yield* redirecting
      const manual = Layer.succeed(FetchHttpClient.RequestInit, { redirect: "manual" })
      const http = Layer.provide(FetchHttpClient.layer, manual)
      const found = yield* Effect.provide(follow(url), layer(at(url), http))
      assert.deepStrictEqual(found, [2, Option.some("skey=0; one=1; two=2; three=3")])
    })
  )

  it.scopedLive("is refused at once where a Host must be kept", () =>
    Effect.gen(function* () {
      const url = yield* redirecting
      const http = Layer.provide(Transport.layerHttpClient, [Transport.layer(url), FetchHttpClient.layer])
      const error = yield* Effect.flip(Effect.provide(check, layer(Dialects.webqq2013, http)))
      assert.strictEqual(failure(error), "Client")
      assert.match(error.message, /Host.*NodeHttpClient instead of FetchHttpClient/)
    })
  )

  it.scopedLive("reads no more of a packed body than is wanted", () =>
    Effect.gen(function* () {
      const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
      const url = yield* ForeignServer.listen((_, response) => {
        response.writeHead(200, { "content-encoding": "gzip", "content-length": bomb.length }).end(bomb)
      })
      const error = yield* Effect.flip(Effect.provide(check, layer(at(url), FetchHttpClient.layer)))
      assert.strictEqual(failure(error), "TooLarge")
    })
  )
})
