/**
 * What people tell about themselves (protocol notes, section 4.2).
 */
import * as Schema from "effect/Schema"

const text = Schema.optionalWith(Schema.String, { default: () => "" })
const number = Schema.optionalWith(Schema.NonNegativeInt, { default: () => 0 })

/**
 * A profile, as it stands in world files and databases. `face` is the number of the avatar, `birthday.month` is 1 to 12,
 * 0 for unknown. The names are those of `get_self_info2`.
 */
export const Profile = Schema.Struct({
  face: Schema.optionalWith(Schema.NonNegativeInt, { default: () => 564 }),
  gender: Schema.optionalWith(Schema.Literal("male", "female", "unknown"), { default: () => "unknown" as const }),
  birthday: Schema.optionalWith(Schema.Struct({ year: number, month: number, day: number }), {
    default: () => ({ year: 0, month: 0, day: 0 })
  }),
  country: text,
  province: text,
  city: text,
  phone: text,
  mobile: text,
  email: text,
  homepage: text,
  occupation: text,
  college: text,
  personal: text,
  blood: number,
  constel: number,
  shengxiao: number
})
export type Profile = typeof Profile.Type

/** Of somebody who tells nothing. */
export const blank: Profile = Schema.decodeSync(Profile)({})
