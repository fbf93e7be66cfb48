/** Listeners that nobody can hold up: raw sockets against the real listener, with shorter limits than a person gets. */
import { createPrivateKey } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { type AddressInfo, connect, createServer, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as tls from "node:tls"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { ConfigProvider, Context, Duration, Effect, Exit, Fiber, Layer, Option, Scope } from "effect"
import * as Certificates from "../../src/programs/cli/Certificates.ts"
import * as Issue from "../../src/programs/cli/certificates/Issue.ts"
import * as Listener from "../../src/programs/cli/Listener.ts"
import * as Listening from "../../src/programs/cli/serve/Listening.ts"
import { Session } from "../../src/services/index.ts"
import { login } from "../rigs/Client.ts"
import { serveOn } from "../rigs/ServerOnSockets.ts"

const state = mkdtempSync(join(tmpdir(), "webqq-"))
const directory = join(state, "tls")
let kept: Certificates.Kept
let ca = ""

beforeAll(async () => {
  kept = await Effect.runPromise(Effect.provide(Certificates.keep(directory, Date.now()), NodeFileSystem.layer))
  ca = readFileSync(kept.authorityFile, "utf8")
})
afterAll(() => rmSync(state, { recursive: true }))

/** No limit is reached within a test but those that it sets itself: who is cut off was cut off by that one. */
const patient = { headers: 600_000, request: 600_000, keepAlive: 600_000, idle: 600_000, lookEvery: 50 }

/** A server on a listener with these options; gives its port. */
const serve = (options: Partial<Listener.Options> = {}) =>
  Effect.gen(function* () {
    const server = yield* Listener.make({ port: 0, limits: patient, ...options })
    return Number((yield* serveOn(server)).port)
  })

/** All that a connection got until it was closed, by whom and how ever. */
const heard = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let text = ""
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      text += chunk
    })
    socket.on("error", () => {})
    socket.on("close", () => resolve(text))
  })

/** Sends something at once, and listens until the end. */
const exchange = (port: number, text: string) =>
  Effect.promise(() => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text, "latin1"))
    return heard(socket)
  })

/** Sends one character after the other for as long as the server listens. */
const drip = (port: number, text: string) =>
  Effect.promise(() => {
    const socket = connect(port, "127.0.0.1")
    let at = 0
    const timer = setInterval(() => socket.write(text.charAt(at++ % text.length)), 20)
    socket.on("close", () => clearInterval(timer))
    return heard(socket)
  })

const timed = <A>(effect: Effect.Effect<A>) =>
  Effect.map(Effect.timed(effect), ([duration, value]) => ({ value, millis: Duration.toMillis(duration) }))

/** Timers and the clock may disagree by a millisecond. */
const atLeast = (limit: number) => limit - 2

const check = (headers = "", path = "/check?uin=10001") =>
  `GET ${path} HTTP/1.1\r\nHost: ssl.ptlogin2.qq.com\r\n${headers}Connection: close\r\n\r\n`
const someHeaders = (n: number) => Array.from({ length: n }, (_, i) => `x-${i}: ${i}\r\n`).join("")
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])

