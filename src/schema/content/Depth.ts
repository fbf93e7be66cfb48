/**
 * How deep the elements of a content may be nested: what is deeper has no meaning, and would break those who write it out
 * again.
 */

/** Levels of an element that are read. */
export const deepest = 16

const hasInner = (value: unknown): value is object => typeof value === "object" && value !== null

export const isShallow = (value: unknown, levels = deepest): boolean =>
  !hasInner(value) || (levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1)))

/** The value without what is deeper, which becomes null. */
export const cut = (value: unknown, levels = deepest): unknown => {
  if (isShallow(value, levels) || !hasInner(value)) return value
  if (levels === 0) return null
  return Array.isArray(value)
    ? value.map((inner) => cut(inner, levels - 1))
    : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cut(inner, levels - 1)]))
}
