/** The WebQQ of 2013: twqq, with its requests and its way to read answers (reference, sections 1 to 4, era A). */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { FriendHash } from "../../../src/protocol/index.ts"
import * as Peer from "./Peer.ts"
import { buddyKeys, clientid, evaluated, login, login2, memberKeys, poll, statKeys, sticky } from "./Twqq.ts"

/** The numbers of its messages. */
let msgId = 34567890

/** The text of a message: all strings of the content; the first element is the font. */
const textOf = (content: ReadonlyArray<unknown>) => {
  assert.strictEqual((content[0] as ReadonlyArray<unknown>)[0], "font")
  return content.filter((part) => typeof part === "string").join("")
}

describe("twqq", () => {
  it.scoped("logs in, gets its lists with exactly the keys it takes, and beats", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      yield* Peer.enter(server, 10002)
      const { peer, psessionid, ptwebqq, uin, vfwebqq } = yield* login(server, 10001)
      assert.strictEqual(uin, 10001)

      // The hash of twqq's last version, over the account and ptwebqq.
      const hash = FriendHash.passwordError("10001", ptwebqq)
      const friends = Peer.json(
        yield* peer.post("http://s.web2.qq.com/api/get_user_friends2", Peer.r({ h: "hello", hash, vfwebqq }), sticky)
      )
      assert.strictEqual(friends.retcode, 0)
      assert.sameMembers(
        friends.result.info.map(({ nick }: Peer.Json) => nick),
        ["明明", "阿红"]
      )

      const groups = Peer.json(
        yield* peer.post("http://s.web2.qq.com/api/get_group_name_list_mask2", Peer.r({ vfwebqq, hash }), sticky)
      )
      const [{ code }] = groups.result.gnamelist
      const group = Peer.json(
        yield* peer.get(
          `http://s.web2.qq.com/api/get_group_info_ext2?gcode=${code}&cb=undefined&vfwebqq=${vfwebqq}&t=1385189514000`,
          sticky
        )
      ).result
      for (const member of group.minfo) assert.hasAllKeys(member, memberKeys)
      for (const stat of group.stats) assert.hasAllKeys(stat, statKeys)
      assert.lengthOf(group.minfo, 4)

      const query = `clientid=${clientid}&psessionid=${psessionid}&t=1385189514000.5`
      const online = Peer.json(yield* peer.get(`https://d.web2.qq.com/channel/get_online_buddies2?${query}`, sticky))
      assert.lengthOf(online.result, 1)
      for (const buddy of online.result) assert.hasAllKeys(buddy, buddyKeys)

      const { dnamelist } = Peer.json(
        yield* peer.get(`http://s.web2.qq.com/api/get_discus_list?${query}&vfwebqq=${vfwebqq}`, sticky)
      ).result
      const discussion = Peer.json(
        yield* peer.get(
          `https://d.web2.qq.com/channel/get_discu_info?did=${dnamelist[0].did}&vfwebqq=${vfwebqq}&${query}`,
          sticky
        )
      ).result
      assert.lengthOf(discussion.mem_info, 4)

      const beat = yield* peer.get(
        "http://web.qq.com/web2/get_msg_tip?uin=&tp=1&id=0&retype=1&rc=17&lv=3&t=1385189514000"
      )
      assert.strictEqual(beat.status, 200)
      const bye = Peer.json(yield* peer.get(`https://d.web2.qq.com/channel/logout2?ids=&${query}`, sticky))
      assert.deepStrictEqual([bye.retcode, bye.result], [0, "ok"])
    })
  )

  it.scoped("polls: 102 when nothing came, one event at a time, and sends with form fields beside r", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const friend = yield* Peer.enter(server, 10002)
      const bot = yield* login(server, 10001)
      assert.strictEqual(Peer.json(yield* Peer.after("55 seconds", poll(bot))).retcode, 102)

      yield* friend.tell("小黄鸡", "在吗 <b>")
      yield* friend.tellGroup("大家好")
      const first = Peer.json(yield* poll(bot)).result
      const second = Peer.json(yield* poll(bot)).result
      assert.deepStrictEqual([first.length, second.length], [1, 1])
      assert.deepStrictEqual([first[0].poll_type, textOf(first[0].value.content)], ["message", "在吗 <b>"])
      assert.deepStrictEqual([second[0].poll_type, textOf(second[0].value.content)], ["group_message", "大家好"])

      // Until 2015 a group's message has the number that people type.
      assert.strictEqual(second[0].value.info_seq, 123456)
      assert.notStrictEqual(second[0].value.group_code, second[0].value.from_uin)

      const { peer, psessionid } = bot
      // Python writes what is not ASCII as \uXXXX, in both of the two serialisations.
      const content =
        '["\\u4f60\\u597d\\n", ["font", {"name": "\\u5b8b\\u4f53", "size": "10", "style": [0, 0, 0], "color": "000000"}]]'
      const members = { clientid, psessionid }
      const buddy = Peer.json(
        yield* peer.post(
          "http://d.web2.qq.com/channel/send_buddy_msg2",
          Peer.form({
            r: JSON.stringify({ to: first[0].value.from_uin, face: 564, content, msg_id: ++msgId, ...members }),
            ...members
          }),
          { referer: "http://s.web2.qq.com/proxy.html?v=20110412001&callback=1&id=3" }
        )
      )
      assert.deepStrictEqual([buddy.retcode, buddy.result], [0, "ok"])
      const group = Peer.json(
        yield* peer.post(
          "http://d.web2.qq.com/channel/send_qun_msg2",
          Peer.form({
            r: JSON.stringify({ group_uin: second[0].value.from_uin, content, msg_id: ++msgId, ...members }),
            psessionid,
            clientid
          }),
          sticky
        )
      )
      assert.deepStrictEqual([group.retcode, group.result], [0, "ok"])
      const heard = [yield* friend.hear(), yield* friend.hear()].map(({ value }) => textOf(value.content))
      assert.deepStrictEqual(heard, ["你好\n", "你好\n"])
    })
  )

  it.scoped("opens a temporary session with a stranger of its group", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const { peer, psessionid, ptwebqq, vfwebqq } = yield* login(server, 10001)
      const stranger = yield* Peer.enter(server, 10004)
      const hash = FriendHash.passwordError("10001", ptwebqq)
      const groups = Peer.json(
        yield* peer.post("http://s.web2.qq.com/api/get_group_name_list_mask2", Peer.r({ vfwebqq, hash }), sticky)
      )
      const [{ code, gid }] = groups.result.gnamelist
      const { minfo } = Peer.json(
        yield* peer.get(`http://s.web2.qq.com/api/get_group_info_ext2?gcode=${code}&cb=undefined&vfwebqq=${vfwebqq}`)
      ).result
      const to = minfo.find(({ nick }: Peer.Json) => nick === "路人").uin
      const sig = Peer.json(
        yield* peer.get(
          `https://d.web2.qq.com/channel/get_c2cmsg_sig2?id=${gid}&to_uin=${to}&service_type=0&clientid=${clientid}&psessionid=${psessionid}&t=1385189514.5`,
          sticky
        )
      )
      const sent = Peer.json(
        yield* peer.post(
          "https://d.web2.qq.com/channel/send_sess_msg2",
          Peer.form({
            r: JSON.stringify({
              to,
              group_sig: sig.result.value,
              face: 549,
              content:
                '["hi", ["font", {"name": "\\u5b8b\\u4f53", "size": "10", "style": [0, 0, 0], "color": "000000"}]]',
              msg_id: ++msgId,
              service_type: 0,
              clientid,
              psessionid
            }),
            clientid,
            psessionid
          }),
          { referer: "http://s.web2.qq.com/proxy.html?v=20110412001&callback=1&id=3" }
        )
      )
      assert.deepStrictEqual([sent.retcode, sent.result], [0, "ok"])
      const { poll_type, value } = yield* stranger.hear()
      assert.deepStrictEqual([poll_type, value.ruin, value.service_type], ["sess_message", 10001, 0])
    })
  )

  it.scoped("is told to leave by a later login, and cannot go online again on its cookies", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server()
      const { peer, psessionid, ptwebqq } = yield* login(server, 10001)
      yield* Peer.enter(server, 10001)
      const kicked = Peer.json(yield* poll({ peer, psessionid })).result[0]
      assert.strictEqual(kicked.poll_type, "kick_message")
      assert.hasAllKeys(kicked.value, ["way", "show_reason", "reason"])
      assert.strictEqual(Peer.json(yield* poll({ peer, psessionid })).retcode, 110)
      assert.strictEqual((yield* login2(peer, ptwebqq)).retcode, 103)
    })
  )

  it.scoped("asks for a captcha and shows the picture once passwords were wrong", () =>
    Effect.gen(function* () {
      const server = yield* Peer.server({ captchaAfter: 0, captchaCode: "ABCD" })
      const peer = Peer.peer(server)
      const check = yield* peer.get("http://check.ptlogin2.qq.com/check?uin=10001&appid=1003903&login_sig=")
      const [code, , salt = ""] = evaluated(check.text)
      assert.strictEqual(code, "1")
      const picture = yield* peer.get("https://ssl.captcha.qq.com/getimage?aid=1003903&r=0.5&uin=10001")
      assert.match(picture.type, /^image\//)
      // What was typed goes out in lower case, and into the proof in upper case.
      const p = Peer.md5Proof("webqq-10001", Peer.bytesOf(salt), "ABCD")
      const reply = yield* peer.get(
        `https://ssl.ptlogin2.qq.com/login?${Peer.form({ u: 10001, p, verifycode: "abcd", aid: 1003903, h: 1 })}`
      )
      assert.strictEqual(Peer.quoted(reply.text)[0], "0")
    })
  )
})
