/**
 * Faults on demand: what really went wrong with the service, for tests and for users who want to try their bot.
 */
import * as Arr from "effect/Array"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import * as Endpoints from "../../protocol/endpoint/Endpoints.ts"

/**
 * - `dropBefore`, `dropAfter`: the connection is cut before the request is handled, or instead of the answer.
 * - `delay`: the answer comes late (`delayMs`). `502`, `504`: a gateway gives up, after `delayMs`.
 * - `truncate`: half an answer. `html`: a page instead of an answer. `empty`: nothing.
 * - `retcode`: the answer is `retcode`. `rotate`: the session gets a new ptwebqq (116). `kick`: the session is kicked.
 *
 * What was taken out of a session's events for an answer that is lost comes again with the next poll.
 */
export const Kind = Schema.Literal(
  "dropBefore",
  "dropAfter",
  "delay",
  "502",
  "504",
  "truncate",
  "html",
  "empty",
  "retcode",
  "rotate",
  "kick"
)
export type Kind = typeof Kind.Type

const names: ReadonlySet<string> = new Set(Endpoints.all.map(({ name }) => name))
/** A misspelt name would be a fault that never happens. */
const EndpointName = Schema.String.pipe(Schema.filter((name) => names.has(name)))

const Rate = Schema.Number.pipe(Schema.between(0, 1))

/**
 * - `endpoints`: which endpoints the rates hold for, by name; only `poll2` if not given.
 * - `rates`: how often each fault happens, from 0 to 1; together at most 1.
 * - `script`: faults for certain requests, counted for each endpoint from 1.
 * - `delayMs`, `retcode`: of the faults that have one.
 */
export const Plan = Schema.Struct({
  endpoints: Schema.optionalWith(Schema.Array(EndpointName), { default: () => ["poll2"] }),
  rates: Schema.optionalWith(Schema.partial(Schema.Record({ key: Kind, value: Rate })), { default: () => ({}) }),
  script: Schema.optionalWith(
    Schema.Array(Schema.Struct({ endpoint: EndpointName, nth: Schema.Int.pipe(Schema.positive()), fault: Kind })),
    { default: () => [] }
  ),
  delayMs: Schema.optionalWith(Schema.Int.pipe(Schema.nonNegative()), { default: () => 5000 }),
  retcode: Schema.optionalWith(Schema.Int, { default: () => 121 })
})
export type Plan = typeof Plan.Type

const total = ({ rates }: Plan): number => Kind.literals.reduce((sum, kind) => sum + (rates[kind] ?? 0), 0)

/** What eleven rates that make 1 may lose or gain by rounding. */
const rounding = 1e-9

/** A plan whose rates are together at most 1. */
export const UsablePlan = Plan.pipe(Schema.filter((plan) => total(plan) <= 1 + rounding))

/** No fault ever. */
export const none: Plan = { endpoints: [], rates: {}, script: [], delayMs: 0, retcode: 0 }

/** A plan that cannot be used; `problem` says where and why. */
export class PlanError extends Schema.TaggedError<PlanError>("effect-webqq/FaultPlanError")("FaultPlanError", {
  source: Schema.String,
  problem: Schema.String
}) {
  override get message(): string {
    return `The faults file ${this.source} cannot be used: ${this.problem}. Correct it and start again.`
  }
}

const decode = ParseResult.decodeUnknownEither(Schema.parseJson(Plan))
/** Reads the text of a faults file; `source` is its name, for the message. */
export const fromJson = (text: string, source: string): Either.Either<Plan, PlanError> =>
  decode(text, { onExcessProperty: "error" }).pipe(
    Either.mapLeft((issue) => {
      const first = ParseResult.ArrayFormatter.formatIssueSync(issue)[0]
      return first === undefined || first.path.length === 0
        ? "it is not a JSON object with rates or a script"
        : `${first.path.join(".")} has a wrong name or value`
    }),
    Either.filterOrLeft(
      (plan) => total(plan) <= 1 + rounding,
      () => "the rates are together more than 1"
    ),
    Either.mapLeft((problem) => new PlanError({ source, problem }))
  )

/** What happens to one request. */
export interface Fault {
  readonly kind: Kind
  readonly delayMs: number
  readonly retcode: number
}

/**
 * - `next(endpoint)`: whether a fault happens to this request.
 * - `get`: the plan in use. `set(plan)`: another one from now on; counting begins anew.
 */
export interface Service {
  readonly next: (endpoint: string) => Effect.Effect<Option.Option<Fault>>
  readonly get: Effect.Effect<Plan>
  readonly set: (plan: Plan) => Effect.Effect<void>
}

/** Which rate a number of [0, 1) falls on. */
const pick = (rates: Plan["rates"], random: number): Option.Option<Kind> => {
  let left = random
  return Arr.findFirst(Kind.literals, (kind) => {
    left -= rates[kind] ?? 0
    return left < 0
  })
}

export const make = (initial: Plan): Effect.Effect<Service> =>
  Effect.sync(() => {
    let plan = initial
    let counts = new Map<string, number>()
    return {
      next: (endpoint) =>
        Effect.map(Random.next, (random) => {
          const { delayMs, endpoints, rates, retcode, script } = plan
          const nth = (counts.get(endpoint) ?? 0) + 1
          counts.set(endpoint, nth)
          const scripted = Arr.findFirst(script, (entry) => entry.endpoint === endpoint && entry.nth === nth)
          const byRate = endpoints.includes(endpoint) ? pick(rates, random) : Option.none()
          return Option.map(
            Option.orElse(
              Option.map(scripted, ({ fault }) => fault),
              () => byRate
            ),
            (kind) => ({ kind, delayMs, retcode })
          )
        }),
      get: Effect.sync(() => plan),
      set: (next) =>
        Effect.sync(() => {
          plan = next
          counts = new Map()
        })
    }
  })

/** The faults in use; none unless a layer provides some. */
export class Faults extends Context.Reference<Faults>()("effect-webqq/server/Faults", {
  defaultValue: (): Service => ({ next: () => Effect.succeedNone, get: Effect.succeed(none), set: () => Effect.void })
}) {}

/** A plan of which only the parts of interest need to be given. */
export const plan = (parts: Partial<Plan> = {}): Plan => ({
  ...none,
  endpoints: ["poll2"],
  delayMs: 5000,
  retcode: 121,
  ...parts
})

/** Faults by a plan, of which only the parts of interest need to be given. */
export const layer = (parts: Partial<Plan> = {}): Layer.Layer<Faults> => Layer.effect(Faults, make(plan(parts)))
