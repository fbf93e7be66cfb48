/** `webqq serve --plain-text`: what SmartQQ clients get from a server that does not escape. */
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Channel, Contacts, Dialects, Messages } from "../../src/protocol/index.ts"
import { Content, PollEvent } from "../../src/schema/index.ts"
import * as Client from "../rigs/Client.ts"
import { start } from "../rigs/Command.ts"

const server = (...flags: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const process = start(["serve", "--port", "0", "--no-admin", ...flags])
      const [url] = await process.until(/http:\/\/127\.0\.0\.1:\d+/)
      return { process, url: new URL(url) }
    }),
    ({ process }) =>
      Effect.promise(() => {
        process.interrupt()
        return process.done
      })
  )

/** A client of SmartQQ's time that shows what stands on the wire. */
const dialect: Dialects.Dialect = { ...Dialects.smartqq2015, escapedText: false }

const heard = (url: URL) =>
  Effect.gen(function* () {
    const bot = yield* Layer.build(Client.login(url, 10001, { dialect }))
    const friend = yield* Layer.build(Client.login(url, 10002, { dialect }))
    const { friends } = yield* Effect.provide(Contacts.getUserFriends2, friend)
    for (const { uin } of friends) {
      yield* Effect.provide(Messages.sendBuddyMsg2({ to: uin, content: Content.plain("<b> & &lt;") }), friend)
    }
    return (yield* Effect.provide(Channel.poll2, bot))
      .filter(PollEvent.isMessage)
      .map(({ content }) => Content.toText(content))
  })

it.scopedLive("texts are as they are with the flag, and escaped without it", () =>
  Effect.gen(function* () {
    const plain = yield* server("--plain-text")
    assert.deepStrictEqual(yield* heard(plain.url), ["<b> & &lt;"])
    const escaping = yield* server()
    assert.deepStrictEqual(yield* heard(escaping.url), ["&lt;b&gt; &amp; &amp;lt;"])
  })
)
