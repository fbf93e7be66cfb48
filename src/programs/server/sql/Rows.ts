/**
 * What a row says, as values of the world.
 */
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Ids from "../../../schema/Ids.ts"
import * as Letter from "../Letter.ts"
import * as Profile from "../Profile.ts"
import type * as World from "../World.ts"

/** Free text; see `Migrations`. */
export const Text = Schema.parseJson(Schema.String)
export const OptionalText = Schema.OptionFromNullOr(Text)
export const ProfileJson = Schema.parseJson(Profile.Profile)
export const Flag = Schema.transformLiterals([0, false], [1, true])

/** Drivers give a BLOB as one or the other. */
const Digest = Schema.transform(
  Schema.Union(Schema.instanceOf(ArrayBuffer), Schema.Uint8ArrayFromSelf),
  Schema.RedactedFromSelf(Schema.Uint8ArrayFromSelf),
  {
    strict: true,
    decode: (bytes) => Redacted.make(Uint8Array.from(new Uint8Array(bytes))),
    encode: (digest) => Redacted.value(digest)
  }
)

/** The columns of an account `a`, as `Account` has them. */
export const accountColumns = "a.number, a.nick, a.signature, a.profile, a.frozen, a.password_md5 AS passwordDigest"

export const Account = Schema.Struct({
  number: Ids.QQ,
  nick: Text,
  signature: Text,
  profile: ProfileJson,
  frozen: Flag,
  passwordDigest: Digest
})

export const Friend = Schema.Struct({ ...Account.fields, category: OptionalText, remark: OptionalText })

export const Request = Schema.Struct({ from: Ids.QQ, to: Ids.QQ, message: Text })

/** One member of one group. */
export const Seated = Schema.Struct({
  ...Account.fields,
  groupNumber: Schema.Int,
  groupName: Text,
  groupOwner: Ids.QQ,
  card: OptionalText,
  admin: Flag
})

/** Masks of everything of a kind have the number 0. */
export const Mask = Schema.Struct({
  of: Schema.Literal("group", "discussion"),
  number: Schema.transform(Schema.Int, Schema.OptionFromSelf(Schema.Int), {
    strict: true,
    decode: (number) => (number === 0 ? Option.none() : Option.some(number)),
    encode: Option.getOrElse(() => 0)
  }),
  mask: Schema.Literal(0, 1, 2)
})
export const Masks = Schema.parseJson(Schema.Array(Mask))

const Discussion = { did: Ids.DiscussionId, name: Text, owner: Ids.QQ }

/** One member of one discussion group; or that nobody is left in it. */
export const Attending = Schema.Union(
  Schema.Struct({ ...Account.fields, ...Discussion }),
  Schema.Struct({ ...Discussion, number: Schema.Null })
)

export const Key = Schema.Struct({ key: Schema.Int, recipient: Ids.QQ })
export const Kept = Schema.Struct({ key: Schema.Int, letter: Schema.parseJson(Letter.Letter) })

/** The account in a row that says more. */
export const accountOf = (row: World.Account): World.Account => ({
  number: row.number,
  nick: row.nick,
  signature: row.signature,
  profile: row.profile,
  frozen: row.frozen,
  passwordDigest: row.passwordDigest
})
