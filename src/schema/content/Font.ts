/**
 * How a text looks, and its element on the wire: `["font",{"size":10,"color":"000000","style":[0,0,0],"name":"宋体"}]`.
 */
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"

/**
 * How the text looks: `size` in points, `color` as six hex digits, `style` as bold, italic, underline.
 */
export const Font = Schema.Struct({
  name: Schema.String,
  size: Schema.NonNegativeInt,
  style: Schema.Struct({ bold: Schema.Boolean, italic: Schema.Boolean, underline: Schema.Boolean }),
  color: Schema.String
})
export type Font = typeof Font.Type

/** 宋体, 10 points, black: what Tencent's own client sent. */
export const defaultFont: Font = {
  name: "宋体",
  size: 10,
  style: { bold: false, italic: false, underline: false },
  color: "000000"
}

const textOr = (value: unknown, fallback: string): string => (typeof value === "string" ? value : fallback)

/** Whole points; some clients send text, some halves. */
const sizeOf = (value: unknown): number => {
  const points = Math.round(
    typeof value === "string" && /^\d{1,9}(?:\.\d{1,9})?$/.test(value) ? Number(value) : Number.NaN
  )
  const size = typeof value === "number" ? Math.round(value) : points
  return Number.isSafeInteger(size) && size >= 0 ? size : defaultFont.size
}

const isSet = (flag: unknown): boolean => flag === true || flag === 1 || flag === "1" || flag === "true"

/** A font is decoration: each part that cannot be read takes its default, and costs neither the others nor the message. */
export const fromWire = (value: unknown): Font => {
  const wire = Predicate.isRecord(value) ? value : {}
  const [bold, italic, underline] = Array.isArray(wire.style) ? wire.style : []
  return {
    name: textOr(wire.name, defaultFont.name),
    size: sizeOf(wire.size),
    style: { bold: isSet(bold), italic: isSet(italic), underline: isSet(underline) },
    color: textOr(wire.color, defaultFont.color)
  }
}

const flag = (isSet: boolean): 0 | 1 => (isSet ? 1 : 0)

/** The members in the order in which Tencent's own client wrote them. */
export const toWire = ({ color, name, size, style }: Font): unknown => ({
  name,
  size,
  style: [flag(style.bold), flag(style.italic), flag(style.underline)],
  color
})