describe("clients that take their time", () => {
  const post = "POST /channel/poll2 HTTP/1.1\r\nHost: d.web2.qq.com\r\nContent-Length: 9\r\n\r\nr="

  /** Cut off with 408, and not before its time. */
  const cutOff = (limit: number, talk: Effect.Effect<string>) =>
    Effect.map(timed(talk), ({ millis, value }) => {
      assert.strictEqual(statusOf(value), 408, value)
      assert.isAtLeast(millis, atLeast(limit))
    })

  it.scopedLive("lets one address have so many connections, and a next one when one of them ends", () =>
    Effect.gen(function* () {
      const port = yield* serve({ limits: { ...patient, perAddress: 2, isExempt: () => false } })
      const connected = () =>
        Effect.async<Socket>((resume) => {
          const socket: Socket = connect(port, "127.0.0.1", () => resume(Effect.succeed(socket)))
        })
      const ended = (socket: Socket) => Effect.promise(() => heard(socket))
      /** An answer shows that the connection was accepted. */
      const answered = (socket: Socket) =>
        Effect.async<string>((resume) => {
          socket.once("data", (chunk: Buffer) => resume(Effect.succeed(chunk.toString("latin1"))))
          socket.once("close", () => resume(Effect.succeed("hung up")))
          socket.on("error", () => {})
          socket.write("GET /loginproxy.html HTTP/1.1\r\nHost: www.qq.com\r\n\r\n")
        })
      const [first, second] = [yield* connected(), yield* connected()]
      for (const socket of [first, second]) assert.match(yield* answered(socket), /^HTTP\/1\.1 200 /)
      assert.strictEqual(yield* ended(yield* connected()), "")
      const gone = yield* Effect.fork(ended(first))
      first.destroy()
      yield* Fiber.join(gone)
      // The server hears of the end a little later.
      yield* Effect.repeat(Effect.flatMap(connected(), answered), {
        until: (answer) => answer.startsWith("HTTP/1.1 200")
      })
      second.destroy()
    })
  )

  it.scopedLive("hold up nobody", () =>
    Effect.gen(function* () {
      const port = yield* serve()
      const slow = ["", "GET /check?uin=10001 HT", post].map((text) => exchange(port, text))
      yield* Effect.forEach([...slow, drip(port, "GET / HTTP/1.1\r\nx-a: b\r\n".padEnd(4000, "x"))], Effect.forkScoped)
      const me = yield* Layer.build(login(new URL(`http://127.0.0.1:${port}`), 10001))
      assert.isTrue(Context.getOption(me, Session.Session)._tag === "Some")
    })
  )

  it.scopedLive("are cut off while their headers are not there", () =>
    Effect.gen(function* () {
      const port = yield* serve({ limits: { ...patient, headers: 300 } })
      const noHeaders = [
        exchange(port, ""),
        exchange(port, "GET /check?uin=10001 HT"),
        drip(port, "GET / HTTP/1.1\r\nx-a: b\r\n".padEnd(4000, "x"))
      ]
      yield* Effect.all(
        noHeaders.map((talk) => cutOff(300, talk)),
        { concurrency: "unbounded" }
      )
    })
  )

  it.scopedLive("are cut off while their body is not there", () =>
    Effect.gen(function* () {
      const port = yield* serve({ limits: { ...patient, headers: 500, request: 500 } })
      yield* cutOff(500, exchange(port, post))
    })
  )

  it.scopedLive("may wait between two requests, but not for ever", () =>
    Effect.gen(function* () {
      const port = yield* serve({ limits: { ...patient, keepAlive: 100 } })
      const { millis, value } = yield* timed(exchange(port, check().replace("Connection: close\r\n", "")))
      assert.strictEqual(statusOf(value), 200)
      assert.isAtLeast(millis, atLeast(100))
      const idle = yield* serve({ limits: { ...patient, idle: 300 } })
      yield* exchange(idle, "GET")
    })
  )

  it.scopedLive("are no more than there is room for", () =>
    Effect.gen(function* () {
      const port = yield* serve({ limits: { ...patient, connections: 2 } })
      const open = Effect.acquireRelease(
        Effect.async<Socket>((resume) => {
          const socket = connect(port, "127.0.0.1", () => resume(Effect.succeed(socket)))
        }),
        (socket) => Effect.sync(() => socket.destroy())
      )
      const first = yield* open
      yield* open
      assert.strictEqual(yield* exchange(port, check()), "")
      yield* Effect.promise(() => new Promise((resolve) => first.destroy().on("close", resolve)))
      // The server learns of it in its own time.
      const answer = yield* exchange(port, check()).pipe(Effect.repeat({ until: (text) => text !== "" }))
      assert.include(answer, "ptui_checkVC")
    })
  )
})

