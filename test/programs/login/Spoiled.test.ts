/** Every request of every login is spoilt once, in every way: what a person typed or confirmed is not asked for again. */
import { HttpClient, HttpClientError, HttpClientResponse } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer } from "effect"
import { Login, Resume } from "../../../src/programs/index.ts"
import type { TestServer } from "../../../src/programs/testing/index.ts"
import { Dialects } from "../../../src/protocol/index.ts"
import { CaptchaSolver, type Session } from "../../../src/services/index.ts"
import { as, client, loseSession } from "../../rigs/Client.ts"
import { inProcess } from "../../rigs/Fronts.ts"
import * as VirtualClock from "../../rigs/VirtualClock.ts"
import { attended, phone } from "./QrScenarios.ts"
import { memory } from "./ResumeScenarios.ts"

type Http = Layer.Layer<HttpClient.HttpClient>

/** What happens to a request, and whether the server has handled it all the same. */
const spoils = {
  "a gateway's 502": { handled: false, answer: "502" },
  "a lost answer": { handled: true, answer: "reset" },
  "a reset connection": { handled: false, answer: "reset" },
  "no answer in time": { handled: false, answer: "silence" },
  "a page instead of the answer": { handled: false, answer: "page" }
} as const
type Spoil = keyof typeof spoils

/** A way to the server on which the nth request is spoilt; `paths` is what was asked for. */
const spoiling = (http: Http, nth: number, spoil: Spoil) => {
  const paths: Array<string> = []
  const { answer, handled } = spoils[spoil]
  const layer = Layer.map(http, (context) => {
    const inner = Context.get(context, HttpClient.HttpClient)
    return Context.add(
      context,
      HttpClient.HttpClient,
      HttpClient.transform(inner, (answered, request) =>
        Effect.suspend(() => {
          paths.push(new URL(request.url).pathname)
          if (paths.length !== nth) return answered
          const spoilt: typeof answered =
            answer === "silence"
              ? Effect.never
              : answer === "reset"
                ? new HttpClientError.RequestError({ request, reason: "Transport", description: "ECONNRESET" })
                : Effect.succeed(
                    HttpClientResponse.fromWeb(
                      request,
                      new Response("<html>nginx</html>", { status: answer === "502" ? 502 : 200 })
                    )
                  )
          return handled ? Effect.zipRight(answered, spoilt) : spoilt
        })
      )
    )
  })
  return { layer, paths }
}

/** A login on a way to the server that is spoilt; `acts` is called whenever a person has to do something. */
type Way = (spoilt: Http, acts: () => void, clean: Http) => Effect.Effect<Session.Credentials, unknown>

/** A program on a clock that leaps, because there is much to wait for. */
const leaping = <A, E>(program: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.gen(function* () {
    const time = VirtualClock.make()
    let over = false
    const fiber = yield* program.pipe(
      Effect.ensuring(Effect.sync(() => (over = true))),
      Effect.withClock(time.clock),
      Effect.fork
    )
    yield* time.run(() => over)
    return yield* Fiber.join(fiber)
  })

/** Runs a login once to learn its requests, and then once for each of them and each spoil. */
const check = (
  name: string,
  options: {
    readonly server: TestServer.Input
    readonly way: Way
    /** What is there before the login. */
    readonly before?: (http: Http) => Effect.Effect<void, unknown>
    /** Requests whose lost answer makes the server want the person again, as it may. */
    readonly usedUp?: string
  }
) => {
  const once = (nth: number, spoil: Spoil) =>
    Effect.gen(function* () {
      const http = yield* inProcess.serve(options.server)
      yield* options.before?.(http) ?? Effect.void
      const { layer, paths } = spoiling(http, nth, spoil)
      let acted = 0
      const { account } = yield* options.way(layer, () => acted++, http)
      return { account, paths, acted }
    }).pipe(Effect.scoped, leaping)

  it.effect(name, () =>
    Effect.gen(function* () {
      const plain = yield* once(0, "a lost answer")
      assert.isNotEmpty(plain.paths)
      for (const [i, path] of plain.paths.entries()) {
        for (const spoil of Object.keys(spoils) as ReadonlyArray<Spoil>) {
          const what = `${spoil} to ${path}`
          const { account, acted } = yield* Effect.mapError(
            once(i + 1, spoil),
            (error) => new Error(`${what}: ${String(error)}`)
          )
          assert.strictEqual(account, plain.account, what)
          const again = spoils[spoil].handled && path === options.usedUp ? 1 : 0
          assert.include([plain.acted, plain.acted + again], acted, what)
        }
      }
    })
  )
}

for (const dialect of Dialects.all) {
  describe(`each request spoilt once, ${dialect.name}`, () => {
    const login = Login.withPassword(as(10001))

    check("by password", {
      server: { dialect },
      way: (http) => Effect.provide(login, client(http, dialect))
    })

    check("by password and captcha", {
      server: { dialect, captchaAfter: 0, captchaCode: "ABCD" },
      way: (http, acts) =>
        login.pipe(
          Effect.provide(CaptchaSolver.layer(() => Effect.as(Effect.sync(acts), "ABCD"))),
          Effect.provide(client(http, dialect))
        ),
      usedUp: "/login"
    })

    check("by QR code", {
      server: { dialect },
      way: (http, acts, clean) => {
        let confirmed = ""
        const way = attended(http, (_, ticket) => {
          if (ticket === confirmed) return Effect.void
          confirmed = ticket
          acts()
          return phone(clean, 10002, ticket, "confirm")
        })
        return Effect.provide(
          Login.withQrCode({
            interval: inProcess.interval,
            onStep: (step) => (step._tag === "Qr" ? way.look(step.state) : Effect.void)
          }),
          client(way.http, dialect)
        )
      },
      usedUp: "/ptqrlogin"
    })

    const store = Effect.runSync(Effect.scoped(memory))
    const kept = (http: Http) =>
      Resume.layer({ login, sendSpacing: 0 }).pipe(
        Layer.provideMerge(client(http, dialect)),
        Layer.provide(store.layer)
      )
    /** Keeps a session of 10001, after something has happened to it, and comes back to it. */
    const resuming = (what: Effect.Effect<unknown, unknown, Layer.Layer.Success<ReturnType<typeof kept>>>) => {
      return {
        server: { dialect },
        before: (http: Http) =>
          Effect.zipRight(store.put(""), Effect.scoped(Effect.asVoid(Effect.provide(what, kept(http))))),
        way: (http: Http) =>
          Resume.resume({ login }).pipe(Effect.provide(Layer.merge(client(http, dialect), store.layer)))
      }
    }

    check("a kept session that holds", resuming(Effect.void))

    check("a kept session that is lost", resuming(loseSession))
  })
}
