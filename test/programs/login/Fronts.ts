/**
 * The two ways to reach a server: in the process, on the test's clock, and over real sockets. A scenario is written once
 * and takes either.
 */
import { createServer } from "node:http"
import { HttpClient, HttpClientError, type HttpClientRequest, HttpServer } from "@effect/platform"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, it } from "@effect/vitest"
import { Clock, Context, Duration, Effect, Fiber, Layer, Option, Redacted, type Scope, TestClock } from "effect"
import { Login } from "../../../src/programs/index.ts"
import { Faults, HttpFront, WorldMemory } from "../../../src/programs/server/index.ts"
import { TestServer } from "../../../src/programs/testing/index.ts"
import { CookieJar, Dialects } from "../../../src/protocol/index.ts"
import { Ids } from "../../../src/schema/index.ts"
import { CookieStore, Dialect, Transport } from "../../../src/services/index.ts"

type Http = Layer.Layer<HttpClient.HttpClient>

/** The server of a scenario: its world and options, and what shall go wrong. */
export interface Server extends TestServer.Input {
  readonly faults?: Partial<Faults.Plan>
}

export interface Front {
  readonly name: string
  /** Declares a test. */
  readonly it: (name: string, test: () => Effect.Effect<unknown, unknown, Scope.Scope>) => void
  /** A strict server of its own: everybody who is given the layer meets there. */
  readonly serve: (input?: Server) => Effect.Effect<Http, never, Scope.Scope>
  /** Where no server is. */
  readonly nowhere: Effect.Effect<Http>
  /** Runs a program that waits for time to pass. */
  readonly run: <A, E, R>(program: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Makes two minutes pass for what waits for them: on the sockets, only the server's clock runs ahead. */
  readonly age: Effect.Effect<void>
  /** Between two questions how far a QR login is. */
  readonly interval: Duration.DurationInput
}

const refused = HttpClient.make((request) =>
  Effect.fail(new HttpClientError.RequestError({ request, reason: "Transport", description: "ECONNREFUSED" }))
)

/** Moves the test's clock on until the program is done. A program that needs a day is stuck. */
const untilDone = <A, E, R>(program: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(program)
    for (let seconds = 0; seconds < 86_400; seconds += 5) {
      if (Option.isSome(yield* Fiber.poll(fiber))) break
      yield* TestClock.adjust("5 seconds")
    }
    return yield* Fiber.join(fiber)
  })

export const inProcess: Front = {
  name: "in the process",
  it: (name, test) => it.scoped(name, test),
  serve: ({ faults = {}, ...input } = {}) =>
    Effect.map(Layer.build(TestServer.layer({ aliases: false, faults, ...input })), Layer.succeedContext),
  nowhere: Effect.succeed(Layer.succeed(HttpClient.HttpClient, refused)),
  run: untilDone,
  age: Effect.void,
  interval: "5 seconds"
}

/** How far the clocks of the servers on sockets are ahead, in ms. */
let ahead = 0
const real = Clock.make()
const fastClock: Clock.Clock = {
  [Clock.ClockTypeId]: Clock.ClockTypeId,
  unsafeCurrentTimeMillis: () => real.unsafeCurrentTimeMillis() + ahead,
  unsafeCurrentTimeNanos: () => real.unsafeCurrentTimeNanos() + BigInt(ahead) * 1_000_000n,
  currentTimeMillis: Effect.map(real.currentTimeMillis, (now) => now + ahead),
  currentTimeNanos: Effect.map(real.currentTimeNanos, (now) => now + BigInt(ahead) * 1_000_000n),
  sleep: (duration) => real.sleep(duration)
}

const listen = ({ faults = {}, world, ...options }: Server = {}) =>
  HttpFront.layer({ strict: true, aliases: false, ...options }).pipe(
    Layer.provide([WorldMemory.layer(world), Faults.layer(faults)]),
    Layer.provideMerge(NodeHttpServer.layerServer(createServer, { port: 0, host: "127.0.0.1" })),
    Layer.build,
    Effect.withClock(fastClock),
    Effect.orDie,
    Effect.map((http) => {
      const { address } = Context.get(http, HttpServer.HttpServer)
      return new URL(address._tag === "TcpAddress" ? `http://127.0.0.1:${address.port}` : "http://unreachable")
    })
  )

const transportTo = (url: URL): Http =>
  Transport.layerHttpClient.pipe(Layer.provide([Transport.layer(url), NodeHttpClient.layer]))

export const overSockets: Front = {
  name: "over real sockets",
  it: (name, test) => it.scopedLive(name, test),
  serve: (input) => Effect.map(listen(input), transportTo),
  nowhere: Effect.map(Effect.scoped(listen()), transportTo),
  run: (program) => program,
  age: Effect.sync(() => {
    ahead += Duration.toMillis("2 minutes") + 1
  }),
  interval: "20 millis"
}

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

/** What the calls of one client need: cookies of its own, the dialect, the way to the server. */
export const client = (http: Http, dialect: Dialects.Dialect = Dialects.webqq2013) =>
  Layer.mergeAll(Layer.fresh(CookieStore.layer), Dialect.layer(dialect), http)

export const account = (number: number): Ids.QQ => Ids.QQ.make(number)

/** Number and password as the sample world has them. */
export const as = (
  number: number,
  password = `webqq-${number}`
): { readonly account: Ids.QQ; readonly password: Redacted.Redacted } => ({
  account: account(number),
  password: Redacted.make(password)
})

/** Logs in by password, without a session layer. */
export const byPassword = (
  http: Http,
  options: Login.PasswordOptions,
  dialect: Dialects.Dialect = Dialects.webqq2013
) => Effect.provide(Login.withPassword(options), client(http, dialect))
