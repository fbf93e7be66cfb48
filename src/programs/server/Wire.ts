/**
 * Requests and answers as plain values, the same for every front of the server.
 */
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"
import * as Params from "./Params.ts"

/**
 * A request: `host` is lower case and without a port; header names are lower case; `params` are query and form together.
 * `address` is where it came from, if the front knows.
 */
export interface Request {
  readonly method: string
  readonly host: string
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly address: string | undefined
}

/** An answer: `setCookies` are whole header lines, in order. */
export interface Response {
  readonly status: number
  readonly contentType: string
  readonly body: string | Uint8Array
  readonly location?: string
  /** The methods that would be answered, with status 405. */
  readonly allow?: string
  readonly setCookies: ReadonlyArray<string>
  /** Run when the answer is known not to have reached the client. */
  readonly onLost?: Effect.Effect<void>
  /** How the answer is spoiled on its way out; only faults do this. */
  readonly spoil?: "drop" | "truncate"
}

const absolute = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#]*)/i

/**
 * Takes a request target apart. Clients that are set to use a proxy send the whole URL; its host then counts more than
 * the header.
 */
export const target = (
  line: string,
  hostHeader: string
): { readonly host: string; readonly path: string; readonly query: string } => {
  const [start = "", host = hostHeader] = absolute.exec(line) ?? []
  const rest = line.slice(start.length)
  const mark = rest.indexOf("?")
  const path = mark < 0 ? rest : rest.slice(0, mark)
  return { host, path: path === "" ? "/" : path, query: mark < 0 ? "" : rest.slice(mark + 1) }
}

/** Puts a request together from what a front has: the raw query and the raw form body. Never throws. */
export const request = (options: {
  readonly method: string
  readonly host: string
  readonly path: string
  readonly query: string
  readonly body: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly address?: string | undefined
}): Request => ({
  method: options.method,
  host: options.host.toLowerCase().replace(/:\d+$/, ""),
  path: options.path,
  params: Params.read(options.query, options.body),
  headers: options.headers,
  address: options.address
})

/** The psessionid of a channel request, wherever it stands; empty if there is none. */
export const psessionidOf = ({ params }: Request): string => {
  const inR = /"psessionid"\s*:\s*"([^"]*)"/.exec(params.r ?? "")?.[1]
  return inR ?? params.psessionid ?? ""
}

export const response = (
  status: number,
  body: string | Uint8Array,
  options?: Partial<Omit<Response, "status" | "body">>
): Response => ({ status, body, contentType: "text/plain; charset=utf-8", setCookies: [], ...options })

/** The cookies of a request by name; the first of a name counts, as it is the most specific one. */
export const cookies = ({ headers }: Request): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  for (const pair of (headers.cookie ?? "").split(";")) {
    const equals = pair.indexOf("=")
    const name = pair.slice(0, equals).trim()
    if (equals > 0 && !found.has(name)) found.set(name, pair.slice(equals + 1).trim())
  }
  return found
}

/** A `Set-Cookie` line. An empty value deletes the cookie. */
export const setCookie = (name: string, value: string, domain: string): string =>
  `${name}=${value}; ${value === "" ? "Expires=Thu, 01 Jan 1970 00:00:00 GMT; " : ""}Path=/; Domain=${domain};`

/** Why a request is not answered as asked. */
export type Refusal = Data.TaggedEnum<{
  /** A parameter is missing or cannot be read; `issue` names it. */
  Malformed: { readonly issue: string }
  /** Strict only: the documents forbid it (Referer, host, method). */
  Forbidden: { readonly why: string }
}>
export const Refusal = Data.taggedEnum<Refusal>()
