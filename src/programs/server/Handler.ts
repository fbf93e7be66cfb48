/**
 * The whole server as one function from request to answer, without sockets.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type * as Dialects from "../../protocol/dialect/Dialect.ts"
import type * as Endpoint from "../../protocol/endpoint/Endpoint.ts"
import * as Secrets from "../../protocol/Secrets.ts"
import * as Printable from "../../schema/Printable.ts"
import * as Challenges from "./auth/Challenges.ts"
import * as QrLogins from "./auth/QrLogins.ts"
import * as Throttle from "./auth/Throttle.ts"
import * as Delivery from "./Delivery.ts"
import * as Faults from "./Faults.ts"
import * as Channel from "./handlers/Channel.ts"
import * as Contacts from "./handlers/Contacts.ts"
import * as Groups from "./handlers/Groups.ts"
import * as Messages from "./handlers/Messages.ts"
import * as Phone from "./handlers/Phone.ts"
import * as Ptlogin from "./handlers/Ptlogin.ts"
import * as QrLogin from "./handlers/QrLogin.ts"
import { extras } from "./legacy/index.ts"
import * as Options from "./Options.ts"
import * as Refusals from "./Refusals.ts"
import type * as Route from "./Route.ts"
import * as Router from "./Router.ts"
import * as Sessions from "./Sessions.ts"
import * as Spoil from "./Spoil.ts"
import * as LiveRefusals from "./session/LiveRefusals.ts"
import * as Wire from "./Wire.ts"
import type * as World from "./World.ts"

type Needs =
  | Challenges.Challenges
  | LiveRefusals.RefusedPolls
  | Options.Options
  | QrLogins.QrLogins
  | Sessions.Sessions
  | Throttle.Throttle
  | World.World

/** Every endpoint with its handler. */
export const routes: ReadonlyArray<Route.Route<Needs>> = [
  ...Ptlogin.routes,
  ...QrLogin.routes,
  ...Channel.routes,
  ...Messages.routes,
  ...Contacts.routes,
  ...Groups.routes
]

/** The server: answers any request, and never fails. */
export class Handler extends Context.Tag("effect-webqq/server/Handler")<
  Handler,
  (request: Wire.Request) => Effect.Effect<Wire.Response>
>() {}

const hostOf = (url: string): string => new URL(url).hostname

/**
 * The hosts of the pages that may lead to an endpoint; none where the documents name no Referer. To the channel host
 * either of the two proxy pages may lead: the documents and old clients mix them (protocol notes, section 7, 17 and 18).
 */
const refererHosts = (endpoint: Endpoint.Any, { headers }: Dialects.Dialect): ReadonlyArray<string> =>
  [
    headers[endpoint.name],
    ...(endpoint.name === "login" ? [headers.captchaLogin] : []),
    ...(endpoint.host === "channel" ? [headers.get_self_info2, headers.poll2] : [])
  ].flatMap(({ referer }) => (referer === undefined ? [] : [hostOf(referer)]))

/** What the documents forbid, if the request does it. */
const violation = (
  endpoint: Endpoint.Any | undefined,
  request: Wire.Request,
  dialect: Dialects.Dialect
): string | undefined => {
  if (endpoint === undefined) return "neither document has it"
  const wanted = refererHosts(endpoint, dialect)
  const referer = request.headers.referer ?? ""
  if (request.method !== endpoint.method) return `method ${request.method} instead of ${endpoint.method}`
  if (request.host !== hostOf(dialect.origins[endpoint.host])) return `host ${Secrets.excerpt(request.host)}`
  if (wanted.length === 0) return undefined
  if (referer === "") return "no Referer"
  if (!URL.canParse(referer) || !wanted.includes(hostOf(referer))) return "a Referer of another page"
  return undefined
}

/** The method of a request that no old client makes; its answer names those that are made. */
const foreignMethod = (
  endpoint: Endpoint.Any | undefined,
  request: Wire.Request,
  strict: boolean
): Wire.Response | undefined => {
  const known = !strict && endpoint?.method === "GET" ? ["GET", "HEAD", "POST"] : ["GET", "POST"]
  if (known.includes(request.method)) return undefined
  return Wire.response(405, "no such method here\n", { allow: known.join(", ") })
}

const broken = Wire.response(500, "the server made a mistake\n")

/** Answers even if the answer is a mistake, and says whose log it is. */
const guarded = <R>(name: string, answer: Effect.Effect<Wire.Response, never, R>) =>
  answer.pipe(
    Effect.catchAllDefect((defect) =>
      Effect.as(
        Effect.logError(Printable.text`a defect while answering ${name}`, Secrets.excerpt(String(defect))),
        broken
      )
    ),
    Effect.annotateLogs({ package: "effect-webqq", module: "server" })
  )

/** Tells friends of those who went without a word. */
const noticeDepartures = Effect.gen(function* () {
  const accounts = yield* (yield* Sessions.Sessions).departed
  yield* Effect.forEach(accounts, (account) => Delivery.announce(account, "offline"), { discard: true })
}).pipe(Effect.catchAllCause((cause) => Effect.logError("who went cannot be told", cause)))

const make = Effect.gen(function* () {
  const { dialect, silence, strict } = yield* Options.Options
  yield* Effect.forkScoped(Effect.schedule(noticeDepartures, Schedule.spaced(silence)))
  const faults = yield* Faults.Faults
  const context = yield* Effect.context<Needs>()
  const find = Router.make<Needs>(routes, extras)

  return (request: Wire.Request) => {
    const route = find(request)
    if (request.path === Phone.path) return guarded("phone", Effect.provide(Phone.handle(request), context))
    if (route === undefined) return Effect.succeed(Router.notFound)
    const foreign = foreignMethod(route.endpoint, request, strict)
    if (foreign !== undefined) return Effect.succeed(foreign)
    const why = strict ? violation(route.endpoint, request, dialect) : undefined
    const answered = Effect.provide(route.handle(request), context)
    const perhapsSpoilt = Effect.flatMap(
      faults.next(route.name),
      Option.match({
        onNone: () => answered,
        onSome: (fault) => Effect.provide(Spoil.answer(fault, request, answered), context)
      })
    )
    const refused = (why: string) =>
      Effect.zipRight(
        Refusals.log(route.name, why),
        Effect.provide(route.refuse(Wire.Refusal.Forbidden({ why }), request), context)
      )
    return guarded(route.name, why === undefined ? perhapsSpoilt : refused(why)).pipe(
      Effect.provideService(Refusals.Level, Refusals.levelOf(strict))
    )
  }
})

/** The handler, and what else works on the same server may need of it. */
export type Services = Handler | Options.Options | Sessions.Sessions

/** The handler over a World, with the sessions and options that it works on. */
export const layer = (options?: Options.Input): Layer.Layer<Services, never, World.World> =>
  Layer.scoped(Handler, make).pipe(
    Layer.provide([Challenges.layer, LiveRefusals.layer, QrLogins.layer]),
    Layer.provide(Throttle.layer),
    Layer.provideMerge(Sessions.layer),
    Layer.provideMerge(Options.layer(options))
  )
