/**
 * Long messages: what a server takes in one piece is limited, so a content is cut, never inside a character or a face.
 */
import * as Arr from "effect/Array"
import * as Content from "./Content.ts"

const encoder = new TextEncoder()
const bytesOf = (text: string): number => encoder.encode(text).length

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" })

/** What people see as one character; a cluster longer than the limit falls apart into its code points. */
const characters = (text: string, limit: number): ReadonlyArray<string> =>
  Arr.flatMap(Array.from(segmenter.segment(text)), ({ segment }) =>
    bytesOf(segment) <= limit ? [segment] : Array.from(segment)
  )

/** Parts with the bytes that they take: text by its UTF-8, everything else by its JSON. */
const pieces = (part: Content.Part, limit: number): ReadonlyArray<readonly [part: Content.Part, bytes: number]> => {
  switch (part._tag) {
    case "Text":
      return Arr.map(characters(part.text, limit), (text) => [Content.text(text), bytesOf(text)])
    case "Face":
      return [[part, bytesOf(JSON.stringify(["face", part.id]))]]
    default:
      return [[part, bytesOf(JSON.stringify(part.raw))]]
  }
}

/** Neighbouring texts become one. */
const joined = (parts: ReadonlyArray<Content.Part>): ReadonlyArray<Content.Part> =>
  Arr.reduce(parts, Arr.empty<Content.Part>(), (all, part) => {
    const last = all[all.length - 1]
    if (part._tag !== "Text" || last?._tag !== "Text") all.push(part)
    else all[all.length - 1] = Content.text(last.text + part.text)
    return all
  })

/**
 * Cuts a content into pieces of at most `limit` bytes (UTF-8 for text, JSON for faces), in order and with the same font.
 * A single character or face that is larger than the limit stays whole in a piece of its own. 720 is what careful
 * clients used (protocol notes, section 5.4).
 *
 * @example
 * Split.content(Content.make(["很长的话".repeat(100)]), 720).length // 2
 */
export const content = (whole: Content.Content, limit = 720): Arr.NonEmptyReadonlyArray<Content.Content> => {
  const groups: Arr.NonEmptyArray<Array<Content.Part>> = [[]]
  let room = limit
  for (const [part, bytes] of Arr.flatMap(joined(whole.parts), (each) => pieces(each, limit))) {
    const current = groups[groups.length - 1]
    if (current === undefined || (bytes > room && current.length > 0)) {
      groups.push([part])
      room = limit - bytes
    } else {
      current.push(part)
      room -= bytes
    }
  }
  return Arr.map(groups, (parts) => ({ parts: joined(parts), font: whole.font }))
}
