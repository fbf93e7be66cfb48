/** A server that answers every request at once, with so many messages. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { message } from "../baseline/messages.ts"
import { answer } from "../Child.ts"

const count = Number(process.argv[2])
let next = 0
const server = createServer((request, response) => {
  request.resume()
  request.on("end", () => {
    const body = JSON.stringify({ retcode: 0, result: Array.from({ length: count }, () => message(next++)) })
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "content-length": Buffer.byteLength(body) })
    response.end(body)
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, "127.0.0.1", () => {
  // It listens on a TCP port.
  const { port } = server.address() as AddressInfo
  answer({ port: () => port })
})
