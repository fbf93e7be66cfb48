/**
 * Which request goes where: by host and path together where a host has a path for itself, by the path alone otherwise. So
 * a client that reaches the server by an address, through a gateway or under the host of another time is answered too;
 * whether the documents allow the host is for the strict server to say.
 */
import * as Effect from "effect/Effect"
import type * as Endpoint from "../../protocol/endpoint/Endpoint.ts"
import type * as Extra from "./legacy/Extra.ts"
import type * as Route from "./Route.ts"
import * as Wire from "./Wire.ts"

/** What answers a request. Without a description it is something that neither document has. */
export interface Target<R> {
  readonly name: string
  readonly endpoint: Endpoint.Any | undefined
  readonly handle: (request: Wire.Request) => Effect.Effect<Wire.Response, never, R>
  readonly refuse: (refusal: Wire.Refusal, request: Wire.Request) => Effect.Effect<Wire.Response, never, R>
}

/** The answer to a path that leads nowhere. */
export const notFound = Wire.response(404, "no such page\n")

/** SmartQQ asked its own host for the first two years, with the first letter of the later host in front. */
const ofEarlySmartQQ = /^\/(?:d(?=\/channel\/)|s(?=\/api\/))/

/** A path as later clients spell it. */
const plain = (path: string): string => path.replace(ofEarlySmartQQ, "")

/** Finds the target of a request. The routes of described endpoints go before extras of other hosts. */
export const make = <R>(
  routes: ReadonlyArray<Route.Route<R>>,
  extras: ReadonlyArray<Extra.Extra<R>>
): ((request: Wire.Request) => Target<R> | undefined) => {
  const byHostAndPath = new Map<string, Target<R>>()
  const byPath = new Map<string, Target<R>>()
  for (const route of routes) byPath.set(route.endpoint.path, { name: route.endpoint.name, ...route })
  for (const { handle, hosts, name, onlyThere, paths } of extras) {
    const target: Target<R> = { name, endpoint: undefined, handle, refuse: () => Effect.succeed(notFound) }
    for (const path of paths) {
      for (const host of hosts) byHostAndPath.set(`${host} ${path}`, target)
      if (onlyThere !== true && !byPath.has(path)) byPath.set(path, target)
    }
  }
  return ({ host, path }) => byHostAndPath.get(`${host} ${plain(path)}`) ?? byPath.get(plain(path))
}
