/** Programs of the benchmark in processes of their own, which do what they are asked by messages. */
import { fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import { worked } from "./Measure.ts"

interface Question {
  readonly id: number
  readonly name: string
  readonly argument: unknown
}

/** What a program can be asked. */
type Answers = Readonly<Record<string, (argument: number) => unknown>>

/** Resident memory and heap in bytes, after collecting what is not needed. */
export interface Memory {
  readonly resident: number
  readonly heap: number
}

const memory = (): Memory => {
  for (let i = 0; i < 3; i++) globalThis.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  return { resident: rss, heap: heapUsed }
}

/** In the child: says that it is ready, and answers from then on. Its work and its memory can always be asked. */
export const answer = (answers: Answers): void => {
  const all: Answers = { ...answers, worked, memory }
  process.on("message", async ({ argument, id, name }: Question) => {
    process.send?.({ id, result: await all[name]?.(Number(argument)) })
  })
  // Nobody is there any more to ask.
  process.on("disconnect", () => process.exit(0))
  process.send?.({ ready: true })
}

/** A program that runs. */
export interface Child {
  /** A child gives what its program answers to that name. */
  readonly ask: <A = number>(name: string, argument?: number) => Promise<A>
  readonly stop: () => Promise<void>
}

/** Starts a program of `bench/children`, once it is ready. */
export const start = async (program: string, ...args: ReadonlyArray<string | number>): Promise<Child> => {
  const path = fileURLToPath(new URL(`./children/${program}.ts`, import.meta.url))
  const child = fork(path, args.map(String), { execArgv: ["--expose-gc", "--import", "tsx"] })
  const waiting = new Map<number, (result: unknown) => void>()
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  await new Promise<void>((resolve, reject) => {
    child.on("message", (message: { readonly ready?: true; readonly id?: number; readonly result?: unknown }) => {
      if (message.ready === true) resolve()
      else if (message.id !== undefined) waiting.get(message.id)?.(message.result)
    })
    child.once("exit", (code) => reject(new Error(`${program} ended with ${code}`)))
  })
  let id = 0
  return {
    ask: <A>(name: string, argument = 0) =>
      new Promise<A>((resolve, reject) => {
        const mine = id++
        waiting.set(mine, (result) => {
          waiting.delete(mine)
          // The programs and those who ask them are written together.
          resolve(result as A)
        })
        void ended.then(() => reject(new Error(`${program} ended before it had answered ${name}`)))
        child.send({ id: mine, name, argument } satisfies Question)
      }),
    stop: () => {
      child.kill()
      return ended
    }
  }
}

/** Runs with programs that end afterwards, however it goes. */
export const using = async <const Children extends ReadonlyArray<Promise<Child>>, A>(
  children: Children,
  use: (children: { readonly [I in keyof Children]: Child }) => Promise<A>
): Promise<A> => {
  const started = await Promise.all(children)
  try {
    // One for each.
    return await use(started as { readonly [I in keyof Children]: Child })
  } finally {
    await Promise.all(started.map((child) => child.stop()))
  }
}

/** Asks again until it is so. */
export const until = async (child: Child, name: string, isSo: (result: number) => boolean): Promise<void> => {
  while (!isSo(await child.ask(name))) await new Promise((resolve) => setTimeout(resolve, 20))
}
