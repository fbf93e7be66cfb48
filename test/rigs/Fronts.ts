/**
 * The two ways to reach a server: in the process, on the test's clock, and over real sockets. A scenario is written once
 * and takes either.
 */
import type { HttpClient } from "@effect/platform"
import { it } from "@effect/vitest"
import { Clock, Duration, Effect, Fiber, Layer, Option, type Scope, TestClock } from "effect"
import type { TestServer } from "../../src/programs/testing/index.ts"
import { reach } from "./Client.ts"
import * as ServerInProcess from "./ServerInProcess.ts"
import * as ServerOnSockets from "./ServerOnSockets.ts"

type Http = Layer.Layer<HttpClient.HttpClient>

export interface Front {
  readonly name: string
  /** Declares a test. */
  readonly it: (name: string, test: () => Effect.Effect<unknown, unknown, Scope.Scope>) => void
  /** A strict server of its own: everybody who is given the layer meets there. */
  readonly serve: (input?: TestServer.Input) => Effect.Effect<Http, never, Scope.Scope>
  /** Where no server is. */
  readonly nowhere: Effect.Effect<Http>
  /** Runs a program that waits for time to pass. */
  readonly run: <A, E, R>(program: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Makes two minutes pass for what waits for them: on the sockets, only the server's clock runs ahead. */
  readonly age: Effect.Effect<void>
  /** Between two questions how far a QR login is. */
  readonly interval: Duration.DurationInput
}

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
  serve: (input) => Effect.map(ServerInProcess.start(input), Layer.succeedContext),
  nowhere: Effect.succeed(ServerInProcess.nowhere),
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

const listen = (input?: TestServer.Input) =>
  Effect.withClock(ServerOnSockets.listen({ strict: true, ...input }), fastClock)

export const overSockets: Front = {
  name: "over real sockets",
  it: (name, test) => it.scopedLive(name, test),
  serve: (input) => Effect.map(listen(input), reach),
  nowhere: Effect.map(Effect.scoped(listen()), reach),
  run: (program) => program,
  age: Effect.sync(() => {
    ahead += Duration.toMillis("2 minutes") + 1
  }),
  interval: "20 millis"
}
