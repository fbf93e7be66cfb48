/** Every endpoint description, driven through any front of the server in both of its modes. */
import type { HttpClient } from "@effect/platform"
import { assert, describe, type Vitest } from "@effect/vitest"
import { Chunk, Effect, type Layer, Layer as Layers, Redacted, Stream } from "effect"
import type { Options } from "../../src/programs/server/index.ts"
import { CheckSig, Dialects, Ptlogin, QrLogin } from "../../src/protocol/index.ts"
import * as People from "./People.ts"
import * as Scenarios from "./Scenarios.ts"

/** A server of `People.world` behind a front. */
export type Front = (
  options: Options.Input & { readonly dialect: Dialects.Dialect }
) => Layer.Layer<HttpClient.HttpClient>

const scenarios: Readonly<Record<string, People.Scenario>> = {
  "the profile, the friends, who of them is online, their real numbers, vfwebqq": Scenarios.contacts,
  "the groups, with members, cards, roles and who is online": Scenarios.groups,
  "a gid for a code, and the groups of others, are refused": Scenarios.groupsOfOthers,
  "the discussion groups and their members": Scenarios.discussions,
  "a message reaches the friend, and nobody else": Scenarios.friendMessage,
  "a group message reaches the other members, and nobody else": Scenarios.groupMessage,
  "a discussion message reaches the other members, and nobody else": Scenarios.discussionMessage,
  "a temporary session through a group, both ways": Scenarios.sessionThroughGroup,
  "a temporary session through a discussion group, both ways": Scenarios.sessionThroughDiscussion,
  "no signature without a common group, and none for others": Scenarios.foreignSignatures,
  "a new signature shows in the own profile": Scenarios.profile,
  "a friend request is told and accepted, and both have a friend more": Scenarios.requestAccepted,
  "a friend request is accepted without adding": Scenarios.requestAcceptedWithoutAdding,
  "a friend request is refused, with words": Scenarios.requestRefused,
  "heartbeats are answered, and logging out ends the session": Scenarios.heartbeatAndLogout
}

/** The paths that only the tests without a login ask for. */
export const withoutLogin: ReadonlySet<string> = new Set(["getimage", "ptqrlogin", "ptqrshow"])

const assertPng = (bytes: Uint8Array) => assert.deepStrictEqual([...bytes.slice(0, 4)], [0x89, 0x50, 0x4e, 0x47])

const captcha = Effect.gen(function* () {
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
})

const qrCode = Effect.gen(function* () {
  const states = Chunk.toReadonlyArray(yield* Stream.runCollect(Stream.take(QrLogin.states(), 2)))
  assert.deepStrictEqual(
    states.map(({ _tag }) => _tag),
    ["Code", "Waiting"]
  )
  if (states[0]?._tag === "Code") assertPng(states[0].png)
})

/** The tests of one front, in one dialect and mode. A tolerant server sends all events only when told to. */
const suite = (it: Vitest.Methods["scopedLive"], front: Front, dialect: Dialects.Dialect, strict: boolean) => {
  const served = (options?: Options.Input) => front({ dialect, strict, allEvents: true, aliases: false, ...options })
  const visitor = (options?: Options.Input) => Layers.provideMerge(People.visitor(dialect), served(options))

  it("a captcha is a picture with a cookie, and its answer lets in", () =>
    Effect.provide(captcha, visitor({ captchaAfter: 0, captchaCode: "ABCD" })))
  it("a QR code is a picture, and waits to be scanned", () => Effect.provide(qrCode, visitor()))
  for (const [name, scenario] of Object.entries(scenarios)) {
    it(name, () => Effect.flatMap(People.server(dialect, served()), scenario))
  }
}

/** Drives every endpoint through a front: in each dialect, strict and tolerant. */
export const through = (it: Vitest.Methods["scopedLive"], front: Front): void => {
  for (const dialect of Dialects.all) {
    for (const strict of [true, false]) {
      describe(`${dialect.name}, ${strict ? "strict" : "tolerant"}`, () => suite(it, front, dialect, strict))
    }
  }
}
