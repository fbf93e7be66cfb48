import { inspect } from "node:util"
import { HttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
// Unlike assert's, it sees that none is not some, and looks into what is redacted.
import { assertEquals } from "@effect/vitest/utils"
import { Chunk, Config, Effect, Fiber, Layer, Option, Redacted, Stream, TestClock } from "effect"
import { Dialects } from "../../src/protocol/index.ts"
import { CookieStore, Dialect, MessageIds, Session, Transport } from "../../src/services/index.ts"
import { credentials, script, text, token } from "../rigs/ScriptedServer.ts"

describe("CookieStore", () => {
  it.effect("expiry follows Effect's clock", () =>
    Effect.gen(function* () {
      const store = yield* CookieStore.CookieStore
      const url = new URL("http://d.web2.qq.com/")
      yield* store.absorb(url, ["a=1; Max-Age=60; Path=/", "b=2; Path=/"])
      const sent = Effect.map(store.header(url), Option.map(Redacted.value))
      assertEquals(yield* sent, Option.some("a=1; b=2"))
      yield* TestClock.adjust("59 seconds")
      assertEquals(yield* store.get(url, "a"), Option.some(Redacted.make("1")))
      yield* TestClock.adjust("1 second")
      assertEquals(yield* sent, Option.some("b=2"))
      assertEquals(yield* store.get(url, "a"), Option.none())
    }).pipe(Effect.provide(CookieStore.layer))
  )

  it.effect("begins with kept cookies, and shows no value", () =>
    Effect.gen(function* () {
      const url = new URL("http://qq.com/")
      const first = yield* CookieStore.make()
      yield* first.set(url, "skey", Redacted.make("@abcdefghi"))
      const jar = yield* first.jar
      assert.notInclude(`${inspect(jar, { depth: 9 })}${JSON.stringify(jar)}`, "@abcdefghi")
      const second = yield* Effect.provide(CookieStore.CookieStore, CookieStore.layerFrom(jar))
      assertEquals(yield* second.get(url, "skey"), Option.some(Redacted.make("@abcdefghi")))
    })
  )
})

describe("Session", () => {
  it.effect("an update is seen by the next read and by whoever watches", () =>
    Effect.gen(function* () {
      const session = yield* Session.Session
      const watching = yield* session.changes.pipe(Stream.take(2), Stream.runCollect, Effect.fork)
      yield* TestClock.adjust(0)
      yield* session.update({ ptwebqq: token.ptwebqq("new") })
      const after = yield* session.get
      assert.strictEqual(Redacted.value(after.ptwebqq), "new")
      assert.strictEqual(after.psessionid, credentials.psessionid)
      const seen = Chunk.toReadonlyArray(yield* Fiber.join(watching))
      assert.deepStrictEqual(
        seen.map(({ ptwebqq }) => Redacted.value(ptwebqq)),
        [Redacted.value(credentials.ptwebqq), "new"]
      )
      assert.notInclude(inspect(after, { depth: 9 }), "psessionid-secret")
    }).pipe(Effect.provide(Session.layer(credentials)))
  )
})

describe("MessageIds", () => {
  it("begin as the clients of each time began", () => {
    // Unix second 1374225160: its last four digits, times 10000.
    assert.strictEqual(Dialects.webqq2013.firstMsgId(1374225160999), 51600000)
    assert.strictEqual(Dialects.smartqq2015.firstMsgId(0), 0)
    assert.strictEqual(Dialects.webqq2014.firstMsgId(1374225160999), 38200000)
  })

  it.effect("rise by one, without gap or repeat, under concurrent callers", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1374225160999)
      const numbers = yield* Effect.gen(function* () {
        const ids = yield* MessageIds.MessageIds
        return yield* Effect.all(
          Array.from({ length: 500 }, () => Effect.zipRight(Effect.yieldNow(), ids.next)),
          { concurrency: "unbounded" }
        )
      }).pipe(Effect.provide(Layer.provide(MessageIds.layer, Dialect.webqq2013)))
      assert.deepStrictEqual(
        [...numbers].sort((a, b) => a - b).map(Number),
        Array.from({ length: 500 }, (_, i) => 51600001 + i)
      )
    })
  )
})

describe("Transport", () => {
  const through = (transport: Layer.Layer<Transport.Transport, unknown>, url: string) =>
    Effect.gen(function* () {
      const { asked, layer } = script(text("ok"))
      yield* HttpClient.get(url).pipe(
        Effect.provide(Transport.layerHttpClient.pipe(Layer.provide([layer, Layer.orDie(transport)])))
      )
      return asked[0]
    })

  it.effect("sends to the server, and keeps path, query and Host", () =>
    Effect.gen(function* () {
      const server = Transport.layer(new URL("http://127.0.0.1:2013"))
      const asked = yield* through(server, "https://ssl.ptlogin2.qq.com/check?uin=1&r=0.5")
      assert.strictEqual(asked?.url, "http://127.0.0.1:2013/check")
      assert.deepStrictEqual(asked?.query, [
        ["uin", "1"],
        ["r", "0.5"]
      ])
      assert.strictEqual(asked?.headers.host, "ssl.ptlogin2.qq.com")
    })
  )

  it.effect("puts a gateway's path in front", () =>
    Effect.gen(function* () {
      const config = Transport.layerConfig(Config.succeed(new URL("https://gate.example/webqq/")))
      const asked = yield* through(config, "http://d.web2.qq.com/channel/poll2")
      assert.strictEqual(asked?.url, "https://gate.example/webqq/channel/poll2")
    })
  )

  it.effect("changes nothing without a detour", () =>
    Effect.gen(function* () {
      const asked = yield* through(Transport.layerDirect, "http://d.web2.qq.com/channel/poll2")
      assert.strictEqual(asked?.url, "http://d.web2.qq.com/channel/poll2")
      assert.isUndefined(asked?.headers.host)
    })
  )
})
