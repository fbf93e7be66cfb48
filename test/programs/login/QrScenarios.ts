/** Logging in by QR code: the states, the phone, and what the server answers to old clients. */
import { HttpClient, HttpClientRequest } from "@effect/platform"
import { assert, describe } from "@effect/vitest"
import { Context, Effect, Layer, Option, Redacted, Stream } from "effect"
import * as QrText from "../../../src/programs/cli/QrText.ts"
import { Login } from "../../../src/programs/index.ts"
import * as Phone from "../../../src/programs/server/handlers/Phone.ts"
import { WorldFile } from "../../../src/programs/server/index.ts"
import type { TestServer } from "../../../src/programs/testing/index.ts"
import { Contacts, Dialects, QrLogin } from "../../../src/protocol/index.ts"
import { Session } from "../../../src/services/index.ts"
import { account, client } from "../../rigs/Client.ts"
import type { Front } from "../../rigs/Fronts.ts"
import { cookieSetBy, cookiesOf, watched } from "../../rigs/Watched.ts"

type Http = Layer.Layer<HttpClient.HttpClient>

/** The ticket in a picture, as a phone reads it. */
const ticketIn = (png: Uint8Array): string => {
  const content = Option.getOrElse(QrText.contentOf(png), () => assert.fail("no QR code"))
  return new URL(content).searchParams.get("k") ?? assert.fail(`no ticket in ${content}`)
}

/** What somebody's phone does with a code; gives the server's status. */
export const phone = (http: Http, number: number, ticket: string, action: string, password = `webqq-${number}`) =>
  HttpClientRequest.post("http://www.qq.com/phone").pipe(
    HttpClientRequest.bodyUrlParams({
      k: ticket,
      uin: String(number),
      p: Redacted.value(Phone.proof(account(number), Redacted.make(password), ticket)),
      action
    }),
    HttpClient.execute,
    Effect.map(({ status }) => status),
    Effect.provide(http),
    Effect.scoped
  )

/** What a person does after the so-manieth question of the client, and with which code. */
type Person = (question: number, ticket: string) => Effect.Effect<unknown, unknown>

/** A way to the server on which a person sees the codes and hears the questions. */
export const attended = (http: Http, person: Person) => {
  let questions = 0
  let ticket = ""
  const layer = Layer.map(http, (context) =>
    Context.add(
      context,
      HttpClient.HttpClient,
      HttpClient.transform(Context.get(context, HttpClient.HttpClient), (answer, request) =>
        request.url.includes("/ptqrlogin")
          ? Effect.tap(answer, () =>
              Effect.orDie(
                Effect.suspend(() => {
                  questions++
                  return person(questions, ticket)
                })
              )
            )
          : answer
      )
    )
  )
  const look = (state: QrLogin.State) =>
    Effect.sync(() => {
      if (state._tag === "Code") ticket = ticketIn(state.png)
    })
  return { http: layer, look, questions: () => questions }
}

/** Every state of a QR login on such a way, and how it ended. */
const statesOf = (
  front: Front,
  http: Http,
  person: Person,
  { dialect = Dialects.webqq2013, ...options }: QrLogin.Options & { readonly dialect?: Dialects.Dialect } = {}
) =>
  Effect.gen(function* () {
    const way = attended(http, person)
    const states: Array<QrLogin.State> = []
    const end = yield* QrLogin.states({ interval: front.interval, ...options }).pipe(
      Stream.tap(way.look),
      Stream.runForEach((state) => Effect.sync(() => states.push(state))),
      Effect.flip,
      Effect.option,
      Effect.provide(client(way.http, dialect)),
      front.run
    )
    return { states: states.map(({ _tag }) => _tag), all: states, end, questions: way.questions() }
  })

