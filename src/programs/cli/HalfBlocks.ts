/**
 * Bitmaps in a terminal: a character cell is twice as high as wide, so that it holds two square pixels, one above the
 * other.
 */

const blocks = [" ", "▄", "▀", "█"]

/**
 * The lines of a bitmap, one character for every two pixels.
 *
 * @param width - in pixels, and in characters
 * @param height - in pixels; of an odd height, a row below the last one is asked for, too
 * @param isFilled - whether a pixel has the colour of the text, otherwise that of the ground
 */
export const lines = (
  width: number,
  height: number,
  isFilled: (x: number, y: number) => boolean
): ReadonlyArray<string> =>
  Array.from({ length: Math.ceil(height / 2) }, (_, line) =>
    Array.from(
      { length: width },
      (_, x) => blocks[(isFilled(x, 2 * line) ? 2 : 0) + (isFilled(x, 2 * line + 1) ? 1 : 0)]
    ).join("")
  )
