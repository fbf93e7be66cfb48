/** The contact lists: the hash variants (reference, section 3.3), and what is said when a reply breaks its promise. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Channel, Contacts, Dialects, type Errors } from "../../src/protocol/index.ts"
import { Ids } from "../../src/schema/index.ts"
import { Session } from "../../src/services/index.ts"
import * as Samples from "../fixtures/Samples.ts"
import { type Answer, type Asked, credentials, json, loggedIn, loggedInTo, script } from "../rigs/ScriptedServer.ts"

/** Of the account and ptwebqq in `../rigs/ScriptedServer.ts`: the second row of the reference's table, section 3.3. */
const hashes = { P: "092159375EC45D4E", Q: "86B18C98", N: "FAA1A0F6", O: "04520C56030C0955025408075B53070109" } as const
type Variant = keyof typeof hashes

/** The variant of a request; the reference prints only the beginning of the long one. */
const variantOf = ({ form }: Asked): Variant | undefined => {
  const { hash = "" } = JSON.parse(Object.fromEntries(form).r ?? "{}") as { hash?: string }
  return (Object.keys(hashes) as ReadonlyArray<Variant>).find((variant) =>
    variant === "O" ? hash.startsWith(hashes.O) && hash.length === 156 : hash === hashes[variant]
  )
}

const friendList = { retcode: 0, result: Samples.userFriends }
const groupList = { retcode: 0, result: Samples.groupList }

/** A server that takes one variant, or none, and answers the others with retcode 50. */
const taking =
  (variant: Variant | undefined): Answer =>
  (asked, request) =>
    json(
      variantOf(asked) !== variant ? { retcode: 50 } : asked.url.endsWith("get_user_friends2") ? friendList : groupList
    )(asked, request)

/** Answers in this order, in a dialect that tries `first` first. */
const started = (first: Variant, ...answers: ReadonlyArray<Answer>) => {
  const { asked, layer } = script(...answers)
  const services = Layer.merge(layer, loggedInTo({ ...Dialects.webqq2013, friendHash: first }, credentials))
  return { services, tried: () => asked.map(variantOf) }
}
const times = (count: number, answer: Answer) => Array.from({ length: count }, () => answer)
const remembered = Effect.flatMap(Session.Session, ({ get }) => Effect.map(get, ({ friendHash }) => friendHash))

describe("the contact-list hash", () => {
  for (const first of ["N", "O", "P", "Q"] as const) {
    it.effect(`${first}, if it is the dialect's, is tried first and is all that is sent when it is right`, () => {
      const { services, tried } = started(first, ...times(2, taking(first)))
      return Effect.gen(function* () {
        yield* Contacts.getUserFriends2
        assert.strictEqual(yield* remembered, first)
        yield* Contacts.getGroupNameListMask2
        assert.deepStrictEqual(tried(), [first, first])
      }).pipe(Effect.provide(services))
    })
  }

  for (const right of ["N", "O", "Q"] as const) {
    for (const [name, one, other] of [
      ["friend", Contacts.getUserFriends2, Contacts.getGroupNameListMask2],
      ["group", Contacts.getGroupNameListMask2, Contacts.getUserFriends2]
    ] as const) {
      it.effect(
        `${right} is found by the ${name} list while the server answers 50, and both lists begin with it`,
        () => {
          const { services, tried } = started("P", ...times(10, taking(right)))
          return Effect.gen(function* () {
            yield* one
            const trials = tried()
            assert.strictEqual(trials[0], "P")
            assert.strictEqual(trials.at(-1), right)
            assert.strictEqual(new Set(trials).size, trials.length, "no variant twice")
            assert.strictEqual(yield* remembered, right)
            yield* other
            yield* one
            assert.deepStrictEqual(tried().slice(trials.length), [right, right])
          }).pipe(Effect.provide(services))
        }
      )
    }
  }

  it.effect("what worked is replaced when the server changes its mind", () => {
    const { services, tried } = started("P", ...times(2, taking("O")), ...times(4, taking("Q")))
    return Effect.gen(function* () {
      yield* Contacts.getUserFriends2
      yield* Contacts.getUserFriends2
      assert.strictEqual(tried()[2], "O")
      assert.strictEqual(yield* remembered, "Q")
    }).pipe(Effect.provide(services))
  })

  it.effect("when all four are refused, that is the error, and nothing is remembered", () => {
    const { services, tried } = started("Q", ...times(8, taking(undefined)))
    return Effect.gen(function* () {
      for (const [list, endpoint] of [
        [Effect.asVoid(Contacts.getUserFriends2), "get_user_friends2"],
        [Effect.asVoid(Contacts.getGroupNameListMask2), "get_group_name_list_mask2"]
      ] as const) {
        assert.deepInclude(yield* Effect.flip(list), { _tag: "Rejected", endpoint, retcode: 50 })
      }
      assert.strictEqual(tried()[0], "Q")
      assert.sameMembers(tried().slice(0, 4), ["N", "O", "P", "Q"])
      assert.strictEqual(tried().length, 8)
      assert.isUndefined(yield* remembered)
    }).pipe(Effect.provide(services))
  })

  for (const [retcode, tag] of [
    [100001, "SessionLost"],
    [6, "Rejected"]
  ] as const) {
    it.effect(`retcode ${retcode} ends the search at once, at the first variant or a later one`, () => {
      const { services, tried } = started("P", json({ retcode }), json({ retcode: 50 }), json({ retcode }))
      return Effect.gen(function* () {
        assert.deepInclude(yield* Effect.flip(Contacts.getUserFriends2), { _tag: tag, retcode })
        assert.strictEqual(tried().length, 1)
        assert.deepInclude(yield* Effect.flip(Contacts.getUserFriends2), { _tag: tag, retcode })
        assert.strictEqual(tried().length, 3)
        assert.isUndefined(yield* remembered)
      }).pipe(Effect.provide(services))
    })
  }
})

