import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as Client from "../../../../src/programs/server/session/Client.ts"
import { Channel, Dialects, Messages } from "../../../../src/protocol/index.ts"
import { Content, Ids } from "../../../../src/schema/index.ts"
import { login } from "../../../rigs/Client.ts"
import * as ServerInProcess from "../../../rigs/ServerInProcess.ts"

const tolerant = { strict: false, allEvents: false, escapeText: true, dialect: Dialects.webqq2013 }
const opening = (more: Partial<Client.Opening>): Client.Opening => ({
  host: "d1.web2.qq.com",
  passwdSig: undefined,
  events: undefined,
  ...more
})

describe("a client", () => {
  for (const [what, sent, allEvents] of [
    ["of WebQQ's host", { host: "d.web2.qq.com" }, true],
    ["of SmartQQ's host", {}, false],
    ["of SmartQQ's first host", { host: "w.qq.com" }, false],
    ["of SmartQQ's host that asks for them", { events: "all" }, true],
    ["of SmartQQ's host with an older parameter", { passwdSig: "" }, false],
    ["of an unknown host", { host: "127.0.0.1" }, false],
    ["of an unknown host with an older parameter", { host: "127.0.0.1", passwdSig: "" }, true]
  ] as const) {
    it(`${what} is sent ${allEvents ? "all events" : "messages alone"}`, () => {
      assert.strictEqual(Client.of(opening(sent), tolerant).allEvents, allEvents)
      assert.isTrue(Client.of(opening(sent), { ...tolerant, allEvents: true }).allEvents)
    })
  }

  it("is told to go online again where it knows how", () => {
    assert.isTrue(Client.relinks({ host: "d.web2.qq.com", ids: undefined }))
    assert.isTrue(Client.relinks({ host: "d1.web2.qq.com", ids: [] }))
    assert.isFalse(Client.relinks({ host: "d1.web2.qq.com", ids: undefined }))
  })
})

describe("our own client of SmartQQ's time", () => {
  /** What a friend hears of somebody who asks to become one, before a message. */
  const heard = (allEvents: boolean) =>
    Effect.gen(function* () {
      const options = { strict: false, dialect: Dialects.smartqq2015 }
      const server = Layer.succeedContext(yield* ServerInProcess.start(options))
      const dialect = { ...Dialects.smartqq2015, allEvents }
      const bot = yield* Layer.build(login(server, 10001, { dialect }))
      const friend = yield* Layer.build(login(server, 10002, { dialect }))
      yield* Effect.provide(Messages.sendBuddyMsg2({ to: Ids.Uin.make(10001), content: Content.make(["hi"]) }), friend)
      const tags: Array<string> = []
      while (!tags.includes("BuddyMessage")) {
        tags.push(...(yield* Effect.provide(Channel.poll2, bot)).map(({ _tag }) => _tag))
      }
      return tags
    })

  it.scoped("hears of messages alone, and of all events if its dialect asks for them", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* heard(false), ["BuddyMessage"])
      assert.deepStrictEqual(yield* heard(true), ["BuddiesStatusChange", "BuddyMessage"])
    })
  )
})
