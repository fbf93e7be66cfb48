/**
 * Maps that strangers can fill, and that must not grow without end.
 */

/** Accounts of which something is remembered. */
export const accounts = 10_000

/** Sets a value as the latest; beyond `atMost` values the one that was set longest ago is forgotten. */
export const put = <K, V>(map: Map<K, V>, key: K, value: V, atMost: number): void => {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > atMost && oldest !== undefined) map.delete(oldest)
}