export const qr = (front: Front): void => {
  const serve = (input: TestServer.Input = {}) => Effect.flatMap(front.serve(input), watched)

  for (const dialect of Dialects.all) {
    describe(`by QR code, ${dialect.name}, ${front.name}`, () => {
      front.it("whoever scans and confirms is logged in, and the session works", () =>
        Effect.gen(function* () {
          const { http, last, paths } = yield* serve({ dialect })
          const way = attended(http, (question, ticket) => {
            if (question === 2) return phone(http, 10002, ticket, "scan")
            return question === 4 ? phone(http, 10002, ticket, "confirm") : Effect.void
          })
          const steps: Array<Login.Step> = []
          const options: Login.QrOptions = {
            interval: front.interval,
            onStep: (step) =>
              Effect.zipRight(
                Effect.sync(() => steps.push(step)),
                step._tag === "Qr" ? way.look(step.state) : Effect.void
              )
          }
          const [credentials, self] = yield* Effect.flatMap(Session.Session, ({ get }) =>
            Effect.all([get, Contacts.getSelfInfo2])
          ).pipe(Effect.provide(Layer.provideMerge(Login.layerQrCode(options), client(way.http, dialect))), front.run)
          assert.strictEqual(credentials.account, account(10002))
          assert.strictEqual(self.nick, "明明")
          assert.deepStrictEqual(
            steps.map((step) => (step._tag === "Qr" ? step.state._tag : step._tag)),
            ["Code", "Waiting", "Scanned", "Confirmed", "Accepted", "Followed", "Online", "LoggedOut"]
          )
          assert.deepStrictEqual(
            paths()
              .filter((path) => path !== "/phone")
              .slice(0, 9),
            [
              "/ptqrshow",
              ...Array.from({ length: 5 }, () => "/ptqrlogin"),
              "/check_sig",
              ...(dialect.name === "smartqq-2015"
                ? ["/proxy.html", "/api/getvfwebqq"]
                : ["/loginproxy.html", "/channel/login2"])
            ]
          )
          assert.strictEqual(last("/check_sig").params.uin, "10002")
        })
      )
    })
  }

  describe(`the states of a QR login, ${front.name}`, () => {
    front.it("are given once each, however often the server repeats them", () =>
      Effect.gen(function* () {
        const http = yield* front.serve()
        const { all, end, questions, states } = yield* statesOf(front, http, (question, ticket) => {
          if (question === 3) return phone(http, 10001, ticket, "scan")
          return question === 6 ? phone(http, 10001, ticket, "confirm") : Effect.void
        })
        assert.deepStrictEqual(states, ["Code", "Waiting", "Scanned", "Confirmed"])
        assert.strictEqual(questions, 7)
        assert.isTrue(Option.isNone(end))
        const confirmed = all.at(-1)
        assert.deepInclude(confirmed?._tag === "Confirmed" ? confirmed.reply : {}, {
          code: "0",
          message: "登录成功！",
          nick: "小黄鸡"
        })
      })
    )

    front.it("begin anew when a code expires, and end when the last one does", () =>
      Effect.gen(function* () {
        const http = yield* front.serve()
        const tickets = new Set<string>()
        const { all, end, states } = yield* statesOf(
          front,
          http,
          (_, ticket) => {
            tickets.add(ticket)
            return front.age
          },
          { codes: 2 }
        )
        assert.deepStrictEqual(states, ["Code", "Waiting", "Expired", "Code", "Waiting", "Expired"])
        assert.deepStrictEqual(
          all.flatMap((state) => (state._tag === "Code" ? [state.number] : [])),
          [1, 2]
        )
        assert.strictEqual(tickets.size, 2)
        assert.deepInclude(Option.getOrThrow(end), { _tag: "QrExpired", codes: 2 })
      })
    )

    front.it("a code that was scanned, but not confirmed, expires as well; the next one may be confirmed", () =>
      Effect.gen(function* () {
        const http = yield* front.serve()
        const seen = new Set<string>()
        const { states } = yield* statesOf(front, http, (_, ticket) => {
          if (seen.has(ticket)) return front.age
          seen.add(ticket)
          return phone(http, 10001, ticket, seen.size === 1 ? "scan" : "confirm")
        })
        assert.deepStrictEqual(states, ["Code", "Waiting", "Scanned", "Expired", "Code", "Waiting", "Confirmed"])
      })
    )

    front.it("end with QrRefused when the person says no, before or after the scan", () =>
      Effect.gen(function* () {
        const http = yield* front.serve()
        const atOnce = yield* statesOf(front, http, (_, ticket) => phone(http, 10001, ticket, "reject"))
        assert.deepStrictEqual(atOnce.states, ["Code", "Waiting"])
        assert.deepInclude(Option.getOrThrow(atOnce.end), { _tag: "QrRefused", says: "您已拒绝本次登录。" })
        const scanned = yield* statesOf(front, http, (question, ticket) =>
          phone(http, 10001, ticket, question === 1 ? "scan" : "reject")
        )
        assert.deepStrictEqual(scanned.states, ["Code", "Waiting", "Scanned"])
        assert.strictEqual(Option.getOrThrow(scanned.end)._tag, "QrRefused")
      })
    )

    front.it("end with AccountBlocked when the phone's account is frozen", () =>
      Effect.gen(function* () {
        const [first, ...others] = WorldFile.sample.accounts
        const accounts = first === undefined ? [] : [{ ...first, frozen: true }, ...others]
        const http = yield* front.serve({ world: { ...WorldFile.sample, accounts } })
        const { end, states } = yield* statesOf(front, http, (_, ticket) => phone(http, 10001, ticket, "confirm"))
        assert.deepStrictEqual(states, ["Code", "Waiting"])
        const error = Option.getOrThrow(end)
        assert.deepInclude(error, { _tag: "AccountBlocked", reason: "Frozen" })
        // A QR login does not know whose phone it was.
        assert.match(error.message, /^This account may not log in now/)
      })
    )

    front.it("two logins at the same time do not mix", () =>
      Effect.gen(function* () {
        const http = yield* front.serve()
        const confirming = (number: number) =>
          statesOf(front, http, (question, ticket) =>
            question === 2 ? phone(http, number, ticket, "confirm") : Effect.void
          )
        const both = yield* Effect.all([confirming(10001), confirming(10002)], { concurrency: 2 })
        assert.deepStrictEqual(
          both.map(({ all }) => {
            const state = all.at(-1)
            return state?._tag === "Confirmed" ? state.reply.nick : ""
          }),
          ["小黄鸡", "明明"]
        )
      })
    )
  })

  describe(`the phone, ${front.name}`, () => {
    /** A code that waits, on a server of its own. */
    const waiting = Effect.gen(function* () {
      const { http, last } = yield* serve()
      const [state] = yield* QrLogin.states().pipe(
        Stream.take(1),
        Stream.runCollect,
        Effect.map((chunk) => [...chunk]),
        Effect.provide(client(http))
      )
      return { http, last, ticket: state?._tag === "Code" ? ticketIn(state.png) : assert.fail("no code") }
    })

    front.it("must be the account's own", () =>
      Effect.gen(function* () {
        const { http, ticket } = yield* waiting
        assert.strictEqual(yield* phone(http, 10001, ticket, "scan", "wrong"), 403)
        assert.strictEqual(yield* phone(http, 99999, ticket, "scan"), 403)
        assert.strictEqual(yield* phone(http, 10001, ticket, "scan"), 200)
        assert.strictEqual(yield* phone(http, 10002, ticket, "confirm"), 404)
        assert.strictEqual(yield* phone(http, 10001, ticket, "confirm"), 200)
      })
    )

    front.it("must name a code that is there, and an action that exists", () =>
      Effect.gen(function* () {
        const { http, ticket } = yield* waiting
        assert.strictEqual(yield* phone(http, 10001, "0123456789abcdef0123456789abcdef", "scan"), 404)
        assert.strictEqual(yield* phone(http, 10001, ticket, "sell"), 400)
      })
    )

    front.it("reads an address with the ticket out of the picture", () =>
      Effect.gen(function* () {
        const http = yield* front.serve()
        const { all } = yield* statesOf(front, http, (_, ticket) => phone(http, 10001, ticket, "reject"))
        const [code] = all
        const content = code?._tag === "Code" ? Option.getOrThrow(QrText.contentOf(code.png)) : ""
        assert.match(content, /^http:\/\/txz\.qq\.com\/p\?k=[0-9a-f]{32}&f=501004106$/)
      })
    )
  })

  describe(`ptqrlogin, ${front.name}`, () => {
    /** hash33 as old clients wrote it. */
    const hash33 = (text: string) => {
      let hash = 0
      for (const character of text) hash += (hash << 5) + character.charCodeAt(0)
      return String(hash & 0x7fffffff)
    }
    const ask = (http: Http, qrsig: string | undefined, ptqrtoken?: string) =>
      HttpClientRequest.get("https://ssl.ptlogin2.qq.com/ptqrlogin", {
        urlParams: { ...(ptqrtoken === undefined ? {} : { ptqrtoken }), webqq_type: "10", action: "0-0-157510" }
      }).pipe(
        HttpClientRequest.setHeaders({
          referer: "https://ui.ptlogin2.qq.com/cgi-bin/login",
          ...(qrsig === undefined ? {} : { cookie: `qrsig=${qrsig}` })
        }),
        HttpClient.execute,
        Effect.flatMap(({ text }) => text),
        Effect.map((text) => text.slice(0, "ptuiCB('66'".length)),
        Effect.scoped,
        Effect.provide(http)
      )
    /** What pandolia and fhp ask with first (reference, section 2.6). */
    const stale = "hJ9GvNx*oIvLjP5I5dQ19KPa3zwxNI62eALLO*g2JLbKPYsZIRsnbJIxNe74NzQQ"

    front.it("answers 65 to a code that it did not give out", () =>
      Effect.gen(function* () {
        const http = yield* front.serve()
        assert.strictEqual(yield* ask(http, stale, "1178303247"), "ptuiCB('65'")
        assert.strictEqual(yield* ask(http, stale), "ptuiCB('65'")
        assert.strictEqual(yield* ask(http, undefined), "ptuiCB('65'")
      })
    )

    front.it("does without ptqrtoken, as before 2017, but not with a wrong one", () =>
      Effect.gen(function* () {
        const { http, last } = yield* serve()
        yield* QrLogin.states({ interval: front.interval }).pipe(
          Stream.take(2),
          Stream.runDrain,
          Effect.provide(client(http)),
          front.run
        )
        const qrsig = cookieSetBy(last("/ptqrshow"), "qrsig")
        assert.strictEqual(qrsig.length, 64)
        // The client itself sends both.
        assert.include(cookiesOf(last("/ptqrlogin")), `qrsig=${qrsig}`)
        assert.strictEqual(last("/ptqrlogin").params.ptqrtoken, hash33(qrsig))
        assert.strictEqual(yield* ask(http, qrsig), "ptuiCB('66'")
        assert.strictEqual(yield* ask(http, qrsig, hash33(qrsig)), "ptuiCB('66'")
        assert.strictEqual(yield* ask(http, qrsig, "1178303247"), "ptuiCB('65'")
        assert.strictEqual(yield* ask(http, qrsig, ""), "ptuiCB('65'")
      })
    )
  })
}