describe("a promised field of the wrong type", () => {
  type Call = Effect.Effect<unknown, Errors.SessionError, Layer.Layer.Success<typeof loggedIn> | Service>
  type Service = Layer.Layer.Success<ReturnType<typeof script>["layer"]>
  const broken: ReadonlyArray<readonly [endpoint: string, call: Call, result: unknown, path: string]> = [
    ["get_self_info2", Contacts.getSelfInfo2, { ...Samples.selfInfo, nick: 7 }, "result.nick"],
    [
      "get_user_friends2",
      Contacts.getUserFriends2,
      { ...Samples.userFriends, friends: [{ uin: null }, { uin: [] }] },
      "result.friends.0.uin"
    ],
    ["get_user_friends2", Contacts.getUserFriends2, { friends: "x" }, "result.friends"],
    [
      "get_group_name_list_mask2",
      Contacts.getGroupNameListMask2,
      { ...Samples.groupList, gnamelist: [{ gid: 1, code: "x", name: "" }] },
      "result.gnamelist.0.code"
    ],
    [
      "get_group_info_ext2",
      Contacts.getGroupInfoExt2(Ids.GroupCode.make(1)),
      { ...Samples.groupInfo, minfo: [{ nick: "n" }] },
      "result.minfo.0.uin"
    ],
    ["get_discus_list", Contacts.getDiscusList, { dnamelist: [{ did: "x", name: "" }] }, "result.dnamelist.0.did"],
    [
      "get_discu_info",
      Channel.getDiscuInfo(Ids.DiscussionId.make(1)),
      { ...Samples.discuInfo, info: { did: 1.5 } },
      "result.info.did"
    ],
    ["get_friend_uin2", Contacts.getFriendUin2(Ids.Uin.make(1)), { account: "", uin: 1 }, "result.account"],
    ["get_friend_uin2", Contacts.getFriendUin2(Ids.Uin.make(1)), "ok", "result"]
  ]
  for (const [endpoint, call, result, path] of broken) {
    it.effect(`${endpoint}: the error names the endpoint and ${path}`, () =>
      Effect.gen(function* () {
        const { layer } = script(json({ retcode: 0, result }))
        const error = yield* call.pipe(Effect.flip, Effect.provide(Layer.merge(layer, loggedIn)))
        assert.deepInclude(error, { _tag: "UnexpectedResponse", endpoint })
        assert.match("expected" in error ? error.expected : "", new RegExp(`^${path.replaceAll(".", "\\.")}: `))
      })
    )
  }
})
