/** What the flags for ports mean, and what is said about a port that cannot be had. */
import { assert, describe, it } from "@effect/vitest"
import { assertEquals } from "@effect/vitest/utils"
import { Effect, Option } from "effect"
import * as Refused from "../../../src/programs/cli/listener/Refused.ts"
import * as Ports from "../../../src/programs/cli/serve/Ports.ts"

const given = (tls: boolean, port?: number, httpPort?: number) =>
  Ports.resolve({ tls, port: Option.fromNullable(port), httpPort: Option.fromNullable(httpPort) })

describe("the ports", () => {
  it.effect("of http alone and of both", () =>
    Effect.gen(function* () {
      const cases: ReadonlyArray<
        readonly [Effect.Effect.Success<ReturnType<typeof given>>, number, number | undefined]
      > = [
        [yield* given(false), 2013, undefined],
        [yield* given(false, 8000), 8000, undefined],
        [yield* given(false, undefined, 8001), 8001, undefined],
        [yield* given(true), 80, 443],
        [yield* given(true, 8443), 80, 8443],
        [yield* given(true, 8443, 8080), 8080, 8443],
        [yield* given(true, 0, 0), 0, 0]
      ]
      for (const [ports, http, https] of cases) {
        assert.strictEqual(ports.http.port, http)
        assertEquals(
          Option.map(ports.https, ({ port }) => port),
          Option.fromNullable(https)
        )
      }
    })
  )

  it.effect("that contradict each other or are none", () =>
    Effect.gen(function* () {
      const message = (one: ReturnType<typeof given>) => Effect.map(Effect.flip(one), (error) => error.message)
      assert.match(yield* message(given(false, 1, 2)), /^--port and --http-port are the same without --tls\./)
      assert.match(yield* message(given(true, 8080, 8080)), /^http and https cannot share port 8080\./)
      assert.match(yield* message(given(true, undefined, 443)), /^http and https cannot share port 443\./)
      assert.match(yield* message(given(true, 70000)), /^--port 70000 is no port\./)
      assert.match(yield* message(given(true, undefined, -1)), /^--http-port -1 is no port\./)
      assert.match(yield* message(given(false, 65536)), /^--port 65536 is no port\./)
    })
  )
})

describe("connections per address", () => {
  it.effect("are a number, or as many as there are for 0", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* Ports.perAddress(7), 7)
      assert.strictEqual(yield* Ports.perAddress(0), Number.POSITIVE_INFINITY)
      const { message } = yield* Effect.flip(Ports.perAddress(-1))
      assert.match(message, /^--connections-per-address -1 is no number of connections\./)
    })
  )
})

describe("a port that cannot be had", () => {
  const code = (name: string) => Object.assign(new Error(name), { code: name })

  it("names the flag and says what to do", () => {
    const low = Refused.sentence({ port: 443, flag: "--port" }, code("EACCES"))
    assert.match(low, /port 443 may not be used by this user/)
    assert.match(low, /--port 8443\) and redirect 443 to it/)
    assert.match(low, /sudo sysctl net\.ipv4\.ip_unprivileged_port_start=80\./)
    assert.match(
      Refused.sentence({ port: 80, flag: "--http-port" }, code("EACCES")),
      /\(--http-port 8080\) and redirect 80/
    )
    assert.match(
      Refused.sentence({ port: 80, flag: "--http-port" }, code("EADDRINUSE")),
      /^port 80 is in use\. .*--http-port/
    )
    assert.match(
      Refused.sentence({ port: 1, host: "10.0.0.9" }, code("EADDRNOTAVAIL")),
      /^10\.0\.0\.9 is no address of this/
    )
    assert.match(
      Refused.sentence({ port: 1 }, code("EWHAT")),
      /^port 1 of 127\.0\.0\.1 cannot be listened on \(EWHAT\)/
    )
  })
})
