/** What goes over the way to a server, as the documents would describe it. */
import { HttpClient, type HttpClientRequest } from "@effect/platform"
import { assert } from "@effect/vitest"
import { Context, Effect, Layer, type Scope } from "effect"
import { CookieJar } from "../../src/protocol/index.ts"

type Http = Layer.Layer<HttpClient.HttpClient>

/** A request as the documents would describe it, and the answer to it. */
export interface Exchange {
  readonly host: string
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly status: number
  readonly setCookie: ReadonlyArray<string>
  /** Empty for pictures. */
  readonly body: string
}

const paramsOf = (request: HttpClientRequest.HttpClientRequest): Record<string, string> => {
  const { body } = request
  const form = body._tag === "Uint8Array" ? new TextDecoder().decode(body.body) : ""
  return Object.fromEntries([...request.urlParams, ...new URL(request.url).searchParams, ...new URLSearchParams(form)])
}

export interface Watched {
  readonly http: Http
  readonly seen: Array<Exchange>
  readonly paths: () => ReadonlyArray<string>
  readonly last: (path: string) => Exchange
}

/** The same way to the server, and the list of what goes through it. */
export const watched = (http: Http): Effect.Effect<Watched, never, Scope.Scope> =>
  Effect.map(Layer.build(http), (context) => {
    const seen: Array<Exchange> = []
    const client = HttpClient.transform(Context.get(context, HttpClient.HttpClient), (answer, request) =>
      Effect.tap(answer, (response) =>
        Effect.gen(function* () {
          const { host, pathname } = new URL(request.url)
          const isPicture = response.headers["content-type"]?.startsWith("image/") === true
          seen.push({
            host,
            path: pathname,
            params: paramsOf(request),
            headers: { ...request.headers },
            status: response.status,
            setCookie: CookieJar.splitLines(response.headers["set-cookie"]),
            body: isPicture ? "" : yield* response.text
          })
        })
      )
    )
    return {
      http: Layer.succeed(HttpClient.HttpClient, client),
      seen,
      paths: () => seen.map(({ path }) => path),
      last: (path: string) => {
        const found = seen.findLast((exchange) => exchange.path === path)
        return found ?? assert.fail(`nobody asked for ${path}`)
      }
    }
  })

/** The value that an answer set a cookie to. */
export const cookieSetBy = ({ setCookie }: Exchange, name: string): string => {
  const line = setCookie.find((text) => text.startsWith(`${name}=`)) ?? assert.fail(`no cookie ${name}`)
  return line.slice(name.length + 1).split(";")[0] ?? ""
}

/** The cookies that a request carried. */
export const cookiesOf = ({ headers }: Exchange): ReadonlyArray<string> => (headers.cookie ?? "").split("; ")
