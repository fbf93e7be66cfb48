/**
 * Logging in by QR code: the code, and how far the person with the phone is, as a Stream (protocol notes, section 2.6).
 */
import * as Chunk from "effect/Chunk"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type * as Ptui from "../schema/Ptui.ts"
import * as CookieStore from "../services/CookieStore.ts"
import * as Dialect from "../services/Dialect.ts"
import * as Call from "./Call.ts"
import * as StringHash from "./crypto/StringHash.ts"
import * as Errors from "./Errors.ts"
import * as Descriptions from "./endpoint/Ptlogin.ts"
import * as Persist from "./Persist.ts"
import * as Ptlogin from "./Ptlogin.ts"
import * as PtuiCode from "./PtuiCode.ts"

/**
 * - `Code`: a code to show, as a PNG; `number` counts from 1.
 * - `Waiting`: not scanned yet. `Scanned`: scanned, not confirmed yet. `Expired`: a new code follows, or the stream fails.
 * - `Confirmed`: the end; the reply's `url` has to be followed with `CheckSig.checkSig`.
 */
export type State = Data.TaggedEnum<{
  Code: { readonly png: Uint8Array; readonly number: number }
  Waiting: {}
  Scanned: {}
  Expired: {}
  Confirmed: { readonly reply: Ptui.PtuiCB }
}>
export const State = Data.taggedEnum<State>()

/**
 * - `interval`: between two questions how far it is; 2 seconds if not given.
 * - `codes`: how many codes are shown at most; 5 if not given.
 */
export interface Options {
  readonly interval?: Duration.DurationInput
  readonly codes?: number
}

/** The cookie that came with the code. */
const qrsig = Effect.gen(function* () {
  const { origins } = yield* Dialect.Dialect
  const cookie = yield* (yield* CookieStore.CookieStore).get(new URL(origins.login), "qrsig")
  if (Option.isSome(cookie)) return cookie.value
  const expected = "the cookie qrsig with the picture"
  return yield* new Errors.UnexpectedResponse({ endpoint: "ptqrshow", expected, received: "" })
})

const ptqrshow = Effect.gen(function* () {
  const { appid } = yield* Dialect.Dialect
  const request = Descriptions.PtqrshowRequest.make({ appid, t: String(yield* Random.next) })
  // Without its cookie, nobody could ask about the code.
  return yield* Effect.zipLeft(Call.call(Descriptions.ptqrshow, request), qrsig)
})

/** `ptqrtoken` is the hash of the cookie. */
const ptqrlogin = Effect.gen(function* () {
  const dialect = yield* Dialect.Dialect
  const request = Descriptions.PtqrloginRequest.make({
    ptqrtoken: String(StringHash.hash33(Redacted.value(yield* qrsig))),
    aid: dialect.appid,
    u1: dialect.loginUrl,
    js_ver: dialect.jsVer
  })
  return yield* Call.call(Descriptions.ptqrlogin, request)
})

/** How a question is answered: a state, or the error that the code stands for. */
const stateOf = (reply: Ptui.PtuiCB): Effect.Effect<State, PtuiCode.Refusal> => {
  switch (reply.code) {
    case PtuiCode.qr.waiting:
      return Effect.succeed(State.Waiting())
    case PtuiCode.qr.scanned:
      return Effect.succeed(State.Scanned())
    case PtuiCode.qr.expired:
    case PtuiCode.qr.timedOut:
      return Effect.succeed(State.Expired())
    default:
      return Effect.map(Ptlogin.accepted(0, reply), () => State.Confirmed({ reply }))
  }
}

/** Where the stream is: before a code, asking about one, or done. */
type Phase = Data.TaggedEnum<{
  Show: { readonly number: number }
  Ask: { readonly number: number; readonly last: State["_tag"] }
  Done: {}
}>
const Phase = Data.taggedEnum<Phase>()

/**
 * The states of a QR login, from the first code to `Confirmed`. A state is given once, however often the server repeats
 * it.
 *
 * Fails with `QrExpired` when the last code expired, with `QrRefused` when the person said no on the phone, with the
 * other errors of a login when the server says so.
 */
export const states = (
  options: Options = {}
): Stream.Stream<State, Errors.CallError | PtuiCode.Refusal, Call.Services> => {
  const { codes = 5, interval = Duration.seconds(2) } = options

  const show = (number: number) =>
    Effect.gen(function* () {
      if (number > codes) return yield* new Errors.QrExpired({ codes })
      const png = yield* number === 1 ? Persist.begin(ptqrshow) : Persist.goOn(ptqrshow)
      return [Chunk.of<State>(State.Code({ png, number })), Phase.Ask({ number, last: "Code" })] as const
    })

  const ask = (number: number, last: State["_tag"]) =>
    Effect.gen(function* () {
      // The first question comes at once, so that `Waiting` shows that the server knows the code.
      if (last !== "Code") yield* Effect.sleep(interval)
      const state = yield* Effect.flatMap(Persist.goOn(ptqrlogin), stateOf)
      const news = state._tag === last ? Chunk.empty<State>() : Chunk.of(state)
      if (state._tag === "Confirmed") return [news, Phase.Done()] as const
      if (state._tag === "Expired") return [news, Phase.Show({ number: number + 1 })] as const
      return [news, Phase.Ask({ number, last: state._tag })] as const
    })

  return Stream.unfoldChunkEffect<Phase, State, Errors.CallError | PtuiCode.Refusal, Call.Services>(
    Phase.Show({ number: 1 }),
    (phase) => {
      switch (phase._tag) {
        case "Show":
          return Effect.map(show(phase.number), Option.some)
        case "Ask":
          return Effect.map(ask(phase.number, phase.last), Option.some)
        case "Done":
          return Effect.succeed(Option.none())
      }
    }
  )
}
