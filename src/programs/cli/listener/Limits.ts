/**
 * What a client may take from a listener: time, connections, bytes.
 */
import type * as Http from "node:http"
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import * as Addresses from "./Addresses.ts"

/** Times are in milliseconds. */
export interface Limits {
  /** The bytes of a request line with its headers. */
  readonly headerSize: number
  /** The headers of a request. */
  readonly headerCount: number
  /** How long the headers may take, and the TLS handshake before them. */
  readonly headers: number
  /** How long a whole request may take to arrive. */
  readonly request: number
  /** How often the two above are looked at. */
  readonly lookEvery: number
  /** How long a connection may wait for its next request. */
  readonly keepAlive: number
  /** How long a connection may be without a byte in either direction. */
  readonly idle: number
  /** How many connections there may be at once. */
  readonly connections: number
  /** How many of them one address may have; infinite for any number. */
  readonly perAddress: number
  /** Addresses for which that does not hold. */
  readonly isExempt: (address: string) => boolean
}

/** The limits of `webqq serve`. */
export const standard: Limits = {
  // Cookies and query of the longest login are below 3 KiB.
  headerSize: 16 * 1024,
  // A browser of 2013 sends about fifteen.
  headerCount: 100,
  // Anybody who types that slowly is no client.
  headers: 10_000,
  // A megabyte at 300 kbit/s.
  request: 30_000,
  lookEvery: 3000,
  // Old clients use a connection again for the heartbeat, which comes every 60 seconds.
  keepAlive: 65_000,
  // More than twice a held poll, which is silent for 55 seconds.
  idle: 120_000,
  // A thousand clients with up to four connections each; beyond it the machine's file handles are the next limit.
  connections: 4096,
  // Thirty clients behind one address.
  perAddress: 128,
  isExempt: Addresses.isLoopback
}

/** The probes of TCP find clients that went away without a word; the first one comes after this, in milliseconds. */
const firstProbe = 30_000

/** Those of the limits that Node wants to know at the beginning. */
export const toServerOptions = (limits: Limits): Http.ServerOptions => ({
  maxHeaderSize: limits.headerSize,
  headersTimeout: limits.headers,
  requestTimeout: limits.request,
  connectionsCheckingInterval: limits.lookEvery,
  keepAliveTimeout: limits.keepAlive,
  keepAlive: true,
  keepAliveInitialDelay: firstProbe
})

/** Puts the other limits on a server; gives it back. */
export const apply = (server: Http.Server, limits: Limits): Http.Server => {
  server.maxHeadersCount = limits.headerCount
  server.maxConnections = limits.connections
  Addresses.bound(server, limits.perAddress, limits.isExempt)
  return server.setTimeout(limits.idle)
}

/**
 * How many headers came. Node leaves out of `headers` what is beyond its limit, but keeps enough of the raw ones to show
 * that there were more.
 */
const countOf = (source: unknown): number =>
  typeof source === "object" && source !== null && "rawHeaders" in source && Array.isArray(source.rawHeaders)
    ? source.rawHeaders.length / 2
    : 0

const tooMany = HttpServerResponse.text("there are too many headers\n", {
  status: 431,
  headers: { connection: "close" }
})

/** Answers 431 to more than `most` headers. Without it Node would silently drop those beyond. */
export const headerCount = <E, R>(app: HttpApp.Default<E, R>, most: number): HttpApp.Default<E, R> =>
  Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
    countOf(request.source) > most ? Effect.succeed(tooMany) : app
  )
