/**
 * JSON as text, before it is parsed. `JSON.parse` survives any depth; what reads, writes or formats its value does not.
 */

/** Levels of brackets beyond which nobody's JSON goes. */
export const deepest = 64

/** Whether brackets stand in one another at most so deep, those in quotes left aside. Linear, and of any text. */
export const isShallow = (text: string, atMost: number = deepest): boolean => {
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (quoted) {
      if (character === "\\") i++
      else if (character === '"') quoted = false
    } else if (character === '"') quoted = true
    else if (character === "[" || character === "{") {
      if (++depth > atMost) return false
    } else if (character === "]" || character === "}") depth--
  }
  return true
}
