/**
 * Text from outside, made fit for a terminal or a line of a log. Whatever prints what a server, a client or a friend wrote
 * sends it through here.
 */

/** Line ends of every kind, which are shown and not obeyed. */
const lineEnds = /\r\n?|[\n\u2028\u2029]/g

/**
 * What a terminal obeys instead of showing it: controls (C0, with ESC; DEL; C1), the marks that turn the direction of
 * writing, those that end lines or comment on a text, and halves of characters.
 */
const obeyed = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\u206a-\u206f\ufff9-\ufffb]/gu

/** A text on one line: line ends are shown as `⏎`, and everything that a terminal would obey as `�`. */
export const oneLine = (text: string): string => text.replace(lineEnds, "⏎").replace(obeyed, "�")

/** {@link oneLine} of a text that may be long: at most so many characters (code points), the last one `…`. */
export const excerpt = (text: string, atMost: number): string => {
  // A character has two units at most, so no more of the text is looked at.
  const characters = Array.from(oneLine(text.slice(0, (atMost + 1) * 2)))
  return characters.length <= atMost ? characters.join("") : `${characters.slice(0, atMost - 1).join("")}…`
}

/** Whether a text is shown as it stands, on one line. */
export const isPlain = (text: string): boolean => oneLine(text) === text

/**
 * A sentence of ours with words from outside: `Printable.text`refused ${name}: ${why}`` makes each word fit.
 */
export const text = (sentence: TemplateStringsArray, ...words: ReadonlyArray<string | number>): string =>
  String.raw({ raw: sentence }, ...words.map((word) => oneLine(String(word))))

/** A text of several lines, each of them made fit. Only for what is ours but for its words, such as a stack trace. */
export const lines = (text: string): string => text.split(/\r?\n/).map(oneLine).join("\n")

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`

/** JSON text that says the same, with everything that a terminal would obey as an escape; its line ends stay. */
export const json = (written: string): string =>
  written.replace(obeyed, (character) => (character === "\n" ? character : escaped(character)))
