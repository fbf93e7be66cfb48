/**
 * Every endpoint's reader, with every kind of JSON value in the place of every field: what is promised is named, what is
 * not promised costs nothing else, and nothing is a defect. What is promised stands here by hand, from the documents and
 * the reference.
 */
import { HttpClient, HttpClientResponse } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Either, Equal, FastCheck as fc, Layer, Option, Predicate, Redacted, Schema } from "effect"
import * as Call from "../../src/protocol/Call.ts"
import { type Endpoint, Endpoints, Errors } from "../../src/protocol/index.ts"
import { Channel, Contacts, Envelope, Groups, Ids, Signature } from "../../src/schema/index.ts"
import * as Reader from "../../src/schema/Reader.ts"
import * as Damage from "../fixtures/Damage.ts"
import * as Samples from "../fixtures/Samples.ts"
import { loggedIn } from "../rigs/ScriptedServer.ts"

/**
 * - `promised`: an error names it, and nothing else is an error.
 * - `identities`: what an element of a list cannot do without: it is left out (a frame becomes one of no known type), and
 *   the others stay.
 */
interface Promise {
  readonly result: Schema.Schema<unknown, unknown>
  readonly sample: unknown
  readonly promised: ReadonlyArray<string>
  readonly identities?: ReadonlyArray<string>
}

const promise = <A, I>(
  result: Schema.Schema<A, I>,
  sample: unknown,
  promised: ReadonlyArray<string>,
  identities: ReadonlyArray<string> = []
  // Nothing here looks into the values.
): Promise => ({ result: result as unknown as Schema.Schema<unknown, unknown>, sample, promised, identities })

const friendUin = { uiuin: "", account: 10001, uin: 2440652742 }
const onlineBuddies = [
  { uin: 2440652742, status: "away", client_type: 41 },
  { uin: 1574737440, status: "online", client_type: 1 }
]
const recentList = [
  { uin: 2440652742, type: 0 },
  { uin: 833193360, type: 1 }
]
const discusList = { ...Samples.discusList, dnamelist: [...Samples.discusList.dnamelist, { did: 5, name: "n" }] }
const frames = Object.entries(Samples.pushes).map(([poll_type, value]) => ({ poll_type, value }))

const promises: Partial<Record<Endpoint.Name, Promise>> = {
  get_self_info2: promise(Contacts.SelfInfo, Samples.selfInfo, ["uin", "nick"]),
  getvfwebqq: promise(Contacts.Getvfwebqq, { vfwebqq: "5cf2b148" }, ["vfwebqq"]),
  get_user_friends2: promise(
    Contacts.UserFriends,
    Samples.userFriends,
    ["friends"],
    [
      "friends.*.uin",
      "marknames.*.uin",
      "marknames.*.markname",
      "categories.*.index",
      "categories.*.name",
      "vipinfo.*.u",
      "info.*.uin"
    ]
  ),
  get_group_name_list_mask2: promise(
    Groups.GroupList,
    Samples.groupList,
    ["gnamelist"],
    ["gnamelist.*.gid", "gnamelist.*.code", "gmasklist.*.gid", "gmarklist.*.uin", "gmarklist.*.markname"]
  ),
  get_group_info_ext2: promise(
    Groups.GroupInfo,
    Samples.groupInfo,
    ["minfo"],
    ["ginfo.members.*.muin", "minfo.*.uin", "stats.*.uin", "cards.*.muin", "cards.*.card", "vipinfo.*.u"]
  ),
  get_discus_list: promise(Groups.DiscusList, discusList, ["dnamelist"], ["dnamelist.*.did", "dmasklist.*.did"]),
  get_discu_info: promise(
    Groups.DiscuInfo,
    Samples.discuInfo,
    ["info.did", "mem_info"],
    ["info.mem_list.*.mem_uin", "mem_status.*.uin", "mem_info.*.uin"]
  ),
  get_friend_uin2: promise(Contacts.FriendUin, friendUin, ["account"]),
  get_c2cmsg_sig2: promise(Signature.C2cmsgSig, Samples.c2cmsgSig, ["value"]),
  login2: promise(Channel.Login2, Samples.login2, ["uin", "psessionid", "vfwebqq"]),
  get_online_buddies2: promise(Channel.OnlineBuddies, onlineBuddies, [], ["*.uin"]),
  get_recent_list2: promise(Channel.RecentList, recentList, [], ["*.uin"]),
  poll2: promise(Channel.Frames, frames, [], ["*.poll_type"])
}

