/**
 * The signature of a temporary session (protocol notes, section 4.5).
 */
import * as Schema from "effect/Schema"
import { maybe, zero } from "./Lenient.ts"

/** Proof that two people share a group, in hex. Lets its holder write to the other, so it is a secret. */
export const GroupSig = Schema.Redacted(Schema.String.pipe(Schema.brand("effect-webqq/GroupSig")))
export type GroupSig = typeof GroupSig.Type

/** The result of `get_c2cmsg_sig2`; `flags` says what may be sent, 0 or 1 each. */
export const C2cmsgSig = Schema.Struct({
  type: zero,
  value: GroupSig,
  flags: maybe(Schema.Struct({ text: zero, pic: zero, file: zero, audio: zero, video: zero }))
})
export type C2cmsgSig = typeof C2cmsgSig.Type
