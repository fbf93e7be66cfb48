/** How `webqq serve` ends: those who wait are answered, and nothing that was acknowledged is lost. */
import { connect } from "node:net"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option } from "effect"
import { Channel } from "../../src/protocol/index.ts"
import { login } from "../rigs/Client.ts"
import { folder, run, start } from "../rigs/Command.ts"

const serve = (db: string) =>
  Effect.promise(async () => {
    const server = start(["serve", "--port", "0", "--no-admin", "--db", db])
    const [url] = await server.until(/http:\/\/127\.0\.0\.1:\d+/)
    return { ...server, url: new URL(url) }
  })
const as = (account: number, url: URL) => ({
  WEBQQ_UIN: String(account),
  WEBQQ_PASSWORD: `webqq-${account}`,
  WEBQQ_SERVER: url.origin
})

describe("webqq serve", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it.scopedLive(`ends held polls as idle on ${signal}, keeps letters, and is not held up by who says nothing`, () =>
      Effect.gen(function* () {
        const db = join(folder, `${signal}.db`)
        const server = yield* serve(db)
        const sent = yield* Effect.promise(() => run(["send", "小明", "明天见"], as(10001, server.url)))
        assert.strictEqual(sent.code, 0)
        const silent = connect(Number(server.url.port), server.url.hostname)
        silent.on("error", () => {})
        const bot = yield* Layer.build(login(server.url, 10003))
        // The answer to one of them shows that the other one is held.
        const polls = [
          yield* Effect.fork(Effect.provide(Channel.poll2, bot)),
          yield* Effect.fork(Effect.provide(Channel.poll2, bot))
        ]
        yield* Effect.raceAll(polls.map(Fiber.join))
        const held = yield* Effect.filter(polls, (poll) => Effect.map(Fiber.poll(poll), Option.isNone))
        assert.lengthOf(held, 1)
        if (signal === "SIGINT") server.interrupt()
        else server.terminate()
        assert.deepStrictEqual(yield* Effect.forEach(held, Fiber.join), [[]])
        const { code, stderr } = yield* Effect.promise(() => server.done)
        assert.deepStrictEqual([code, stderr], [0, ""])
        silent.destroy()

        const next = yield* serve(db)
        const echo = start(["echo"], as(10002, next.url))
        yield* Effect.promise(() => echo.until(/← \S+: 明天见/))
        for (const one of [echo, next]) one.interrupt()
        yield* Effect.promise(() => Promise.all([echo.done, next.done]))
      })
    )
  }

  it.live("ends at once on a second signal", () =>
    Effect.promise(async () => {
      const server = start(["serve", "--port", "0", "--no-admin"])
      const [, port] = await server.until(/http:\/\/127\.0\.0\.1:(\d+)/)
      // Somebody who is in the middle of a request is waited for.
      const slow = connect(Number(port), "127.0.0.1", () => slow.write("POST /x HTTP/1.1\r\nContent-Length: 9\r\n\r\n"))
      slow.on("error", () => {})
      await new Promise((resolve) => slow.once("connect", resolve))
      server.terminate()
      const again = setInterval(() => server.terminate(), 10)
      await server.done
      clearInterval(again)
      slow.destroy()
    })
  )
})
