import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, Option, Redacted, Scope, TestClock } from "effect"
import { Channel, Messages } from "../../../src/protocol/index.ts"
import { Content, Ids } from "../../../src/schema/index.ts"
import { type CookieStore, MessageIds, Session, SessionStore } from "../../../src/services/index.ts"
import { inProcess } from "../../rigs/Fronts.ts"
import { type Answer, credentials, json, script, text, token } from "../../rigs/ScriptedServer.ts"
import * as ServerInProcess from "../../rigs/ServerInProcess.ts"
import { byPassword, memory, noLogin, program, resume } from "./ResumeScenarios.ts"

resume(inProcess)

const http = Effect.map(ServerInProcess.start({}), Layer.succeedContext)
const say = Messages.sendBuddyMsg2({ to: Ids.Uin.make(10002), content: Content.fromText("hi") })

/** A store in memory that takes its time, and the sessions that it was given. */
const slowStore = (initial: Option.Option<SessionStore.Saved>, delays: ReadonlyArray<`${number} seconds`> = []) => {
  const kept: Array<SessionStore.Saved> = []
  let calls = 0
  const layer = Layer.succeed(SessionStore.SessionStore, {
    load: Effect.sync(() => Option.orElse(Option.fromNullable(kept.at(-1)), () => initial)),
    save: (saved) =>
      Effect.delay(
        Effect.sync(() => kept.push(saved)),
        delays[calls++] ?? 0
      ),
    setAside: () => Effect.dieMessage("nothing is to be set aside")
  })
  return { layer, kept }
}

const saved: SessionStore.Saved = {
  version: 1,
  clean: true,
  dialect: "webqq-2013",
  credentials,
  cookies: [],
  lastMsgId: Ids.MsgId.make(7),
  savedAt: 0
}

describe("when a session is kept", () => {
  it.scoped("once a minute, for the numbers and cookies that change without a token, and at the end", () =>
    Effect.gen(function* () {
      const store = yield* memory
      const lastKept = Effect.map(store.load, (found) => Number(Option.getOrThrow(found).lastMsgId))
      const scope = yield* Scope.make()
      const me = yield* Layer.buildWithScope(program(yield* http, store.layer, { login: byPassword() }).layer, scope)
      const first = yield* lastKept
      yield* Effect.provide(Effect.all([say, say]), me)
      yield* TestClock.adjust("59 seconds")
      assert.strictEqual(yield* lastKept, first)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* lastKept, first + 2)
      assert.strictEqual(Option.getOrThrow(yield* store.load).savedAt, 60_000)
      yield* Effect.provide(say, me)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* lastKept, first + 3)
      yield* Effect.provide(say, me)
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual(yield* lastKept, first + 4)
    })
  )

  it.scoped("a change that comes right after the login is not missed", () =>
    Effect.gen(function* () {
      const store = yield* memory
      const me = yield* Layer.build(program(yield* http, store.layer, { login: byPassword() }).layer)
      yield* Context.get(me, Session.Session).update({ vfwebqq: token.vfwebqq("new-at-once") })
      yield* TestClock.adjust(0)
      assert.include(yield* store.raw, "new-at-once")
    })
  )

  it.scoped("a later state is never overwritten by an earlier one that took longer to write", () =>
    Effect.gen(function* () {
      const { kept, layer } = slowStore(Option.none(), ["0 seconds", "10 seconds"])
      const scope = yield* Scope.make()
      const me = yield* Layer.buildWithScope(program(yield* http, layer, { login: byPassword() }).layer, scope)
      const session = Context.get(me, Session.Session)
      yield* TestClock.adjust("55 seconds")
      yield* session.update({ vfwebqq: token.vfwebqq("earlier") })
      yield* TestClock.adjust("1 second")
      yield* session.update({ vfwebqq: token.vfwebqq("later") })
      yield* TestClock.adjust("20 seconds")
      assert.strictEqual(Redacted.value(kept.at(-1)?.credentials.vfwebqq ?? token.vfwebqq("")), "later")
      assert.isTrue(kept.every(({ savedAt }, i) => savedAt >= (kept[i - 1]?.savedAt ?? 0)))
      yield* Scope.close(scope, Exit.void)
    })
  )

  it.scoped("a ptwebqq that a poll replaced is kept with its cookie", () =>
    Effect.gen(function* () {
      const { kept, layer } = slowStore(Option.some(saved))
      const { layer: scripted } = script(json({ retcode: 0, result: [] }), json({ retcode: 116, p: "replaced" }))
      // A store that is not as fast as the one in memory.
      const hesitant = (store: CookieStore.CookieStore["Type"]) => ({
        ...store,
        set: (...change: Parameters<typeof store.set>) =>
          Effect.zipRight(Effect.sleep("1 second"), store.set(...change))
      })
      const me = yield* Layer.build(program(scripted, layer, { login: noLogin, cookies: hesitant }).layer)
      yield* inProcess.run(Effect.asVoid(Effect.provide(Channel.poll2, me)))
      yield* TestClock.adjust(0)
      const rotated = kept.filter(({ credentials }) => Redacted.value(credentials.ptwebqq) === "replaced")
      assert.isAtLeast(rotated.length, 1)
      for (const { cookies } of rotated) {
        assert.deepStrictEqual(
          cookies.filter(({ name }) => name === "ptwebqq").map(({ value }) => Redacted.value(value)),
          ["replaced"]
        )
      }
    })
  )
})

