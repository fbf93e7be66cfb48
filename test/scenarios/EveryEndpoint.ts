/** Every endpoint description, driven through either front of the server in both of its modes. */
import { assert, describe } from "@effect/vitest"
import { Chunk, Effect, type Layer, Redacted, Stream } from "effect"
import type { Options } from "../../src/programs/server/index.ts"
import { CheckSig, Dialects, Ptlogin, QrLogin } from "../../src/protocol/index.ts"
import { client } from "../rigs/Client.ts"
import type { Front } from "../rigs/Fronts.ts"
import * as People from "../rigs/People.ts"
import * as Contacts from "./Contacts.ts"
import * as Messages from "./Messages.ts"

/** Everything that people do on a server: each calls endpoints, and checks who gets what and who does not. */
export const all: ReadonlyArray<People.Scenario> = [...Object.values(Contacts), ...Object.values(Messages)]

const scenarios: Readonly<Record<string, People.Scenario>> = {
  "the profile, the friends, who of them is online, their real numbers, vfwebqq": Contacts.contacts,
  "the groups, with members, cards, roles and who is online": Contacts.groups,
  "a gid for a code, and the groups of others, are refused": Contacts.groupsOfOthers,
  "the discussion groups and their members": Contacts.discussions,
  "a message reaches the friend, and nobody else": Messages.friendMessage,
  "a group message reaches the other members, and nobody else": Messages.groupMessage,
  "a discussion message reaches the other members, and nobody else": Messages.discussionMessage,
  "a temporary session through a group, both ways": Messages.sessionThroughGroup,
  "a temporary session through a discussion group, both ways": Messages.sessionThroughDiscussion,
  "no signature without a common group, and none for others": Messages.foreignSignatures,
  "a new signature shows in the own profile": Contacts.profile,
  "a friend request is told and accepted, and both have a friend more": Contacts.requestAccepted,
  "a friend request is accepted without adding": Contacts.requestAcceptedWithoutAdding,
  "a friend request is refused, with words": Contacts.requestRefused,
  "heartbeats are answered, and logging out ends the session": Contacts.heartbeatAndLogout
}

/** The paths that only the tests without a login ask for. */
export const withoutLogin: ReadonlySet<string> = new Set(["getimage", "ptqrlogin", "ptqrshow"])

type Visitor = Layer.Layer.Success<ReturnType<typeof client>>

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
const suite = ({ it, serve }: Front, dialect: Dialects.Dialect, strict: boolean) => {
  const served = (options?: Options.Input) =>
    serve({ dialect, strict, allEvents: true, world: People.world, ...options })
  const visiting = (visit: Effect.Effect<void, unknown, Visitor>, options?: Options.Input) =>
    Effect.flatMap(served(options), (http) => Effect.provide(visit, client(http, dialect)))

  it("a captcha is a picture with a cookie, and its answer lets in", () =>
    visiting(captcha, { captchaAfter: 0, captchaCode: "ABCD" }))
  it("a QR code is a picture, and waits to be scanned", () => visiting(qrCode))
  for (const [name, scenario] of Object.entries(scenarios)) {
    it(name, () =>
      Effect.flatMap(
        Effect.flatMap(served(), (http) => People.server(dialect, http)),
        scenario
      )
    )
  }
}

/** Drives every endpoint through a front: in each dialect, strict and tolerant. */
export const through = (front: Front): void => {
  for (const dialect of Dialects.all) {
    for (const strict of [true, false]) {
      describe(`${dialect.name}, ${strict ? "strict" : "tolerant"}`, () => suite(front, dialect, strict))
    }
  }
}
