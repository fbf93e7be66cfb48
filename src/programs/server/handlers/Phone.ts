/**
 * What stands in for the phone that scans a QR code: no part of Tencent's protocol. The phone proves whose it is with the
 * account's password, in the 2013 form and with the ticket as the verification code.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as PasswordMd5 from "../../../protocol/crypto/PasswordMd5.ts"
import * as Ids from "../../../schema/Ids.ts"
import * as Brake from "../Brake.ts"
import * as QrLogins from "../QrLogins.ts"
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

const decode = ParseResult.decodeUnknown(Request)

/** 200 done, 405 not a POST, 400 no such request, 403 not this account's phone, 404 no such code, 429 too many wrong proofs: they
 * count as wrong passwords do. */
export const handle = (
  wire: Wire.Request
): Effect.Effect<Wire.Response, never, Brake.Brake | QrLogins.QrLogins | World.World> =>
  Effect.gen(function* () {
    if (wire.method !== "POST") return Wire.response(405, "no such method here\n", { allow: "POST" })
    const { action, k, p, uin } = yield* decode(wire.params)
    const account = yield* (yield* World.World).account(uin)
    if (Option.isNone(account)) return notYours
    const digest = Redacted.value(account.value.passwordDigest)
    const outcome = yield* (yield* Brake.Brake).attempt(
      uin,
      () => Redacted.value(p).toUpperCase() === PasswordMd5.proof(digest, PasswordMd5.saltOf(uin), k)
    )
    if (outcome === "TooMany") return Wire.response(429, "too many attempts: try again later\n")
    if (outcome === "Wrong") return notYours
    const moved = yield* (yield* QrLogins.QrLogins).move(k, uin, action)
    return moved ? Wire.response(200, "ok\n") : Wire.response(404, "no such code, or too late\n")
  }).pipe(Effect.orElseSucceed(() => Wire.response(400, "the request is not acceptable\n")))
