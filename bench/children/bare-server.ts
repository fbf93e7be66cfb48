/** What is left of the server when nothing is checked or kept: a poll is held, a send wakes the poll of whom it is for. */
import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { answer } from "../Child.ts"

interface Sent {
  readonly psessionid: string
  readonly to: number
  readonly content: string
  readonly msg_id: number
}

const held = new Map<string, ServerResponse>()
const waiting = new Map<string, Array<unknown>>()

const reply = (response: ServerResponse, body: unknown): void => {
  const text = JSON.stringify(body)
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "content-length": Buffer.byteLength(text) })
  response.end(text)
}

/** Sessions are called by the number of their owner. */
const deliver = (to: string): void => {
  const response = held.get(to)
  const events = waiting.get(to)
  if (response === undefined || events === undefined) return
  held.delete(to)
  waiting.delete(to)
  reply(response, { retcode: 0, result: events })
}

const send = ({ content, msg_id, psessionid, to }: Sent): void => {
  const value = {
    msg_id,
    from_uin: Number(psessionid),
    to_uin: to,
    msg_id2: msg_id,
    msg_type: 9,
    reply_ip: 0,
    time: Math.floor(Date.now() / 1000),
    content: [["font", { size: 10, color: "000000", style: [0, 0, 0], name: "宋体" }], ...JSON.parse(content)]
  }
  const events = waiting.get(String(to)) ?? []
  events.push({ poll_type: "message", value })
  waiting.set(String(to), events)
  deliver(String(to))
}

const server = createServer((request, response) => {
  const chunks: Array<Buffer> = []
  request.on("data", (chunk: Buffer) => chunks.push(chunk))
  request.on("end", () => {
    // Only the benchmark asks.
    const r = JSON.parse(new URLSearchParams(Buffer.concat(chunks).toString()).get("r") ?? "{}") as Sent
    if (request.url === "/channel/poll2") {
      held.set(r.psessionid, response)
      response.on("close", () => held.delete(r.psessionid))
      deliver(r.psessionid)
    } else {
      send(r)
      reply(response, { retcode: 0, result: "ok" })
    }
  })
})
server.requestTimeout = 0
server.listen(0, "127.0.0.1", 8192, () => {
  // It listens on a TCP port.
  const { port } = server.address() as AddressInfo
  answer({ port: () => port, held: () => held.size })
})