describe("requests that are none", () => {
  it.scopedLive("are answered 431 and 400, and the server goes on", () =>
    Effect.gen(function* () {
      const port = yield* serve()
      const cases: ReadonlyArray<readonly [status: number, text: string]> = [
        [200, check(`cookie: ${"x".repeat(15_000)}\r\n`)],
        [431, check(`cookie: ${"x".repeat(16_400)}\r\n`)],
        [431, check("", `/check?uin=10001&x=${"x".repeat(100_000)}`)],
        // Host and Connection are two more.
        [200, check(someHeaders(98))],
        [431, check(someHeaders(99))],
        [431, check(someHeaders(1200))],
        [400, "\u0000\u0001\u0002\u00ff\u00fe\r\n\r\n"],
        [400, "EHLO somewhere\r\n"],
        [400, "GET / HTTP/9.9\r\n\r\n"],
        [400, "GET /check?uin=10001 HTTP/1.1\r\nno header at all\r\n\r\n"],
        [400, "POST /channel/poll2 HTTP/1.1\r\nContent-Length: minus one\r\n\r\n"],
        [400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
        // The beginning of a TLS handshake.
        [400, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003"]
      ]
      for (const [status, text] of cases) {
        const answer = yield* exchange(port, text)
        assert.strictEqual(statusOf(answer), status, `${text.slice(0, 60)} → ${answer.slice(0, 200)}`)
        assert.notMatch(answer, /Error|\n\s+at /)
      }
      // Gone in the middle of a request, with a reset.
      yield* Effect.promise(() => {
        const socket = connect(port, "127.0.0.1", () => socket.write("GET / HT", () => socket.resetAndDestroy()))
        return heard(socket)
      })
      assert.include(yield* exchange(port, check()), "ptui_checkVC")
    })
  )

  it.scopedLive("that offer another protocol are answered in this one, with their body", () =>
    Effect.gen(function* () {
      const port = yield* serve()
      // As Java's HttpClient does it with its first request.
      const answer = yield* exchange(
        port,
        "POST /check HTTP/1.1\r\nHost: ssl.ptlogin2.qq.com\r\nConnection: close, Upgrade, HTTP2-Settings\r\n" +
          "Upgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n" +
          "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nuin=10001"
      )
      assert.strictEqual(statusOf(answer), 200)
      // The account as eight bytes: the body arrived.
      assert.include(answer, String.raw`\x00\x00\x00\x00\x00\x00\x27\x11`)
    })
  )
})

describe("https", () => {
  const secure = (oldClients: boolean) => ({ tls: { certificate: kept.certificate, key: kept.key, oldClients } })

  /** The protocol that was agreed on, or what went wrong: a code, or OpenSSL's words where Node has no code for them. */
  const shake = (port: number, options: tls.ConnectionOptions) =>
    Effect.async<string>((resume) => {
      const socket = tls.connect({ port, host: "127.0.0.1", servername: "d.web2.qq.com", ca, ...options }, () => {
        resume(Effect.succeed(String(socket.getProtocol())))
        socket.destroy()
      })
      socket.on("error", (error) =>
        resume(Effect.succeed("code" in error && error.code !== "UNSPECIFIED" ? String(error.code) : error.message))
      )
    })
  const exactly = (version: tls.SecureVersion) =>
    ({ minVersion: version, maxVersion: version, ciphers: "DEFAULT:@SECLEVEL=0" }) as const

  it.scopedLive("speaks TLS 1.0 with old clients, and from 1.2 on when strict", () =>
    Effect.gen(function* () {
      const tolerant = yield* serve(secure(true))
      const strict = yield* serve(secure(false))
      for (const version of ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const) {
        assert.strictEqual(yield* shake(tolerant, exactly(version)), version)
        const answer = yield* shake(strict, exactly(version))
        assert.strictEqual(answer, version >= "TLSv1.2" ? version : "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION")
      }
      // What the clients of 2013 did: the key exchange by RSA, with SHA-1.
      assert.strictEqual(yield* shake(tolerant, { ...exactly("TLSv1"), ciphers: "AES128-SHA:@SECLEVEL=0" }), "TLSv1")
    })
  )

  it.scopedLive("is trusted for the documented hosts and this machine", () =>
    Effect.gen(function* () {
      const port = yield* serve(secure(false))
      for (const servername of ["ssl.ptlogin2.qq.com", "face10.qun.qq.com", "q.qlogo.cn", "localhost"]) {
        assert.strictEqual(yield* shake(port, { servername }), "TLSv1.3", servername)
      }
      assert.strictEqual(yield* shake(port, { servername: "mail.qq.com" }), "ERR_TLS_CERT_ALTNAME_INVALID")
    })
  )

  it.scopedLive("of any other site with a certificate of this CA is refused", () =>
    Effect.gen(function* () {
      const key = createPrivateKey(readFileSync(join(directory, "server-key.pem")))
      const authorityKey = createPrivateKey(readFileSync(join(directory, "ca-key.pem")))
      const forged = (hosts: ReadonlyArray<string>, addresses: ReadonlyArray<string>) =>
        Effect.gen(function* () {
          const input = { authority: ca, authorityKey, key, hosts, addresses, now: Date.now() }
          const certificate = yield* Effect.promise(() => Issue.server(input))
          return yield* serve({ tls: { certificate, key: kept.key, oldClients: false } })
        })
      const refused = "permitted subtree violation"
      const other = yield* forged(["www.example.com"], [])
      assert.strictEqual(yield* shake(other, { servername: "www.example.com" }), refused)
      const alike = yield* forged(["d.web2.qq.com", "myqq.com"], [])
      assert.strictEqual(yield* shake(alike, {}), refused)
      const address = yield* forged(["d.web2.qq.com"], ["192.0.2.1"])
      assert.strictEqual(yield* shake(address, {}), refused)
      const allowed = yield* forged(["anything.qq.com"], ["127.9.9.9"])
      assert.strictEqual(yield* shake(allowed, { servername: "anything.qq.com" }), "TLSv1.3")
    })
  )

  it.scopedLive("cuts off who never finishes the handshake, or speaks no TLS, and goes on", () =>
    Effect.gen(function* () {
      const limits = { ...patient, headers: 300 }
      const hasty = yield* serve({ ...secure(true), limits })
      const { millis } = yield* timed(exchange(hasty, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000"))
      assert.isAtLeast(millis, atLeast(limits.headers))
      const port = yield* serve(secure(true))
      assert.notInclude(yield* exchange(port, check()), "ptui_checkVC")
      assert.strictEqual(yield* shake(port, {}), "TLSv1.3")
    })
  )

  it.scopedLive("stops, whoever is connected", () =>
    Effect.gen(function* () {
      const running = yield* Scope.make()
      const port = yield* Scope.extend(serve(secure(true)), running)
      const pending = yield* Effect.fork(exchange(port, "\u0016\u0003\u0001"))
      yield* shake(port, {})
      yield* Scope.close(running, Exit.void)
      yield* pending.await
    })
  )
})

describe("two listeners", () => {
  /** Somebody else's port. */
  const taken = Effect.acquireRelease(
    Effect.async<{ readonly port: number; readonly close: () => void }>((resume) => {
      const server = createServer()
      server.listen(0, "127.0.0.1", () =>
        resume(Effect.succeed({ port: (server.address() as AddressInfo).port, close: () => server.close() }))
      )
    }),
    ({ close }) => Effect.sync(close)
  )
  const start = (port: number, httpPort: number) =>
    Listening.start({
      tls: true,
      port: Option.some(port),
      httpPort: Option.some(httpPort),
      host: "127.0.0.1",
      connectionsPerAddress: 0,
      strict: false
    }).pipe(
      Effect.provide(NodeFileSystem.layer),
      Effect.withConfigProvider(ConfigProvider.fromMap(new Map([["WEBQQ_STATE", state]])))
    )
  /** Whether a port can be listened on. */
  const free = (port: number) => Effect.isSuccess(Effect.scoped(Listener.make({ port })))

  it.scopedLive("start both or not at all", () =>
    Effect.gen(function* () {
      const { port } = yield* taken
      const other = yield* Effect.scoped(Effect.map(taken, (one) => one.port))
      for (const [https, http, flag] of [
        [port, other, "--port"],
        [other, port, "--http-port"]
      ] as const) {
        const outcome = yield* Effect.flip(Effect.scoped(start(https, http)))
        assert.strictEqual(outcome.message, `port ${port} is in use. Choose another one with ${flag}.`)
        assert.isTrue(yield* free(other))
      }
      const both = yield* start(0, 0)
      assert.lengthOf(Listening.servers(both), 2)
    })
  )
})
