/** Sessions that all poll, in one process: the library's, if there is a server to log in to, or bare requests. */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { Effect, Layer, Logger, LogLevel, Runtime, Stream } from "effect"
import { Poll, Transport } from "effect-webqq"
import { Agent, request } from "undici"
import { headers, poll } from "../baseline/messages.ts"
import { answer } from "../Child.ts"
import { client, login, numbers, shared } from "../Client.ts"

const [holdPort, serverPort] = process.argv.slice(2)
const hold = new URL(`http://127.0.0.1:${holdPort}/channel/poll2`)
let sessions = 0
let seen = 0

const bare = async (): Promise<never> => {
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 })
  const session = async (i: number): Promise<void> => {
    const body = poll({ clientid: 53999199, psessionid: "5".repeat(64), ptwebqq: String(i).padStart(64, "a") })
    const cookie = headers(`ptwebqq=${"a".repeat(64)}; uin=o0${i}; skey=@abcdefghi`)
    for (;;) {
      const { body: answered } = await request(hold, { method: "POST", dispatcher: agent, headers: cookie, body })
      // What the hold server says.
      seen += (JSON.parse(await answered.text()) as { readonly result: ReadonlyArray<unknown> }).result.length
    }
  }
  return serve(async (more) => {
    for (const i of numbers(more)) void session(sessions + i)
  })
}

/** They log in at the embedded server. Their polls are held elsewhere, so that nothing but this process is measured. */
const ours = (server: URL) =>
  Effect.gen(function* () {
    const http = yield* shared(NodeHttpClient.layerUndici)
    const elsewhere = Transport.make(server).locate
    const locate = (documented: URL): URL => (documented.pathname === hold.pathname ? hold : elsewhere(documented))
    const session = (i: number) =>
      Effect.gen(function* () {
        const services = yield* Layer.build(login(i, client(http, server, locate)))
        yield* Poll.events().pipe(
          Stream.runForEach(() => Effect.sync(() => seen++)),
          Effect.provide(services),
          Effect.forkScoped
        )
      })
    const runtime = yield* Effect.runtime<Effect.Effect.Context<ReturnType<typeof session>>>()
    return yield* Effect.promise(() =>
      serve((more) =>
        Runtime.runPromise(runtime)(
          Effect.forEach(numbers(more), (i) => session(sessions + i), { concurrency: 16, discard: true })
        )
      )
    )
  }).pipe(Effect.scoped, Logger.withMinimumLogLevel(LogLevel.Warning))

/** Answers from now on. `add` starts more sessions. */
const serve = (add: (more: number) => Promise<void>): Promise<never> => {
  answer({
    seen: () => seen,
    add: async (more) => {
      await add(more)
      sessions += more
      return sessions
    }
  })
  return new Promise<never>(() => {})
}

await (serverPort === undefined ? bare() : Effect.runPromise(ours(new URL(`http://127.0.0.1:${serverPort}`))))
