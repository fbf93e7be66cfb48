/** An `HttpClient` that answers from a list, records what it was asked, and refuses anything unscripted. */
import { HttpClient, type HttpClientRequest, HttpClientResponse } from "@effect/platform"
import { assert } from "@effect/vitest"
import { Effect, Layer, Schema, TestClock } from "effect"
import { Dialects } from "../../src/protocol/index.ts"
import { Ids } from "../../src/schema/index.ts"
import { CookieStore, Dialect, MessageIds, Session, Signatures } from "../../src/services/index.ts"

export interface Asked {
  readonly method: string
  readonly url: string
  readonly query: ReadonlyArray<readonly [string, string]>
  readonly form: ReadonlyArray<readonly [string, string]>
  readonly headers: Readonly<Record<string, string>>
}

export type Answer = (asked: Asked, request: HttpClientRequest.HttpClientRequest) => Effect.Effect<Response, unknown>

export const text =
  (body: string, init?: ResponseInit): Answer =>
  () =>
    Effect.succeed(new Response(body, init))
export const json = (body: unknown): Answer => text(JSON.stringify(body))
export const delayed =
  (duration: string & Parameters<typeof Effect.sleep>[0], answer: Answer): Answer =>
  (asked, request) =>
    Effect.delay(answer(asked, request), duration)

const record = (request: HttpClientRequest.HttpClientRequest, url: URL): Asked => ({
  method: request.method,
  url: `${url.origin}${url.pathname}`,
  query: [...url.searchParams],
  form: request.body._tag === "Uint8Array" ? [...new URLSearchParams(new TextDecoder().decode(request.body.body))] : [],
  headers: { ...request.headers }
})

/** The layer, and the list that fills up with what was asked. */
export const script = (...answers: ReadonlyArray<Answer>) => {
  const asked: Array<Asked> = []
  const client = HttpClient.make((request, url) =>
    Effect.suspend(() => {
      const now = record(request, url)
      const answer = answers[asked.push(now) - 1]
      if (answer === undefined) return Effect.dieMessage(`request ${asked.length} is not scripted: ${now.url}`)
      // A scripted failure stands for the platform's own.
      return Effect.map(answer(now, request) as Effect.Effect<Response>, (response) => {
        const result = HttpClientResponse.fromWeb(request, response)
        const cookies = response.headers.getSetCookie()
        return cookies.length === 0
          ? result
          : (Object.create(result, {
              headers: { value: { ...result.headers, "set-cookie": cookies.join(", ") } }
            }) as typeof result)
      })
    })
  )
  return { asked, layer: Layer.succeed(HttpClient.HttpClient, client) }
}

export const token = {
  ptwebqq: (text: string) => Schema.decodeSync(Ids.Ptwebqq)(text),
  vfwebqq: (text: string) => Schema.decodeSync(Ids.Vfwebqq)(text),
  psessionid: (text: string) => Schema.decodeSync(Ids.Psessionid)(text)
}

export const credentials: Session.Credentials = {
  account: Ids.QQ.make(1685359365),
  clientid: Ids.ClientId.make(12345678),
  ptwebqq: token.ptwebqq("5d4c090f4a91cf44083ce8e274345e44e523c21341b41cf135f15b3b8cfc1329"),
  vfwebqq: token.vfwebqq("vfwebqq-secret"),
  psessionid: token.psessionid("psessionid-secret")
}

/** Cookies and dialect, without a session. */
export const anonymousIn = (dialect: Dialects.Dialect) =>
  Layer.merge(Layer.fresh(CookieStore.layer), Dialect.layer(dialect))
export const anonymous = anonymousIn(Dialects.webqq2013)

/** Everything the calls of a logged-in client need, but for the `HttpClient`. */
export const loggedInTo = (dialect: Dialects.Dialect, as: Session.Credentials) =>
  Layer.mergeAll(
    anonymousIn(dialect),
    Session.layer(as),
    Layer.effect(MessageIds.MessageIds, MessageIds.make(100)),
    Layer.fresh(Signatures.layer)
  )
export const loggedIn = loggedInTo(Dialects.webqq2013, credentials)

/**
 * A request as a document describes it. Parameters and form fields are compared with their order, and exactly; the
 * members of `r`, which is the first form field, without: JSON gives their order no meaning (reference, section 4.5).
 */
export interface Documented {
  readonly url: string
  readonly query?: Asked["query"]
  readonly r?: unknown
  readonly form?: Asked["form"]
  readonly referer?: string
  readonly origin?: string
}

export const assertAsked = (asked: Asked | undefined, { form = [], query = [], r, ...documented }: Documented) => {
  if (asked === undefined) return assert.fail("nothing was asked")
  assert.strictEqual(asked.method, r === undefined ? "GET" : "POST")
  assert.strictEqual(asked.url, documented.url)
  assert.deepStrictEqual(asked.query, query)
  const fields = asked.form.map(([name, value]): readonly [string, unknown] => [
    name,
    name === "r" ? JSON.parse(value) : value
  ])
  assert.deepStrictEqual(fields, [...(r === undefined ? [] : [["r", r] as const]), ...form])
  assert.strictEqual(asked.headers.referer, documented.referer)
  assert.strictEqual(asked.headers.origin, documented.origin)
  if (r !== undefined) assert.strictEqual(asked.headers["content-type"], "application/x-www-form-urlencoded")
}

/** The time of the first document's sample of `t` (get_c2cmsg_sig2). */
export const now = "1370671760656"

/** Runs a call at that time, on one answer for each request, and gives what was asked. */
export const askedBy = <A, E>(
  call: Effect.Effect<A, E, Layer.Layer.Success<typeof loggedIn> | HttpClient.HttpClient>,
  layer: typeof loggedIn,
  ...answers: ReadonlyArray<Answer>
): Effect.Effect<ReadonlyArray<Asked>, E> =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Number(now))
    const scripted = script(...answers)
    yield* Effect.provide(call, Layer.merge(scripted.layer, layer))
    assert.strictEqual(scripted.asked.length, answers.length)
    return scripted.asked
  })
