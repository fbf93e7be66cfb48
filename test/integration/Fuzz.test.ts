/** A listener at which strangers throw bytes: it answers or hangs up, and serves everybody else as before. */
import { request as httpRequest } from "node:http"
import { connect } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck as fc, Layer, Logger, LogLevel, Runtime } from "effect"
import { Handler } from "../../src/programs/server/index.ts"
import * as Wire from "../../src/programs/server/Wire.ts"
import * as HostileRequests from "../fixtures/HostileRequests.ts"
import { attempt, logIn, quoted, type Raw, type Tokens } from "../rigs/RawRequests.ts"
import { listen } from "../rigs/ServerOnSockets.ts"

/** The server behind a listener, in the shape of the one behind none. */
const overHttp = (server: URL) =>
  Layer.succeed(Handler.Handler, ({ headers, host, method, params, path }) =>
    Effect.async<Wire.Response>((resume) => {
      const form = new URLSearchParams(params).toString()
      const outgoing = httpRequest(
        {
          hostname: server.hostname,
          port: server.port,
          method,
          path: method === "GET" ? `${path}?${form}` : path,
          headers: { ...Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== "")), host },
          agent: false
        },
        (response) => {
          let body = ""
          response.setEncoding("utf8").on("data", (chunk: string) => {
            body += chunk
          })
          const setCookies = response.headers["set-cookie"] ?? []
          response.on("end", () =>
            resume(Effect.succeed(Wire.response(response.statusCode ?? 0, body, { setCookies })))
          )
        }
      )
      outgoing.on("error", (error) => resume(Effect.die(error)))
      outgoing.end(method === "GET" ? undefined : form)
    })
  )

/** Says something and hears it out. What is silent for minutes fails. */
const say = (server: URL, bytes: Buffer) =>
  Effect.async<string>((resume) => {
    const chunks: Array<Buffer> = []
    const socket = connect({ host: server.hostname, port: Number(server.port) })
    socket.setTimeout(240_000, () => socket.destroy(new Error("no answer, and no end")))
    socket.on("data", (chunk: Buffer) => chunks.push(chunk))
    socket.on("error", (error: NodeJS.ErrnoException) => {
      // The server may hang up while we still talk.
      if (error.code !== "ECONNRESET" && error.code !== "EPIPE") resume(Effect.die(error))
    })
    socket.on("close", () => resume(Effect.succeed(Buffer.concat(chunks).toString("latin1"))))
    socket.end(bytes)
  })

const textOf = ({ body, headers, host, method, path, query }: Raw, tokens: Tokens, form: number): Buffer => {
  const target = `${form === 1 ? `http://${host}` : ""}${path}${query === "" ? "" : `?${query}`}`
  const sized = Buffer.byteLength(body) + (form === 2 ? 1 : 0)
  const lines = [
    `${method} ${target} HTTP/1.${form === 3 ? 0 : 1}`,
    `Host: ${host}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `X-Account: ${tokens.account}`,
    ...(method === "POST" ? [form === 4 ? "Transfer-Encoding: chunked" : `Content-Length: ${sized}`] : [])
  ]
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`)
}

/** Bytes put in, left out or doubled. */
interface Bend {
  readonly at: number
  readonly bytes: Uint8Array
  readonly drop: number
}
const bend = (whole: Buffer, { at, bytes, drop }: Bend): Buffer => {
  const where = Math.floor(at * whole.length)
  return Buffer.concat([whole.subarray(0, where), bytes, whole.subarray(where + drop)])
}
const bends: fc.Arbitrary<ReadonlyArray<Bend>> = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        bytes: fc.oneof(
          fc.uint8Array({ maxLength: 40 }),
          fc
            .constantFrom("\r\n", "\r\n\r\n", "\0", "GET / HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n")
            .map((text) => Buffer.from(text))
        ),
        drop: fc.nat({ max: 30 })
      }),
      { minLength: 1, maxLength: 3 }
    )
  }
)

/** What Node's own parser says besides: a bad request, headers too large. */
const statuses = [...HostileRequests.statuses, 408, 413, 431]

