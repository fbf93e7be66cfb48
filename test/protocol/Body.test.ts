/** Bodies without end, and bodies that do not say how long they are. */
import { HttpClient, HttpClientResponse } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Random, TestClock } from "effect"
import { Contacts, Errors, Ptlogin } from "../../src/protocol/index.ts"
import { Ids } from "../../src/schema/index.ts"
import { anonymous, loggedIn } from "../rigs/ScriptedServer.ts"

const MiB = 1024 * 1024

/** A body of equal pieces; counts how many were asked for, and whether the reader went away. */
const stream = (piece: Uint8Array, pieces = Number.POSITIVE_INFINITY) => {
  const seen = { pulled: 0, cancelled: false }
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (seen.pulled++ < pieces) controller.enqueue(piece)
        else controller.close()
      },
      cancel: () => {
        seen.cancelled = true
      }
    },
    { highWaterMark: 0 }
  )
  return { seen, body }
}

const answering = (body: BodyInit | null, headers: Record<string, string> = {}) =>
  Layer.succeed(
    HttpClient.HttpClient,
    HttpClient.make((request) =>
      Effect.sync(() => HttpClientResponse.fromWeb(request, new Response(body, { headers })))
    )
  )

const self = (body: BodyInit | null, headers?: Record<string, string>) =>
  Effect.provide(Contacts.getSelfInfo2, Layer.merge(loggedIn, answering(body, headers)))

const blank = (size: number) => new TextEncoder().encode(" ".repeat(size))

describe("the body of an answer", () => {
  it.effect("that does not end is read up to 4 MiB, and then left", () =>
    Effect.gen(function* () {
      const { body, seen } = stream(blank(64 * 1024))
      const error = yield* Effect.flip(self(body))
      assert.ok(error._tag === "TransportError" && error.reason === "TooLarge", error.message)
      assert.include(error.message, "get_self_info2")
      assert.include(error.message, String(4 * MiB))
      assert.strictEqual(seen.pulled, 4 * 16 + 1)
      assert.isTrue(seen.cancelled)
      assert.isTrue(Errors.isTransient(error))
    })
  )

  it.effect("that is packed may be larger than it says", () =>
    Effect.gen(function* () {
      const { body } = stream(blank(64 * 1024))
      const error = yield* Effect.flip(self(body, { "content-length": "100", "content-encoding": "gzip" }))
      assert.ok(error._tag === "TransportError" && error.reason === "TooLarge", error.message)
    })
  )

  it.effect("that announces more than is read is not waited for", () =>
    Effect.gen(function* () {
      const { body, seen } = stream(blank(MiB))
      const error = yield* Effect.flip(self(body, { "content-length": String(1500 * MiB) }))
      assert.ok(error._tag === "TransportError" && error.reason === "TooLarge", error.message)
      assert.strictEqual(seen.pulled, 5)
    })
  )

  it.effect("of 4 MiB in pieces that cut characters is whole", () =>
    Effect.gen(function* () {
      const json = JSON.stringify({ retcode: 0, result: { uin: 10001, nick: "小黄鸡😀" } })
      const bytes = new TextEncoder().encode(json.padEnd(4 * MiB - 8))
      assert.strictEqual(bytes.length, 4 * MiB)
      const pieces = new ReadableStream<Uint8Array>({
        start: (controller) => {
          for (let at = 0; at < 64; at++) controller.enqueue(bytes.subarray(at, at + 1))
          controller.enqueue(bytes.subarray(64))
          controller.close()
        }
      })
      assert.strictEqual((yield* self(pieces)).nick, "小黄鸡😀")
    })
  )

  it.effect("may be none at all", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(self(null))
      assert.strictEqual(error._tag, "UnexpectedResponse")
    })
  )

  it.effect("that comes slowly uses up the time of the request", () =>
    Effect.gen(function* () {
      const slow = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(blank(1)),
        pull: () => new Promise(() => undefined)
      })
      const fiber = yield* Effect.fork(Effect.flip(self(slow)))
      yield* TestClock.adjust("30 seconds")
      const error = yield* Fiber.join(fiber)
      assert.ok(error._tag === "TransportError" && error.reason === "Timeout", error.message)
    })
  )

  it.effect("of a captcha is a picture: 1 MiB", () =>
    Effect.gen(function* () {
      const { body, seen } = stream(blank(64 * 1024))
      const captcha = Ptlogin.getimage({ account: Ids.QQ.make(10001), capCd: "" })
      const error = yield* Effect.flip(Effect.provide(captcha, Layer.merge(anonymous, answering(body))))
      assert.ok(error._tag === "TransportError" && error.reason === "TooLarge", error.message)
      assert.strictEqual(seen.pulled, 17)
    }).pipe(Effect.withRandom(Random.make(1)))
  )

  it.effect("is still there when another one has read it before", () =>
    Effect.gen(function* () {
      const reply = answering(JSON.stringify({ retcode: 0, result: { uin: 10001, nick: "a" } }))
      const client = yield* Effect.provide(HttpClient.HttpClient, reply)
      const tapped = HttpClient.tap(client, (response) => response.text)
      const call = Effect.provide(Contacts.getSelfInfo2, loggedIn)
      assert.strictEqual((yield* Effect.provideService(call, HttpClient.HttpClient, tapped)).nick, "a")
    })
  )
})