const isJson = (endpoint: Endpoint.Any): endpoint is Endpoint.Json<unknown, unknown> => "retcodes" in endpoint
const json = Endpoints.all.filter(isJson)
/** Those that only say whether something was done. */
const promisesNothing = (endpoint: Endpoint.Any) =>
  endpoint.reply === Envelope.done || endpoint.reply === Envelope.sendReply

const bodyOf = (result: unknown) => JSON.stringify({ retcode: 0, result })

/** Whether two values are the same JSON; Redacted ones are compared by what is in them. */
const same = (left: unknown, right: unknown): boolean => {
  if (Redacted.isRedacted(left) && Redacted.isRedacted(right)) return Equal.equals(left, right)
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((one, i) => same(one, right[i]))
  }
  if (!Predicate.isRecord(left) || !Predicate.isRecord(right)) return left === right
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => same(left[key], right[key]))
}

/** Whether all that stands beside the way to a place is as in the whole; the list's element at a place may be gone. */
const isKept = (
  whole: unknown,
  got: unknown,
  path: Damage.Path,
  mayGo: (at: Damage.Path) => boolean,
  at: Damage.Path = []
): boolean => {
  const [key, ...rest] = path
  if (key === undefined || whole === undefined) return true
  const here = [...at, key]
  if (Array.isArray(whole)) {
    const i = Number(key)
    if (!Array.isArray(got)) return false
    if (got.length === whole.length - 1) return mayGo([...at, ...path]) && same(got, whole.toSpliced(i, 1))
    return (
      same(got.toSpliced(i, 1), whole.toSpliced(i, 1)) &&
      (mayGo([...at, ...path]) || isKept(whole[i], got[i], rest, mayGo, here))
    )
  }
  if (!Predicate.isRecord(whole)) return true
  if (!Predicate.isRecord(got)) return false
  const others = Object.keys(whole).filter((other) => other !== key)
  return others.every((other) => same(got[other], whole[other])) && isKept(whole[key], got[key], rest, mayGo, here)
}

/** What is wrong with what a reader made of a damaged reply; nothing if it is as it should be. */
const complaint = (
  endpoint: Endpoint.Any,
  { identities = [], promised, sample }: Promise,
  path: Damage.Path,
  by: unknown
) => {
  const place = `${path.join(".")} = ${JSON.stringify(by)?.slice(0, 80)}`
  const whole = endpoint.read(bodyOf(sample))
  const reply = endpoint.read(bodyOf(Damage.replaced(sample, path, by)))
  if (reply instanceof Reader.Unreadable) {
    if (!Damage.isOnTheWay(path, promised)) return `${place}: ${reply}`
    return `${reply}`.startsWith(`result.${path.join(".")}`) ? undefined : `${place}: the error names ${reply}`
  }
  if (reply === undefined || reply.result === undefined) return `${place}: undefined`
  const mayGo = (at: Damage.Path) => /^\d+$/.test(at.at(-1) ?? "") || Damage.isOnTheWay(at, identities)
  return isKept(whole.result, reply.result, path, mayGo) ? undefined : `${place}: ${JSON.stringify(reply.result)}`
}

describe("the promises", () => {
  it("are known for every endpoint with a JSON reply", () => {
    const known = json.filter((endpoint) => promisesNothing(endpoint) !== (promises[endpoint.name] !== undefined))
    assert.deepStrictEqual(
      known.map(({ name }) => name),
      json.map(({ name }) => name)
    )
  })
})

