/**
 * Signatures for temporary sessions: who may write to whom because of what they have in common.
 */
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import type * as Ids from "../../../schema/Ids.ts"
import * as Bounds from "../Bounds.ts"
import type * as Letter from "../Letter.ts"
import * as Registry from "../Registry.ts"
import * as Tokens from "../Tokens.ts"

/** Who may write to whom because of which common group or discussion group. */
export interface Pass {
  readonly from: Ids.QQ
  readonly to: Ids.QQ
  readonly common: Letter.Common
}

/** `sign(pass)`: a signature; `pass(signature)`: what it stands for. */
export interface Passes {
  readonly sign: (pass: Pass) => Effect.Effect<string>
  readonly pass: (signature: string) => Effect.Effect<Option.Option<Pass>>
}

export const make: Effect.Effect<Passes> = Effect.map(
  Ref.make<Registry.Registry<Pass>>(Registry.empty),
  (signatures) => ({
    sign: (pass) =>
      Effect.tap(Tokens.hex(32), (signature) =>
        Ref.update(signatures, (registry) => {
          const entry = { account: pass.from, make: () => pass, tokens: [signature], atMost: Bounds.signaturesAtMost }
          return Registry.add(registry, entry)[0]
        })
      ),
    pass: (signature) => Effect.map(Ref.get(signatures), (registry) => Registry.find(registry, signature))
  })
)
