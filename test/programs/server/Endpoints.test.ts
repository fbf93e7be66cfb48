/** Every endpoint, called on the strict server of each dialect. */
import { assert, describe, it } from "@effect/vitest"
import { Chunk, Effect, Layer, Redacted, Stream } from "effect"
import { InProcess, type Options } from "../../../src/programs/server/index.ts"
import { CheckSig, Dialects, Endpoints, Ptlogin, QrLogin } from "../../../src/protocol/index.ts"
import * as People from "../../support/People.ts"
import * as Scenarios from "../../support/Scenarios.ts"

const front = (dialect: Dialects.Dialect, options?: Options.Input) =>
  Layer.provide(InProcess.layer({ strict: true, aliases: false, dialect, ...options }), People.world)

const assertPng = (bytes: Uint8Array) => assert.deepStrictEqual([...bytes.slice(0, 4)], [0x89, 0x50, 0x4e, 0x47])

for (const dialect of Dialects.all) {
  const on = (scenario: People.Scenario) => () => Effect.flatMap(People.server(dialect, front(dialect)), scenario)
  const visitor = (options?: Options.Input) => Layer.provideMerge(People.visitor(dialect), front(dialect, options))

  describe(dialect.name, () => {
    it.effect("a captcha is a picture with a cookie, and its answer lets in", () =>
      Effect.gen(function* () {
        const account = People.qq(10001)
        const loginSig = yield* Ptlogin.uilogin
        const check = yield* Ptlogin.check(account, loginSig)
        assert.strictEqual(check.code, "1")
        const { image, verifysession } = yield* Ptlogin.getimage({ account, capCd: check.verifyCode })
        assertPng(image)
        const reply = yield* Ptlogin.login({
          account,
          password: Redacted.make("webqq-10001"),
          loginSig,
          captcha: true,
          check: { ...check, verifyCode: "abcd", verifysession }
        })
        assert.strictEqual(reply.nick, "小黄鸡")
        // check_sig, and the page to which it leads.
        assert.strictEqual(yield* CheckSig.checkSig(reply.url), 2)
      }).pipe(Effect.provide(visitor({ captchaAfter: 0, captchaCode: "ABCD" })))
    )

    it.effect("a QR code is a picture, and waits to be scanned", () =>
      Effect.gen(function* () {
        const states = Chunk.toReadonlyArray(yield* Stream.runCollect(Stream.take(QrLogin.states(), 2)))
        assert.deepStrictEqual(
          states.map(({ _tag }) => _tag),
          ["Code", "Waiting"]
        )
        if (states[0]?._tag === "Code") assertPng(states[0].png)
      }).pipe(Effect.provide(visitor()))
    )

    it.scoped("the profile, the friends, who of them is online, their real numbers, vfwebqq", on(Scenarios.contacts))
    it.scoped("the groups, with members, cards, roles and who is online", on(Scenarios.groups))
    it.scoped("a gid for a code, and the groups of others, are refused", on(Scenarios.groupsOfOthers))
    it.scoped("the discussion groups and their members", on(Scenarios.discussions))
    it.scoped("a message reaches the friend, and nobody else", on(Scenarios.friendMessage))
    it.scoped("a group message reaches the other members, and nobody else", on(Scenarios.groupMessage))
    it.scoped("a discussion message reaches the other members, and nobody else", on(Scenarios.discussionMessage))
    it.scoped("a temporary session through a group, both ways", on(Scenarios.sessionThroughGroup))
    it.scoped("a temporary session through a discussion group, both ways", on(Scenarios.sessionThroughDiscussion))
    it.scoped("no signature without a common group, and none for others", on(Scenarios.foreignSignatures))
    it.scoped("a new signature shows in the own profile", on(Scenarios.profile))
    it.scoped("a friend request is told and accepted, and both have a friend more", on(Scenarios.requestAccepted))
    it.scoped("a friend request is accepted without adding", on(Scenarios.requestAcceptedWithoutAdding))
    it.scoped("a friend request is refused, with words", on(Scenarios.requestRefused))
    it.scoped("heartbeats are answered, and logging out ends the session", on(Scenarios.heartbeatAndLogout))
  })
}

/** Asked for above, without a scenario. */
const withoutLogin: ReadonlySet<string> = new Set(["getimage", "ptqrlogin", "ptqrshow"])

it.effect("these scenarios leave no endpoint out", () =>
  Effect.gen(function* () {
    const asked = new Set<string>()
    for (const dialect of Dialects.all) {
      for (const scenario of Scenarios.all) {
        const server = yield* Effect.scoped(Effect.tap(People.server(dialect, front(dialect)), scenario))
        for (const path of server.asked) asked.add(path)
      }
    }
    const left = Endpoints.all.filter(({ name, path }) => !withoutLogin.has(name) && !asked.has(path))
    assert.deepStrictEqual(
      left.map(({ name }) => name),
      []
    )
  })
)
