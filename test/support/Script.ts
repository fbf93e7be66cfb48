/** An `HttpClient` that answers from a list, records what it was asked, and refuses anything unscripted. */
import { HttpClient, type HttpClientRequest, HttpClientResponse } from "@effect/platform"
import { Effect, Layer, Schema } from "effect"
import { Dialects } from "../../src/protocol/index.ts"
import { Ids } from "../../src/schema/index.ts"
import { CookieStore, Dialect, MessageIds, Session } from "../../src/services/index.ts"

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
export const anonymous = Layer.merge(Layer.fresh(CookieStore.layer), Dialect.layer(Dialects.webqq2013))

/** Everything the calls of a logged-in client need, but for the `HttpClient`. */
export const loggedIn = Layer.mergeAll(
  anonymous,
  Layer.suspend(() => Session.layer(credentials)),
  Layer.effect(MessageIds.MessageIds, MessageIds.make(100))
)
