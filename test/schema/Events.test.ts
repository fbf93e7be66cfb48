/** Every poll type of the documents and of the reference, section 5.2, on the samples of `../fixtures/Samples.ts`. */
import { assert, describe, it } from "@effect/vitest"
// Unlike assert's, it sees that none is not some.
import { deepStrictEqual } from "@effect/vitest/utils"
import { FastCheck as fc, Option } from "effect"
import { Content, Ids, PollEvent } from "../../src/schema/index.ts"
import { pushes } from "../fixtures/Samples.ts"

const uin = (n: number) => Ids.Uin.make(n)
const friend = uin(2440652742)
const self = uin(1685359365)
const gid = Ids.GroupId.make(833193360)
const gcode = Ids.GroupCode.make(3557387121)
const did = Ids.DiscussionId.make(1664044173)
const msgId = Option.some(Ids.MsgId.make(10315))

const content = Content.make(["你好 ", Content.face(14)], {
  name: "微软雅黑",
  size: 13,
  color: "ff0000",
  style: { bold: true, italic: false, underline: false }
})
const written = { toUin: self, msgId, time: 1374225160, content }

const expected: Readonly<Record<keyof typeof pushes, PollEvent.PollEvent>> = {
  message: new PollEvent.BuddyMessage({ fromUin: friend, msgType: 9, ...written }),
  sess_message: new PollEvent.SessMessage({
    fromUin: friend,
    common: { _tag: "Group", gid },
    account: Option.some(Ids.QQ.make(10001)),
    msgType: 140,
    ...written
  }),
  group_message: new PollEvent.GroupMessage({
    gid,
    gcode,
    senderUin: friend,
    groupNumber: Option.some(123456789),
    seq: 7,
    msgType: 43,
    ...written
  }),
  discu_message: new PollEvent.DiscuMessage({ did, senderUin: friend, seq: 8, msgType: 42, ...written }),
  kick_message: new PollEvent.KickMessage({ reason: "您的帐号在另一地点登录" }),
  input_notify: new PollEvent.InputNotify({ fromUin: friend, toUin: self }),
  buddies_status_change: new PollEvent.BuddiesStatusChange({ uin: friend, status: "away", clientType: 41 }),
  sys_g_msg: new PollEvent.SysGMsg({
    type: "group_leave",
    gid,
    gcode,
    groupNumber: 123456789,
    raw: pushes.sys_g_msg
  }),
  system_message: new PollEvent.SystemMessage({
    type: "verify_required",
    fromUin: friend,
    account: Ids.QQ.make(10001),
    msg: "我是小明",
    raw: pushes.system_message
  }),
  tips: new PollEvent.Tips({ raw: pushes.tips }),
  shake_message: new PollEvent.ShakeMessage({ fromUin: friend, toUin: self, msgId }),
  file_message: new PollEvent.FileMessage({
    fromUin: friend,
    mode: "recv",
    type: 101,
    sessionId: 16838,
    name: "文件.txt",
    raw: pushes.file_message
  }),
  push_offfile: new PollEvent.PushOffFile({
    fromUin: friend,
    name: "文件.zip",
    size: 4096,
    ip: "192.0.2.1",
    port: 8080,
    rkey: "0123abcd",
    expireTime: 1374829960
  }),
  notify_offfile: new PollEvent.NotifyOffFile({
    fromUin: friend,
    action: 2,
    fileName: "文件.zip",
    fileSize: 4096
  }),
  filesrv_transfer: new PollEvent.FileSrvTransfer({
    fromUin: friend,
    lcId: 289,
    operation: 2,
    files: [{ name: "文件.txt", status: 51 }]
  }),
  group_web_message: new PollEvent.GroupWebMessage({
    gid,
    gcode,
    senderUin: friend,
    xml: '<d><n t="h" u="10001"/><n t="t" s="共享文件"/></d>'
  }),
  buddylist_change: new PollEvent.BuddyListChange({
    added: [{ uin: friend, category: 2 }],
    removed: [uin(1574737440)]
  }),
  av_request: new PollEvent.AvRequest({ raw: pushes.av_request }),
  av_refuse: new PollEvent.AvRefuse({ raw: pushes.av_refuse })
}

