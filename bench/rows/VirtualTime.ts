/** A day of one silent session in the process, on virtual time. */
import { Clock, Duration, Effect, Fiber, Layer, Logger, LogLevel, Stream, TestClock, TestContext } from "effect"
import { Poll } from "effect-webqq"
import { TestServer } from "effect-webqq/testing"
import * as VirtualClock from "../../test/rigs/VirtualClock.ts"
import { cpu, type Effort } from "../Measure.ts"
import type { Row } from "../Table.ts"

/** Polls until it is interrupted. */
const silent = Effect.scoped(
  Effect.gen(function* () {
    const server = Layer.succeedContext(yield* Layer.build(TestServer.layer()))
    const bot = yield* Layer.build(Layer.provide(TestServer.login(10001), server))
    yield* Effect.provide(Stream.runDrain(Poll.events()), bot)
  })
).pipe(Logger.withMinimumLogLevel(LogLevel.Warning))

/** How often something came due on a clock. */
const counting = (clock: Clock.Clock) => {
  let wakes = 0
  return {
    wakes: () => wakes,
    clock: {
      ...clock,
      [Clock.ClockTypeId]: Clock.ClockTypeId,
      sleep: (duration: Duration.Duration) =>
        Effect.zipLeft(
          clock.sleep(duration),
          Effect.sync(() => wakes++)
        )
    } satisfies Clock.Clock
  }
}

const onOwnClock = (hours: number) =>
  Effect.gen(function* () {
    const time = VirtualClock.make()
    const counted = counting(time.clock)
    const fiber = yield* Effect.fork(Effect.withClock(silent, counted.clock))
    yield* time.run(() => time.now() >= Duration.toMillis(Duration.hours(hours)) || fiber.unsafePoll() !== null)
    if (fiber.unsafePoll() !== null) yield* Fiber.join(fiber)
    yield* Fiber.interruptFork(fiber)
    return counted.wakes()
  })

const onTestClock = (hours: number) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(silent)
    yield* TestClock.adjust(Duration.hours(hours))
    if (fiber.unsafePoll() !== null) yield* Fiber.join(fiber)
    yield* Fiber.interruptFork(fiber)
  }).pipe(Effect.provide(TestContext.TestContext))

/** Polls are held for 55 seconds. */
const pollsIn = (hours: number) => (hours * 3600) / 55

export const measure = async ({ rounds, scale }: Effort): Promise<ReadonlyArray<Row>> => {
  const hours = 24 * scale
  const own: Array<number> = []
  const test: Array<number> = []
  const wakes: Array<number> = []
  const seconds = async (run: () => Promise<unknown>) => ((await cpu(run)) / 1e6) * (24 / hours)
  for (let round = 0; round < Math.max(1, rounds >> 1); round++) {
    own.push(
      await seconds(async () => {
        wakes.push((await Effect.runPromise(onOwnClock(hours))) / pollsIn(hours))
      })
    )
    test.push(await seconds(() => Effect.runPromise(onTestClock(hours))))
  }
  const row = (name: string, unit: string, ours: ReadonlyArray<number>, target?: number): Row => ({
    name,
    unit,
    ours,
    compare: "cost",
    ...(target === undefined ? {} : { target: { ours: target } })
  })
  return [
    row("a silent session's virtual day, own clock", "s", own, 0.5),
    row("the same, TestClock", "s", test),
    row("what comes due on the clock, for each poll", "times", wakes, 1)
  ]
}
