/**
 * Whole numbers as text.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

const digits = /^-?\d+$/

/**
 * A number as decimal digits, with zeros or a minus before them and nothing else: what JavaScript takes for numbers
 * besides (`0x2711`, `1e4`, ` 10001 `, `+10001`) is none, or one number would have many names.
 */
export const Decimal: Schema.Schema<number, string> = Schema.compose(
  Schema.String.pipe(Schema.pattern(digits)),
  Schema.NumberFromString
)

/** Reads {@link Decimal}. */
export const parse = (text: string): Option.Option<number> =>
  digits.test(text) ? Option.some(Number(text)) : Option.none()