/** An event without the payload that some keep beside their fields. */
const fieldsOf = (event: PollEvent.PollEvent) => ({ ...event, raw: undefined })

const integer = /^\d+$/
/** Every number as text, as some servers wrote ids (reference, section 0.2); the font and the faces are no ids. */
const withTextIds = (value: object) =>
  Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key !== "content" && integer.test(String(member)) ? String(member) : member
    ])
  )

describe("poll events", () => {
  it("the types are those of the documents and of the reference, section 5.2", () => {
    assert.sameMembers([...PollEvent.pollTypes], Object.keys(pushes))
    assert.strictEqual(PollEvent.pollTypes.length, 19)
  })

  for (const [poll_type, event] of Object.entries(expected)) {
    const value = pushes[poll_type as keyof typeof pushes]

    it(`${poll_type} is a ${event._tag}`, () => {
      deepStrictEqual(PollEvent.fromFrame({ poll_type, value }), event)
    })

    it(`${poll_type} has the same numbers when they come as text`, () => {
      const read = PollEvent.fromFrame({ poll_type, value: withTextIds(value) })
      deepStrictEqual(fieldsOf(read), fieldsOf(event))
    })

    it.prop(`${poll_type} is never refused, whatever its value is`, [fc.jsonValue()], ([anything]) => {
      const read = PollEvent.fromFrame({ poll_type, value: anything })
      assert.include([event._tag, "MalformedPush"], read._tag)
      if (read._tag === "MalformedPush") assert.strictEqual(read.raw, anything)
    })
  }

  it("a temporary session from a discussion group has service_type 1 (reference, section 5.2)", () => {
    const value = { ...pushes.sess_message, id: 1664044173, service_type: 1, ruin: undefined }
    deepStrictEqual<PollEvent.PollEvent>(
      PollEvent.fromFrame({ poll_type: "sess_message", value }),
      new PollEvent.SessMessage({
        fromUin: friend,
        common: { _tag: "Discussion", did },
        account: Option.none(),
        msgType: 140,
        ...written
      })
    )
  })

  it("the slim messages since December 2015 are complete (reference, sections 5.1 and 5.2)", () => {
    const { info_seq, msg_id2, reply_ip, seq, ...slim } = pushes.group_message
    const value = { ...slim, group_code: slim.from_uin, msg_type: 0 }
    deepStrictEqual<PollEvent.PollEvent>(
      PollEvent.fromFrame({ poll_type: "group_message", value }),
      new PollEvent.GroupMessage({
        gid,
        gcode: Ids.GroupCode.make(833193360),
        senderUin: friend,
        groupNumber: Option.none(),
        seq: 0,
        msgType: 0,
        ...written
      })
    )
  })

  it("a broken promise is a MalformedPush that names the place and keeps the payload", () => {
    for (const [poll_type, place, value] of [
      ["message", "from_uin", { ...pushes.message, from_uin: "nobody" }],
      ["group_message", "from_uin", { ...pushes.group_message, from_uin: undefined }],
      ["discu_message", "did", { ...pushes.discu_message, did: undefined }],
      ["sess_message", "id", { ...pushes.sess_message, id: {} }],
      ["buddies_status_change", "status", { ...pushes.buddies_status_change, status: 10 }]
    ] as const) {
      const event = PollEvent.fromFrame({ poll_type, value })
      assert.deepInclude(event, { _tag: "MalformedPush", pollType: poll_type, raw: value })
      if (event._tag === "MalformedPush") assert.include(event.issue, place)
    }
  })

  it("a message arrives without the members that it can do without", () => {
    const event = (poll_type: keyof typeof pushes, more: object) =>
      PollEvent.fromFrame({ poll_type, value: { ...pushes[poll_type], ...more } })
    const nobody = Ids.Uin.make(0)
    const without = { send_uin: undefined, msg_id: -1, time: null, to_uin: "x", seq: {}, info_seq: [], msg_type: "y" }
    const group = event("group_message", without)
    assert.deepInclude(group, { _tag: "GroupMessage", gid, senderUin: nobody, content, time: 0 })
    deepStrictEqual("msgId" in group && group.msgId, Option.none())
    assert.deepInclude(event("discu_message", without), { _tag: "DiscuMessage", did, senderUin: nobody, content })
    assert.deepInclude(event("message", { content: undefined }), { fromUin: friend, content: Content.make([]) })
  })

  it("a negative uin, gid or did is the unsigned one", () => {
    const event = (poll_type: keyof typeof pushes, more: object) =>
      PollEvent.fromFrame({ poll_type, value: { ...pushes[poll_type], ...more } })
    const minus = 2440652742 - 2 ** 32
    assert.deepInclude(event("message", { from_uin: minus }), { fromUin: friend })
    assert.deepInclude(event("sess_message", { from_uin: String(minus) }), { fromUin: friend })
    assert.deepInclude(event("group_message", { from_uin: minus, send_uin: minus, group_code: minus }), {
      gid: Ids.GroupId.make(2440652742),
      gcode: Ids.GroupCode.make(2440652742),
      senderUin: friend
    })
    assert.deepInclude(event("discu_message", { did: minus, send_uin: minus }), {
      did: Ids.DiscussionId.make(2440652742),
      senderUin: friend
    })
    assert.deepInclude(event("buddies_status_change", { uin: minus }), { uin: friend })
  })

  it("a message of a discussion group comes from its did, if it does not have one of its own", () => {
    const read = (more: object) =>
      PollEvent.fromFrame({ poll_type: "discu_message", value: { ...pushes.discu_message, ...more } })
    for (const odd of [undefined, null, "", {}, 1.5]) {
      assert.deepInclude(read({ did: odd, from_uin: did }), { _tag: "DiscuMessage", did }, String(odd))
      assert.deepInclude(read({ did: odd, from_uin: String(did) }), { _tag: "DiscuMessage", did })
      // 10000 is where all of them came from in old replies.
      for (const nowhere of [10000, "10000", 0, undefined, "x"]) {
        assert.deepInclude(read({ did: odd, from_uin: nowhere }), { _tag: "MalformedPush" })
      }
    }
    assert.deepInclude(read({ from_uin: 7 }), { did })
  })

  it.prop("a message is one, whatever its content is", [fc.jsonValue()], ([anything]) => {
    for (const type of ["message", "sess_message", "group_message", "discu_message"] as const) {
      const event = PollEvent.fromFrame({ poll_type: type, value: { ...pushes[type], content: anything } })
      assert.isTrue(PollEvent.isMessage(event))
    }
  })

  it.prop(
    "an unknown type is an UnknownPush with its payload",
    [fc.fullUnicodeString().filter((type) => !Object.hasOwn(pushes, type)), fc.jsonValue()],
    ([poll_type, value]) => {
      const event = PollEvent.fromFrame({ poll_type, value })
      deepStrictEqual<PollEvent.PollEvent>(event, new PollEvent.UnknownPush({ pollType: poll_type, raw: value }))
    }
  )

  it.prop(
    "payloads that are kept are kept as they came",
    [
      fc.constantFrom("tips", "av_request", "av_refuse", "system_message", "sys_g_msg", "file_message"),
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("__proto__", "msg", "account", "name")), fc.jsonValue())
    ],
    ([poll_type, extra]) => {
      const value = { ...extra, type: "verify_pass", from_uin: "2440652742" }
      const event = PollEvent.fromFrame({ poll_type, value })
      deepStrictEqual("raw" in event && event.raw, value)
    }
  )
})
