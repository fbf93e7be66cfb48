/**
 * What the documents do not promise never breaks reading: any place of a frame that is not on the way to a promised
 * field may hold anything, or nothing. What is promised stands here by hand, from the documents and the reference.
 */
import { assert, describe, it } from "@effect/vitest"
import { PollEvent } from "../../src/schema/index.ts"
import * as Damage from "../fixtures/Damage.ts"
import * as Samples from "../fixtures/Samples.ts"

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
  for (const [poll_type, promised] of Object.entries(pushPromises)) {
    const sample = Samples.pushes[poll_type as keyof typeof pushPromises]
    const { _tag } = PollEvent.fromFrame({ poll_type, value: sample })

    it.prop(
      `does not break a ${poll_type}`,
      [Damage.damaged(sample, promised)],
      ([{ path, value }]) => {
        assert.strictEqual(PollEvent.fromFrame({ poll_type, value })._tag, _tag, path.join("."))
      },
      { fastCheck: { numRuns: 500 } }
    )

    it(`is all that may be damaged in a ${poll_type}`, () => {
      for (const path of Damage.pathsIn(sample).filter((place) => Damage.isOnTheWay(place, promised))) {
        const event = PollEvent.fromFrame({ poll_type, value: Damage.replaced(sample, path, { no: "promise" }) })
        assert.strictEqual(event._tag, "MalformedPush", path.join("."))
      }
    })
  }
})
