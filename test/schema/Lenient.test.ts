/**
 * What the documents do not promise never breaks decoding: any place of a reply that is not on the way to a promised
 * field may hold anything, or nothing. What is promised stands here by hand, from the documents and the reference.
 */
import { assert, describe, it } from "@effect/vitest"
import { Either, FastCheck as fc, Schema } from "effect"
import { Channel, Contacts, Groups, Ids, PollEvent, Signature } from "../../src/schema/index.ts"
import * as Samples from "../fixtures/Samples.ts"

type Path = ReadonlyArray<string>

/** Every place in a JSON value but its root. */
const pathsIn = (value: unknown): ReadonlyArray<Path> =>
  typeof value !== "object" || value === null
    ? []
    : Object.entries(value).flatMap(([key, member]) => [[key], ...pathsIn(member).map((path) => [key, ...path])])

/** `*` in a pattern stands for any index. A path is promised if a pattern leads to or through it. */
const isPromised = (path: Path, promised: ReadonlyArray<string>): boolean =>
  promised.some((pattern) => {
    const steps = pattern.split(".")
    return path.length <= steps.length && path.every((key, i) => steps[i] === key || steps[i] === "*")
  })

const nothing = Symbol("nothing")
const anything = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(nothing, null, "", "0", 0, -1, 1.5, 1e300, true, [], {}, [{}], [null], "text", ["text"])
)

/** The value with another one at a place, or with nothing there. */
const replaced = (value: unknown, [key = "", ...rest]: Path, by: unknown): unknown => {
  const entries = Object.entries(value as object).flatMap(([k, member]): ReadonlyArray<readonly [string, unknown]> => {
    if (k !== key) return [[k, member]]
    if (rest.length > 0) return [[k, replaced(member, rest, by)]]
    return by === nothing ? [] : [[k, by]]
  })
  return Array.isArray(value) ? entries.map(([, member]) => member) : Object.fromEntries(entries)
}

const damaged = (sample: unknown, promised: ReadonlyArray<string>) =>
  fc
    .tuple(fc.constantFrom(...pathsIn(sample).filter((path) => !isPromised(path, promised))), anything)
    .map(([path, by]) => ({ path, value: replaced(sample, path, by) }))

const results: ReadonlyArray<
  readonly [endpoint: string, schema: Schema.Schema<unknown, unknown>, sample: unknown, promised: ReadonlyArray<string>]
> = (
  [
    ["get_self_info2 (seed 2, 获取个人信息)", Contacts.SelfInfo, Samples.selfInfo, ["uin", "nick"]],
    ["get_user_friends2 (seed 2, 好友信息)", Contacts.UserFriends, Samples.userFriends, ["friends.*.uin"]],
    [
      "get_group_name_list_mask2 (reference, section 4.1)",
      Groups.GroupList,
      Samples.groupList,
      ["gnamelist.*.gid", "gnamelist.*.code", "gnamelist.*.name"]
    ],
    ["get_group_info_ext2 (seed 2, 群成员)", Groups.GroupInfo, Samples.groupInfo, ["minfo.*.uin", "minfo.*.nick"]],
    [
      "get_discus_list (seed 2, 讨论组信息)",
      Groups.DiscusList,
      Samples.discusList,
      ["dnamelist.*.did", "dnamelist.*.name"]
    ],
    [
      "get_discu_info (reference, section 4.1)",
      Groups.DiscuInfo,
      Samples.discuInfo,
      ["info.did", "mem_info.*.uin", "mem_info.*.nick"]
    ],
    [
      "get_friend_uin2 (seed 2, 通过UIN获取QQ号)",
      Contacts.FriendUin,
      { uiuin: "", account: 10001, uin: 2440652742 },
      ["account"]
    ],
    ["get_c2cmsg_sig2 (reference, section 4.5)", Signature.C2cmsgSig, Samples.c2cmsgSig, ["value"]],
    ["login2 (seed 1, 登录)", Channel.Login2, Samples.login2, ["uin", "psessionid", "vfwebqq"]]
  ] as const
).map(([endpoint, schema, sample, promised]) => [
  endpoint,
  schema as unknown as Schema.Schema<unknown, unknown>,
  sample,
  promised
])

const pushPromises: Readonly<Record<keyof typeof Samples.pushes, ReadonlyArray<string>>> = {
  // Of a message, only the conversation: where an answer goes.
  message: ["from_uin"],
  sess_message: ["from_uin", "id"],
  group_message: ["from_uin"],
  discu_message: ["did"],
  kick_message: [],
  input_notify: [],
  buddies_status_change: ["uin", "status"],
  sys_g_msg: ["type", "from_uin"],
  system_message: ["type"],
  tips: [],
  shake_message: ["from_uin"],
  file_message: ["from_uin"],
  push_offfile: ["from_uin"],
  notify_offfile: ["from_uin"],
  filesrv_transfer: [],
  group_web_message: ["from_uin"],
  buddylist_change: [],
  av_request: [],
  av_refuse: []
}

describe("a field that is not promised", () => {
  for (const [endpoint, schema, sample, promised] of results) {
    it.prop(
      `does not break the reply to ${endpoint}`,
      [damaged(sample, promised)],
      ([{ path, value }]) => {
        const read = Schema.decodeUnknownEither(schema)(value)
        assert.isTrue(Either.isRight(read), `${path.join(".")}: ${String(Either.isLeft(read) && read.left)}`)
      },
      { fastCheck: { numRuns: 500 } }
    )

    it(`is all that may be damaged in the reply to ${endpoint}`, () => {
      for (const path of pathsIn(sample).filter((place) => isPromised(place, promised))) {
        const read = Schema.decodeUnknownEither(schema)(replaced(sample, path, { no: "promise" }))
        assert.isTrue(Either.isLeft(read), path.join("."))
      }
    })
  }

  for (const [poll_type, promised] of Object.entries(pushPromises)) {
    const sample = Samples.pushes[poll_type as keyof typeof pushPromises]
    const { _tag } = PollEvent.fromFrame({ poll_type, value: sample })

    it.prop(
      `does not break a ${poll_type}`,
      [damaged(sample, promised)],
      ([{ path, value }]) => {
        assert.strictEqual(PollEvent.fromFrame({ poll_type, value })._tag, _tag, path.join("."))
      },
      { fastCheck: { numRuns: 500 } }
    )

    it(`is all that may be damaged in a ${poll_type}`, () => {
      for (const path of pathsIn(sample).filter((place) => isPromised(place, promised))) {
        const event = PollEvent.fromFrame({ poll_type, value: replaced(sample, path, { no: "promise" }) })
        assert.strictEqual(event._tag, "MalformedPush", path.join("."))
      }
    })
  }

  it("takes a default that says nothing", () => {
    const self = Schema.decodeUnknownSync(Contacts.SelfInfo)({ uin: "10001", nick: "n", face: "567", gender: 1 })
    assert.deepInclude(self, { uin: Ids.QQ.make(10001), face: 567, gender: "unknown", city: "", allow: 0 })
    const reply = { friends: [{ uin: "10001" }] }
    assert.deepStrictEqual(Schema.decodeUnknownSync(Contacts.UserFriends)(reply), {
      friends: [{ uin: Ids.Uin.make(10001), flag: 0, categories: 0 }],
      marknames: [],
      categories: [],
      vipinfo: [],
      info: []
    })
  })
})
