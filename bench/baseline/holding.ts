/** A server that holds every poll until it is told to wake them all, each with one message. */
import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { message } from "./messages.ts"

/** Starts it; gives what it can be asked. */
export const start = async () => {
  const held = new Set<ServerResponse>()
  let next = 0
  const server = createServer((request, response) => {
    request.resume()
    request.on("end", () => {
      held.add(response)
      response.on("close", () => held.delete(response))
    })
  })
  server.keepAliveTimeout = 0
  server.requestTimeout = 0
  server.timeout = 0
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 8192, resolve))
  // It listens on a TCP port.
  const { port } = server.address() as AddressInfo

  const wake = (): void => {
    const now = [...held]
    held.clear()
    for (const response of now) {
      const body = JSON.stringify({ retcode: 0, result: [message(next++)] })
      response.writeHead(200, { "content-type": "text/plain", "content-length": Buffer.byteLength(body) })
      response.end(body)
    }
  }
  return { holdPort: () => port, holding: () => held.size, wake }
}
