/**
 * How a fault changes what a request is answered with.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Faults from "./Faults.ts"
import * as Sessions from "./Sessions.ts"
import * as Wire from "./Wire.ts"

const gateway = (status: number) =>
  Wire.response(status, `<html><head><title>${status}</title></head><body><center>nginx</center></body></html>`, {
    contentType: "text/html"
  })

const page = Wire.response(200, "<!DOCTYPE html><html><body>系统维护中</body></html>", { contentType: "text/html" })
const nothing = Wire.response(200, "")
const cut: Wire.Response = { ...nothing, spoil: "drop" }
const json = (body: object) => Wire.response(200, JSON.stringify(body), { contentType: "application/json" })

const lost = (response: Wire.Response, spoil: "drop" | "truncate"): Effect.Effect<Wire.Response> =>
  Effect.as(response.onLost ?? Effect.void, { ...response, spoil })

const rotate = (request: Wire.Request, answer: Effect.Effect<Wire.Response>) =>
  Effect.gen(function* () {
    const p = yield* (yield* Sessions.Sessions).rotate(Wire.psessionidOf(request))
    return Option.isSome(p) ? json({ retcode: 116, p: p.value }) : yield* answer
  })

const kick = (request: Wire.Request, answer: Effect.Effect<Wire.Response>) =>
  Effect.gen(function* () {
    const sessions = yield* Sessions.Sessions
    const found = yield* sessions.named(Wire.psessionidOf(request))
    if (Option.isSome(found)) yield* sessions.kick(found.value.session)
    return yield* answer
  })

/** The answer to a request to which a fault happens; `answer` is what it would have been. */
export const answer = (
  { delayMs, kind, retcode }: Faults.Fault,
  request: Wire.Request,
  answer: Effect.Effect<Wire.Response>
): Effect.Effect<Wire.Response, never, Sessions.Sessions> => {
  switch (kind) {
    case "dropBefore":
      return Effect.succeed(cut)
    case "dropAfter":
      return Effect.flatMap(answer, (response) => lost(response, "drop"))
    case "truncate":
      return Effect.flatMap(answer, (response) => lost(response, "truncate"))
    case "delay":
      return Effect.delay(answer, delayMs)
    case "502":
    case "504":
      return Effect.delay(Effect.succeed(gateway(Number(kind))), delayMs)
    case "html":
      return Effect.succeed(page)
    case "empty":
      return Effect.succeed(nothing)
    case "retcode":
      return Effect.succeed(json({ retcode, errmsg: "" }))
    case "rotate":
      return rotate(request, answer)
    case "kick":
      return kick(request, answer)
  }
}