const isSound = (heard: string): void => {
  for (const [, status] of heard.matchAll(/(?:^|\r\n)HTTP\/1\.1 (\d{3}) /g)) assert.include(statuses, Number(status))
  assert.notMatch(heard, /\n\s+at |\bError\b|file:\/\/|\/(?:src|dist|node_modules)\/|undefined|\[object /)
  if (heard !== "") assert.match(heard, /^HTTP\/1\.1 /)
}

const line = (text: string) => Buffer.from(text.replaceAll("\n", "\r\n"))

describe("a listener", () => {
  for (const strict of [false, true]) {
    it.scopedLive(`survives whatever is thrown at it, ${strict ? "strict" : "tolerant"}`, () =>
      Effect.gen(function* () {
        const url = yield* listen({ strict, holdPoll: "50 millis" })
        const runtime = yield* Effect.runtime<never>()
        yield* Effect.gen(function* () {
          const tokens = yield* logIn(10002)
          yield* Effect.promise(() =>
            fc.assert(
              fc.asyncProperty(HostileRequests.request, fc.nat({ max: 9 }), bends, (request, form, bent) =>
                Runtime.runPromise(runtime)(
                  Effect.map(
                    say(url, bent.reduce(bend, textOf(HostileRequests.withTokens(request, tokens), tokens, form))),
                    isSound
                  )
                )
              ),
              { numRuns: Number(process.env.FUZZ_RUNS ?? 150) }
            )
          )
          assert.strictEqual(quoted(yield* attempt(10001))[0], "0")
          yield* logIn(10002)
        }).pipe(Effect.provide(overHttp(url)))
      }).pipe(Effect.provide(Logger.minimumLogLevel(LogLevel.Warning)))
    )
  }

  it.scopedLive("is not held up by those who say nothing, or half of something", () =>
    Effect.gen(function* () {
      const url = yield* listen({})
      const silent = [
        "",
        "GET /check",
        "POST /channel/poll2 HTTP/1.1\r\nHost: d.web2.qq.com\r\nContent-Length: 9\r\n\r\nr="
      ].map((start) => {
        const socket = connect({ host: url.hostname, port: Number(url.port) })
        socket.on("error", () => {})
        socket.write(start)
        return socket
      })
      yield* Effect.provide(logIn(10001), overHttp(url))
      for (const socket of silent) socket.destroy()
    })
  )

  it.scopedLive("answers HEAD like GET without a body, and other methods with 405", () =>
    Effect.gen(function* () {
      const url = yield* listen({})
      const head = yield* say(url, line("HEAD /check?uin=10001 HTTP/1.1\nHost: ssl.ptlogin2.qq.com\n\n"))
      assert.match(head, /^HTTP\/1\.1 200 OK\r\n/)
      assert.match(head, /\r\n\r\n$/)
      const put = yield* say(url, line("PUT /channel/poll2 HTTP/1.1\nHost: d.web2.qq.com\nContent-Length: 2\n\nr="))
      assert.match(put, /^HTTP\/1\.1 405 [^\n]*\r\n(?:[^\n]+\n)*allow: GET, POST\r\n/i)
    })
  )

  it.scopedLive("takes host and path from a whole URL, as clients behind a proxy send it", () =>
    Effect.gen(function* () {
      const url = yield* listen({ strict: true })
      const referer = "Referer: https://ui.ptlogin2.qq.com/cgi-bin/login"
      const whole = `GET https://ssl.ptlogin2.qq.com/check?uin=10001 HTTP/1.1\nHost: proxy.example:3128\n${referer}\n\n`
      assert.include(yield* say(url, line(whole)), "ptui_checkVC('0',")
    })
  )

  it.scopedLive("reads a body that was not encoded, without a content type", () =>
    Effect.gen(function* () {
      const url = yield* listen({})
      const r = '{"clientid":1,"psessionid":"a&b=c+d%41","key":""}'
      const poll = `POST /channel/poll2 HTTP/1.1\nHost: d1.web2.qq.com\nContent-Length: ${r.length + 2}\n\nr=${r}`
      assert.include(yield* say(url, line(poll)), '{"retcode":103')
    })
  )
})
