/**
 * A bounded memory of what was seen, to drop repeats.
 */

/** `isNew(key)`: whether the key is not among the last `size` ones; remembers it. */
export interface RecentKeys {
  readonly isNew: (key: string) => boolean
}

/** Remembers at most `size` keys, the latest ones. */
export const make = (size: number): RecentKeys => {
  // A Set keeps the order of insertion.
  const keys = new Set<string>()
  return {
    isNew: (key) => {
      if (keys.has(key)) return false
      keys.add(key)
      if (keys.size > size) {
        for (const oldest of keys) {
          keys.delete(oldest)
          break
        }
      }
      return true
    }
  }
}
