/** The hot path, poll → decode → event, against a bare `JSON.parse` of the same text in the same run. */
import { ParseResult } from "effect"
import { bench, describe } from "vitest"
import { Endpoints } from "../src/protocol/index.ts"
import { type Envelope, PollEvent } from "../src/schema/index.ts"

const message = (msg_id: number) => ({
  poll_type: "message",
  value: {
    msg_id,
    from_uin: 3785096088,
    to_uin: 1685359365,
    msg_id2: 481949,
    msg_type: 9,
    reply_ip: 176756769,
    time: 1374225160,
    content: [["font", { size: 10, color: "000000", style: [0, 0, 0], name: "宋体" }], "你好 ", ["face", 14], "再见"]
  }
})

const poll2 = Endpoints.all.find(({ name }) => name === "poll2")
const decode = ParseResult.decodeUnknownSync(poll2?.reply ?? (undefined as never))

const events = (text: string) => {
  const envelope = decode(text) as Envelope.Envelope<ReadonlyArray<PollEvent.Frame>>
  return envelope._tag === "Ok" ? envelope.result.map(PollEvent.fromFrame) : []
}

for (const count of [1, 50]) {
  const text = JSON.stringify({ retcode: 0, result: Array.from({ length: count }, (_, i) => message(i)) })
  describe(`${count} message(s) in a reply`, () => {
    bench("JSON.parse alone", () => void JSON.parse(text))
    bench("poll reply to events", () => void events(text))
  })
}
