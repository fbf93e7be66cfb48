/**
 * How many connections one address may have, so that one client cannot take them all.
 */
import type * as Http from "node:http"
import type { Socket } from "node:net"

/** IPv4 as IPv4 also where a socket of both kinds shows it as `::ffff:192.0.2.1`. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "")

/** The eight parts of an IPv6 address; its one `::` stands for the zeros that are missing. */
const partsOf = (address: string): ReadonlyArray<string> => {
  const [head = "", tail] = address.toLowerCase().split("::")
  const before = head === "" ? [] : head.split(":")
  const after = tail === undefined || tail === "" ? [] : tail.split(":")
  return [...before, ...Array(Math.max(0, 8 - before.length - after.length)).fill("0"), ...after]
}

/** Whose a connection is: an IPv4 address, or the first half of an IPv6 one, of which everybody has a whole half. */
export const ownerOf = (address: string): string => {
  const text = plain(address)
  return text.includes(":") ? partsOf(text).slice(0, 4).join(":") : text
}

/** This machine itself: a proxy in front of the server, or tests. */
export const isLoopback = (address: string): boolean => {
  const text = plain(address)
  return text === "::1" || text.startsWith("127.")
}

/** Hangs up on connections of an owner that has so many already, unless the address is exempt. */
export const bound = (server: Http.Server, atMost: number, isExempt: (address: string) => boolean): void => {
  const open = new Map<string, number>()
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress ?? ""
    if (isExempt(address)) return
    const owner = ownerOf(address)
    const count = open.get(owner) ?? 0
    if (count >= atMost) {
      socket.destroy()
      return
    }
    open.set(owner, count + 1)
    socket.once("close", () => {
      const left = (open.get(owner) ?? 1) - 1
      if (left > 0) open.set(owner, left)
      else open.delete(owner)
    })
  })
}
