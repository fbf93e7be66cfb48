/**
 * The QR login's side of the login host.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as StringHash from "../../../protocol/crypto/StringHash.ts"
import * as Descriptions from "../../../protocol/endpoint/Ptlogin.ts"
import * as QrLogins from "../auth/QrLogins.ts"
import * as QrImage from "../pictures/QrImage.ts"
import * as Route from "../Route.ts"
import * as Wire from "../Wire.ts"
import * as World from "../World.ts"
import { acceptedReply, byQrCode, frozen, noPicture, refusedLogin } from "./Ptlogin.ts"

/** What the picture says: an address as Tencent's phones understood it, with the ticket. */
export const contentOf = (ticket: string): string => `http://txz.qq.com/p?k=${ticket}&f=501004106`

const ptqrshow = Route.make(
  Descriptions.ptqrshow,
  () =>
    Effect.gen(function* () {
      const { qrsig, ticket } = yield* (yield* QrLogins.QrLogins).create
      return {
        reply: QrImage.png(contentOf(ticket)),
        setCookies: [Wire.setCookie("qrsig", qrsig, "ptlogin2.qq.com")]
      }
    }),
  () => noPicture
)

/** Clients match the number or the Chinese words, so both are said (protocol notes, section 2.6). */
const waiting = refusedLogin("66", "二维码未失效。(1)")
const scanned = refusedLogin("67", "二维码认证中。(1)")
const expired = refusedLogin("65", "二维码已失效。(1)")
const rejected = refusedLogin("68", "您已拒绝本次登录。")

const confirmed = (owner: QrLogins.Owner, wanted: string) =>
  Effect.gen(function* () {
    const found = yield* (yield* World.World).account(owner.number)
    if (Option.isNone(found) || !QrLogins.stillHolds(owner, found.value)) return { reply: expired }
    return found.value.frozen ? { reply: frozen } : yield* acceptedReply(found.value, wanted, byQrCode)
  })

/** Clients before 2017 send no ptqrtoken; a wrong one is answered as an unknown code is, because some ask with a stale one. */
const ptqrlogin = Route.make(
  Descriptions.ptqrlogin,
  ({ ptqrtoken, u1 }, wire) =>
    Effect.gen(function* () {
      const qrsig = Wire.cookies(wire).get("qrsig") ?? ""
      if (ptqrtoken !== undefined && ptqrtoken !== String(StringHash.hash33(qrsig))) return { reply: expired }
      const state = yield* (yield* QrLogins.QrLogins).state(qrsig)
      switch (state._tag) {
        case "Waiting":
          return { reply: waiting }
        case "Scanned":
          return { reply: scanned }
        case "Refused":
          return { reply: rejected }
        case "Expired":
          return { reply: expired }
        case "Confirmed":
          return yield* confirmed(state.owner, u1)
      }
    }),
  () => expired
)

export const routes = [ptqrshow, ptqrlogin]
