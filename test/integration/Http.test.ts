/** The whole path over real sockets. */
import { createServer } from "node:http"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Scope, Stream } from "effect"
import { Echo } from "../../src/programs/index.ts"
import { Channel, Contacts, Messages, Poll } from "../../src/protocol/index.ts"
import { Contacts as ContactsSchema, Content, Ids, PollEvent } from "../../src/schema/index.ts"
import { Session } from "../../src/services/index.ts"
import { client, login } from "../rigs/Client.ts"
import * as ForeignServer from "../rigs/ForeignServer.ts"
import { credentials } from "../rigs/ScriptedServer.ts"
import { listen, requested } from "../rigs/ServerOnSockets.ts"

describe("over HTTP", () => {
  it.scopedLive("log in, receive, reply, log out", () =>
    Effect.gen(function* () {
      const url = yield* listen({ strict: true })
      const bot = yield* Layer.build(login(url, 10001))
      const friend = yield* Layer.build(login(url, 10002))
      const echo = yield* Effect.fork(Effect.provide(Echo.run(), bot))
      const words = ["你好", '引号 " 反斜杠 \\ 换行\n', "😀👍🏽 𠮷", "[微笑]", "a&b=c%20+"]
      const heard = yield* Effect.gen(function* () {
        const friends = ContactsSchema.friends(yield* Contacts.getUserFriends2)
        const to = friends.find(({ nick }) => nick === "小黄鸡")?.uin ?? Ids.Uin.make(0)
        const listening = yield* Poll.events().pipe(
          Stream.filter(PollEvent.isMessage),
          Stream.take(words.length),
          Stream.runCollect,
          Effect.fork
        )
        for (const line of words) yield* Messages.sendBuddyMsg2({ to, content: Content.fromText(line) })
        return [...(yield* Fiber.join(listening))]
      }).pipe(Effect.provide(friend))
      assert.deepStrictEqual(
        heard.map(({ content }) => Content.toText(content)),
        words
      )
      yield* Fiber.interrupt(echo)
    })
  )

  it.scopedLive("interrupting a held poll closes its connection", () =>
    Effect.gen(function* () {
      const closed = yield* Effect.makeLatch(false)
      const opened = yield* Effect.makeLatch(false)
      const held = yield* ForeignServer.listen((request, response) => {
        Effect.runSync(opened.open)
        request.resume()
        response.on("close", () => Effect.runSync(closed.open))
      })
      const fiber = yield* Poll.events().pipe(
        Stream.runDrain,
        Effect.provide(Layer.merge(Session.layer(credentials), client(held))),
        Effect.fork
      )
      yield* opened.await
      yield* Fiber.interrupt(fiber)
      yield* closed.await
    })
  )

  it.scopedLive("a held poll ends idle when the server stops, and does not keep it from stopping", () =>
    Effect.gen(function* () {
      const running = yield* Scope.make()
      const node = createServer()
      const url = yield* Scope.extend(listen({ strict: true }, node), running)
      const bot = yield* Layer.build(login(url, 10001))
      const held = yield* Effect.fork(requested(node, "/channel/poll2"))
      const poll = yield* Effect.fork(Effect.provide(Channel.poll2, bot))
      yield* Fiber.join(held)
      yield* Scope.close(running, Exit.void)
      assert.deepStrictEqual(yield* Fiber.join(poll), [])
    })
  )

  it.scopedLive("a server that is not there is a TransportError that says what to do", () =>
    Effect.gen(function* () {
      const gone = yield* Effect.scoped(ForeignServer.listen(() => {}))
      const error = yield* Effect.flip(Layer.build(login(gone, 10001)))
      assert.deepInclude(error, { _tag: "TransportError", reason: "Connection", endpoint: "check" })
      assert.match(error.message, /^The server could not be reached for check: .*ECONNREFUSED.*Check that it runs/)
    })
  )

  it.scopedLive("a server that speaks something else is an UnexpectedResponse or a TransportError", () =>
    Effect.gen(function* () {
      const page = yield* ForeignServer.listen((_, response) => response.end("<html>hello</html>"))
      assert.strictEqual((yield* Effect.flip(Layer.build(login(page, 10001))))._tag, "UnexpectedResponse")
      const missing = yield* ForeignServer.listen((_, response) => response.writeHead(404).end())
      const error = yield* Effect.flip(Layer.build(login(missing, 10001)))
      assert.deepInclude(error, { _tag: "TransportError", reason: "StatusCode", status: 404 })
      const reset = yield* ForeignServer.listen((request) => request.socket.destroy())
      assert.deepInclude(yield* Effect.flip(Layer.build(login(reset, 10001))), {
        _tag: "TransportError",
        reason: "Connection"
      })
      const half = yield* ForeignServer.listen((_, response) => {
        response.writeHead(200, { "content-length": "100" }).write("ptui_", () => response.destroy())
      })
      assert.deepInclude(yield* Effect.flip(Layer.build(login(half, 10001))), { _tag: "TransportError" })
    })
  )
})
