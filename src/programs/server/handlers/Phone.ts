/**
 * What stands in for the phone that scans a QR code: no part of Tencent's protocol. The phone proves whose it is with the
 * account's password, in the 2013 form and with the ticket as the verification code.
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as PasswordMd5 from "../../../protocol/crypto/PasswordMd5.ts"
import * as Ids from "../../../schema/Ids.ts"
import * as QrLogins from "../auth/QrLogins.ts"
import * as Throttle from "../auth/Throttle.ts"
import * as Wire from "../Wire.ts"
import * as World from "../World.ts"

export const path = "/phone"

/** `k` is the ticket of the code, `p` the proof; `action` is what the person does. */
export const Request = Schema.Struct({
  k: Schema.String,
  uin: Ids.text(Ids.QQ),
  p: Schema.Redacted(Schema.String),
  action: Schema.Literal("scan", "confirm", "reject")
})

/** The proof that a phone is the account's. */
export const proof = (account: Ids.QQ, password: Redacted.Redacted, ticket: string): Redacted.Redacted =>
  Redacted.make(PasswordMd5.proof(PasswordMd5.digest(Redacted.value(password)), PasswordMd5.saltOf(account), ticket))

const notYours = Wire.response(403, "not your account\n")
const noSuchCode = Wire.response(404, "no such code, or too late\n")
const tooMany = Wire.response(429, "too many attempts: try again later\n")

const decode = ParseResult.decodeUnknown(Request)

/** Whether the proof is that of the account's password; accounts that there are not do not get into the throttle. */
const attempt = ({ k, p, uin }: typeof Request.Type) =>
  Effect.gen(function* () {
    const world = yield* World.World
    if (Option.isNone(yield* world.account(uin))) return Either.left<Throttle.Failure>("Wrong")
    const fits = ({ passwordDigest }: World.Account) =>
      Redacted.value(p).toUpperCase() === PasswordMd5.proof(Redacted.value(passwordDigest), PasswordMd5.saltOf(uin), k)
    // Read after the wait: the account may have another password by then.
    return yield* (yield* Throttle.Throttle).attempt(
      "password",
      uin,
      Effect.map(world.account(uin), Option.filter(fits))
    )
  })

/** 200 done, 405 not a POST, 400 no such request, 403 not this account's phone, 404 no such code (or used up by wrong
 * proofs), 429 too many wrong proofs: they count as wrong passwords do. */
export const handle = (
  wire: Wire.Request
): Effect.Effect<Wire.Response, never, Throttle.Throttle | QrLogins.QrLogins | World.World> =>
  Effect.gen(function* () {
    if (wire.method !== "POST") return Wire.response(405, "no such method here\n", { allow: "POST" })
    const request = yield* decode(wire.params)
    const logins = yield* QrLogins.QrLogins
    const proof = yield* logins.prove(request.k, attempt(request))
    if (Option.isNone(proof)) return noSuchCode
    if (Either.isLeft(proof.value)) return proof.value.left === "TooMany" ? tooMany : notYours
    const moved = yield* logins.move(request.k, proof.value.right, request.action)
    return moved ? Wire.response(200, "ok\n") : noSuchCode
  }).pipe(Effect.orElseSucceed(() => Wire.response(400, "the request is not acceptable\n")))
