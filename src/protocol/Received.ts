/**
 * What a platform's client received, below the platform's own interface: a web `Response`, or a message of Node or of undici.
 */
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"

export const isObject = (u: unknown): u is object => typeof u === "object" && u !== null

/** The message of a response: they keep it as `source`, and wrap each other as `original`. Undefined if there is none. */
export const messageOf = (response: HttpClientResponse.HttpClientResponse): unknown => {
  let inner: object = response
  while ("original" in inner && isObject(inner.original)) inner = inner.original
  return "source" in inner ? inner.source : undefined
}

/** Whether the body of a message was taken before: whoever did keeps it as the `text` of the response. */
export const wasRead = (message: unknown): boolean =>
  isObject(message) &&
  (("bodyUsed" in message && message.bodyUsed === true) ||
    ("readableDidRead" in message && message.readableDidRead === true) ||
    ("body" in message && wasRead(message.body)))
