/**
 * The body of an answer, of which no more is read than is wanted: a server that sends without end costs its connection and
 * a bounded piece of memory.
 */
import type * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Received from "./Received.ts"

/** What is read of an answer whose description says nothing else: much more than the longest list of friends. */
export const bytesAtMost = 4 * 1024 * 1024

/** The answer goes on where it should have ended. */
export class TooLarge extends Data.TaggedError("TooLarge")<{ readonly bytesAtMost: number }> {}

/** The size that the sender promises, if it is that of the bytes that are read: a packed body may be larger. */
const promisedSize = (headers: HttpClientResponse.HttpClientResponse["headers"]): number | undefined => {
  const { "content-encoding": encoding = "identity", "content-length": length = "" } = headers
  return encoding === "identity" && /^\d+$/.test(length) ? Number(length) : undefined
}

const join = (chunks: ReadonlyArray<Uint8Array>, size: number): Uint8Array => {
  const joined = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    joined.set(chunk, at)
    at += chunk.length
  }
  return joined
}

/** Piece by piece. A stream that ends early, by failure or interruption, cuts its connection. */
const counted = (response: HttpClientResponse.HttpClientResponse, atMost: number) =>
  Effect.suspend(() => {
    const chunks: Array<Uint8Array> = []
    let size = 0
    const take = (chunk: Uint8Array) =>
      Effect.suspend(() => {
        size += chunk.length
        if (size > atMost) return new TooLarge({ bytesAtMost: atMost })
        chunks.push(chunk)
        return Effect.void
      })
    return Effect.map(Stream.runForEach(response.stream, take), () => join(chunks, size))
  }).pipe(
    // Some clients have no stream where there is no body.
    Effect.catchIf(
      (error) => error._tag === "ResponseError" && error.reason === "EmptyBody",
      () => Effect.succeed(new Uint8Array())
    )
  )

/** Whether the body can be had at once: HTTP ends it where its length says, or somebody has read it before us. */
const isBounded = (response: HttpClientResponse.HttpClientResponse, atMost: number): boolean => {
  const promised = promisedSize(response.headers)
  return (promised !== undefined && promised <= atMost) || Received.wasRead(Received.messageOf(response))
}

type Read<A> = Effect.Effect<A, HttpClientError.ResponseError | TooLarge>

/**
 * The body of an answer. Fails with `TooLarge` as soon as it has more than `atMost` bytes, whatever its headers say; the
 * connection is cut then.
 */
export const bytes = (response: HttpClientResponse.HttpClientResponse, atMost: number): Read<Uint8Array> =>
  isBounded(response, atMost)
    ? Effect.map(response.arrayBuffer, (buffer) => new Uint8Array(buffer))
    : counted(response, atMost)

const utf8 = new TextDecoder()

/** {@link bytes} as text in UTF-8, without the mark that may stand before it. */
export const text = (response: HttpClientResponse.HttpClientResponse, atMost: number): Read<string> =>
  isBounded(response, atMost)
    ? Effect.map(response.text, (body) => body.replace(/^\ufeff/, ""))
    : Effect.map(counted(response, atMost), (body) => utf8.decode(body))