for (const endpoint of json) {
  const promised = promises[endpoint.name]
  if (promised === undefined) continue
  const { result, sample } = promised
  const read = Reader.of(result)
  const decode = Schema.decodeUnknownEither(result)

  describe(`the reader of ${endpoint.name}`, () => {
    it("with every kind of value in the place of every field: names what is promised, keeps the rest", () => {
      const complaints = Damage.pathsIn(sample).flatMap((path) =>
        Damage.kinds.flatMap((by) => complaint(endpoint, promised, path, by) ?? [])
      )
      assert.deepStrictEqual(complaints.slice(0, 5), [])
    })

    it("names each promised field that is missing or of a wrong type", () => {
      for (const pattern of promised.promised) {
        const path = pattern.split(".")
        const reply = endpoint.read(bodyOf(Damage.replaced(sample, path, { no: "promise" })))
        assert.isTrue(reply instanceof Reader.Unreadable && String(reply).startsWith(`result.${pattern}: `), pattern)
      }
    })

    it.prop(
      "says what its Schema says, synchronously or as an Effect, whatever the result is",
      [fc.oneof({ weight: 4, arbitrary: Damage.damaged(sample, []).map(({ value }) => value) }, Damage.anything)],
      ([value]) => {
        if (value === Damage.nothing) return
        const expected = Either.getOrElse(decode(value), () => undefined)
        const got = read(value)
        assert.strictEqual(got instanceof Reader.Unreadable, expected === undefined)
        if (!(got instanceof Reader.Unreadable)) assert.isTrue(same(got, expected), JSON.stringify(got))
        const effect = Effect.runSync(Effect.option(Schema.decodeUnknown(result)(value)))
        assert.isTrue(same(Option.getOrUndefined(effect), expected))
        const whole = Effect.runSync(Effect.option(Schema.decodeUnknown(endpoint.reply)(bodyOf(value))))
        assert.strictEqual(Option.isSome(whole), !(endpoint.read(bodyOf(value)) instanceof Reader.Unreadable))
      },
      { fastCheck: { numRuns: 300 } }
    )

    const values =
      endpoint.name === "poll2"
        ? fc.array(fc.record({ poll_type: fc.string(), value: fc.jsonValue() }))
        : Arbitrary.make(Schema.typeSchema(result))
    it.prop("reads what is written", [values], ([value]) => {
      const reply = endpoint.read(Schema.encodeSync(endpoint.reply)(Envelope.ok(value)))
      assert.isTrue(!(reply instanceof Reader.Unreadable) && same(reply.result, value), String(reply))
    })
  })
}

describe("every endpoint, through a call", () => {
  /** A client that gives this body to everybody. */
  const answering = (body: string) =>
    HttpClient.make((request) => Effect.succeed(HttpClientResponse.fromWeb(request, new Response(body))))

  const samples = new Map<string, unknown>(Object.entries(promises).map(([name, { sample }]) => [name, sample]))
  const texts = (name: string) => {
    const sample = samples.get(name)
    return fc.oneof(
      fc.fullUnicodeString(),
      Damage.anything.filter((value) => value !== Damage.nothing).map((value) => JSON.stringify(value)),
      fc
        .record({ retcode: Damage.anything, result: Damage.anything, errmsg: Damage.anything, p: Damage.anything })
        .map((reply) => JSON.stringify(reply)),
      ...(sample === undefined ? [] : [Damage.damaged(sample, []).map(({ value }) => bodyOf(value))])
    )
  }

  for (const endpoint of Endpoints.all) {
    const [request] = fc.sample(Arbitrary.make(Schema.typeSchema(endpoint.request)), 1)
    it.effect.prop(
      `${endpoint.name}: a reply, or an UnexpectedResponse; never undefined, never a defect`,
      [texts(endpoint.name)],
      ([body]) =>
        Effect.gen(function* () {
          const reply = yield* Effect.either(Call.call<unknown, unknown>(endpoint, request))
          if (Either.isLeft(reply)) assert.instanceOf(reply.left, Errors.UnexpectedResponse)
          else {
            assert.isDefined(reply.right)
            if (Predicate.isTagged(reply.right, "Ok")) assert.isDefined((reply.right as Envelope.Ok<unknown>).result)
          }
        }).pipe(Effect.provide(Layer.merge(loggedIn, Layer.succeed(HttpClient.HttpClient, answering(body))))),
      { fastCheck: { numRuns: 30 } }
    )
  }
})

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
