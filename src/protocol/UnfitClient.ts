/**
 * HTTP clients that a login cannot be made with. `fetch` follows redirects by itself, so that the cookies of the hops are
 * lost, and sends no `Host` but its own; nothing in the platform's interface shows that, only its answers do.
 */
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Received from "./Received.ts"

const follows =
  "it follows redirects by itself, and the cookies on the way are lost. Provide FetchHttpClient with " +
  'FetchHttpClient.RequestInit, { redirect: "manual" }, or use NodeHttpClient.'

const changesHost =
  "it is built on fetch, which does not send the Host that a Transport keeps. Use NodeHttpClient instead of FetchHttpClient."

/** Why the client that got an answer cannot be used; undefined if nothing speaks against it. */
export const why = (response: HttpClientResponse.HttpClientResponse): string | undefined => {
  const message = Received.messageOf(response)
  // A `Response` that a program made, such as a test, has no URL.
  if (!(message instanceof Response) || message.url === "") return undefined
  if (message.redirected || message.type === "opaqueredirect") return follows
  return response.request.headers.host === undefined ? undefined : changesHost
}