describe("what a server may say to a session that comes back", () => {
  const comingBack = (...answers: ReadonlyArray<Answer>) => {
    const { kept, layer } = slowStore(Option.some(saved))
    const { asked, layer: scripted } = script(...answers)
    const { layer: back, steps } = program(scripted, layer, {
      login: () => Effect.succeed({ ...credentials, clientid: Ids.ClientId.make(1) })
    })
    return inProcess.run(Effect.scoped(Layer.build(back))).pipe(
      Effect.flatMap((me) => Context.get(me, Session.Session).get),
      Effect.either,
      Effect.map((result) => ({ result, asked: asked.map(({ url }) => new URL(url).pathname), steps, kept }))
    )
  }
  /** So often a fault is met before it counts. */
  const again = (answer: Answer, times = 4) => Array.from({ length: times }, () => answer)
  const warmUp = [json({ retcode: 0, result: [] }), json({ retcode: 1 }), json({ retcode: 1 })]

  it.effect("too much to do: no reason for a login, and the kept session stays", () =>
    Effect.gen(function* () {
      const { asked, kept, result } = yield* comingBack(...again(json({ retcode: 112 })))
      assert.deepInclude(result._tag === "Left" ? result.left : {}, { _tag: "ServerBusy", retcode: 112 })
      assert.deepStrictEqual([asked.length, kept.length], [4, 0])
    })
  )

  it.effect("an HTTP status that is none of the protocol's: neither", () =>
    Effect.gen(function* () {
      const { asked, kept, result } = yield* comingBack(...again(text("", { status: 502 })))
      assert.deepInclude(result._tag === "Left" ? result.left : {}, { _tag: "TransportError", status: 502 })
      assert.deepStrictEqual([asked.length, kept.length], [4, 0])
    })
  )

  for (const [name, answers] of [
    ["a refusal that is none of a lost session", [json({ retcode: 50 })]],
    ["something that is no answer", again(text("<html></html>"), 2)]
  ] as const) {
    it.effect(`${name}: then the given login is run`, () =>
      Effect.gen(function* () {
        const { asked, result } = yield* comingBack(...answers, ...warmUp)
        assert.strictEqual(asked.length, answers.length + warmUp.length)
        assert.strictEqual(result._tag === "Right" && Number(result.right.clientid), 1)
      })
    )
  }

  it.effect("that the session is lost, where no cookies are kept: then the given login is run", () =>
    Effect.gen(function* () {
      const { asked, kept, steps } = yield* comingBack(json({ retcode: 103 }), ...warmUp)
      assert.strictEqual(asked.length, 4)
      assert.deepStrictEqual(steps, [])
      assert.isTrue(kept.every(({ credentials }) => Number(credentials.clientid) === 1))
    })
  )
})

describe("message numbers", () => {
  it.scoped("begin anew with the dialect's where nothing was kept, and go on where something was", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1374225160999)
      const server = yield* http
      const number = (layer: Layer.Layer<SessionStore.SessionStore>) =>
        Effect.flatMap(MessageIds.MessageIds, ({ next }) => next).pipe(
          Effect.provide(program(server, layer, { login: byPassword() }).layer)
        )
      const mine = {
        ...saved,
        credentials: { ...credentials, account: Ids.QQ.make(10001) },
        lastMsgId: Ids.MsgId.make(41)
      }
      // Unix second 1374225160: its last four digits, times 10000.
      assert.strictEqual(Number(yield* number(slowStore(Option.none()).layer)), 51600001)
      assert.strictEqual(Number(yield* number(slowStore(Option.some(mine)).layer)), 42)
    })
  )
})
