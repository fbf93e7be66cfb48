/** How the texts of messages travel to clients of each time (reference, section 5.3). */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { Options } from "../../../src/programs/server/index.ts"
import { Channel, Dialects, Messages } from "../../../src/protocol/index.ts"
import { Content, Ids, PollEvent } from "../../../src/schema/index.ts"
import * as Client from "../../rigs/Client.ts"
import { ask, json, logIn, post } from "../../rigs/RawRequests.ts"
import * as ServerInProcess from "../../rigs/ServerInProcess.ts"

/** What could be taken for an entity, or has to become one. */
const words = ["&lt;b&gt; <b> & \"quotes\" 'n' \\ \u00a0 &amp;lt; &#39; &#x27; &nbsp;", "[微笑] &", "C++ & Qt"]

describe("a text", () => {
  for (const from of Dialects.all) {
    for (const to of Dialects.all) {
      it.scoped(`of ${from.name} is the same in ${to.name}`, () =>
        Effect.gen(function* () {
          const server = Layer.succeedContext(yield* ServerInProcess.start({ strict: false, holdPoll: 0 }))
          const sender = yield* Layer.build(Client.login(server, 10002, { dialect: from }))
          const recipient = yield* Layer.build(Client.login(server, 10001, { dialect: to }))
          for (const said of words) {
            const content = Content.make([said, Content.face(14), said])
            yield* Effect.provide(Messages.sendBuddyMsg2({ to: Ids.Uin.make(10001), content }), sender)
            const events = yield* Effect.provide(Channel.poll2, recipient)
            assert.deepStrictEqual(
              events.filter(PollEvent.isMessage).map((event) => event.content),
              [content]
            )
          }
        })
      )
    }
  }
})

interface Frame {
  readonly poll_type: string
  readonly value: { readonly content: ReadonlyArray<unknown> }
}

/** The elements of the next message behind its font; events of other kinds may come before it. */
const nextMessage = (session: object, cookie: string) =>
  Effect.iterate([] as ReadonlyArray<Frame>, {
    while: ([frame]) => frame?.poll_type !== "message",
    body: () =>
      Effect.map(
        post("/channel/poll2", { ...session, key: "" }, { cookie }),
        (answer) => json(answer).result as ReadonlyArray<Frame>
      )
  }).pipe(Effect.map(([frame]) => frame?.value.content.slice(1)))

/** The elements behind the font that somebody gets whose login2 went to a host, when a friend sends some. */
const delivered = (host: string, sent: ReadonlyArray<unknown>) =>
  Effect.gen(function* () {
    const { clientid, cookie, ptwebqq } = yield* logIn(10001)
    const r = JSON.stringify({ ptwebqq, clientid, psessionid: "", status: "online" })
    const body = `r=${encodeURIComponent(r)}`
    const online = json(yield* ask({ method: "POST", host, path: "/channel/login2", headers: { cookie }, body }))
    const { psessionid } = online.result as { readonly psessionid: string }
    const friend = yield* logIn(10002)
    const message = { to: 10001, content: JSON.stringify([...sent, ["font", {}]]), msg_id: 1, face: 522 }
    const answer = json(yield* post("/channel/send_buddy_msg2", { ...message, ...friend }, friend))
    assert.strictEqual(answer.retcode, 0)
    return yield* nextMessage({ clientid, psessionid }, cookie)
  })

const on = (host: string, sent: ReadonlyArray<unknown>, options: Options.Input = {}) =>
  Effect.provide(delivered(host, sent), ServerInProcess.handler({ holdPoll: 0, ...options }))

describe("on the wire", () => {
  const said = '<b> & "it\'s" \\ \u00a0 &lt;'

  it.effect("texts are HTML-escaped for d1.web2.qq.com, as the service wrote them", () =>
    Effect.gen(function* () {
      const escaped = "&lt;b&gt; &amp; &quot;it&#39;s&quot; &#92; &nbsp; &amp;lt;"
      assert.deepStrictEqual(yield* on("d1.web2.qq.com", [said, ["face", 14], said]), [escaped, ["face", 14], escaped])
    })
  )

  it.effect("texts are as they are for d.web2.qq.com, and everywhere if the server is told so", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* on("d.web2.qq.com", [said]), [said])
      assert.deepStrictEqual(yield* on("d1.web2.qq.com", [said], { escapeText: false }), [said])
    })
  )

  it.effect("a text follows faces that come alone, as clients expect it", () =>
    Effect.gen(function* () {
      for (const host of ["d.web2.qq.com", "d1.web2.qq.com"]) {
        assert.deepStrictEqual(yield* on(host, [["face", 5]]), [["face", 5], " "])
        assert.deepStrictEqual(yield* on(host, [["face", 5], ["face", 6], ""]), [["face", 5], ["face", 6], "", " "])
        assert.deepStrictEqual(yield* on(host, [["face", 5], "hi"]), [["face", 5], "hi"])
        assert.deepStrictEqual(yield* on(host, ["hi", ["face", 5]]), ["hi", ["face", 5]])
        assert.deepStrictEqual(yield* on(host, []), [])
      }
    })
  )

  it.scoped("a strict server delivers what was sent, faces alone, too", () =>
    Effect.gen(function* () {
      const server = Layer.succeedContext(yield* ServerInProcess.start({ holdPoll: 0 }))
      const sender = yield* Layer.build(Client.login(server, 10002))
      const recipient = yield* Layer.build(Client.login(server, 10001))
      const content = Content.fromText("[微笑]")
      yield* Effect.provide(Messages.sendBuddyMsg2({ to: Ids.Uin.make(10001), content }), sender)
      const [event] = yield* Effect.provide(Channel.poll2, recipient)
      assert.deepInclude(event, { _tag: "BuddyMessage", content })
    })
  )
})
