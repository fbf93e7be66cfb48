/**
 * Long messages: what a server takes in one piece is limited, so a content is cut, where a reader would cut it.
 */
import * as Arr from "effect/Array"
import * as Content from "./Content.ts"

const encoder = new TextEncoder()
const bytesOf = (text: string): number => encoder.encode(text).length

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" })

/** V8 copies the whole text with every segment, so it gets texts of this length (in UTF-16 units) one after the other. */
const windowSize = 256

const isHighHalf = (code: number): boolean => code >= 0xd800 && code <= 0xdbff

/** What people see as one character. */
const clusters = (text: string): ReadonlyArray<string> => {
  const all: Array<string> = []
  let start = 0
  while (start < text.length) {
    const size = isHighHalf(text.charCodeAt(start + windowSize - 1)) ? windowSize + 1 : windowSize
    const segments = Array.from(segmenter.segment(text.slice(start, start + size)), ({ segment }) => segment)
    // The last one may go on behind the window; one that fills it is longer than any that people write.
    if (segments.length > 1 && start + size < text.length) segments.pop()
    for (const segment of segments) {
      all.push(segment)
      start += segment.length
    }
  }
  return all
}

/** A cluster that is longer than the limit falls apart into its code points. */
const characters = (text: string, limit: number): ReadonlyArray<string> =>
  Arr.flatMap(clusters(text), (cluster) => (bytesOf(cluster) <= limit ? [cluster] : Array.from(cluster)))

/** What is never cut, with the bytes that it takes, and whether a cut right before it is good (`fine`) or bad (`inLink`). */
interface Atom {
  readonly part: Content.Part
  readonly bytes: number
  readonly before: "fine" | "possible" | "inLink"
}

/** A link goes on for as long as there is ASCII without blanks. */
const links = /https?:\/\/[!-~]+/gi

/** Where in a text a cut would be inside a link. A link that is too long for a piece of its own can be cut anywhere. */
const insideLinks = (text: string, limit: number): ((at: number) => boolean) => {
  const found = Array.from(text.matchAll(links), ({ 0: link, index }) => ({ start: index, end: index + link.length }))
  const kept = found.filter(({ end, start }) => end - start <= limit)
  let next = 0
  // Asked from left to right.
  return (at) => {
    while ((kept[next]?.end ?? at + 1) <= at) next++
    return (kept[next]?.start ?? at) < at
  }
}

const isBlank = (character: string): boolean => /^\s+$/.test(character)

const atomsOfText = (text: string, limit: number): ReadonlyArray<Atom> => {
  const isInside = insideLinks(text, limit)
  let at = 0
  let afterBlank = true
  return characters(text, limit).map((character) => {
    const blank = isBlank(character)
    const before = blank || afterBlank ? "fine" : isInside(at) ? "inLink" : "possible"
    at += character.length
    afterBlank = blank
    return { part: Content.text(character), bytes: bytesOf(character), before }
  })
}

const sizeOf = (part: Content.Part): number => {
  switch (part._tag) {
    case "Text":
      return bytesOf(part.text)
    case "Face":
      return JSON.stringify(["face", part.id]).length
    default:
      return bytesOf(JSON.stringify(part.raw))
  }
}

const atoms = (part: Content.Part, limit: number): ReadonlyArray<Atom> =>
  part._tag === "Text" ? atomsOfText(part.text, limit) : [{ part, bytes: sizeOf(part), before: "fine" }]

/** How far back from the end of a piece a line end or a blank is looked for, in bytes. */
const lookBack = 100

/** Where to cut if a piece begins at `start` and may go on to `full`. */
const cutBetween = (all: ReadonlyArray<Atom>, start: number, full: number): number => {
  let bytes = 0
  for (let at = full; at > start && bytes < lookBack; at--) {
    if (all[at]?.before === "fine") return at
    bytes += all[at - 1]?.bytes ?? 0
  }
  for (let at = full; at > start; at--) if (all[at]?.before !== "inLink") return at
  return full
}

/** Where the piece ends that begins at `start`. */
const endOf = (all: ReadonlyArray<Atom>, start: number, limit: number): number => {
  let room = limit - (all[start]?.bytes ?? 0)
  let full = start + 1
  while (full < all.length && room >= (all[full]?.bytes ?? 0)) {
    room -= all[full]?.bytes ?? 0
    full++
  }
  return full < all.length ? cutBetween(all, start, full) : all.length
}

/**
 * Cuts a content into pieces of at most `limit` bytes (UTF-8 for text, JSON for faces), in order and with the same font.
 * Joined, they are the whole: blanks and line ends at a cut stay where they are.
 *
 * A piece ends with the last line end, blank or face of its last 100 bytes, if there is one, else after the last character
 * that fits; links are not cut. Only what is larger than the limit by itself is: a link anywhere, a face or a character
 * not at all (it stays whole in a piece of its own). 720 is what careful clients used (protocol notes, section 5.4).
 *
 * @example
 * Split.content(Content.make(["很长的话".repeat(100)]), 720).length // 2
 */
export const content = (whole: Content.Content, limit = 720): Arr.NonEmptyReadonlyArray<Content.Content> => {
  const parts = Content.joined(whole.parts)
  if (parts.reduce((bytes, part) => bytes + sizeOf(part), 0) <= limit) return [{ parts, font: whole.font }]
  const all = Arr.flatMap(parts, (part) => atoms(part, limit))
  const piece = (start: number, end: number): Content.Content => ({
    parts: Content.joined(all.slice(start, end).map(({ part }) => part)),
    font: whole.font
  })
  let end = endOf(all, 0, limit)
  const pieces: Arr.NonEmptyArray<Content.Content> = [piece(0, end)]
  while (end < all.length) {
    const start = end
    end = endOf(all, start, limit)
    pieces.push(piece(start, end))
  }
  return pieces
}
